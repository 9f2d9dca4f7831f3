package pe

import (
	"cmp"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/internal/cursor"
)

const (
	exportDirectorySize = 40
	// An ordinal has 16 bits, so no table can use more than this.
	maxExports    = 1 << 16
	maxExportName = 1<<16 - 1
	maxExportText = 32 << 20 // of all names together
)

// exportDirectory is IMAGE_EXPORT_DIRECTORY.
type exportDirectory struct {
	timeDateStamp         uint32
	name                  uint32
	base                  uint32
	numberOfFunctions     uint32
	numberOfNames         uint32
	addressOfFunctions    uint32
	addressOfNames        uint32
	addressOfNameOrdinals uint32
}

// Exports returns the export table, decoded once. [ErrNoExports] means that the
// image has none. A table that is damaged in part is returned with what can be
// read of it; [ExportTable.Damage] says what is missing.
func (m *Image) Exports() (*ExportTable, error) { return m.exports() }

func (m *Image) readExports() (*ExportTable, error) {
	dir := m.DataDirectory(IMAGE_DIRECTORY_ENTRY_EXPORT)
	if dir.VirtualAddress == 0 {
		return nil, ErrNoExports
	}
	d := newExportDecoder(m, dir)
	if err := d.readDirectory(); err != nil {
		return nil, err
	}
	d.readFunctions()
	d.readNames()
	d.addUnnamed()
	return d.finish(), nil
}

// exportDecoder gathers a table. Each of the four places that it reads in turn
// has a window of its own.
type exportDecoder struct {
	m    *Image
	dir  DataDirectory
	head exportDirectory

	table     *ExportTable
	text      strings.Builder
	budget    int64    // bytes of names still allowed: names may overlap
	scratch   []byte   // one name
	functions []uint32 // by ordinal less base; 0 for none
	named     []bool

	strings, targets window
	noFunction       FormatError
	noName           FormatError
	noOrdinal        FormatError
	noTarget         FormatError
	counts           FormatError
}

func newExportDecoder(m *Image, dir DataDirectory) *exportDecoder {
	return &exportDecoder{
		m: m, dir: dir, table: &ExportTable{}, budget: min(m.size, maxExportText),
		strings:    window{r: m},
		targets:    window{r: m},
		noFunction: FormatError{Part: "export functions", Want: "the RVA of a function"},
		noName:     FormatError{Part: "export names", Want: "a name that ends in NUL"},
		noOrdinal:  FormatError{Part: "export name ordinals", Want: "the index of a function"},
		noTarget:   FormatError{Part: "export forwarders", Want: "a name that ends in NUL"},
		counts:     FormatError{Part: "export directory", Want: "at most 65536 functions and names"},
	}
}

// missing counts one more of a kind of damage, and keeps the first place.
func missing(e *FormatError, off int64, cause error) {
	if e.Count == 0 {
		e.Offset, e.Err = off, cause
	}
	e.Count++
}

func (d *exportDecoder) readDirectory() error {
	var buf [exportDirectorySize]byte
	if n, err := d.m.ReadAt(buf[:], int64(d.dir.VirtualAddress)); n < len(buf) {
		return &FormatError{Part: "export directory", Offset: int64(d.dir.VirtualAddress), Want: "IMAGE_EXPORT_DIRECTORY", Count: 1, Err: err}
	}
	c := cursor.LittleEndian(buf[:])
	c.Skip(4) // Characteristics
	d.head.timeDateStamp = c.Uint32()
	c.Skip(4) // version
	for _, field := range []*uint32{
		&d.head.name, &d.head.base, &d.head.numberOfFunctions, &d.head.numberOfNames,
		&d.head.addressOfFunctions, &d.head.addressOfNames, &d.head.addressOfNameOrdinals,
	} {
		*field = c.Uint32()
	}
	d.table.TimeDateStamp, d.table.Base = d.head.timeDateStamp, d.head.base
	if name, ok := d.string(&d.strings, d.head.name); ok {
		d.table.Name = string(name)
	}
	return nil
}

// readFunctions reads the address table.
func (d *exportDecoder) readFunctions() {
	w := &window{r: d.m}
	n := d.limit(d.head.numberOfFunctions)
	d.functions = make([]uint32, 0, n)
	for i := range int64(n) {
		at := int64(d.head.addressOfFunctions) + i*4
		rva, ok := w.uint32(at)
		if !ok {
			missing(&d.noFunction, at, w.err)
			rva = 0
		}
		d.functions = append(d.functions, d.codeRVA(rva))
	}
	d.named = make([]bool, len(d.functions))
	d.table.entries = make([]exportEntry, 0, len(d.functions))
}

