package pe

import (
	"encoding/binary"
	"sort"

	"github.com/handletrace/handletrace/internal/cursor"
)

// guardTable is the list of the functions that may be called through pointers,
// GuardCFFunctionTable, where it lies. Images of /guard:cf have it, those of x86
// among them; it tells where many functions begin that are not exported.
type guardTable struct {
	rva, count int64
	entrySize  int64 // the RVA of a function, and flags
}

// guardLayout has the offsets of fields in IMAGE_LOAD_CONFIG_DIRECTORY.
type guardLayout struct {
	pointerSize         int
	table, count, flags int
}

var (
	guardLayout32 = guardLayout{4, 80, 84, 88}
	guardLayout64 = guardLayout{8, 128, 136, 144}
)

const (
	guardTablePresent = 0x400 // IMAGE_GUARD_CF_FUNCTION_TABLE_PRESENT
	guardSizeShift    = 28    // of the number of bytes of flags in an entry
)

// readGuardTable returns an empty table if the image has none.
func (m *Image) readGuardTable() guardTable {
	dir, layout := m.DataDirectory(IMAGE_DIRECTORY_ENTRY_LOAD_CONFIG), &guardLayout32
	if m.Is64 {
		layout = &guardLayout64
	}
	config := make([]byte, layout.flags+4)
	if dir.VirtualAddress == 0 {
		return guardTable{}
	}
	if _, err := m.ReadAt(config, int64(dir.VirtualAddress)); err != nil {
		return guardTable{}
	}
	// The directory's size is that of an older form in some images: its own
	// first field counts.
	if binary.LittleEndian.Uint32(config) < uint32(len(config)) {
		return guardTable{}
	}
	pointer := func(at int) uint64 {
		c := cursor.LittleEndian(config[at:])
		if layout.pointerSize == 8 {
			return c.Uint64()
		}
		return uint64(c.Uint32())
	}
	flags := binary.LittleEndian.Uint32(config[layout.flags:])
	rva, count := pointer(layout.table)-m.ImageBase, pointer(layout.count)
	t := guardTable{rva: int64(rva), count: int64(count), entrySize: 4 + int64(flags>>guardSizeShift)}
	if flags&guardTablePresent == 0 || rva >= maxImageAddress || count > uint64(m.size/t.entrySize) {
		return guardTable{}
	}
	return t
}

// guardedBetween reports whether a function of the guard table begins behind
// from and no later than to. The table is sorted; where its bytes are absent
// nothing is known.
func (m *Image) guardedBetween(from, to uint32) bool {
	t := m.guarded()
	readable := true
	at := func(i int64) (rva uint32) {
		err := m.readSmall(uint32(t.rva+i*t.entrySize), 4, func(b []byte) { rva = binary.LittleEndian.Uint32(b) })
		readable = readable && err == nil
		if m.Machine == IMAGE_FILE_MACHINE_ARMNT {
			rva &^= 1 // marks Thumb code
		}
		return rva
	}
	i := int64(sort.Search(int(t.count), func(i int) bool { return at(int64(i)) > from }))
	if i == t.count || !readable {
		return false
	}
	begin := at(i)
	return readable && begin > from && begin <= to && m.isCode(begin)
}
