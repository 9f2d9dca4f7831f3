package pdb

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
)

// Line numbers that stand for code without a source line. What comes before
// goes on over them.
const (
	lineAlwaysStepInto = 0xfeefee
	lineNeverStepInto  = 0xf00f00
)

const (
	lineNumberMask  = 0xffffff // linenumStart; above it are deltas and a flag
	fileBlockHeader = 12

	// bigFragment is the size in bytes from which a line table is sorted once
	// and kept.
	bigFragment = 4 << 10
)

// lineRecord is a line number and where its code begins.
type lineRecord struct {
	off  uint32 // in the fragment's code
	file uint32 // offset in the file checksums
	line uint32
}

// fileBlocks walks the blocks of a fragment, one per stretch of lines from one
// file, and their raw line records of 8 bytes.
type fileBlocks struct {
	file  uint32 // offset in the file checksums
	lines []byte
	rest  []byte
}

func (b *fileBlocks) next() bool {
	if len(b.rest) < fileBlockHeader {
		return false
	}
	count := binary.LittleEndian.Uint32(b.rest[4:])
	size := min(binary.LittleEndian.Uint32(b.rest[8:]), uint32(len(b.rest)))
	if size < fileBlockHeader {
		return false
	}
	b.file = binary.LittleEndian.Uint32(b.rest)
	b.lines = b.rest[fileBlockHeader:size]
	b.lines = b.lines[:min(uint64(count), uint64(len(b.lines)/8))*8]
	b.rest = b.rest[size:]
	return true
}

// lineAt finds the line of a place: the record that begins last at or before
// it.
func (f *File) lineAt(sc *scratch, x *moduleIndex, p place) (lineRecord, bool) {
	i := x.findFragment(p)
	if i < 0 {
		return lineRecord{}, false
	}
	fr := &x.fragments[i]
	return f.lineIn(sc, x, fr.lines, p.off-fr.off)
}

// lineIn finds the line at an offset of the code of a line table.
func (f *File) lineIn(sc *scratch, x *moduleIndex, t lineTable, off uint32) (lineRecord, bool) {
	if t.size >= bigFragment {
		return f.bigLineAt(x, t, off)
	}
	body, err := x.stream.bytes(sc.body, t.body, t.size)
	if err != nil {
		return lineRecord{}, false
	}
	sc.body = body
	var best lineRecord
	found := false
	for b := (fileBlocks{rest: body}); b.next(); {
		for lines := b.lines; len(lines) >= 8; lines = lines[8:] {
			o, line := binary.LittleEndian.Uint32(lines), binary.LittleEndian.Uint32(lines[4:])&lineNumberMask
			if o <= off && (o >= best.off || !found) && hasSource(line) {
				best, found = lineRecord{o, b.file, line}, true
			}
		}
	}
	return best, found
}

func hasSource(line uint32) bool { return line != lineAlwaysStepInto && line != lineNeverStepInto }

func (f *File) bigLineAt(x *moduleIndex, t lineTable, off uint32) (lineRecord, bool) {
	key := tableKey(x.stream, t.body)
	kept, ok := f.tables.Get(key)
	if !ok || kept.lines == nil {
		lines, err := x.sortedLines(t)
		if err != nil {
			return lineRecord{}, false
		}
		kept = table{lines: lines}
		f.tables.Put(key, kept, 64+12*len(lines))
	}
	i := sort.Search(len(kept.lines), func(i int) bool { return kept.lines[i].off > off }) - 1
	if i < 0 {
		return lineRecord{}, false
	}
	return kept.lines[i], true
}

// sortedLines reads a whole line table in the order of its code.
func (x *moduleIndex) sortedLines(t lineTable) ([]lineRecord, error) {
	body, err := x.stream.bytes(nil, t.body, t.size)
	if err != nil {
		return nil, err
	}
	records := make([]lineRecord, 0, t.size/8)
	for b := (fileBlocks{rest: body}); b.next(); {
		for lines := b.lines; len(lines) >= 8; lines = lines[8:] {
			line := binary.LittleEndian.Uint32(lines[4:]) & lineNumberMask
			if hasSource(line) {
				records = append(records, lineRecord{binary.LittleEndian.Uint32(lines), b.file, line})
			}
		}
	}
	slices.SortStableFunc(records, func(a, b lineRecord) int { return cmp.Compare(a.off, b.off) })
	return records, nil
}

// fileName returns the name of the file that a line table means by an offset
// in the module's file checksums. It is empty where there is none.
func (f *File) fileName(x *moduleIndex, off uint32) string {
	if off > x.checksums.size || x.checksums.size-off < 4 {
		return ""
	}
	if i := off / checksumAlign; off%checksumAlign == 0 && uint64(i) < uint64(len(x.fileNames)) {
		return x.fileNames[i].get(func() string {
			return f.stringAt(binary.LittleEndian.Uint32(x.files[off:]))
		})
	}
	name, err := x.stream.uint32At(x.checksums.off + off)
	if err != nil {
		return ""
	}
	return f.stringAt(name)
}