// limit bounds a count by what ordinals allow and by the size of the image.
func (d *exportDecoder) limit(n uint32) uint32 {
	most := uint32(min(maxExports, d.m.size/2))
	if n > most {
		missing(&d.counts, int64(d.dir.VirtualAddress), nil)
	}
	return min(n, most)
}

// codeRVA clears the bit that marks Thumb code.
func (d *exportDecoder) codeRVA(rva uint32) uint32 {
	if d.m.Machine == IMAGE_FILE_MACHINE_ARMNT && !d.isForwarder(rva) && d.m.isCode(rva) {
		return rva &^ 1
	}
	return rva
}

// isForwarder tells a forwarder from code: its string is inside the table.
func (d *exportDecoder) isForwarder(rva uint32) bool {
	return rva >= d.dir.VirtualAddress && rva-d.dir.VirtualAddress < d.dir.Size
}

func (d *exportDecoder) readNames() {
	names, ordinals := &window{r: d.m}, &window{r: d.m}
	for i := range int64(d.limit(d.head.numberOfNames)) {
		at := int64(d.head.addressOfNameOrdinals) + i*2
		index, ok := ordinals.uint16(at)
		if !ok || int(index) >= len(d.functions) {
			missing(&d.noOrdinal, at, ordinals.err)
			continue
		}
		if d.functions[index] == 0 {
			continue
		}
		at = int64(d.head.addressOfNames) + i*4
		rva, ok := names.uint32(at)
		if !ok {
			missing(&d.noName, at, names.err)
			continue
		}
		name, ok := d.string(&d.strings, rva)
		if !ok {
			missing(&d.noName, int64(rva), d.strings.err)
			continue
		}
		d.named[index] = true
		d.add(int(index), name)
	}
}

func (d *exportDecoder) addUnnamed() {
	for i, rva := range d.functions {
		if rva != 0 && !d.named[i] {
			d.add(i, nil)
		}
	}
}

// string reads a name into scratch. Names may overlap, so what they take
// together is held to the size of the image.
func (d *exportDecoder) string(w *window, rva uint32) ([]byte, bool) {
	limit := int(min(maxExportName+1, d.budget))
	b, ok := w.appendCString(d.scratch[:0], int64(rva), limit)
	d.scratch = b
	d.budget -= int64(len(b))
	return b, ok
}

func (d *exportDecoder) add(index int, name []byte) {
	ordinal, rva := d.head.base+uint32(index), d.functions[index]
	span := d.keep(name)
	if !d.isForwarder(rva) {
		d.table.entries = append(d.table.entries, exportEntry{
			rva: rva, ordinal: ordinal, name: span, data: !d.m.isCode(rva),
		})
		return
	}
	target, ok := d.string(&d.targets, rva)
	if !ok || len(target) == 0 {
		missing(&d.noTarget, int64(rva), d.targets.err)
		return
	}
	d.table.forwards = append(d.table.forwards, forwardEntry{ordinal: ordinal, name: span, target: d.keep(target)})
}

func (d *exportDecoder) keep(b []byte) textSpan {
	span := textSpan{off: uint32(d.text.Len()), len: uint16(len(b))}
	d.text.Write(b)
	return span
}

// finish sorts the table and makes the index of code.
func (d *exportDecoder) finish() *ExportTable {
	t := d.table
	t.text = d.text.String()
	slices.SortFunc(t.entries, func(a, b exportEntry) int {
		if c := cmp.Compare(a.rva, b.rva); c != 0 {
			return c
		}
		return compareExports(t, a.name, b.name, a.ordinal, b.ordinal)
	})
	slices.SortFunc(t.forwards, func(a, b forwardEntry) int {
		return compareExports(t, a.name, b.name, a.ordinal, b.ordinal)
	})
	for i, e := range t.entries {
		if !e.data && (i == 0 || e.rva != t.entries[i-1].rva) {
			t.code = append(t.code, uint32(i))
		}
	}
	for _, e := range []*FormatError{&d.counts, &d.noFunction, &d.noOrdinal, &d.noName, &d.noTarget} {
		if e.Count > 0 {
			t.damage = append(t.damage, e)
		}
	}
	return t
}
