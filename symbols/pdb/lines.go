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
// file, and hands out their raw line records of 8 bytes.
func (fr *fragment) fileBlocks(body []byte, visit func(file uint32, lines []byte)) {
	for len(body) >= fileBlockHeader {
		file, count := binary.LittleEndian.Uint32(body), binary.LittleEndian.Uint32(body[4:])
		size := min(binary.LittleEndian.Uint32(body[8:]), uint32(len(body)))
		if size < fileBlockHeader {
			return
		}
		lines := body[fileBlockHeader:size]
		visit(file, lines[:min(uint64(count), uint64(len(lines)/8))*8])
		body = body[size:]
	}
}

// lineAt finds the line of a place: the record that begins last at or before
// it. The hint is where its line table may be in fragments.
func (f *File) lineAt(sc *scratch, x *moduleIndex, p place, hint uint32) (lineRecord, bool) {
	i := int(hint)
	if hint == noFragment || p.off >= x.fragments[i].end {
		if i = x.findFragment(p); i < 0 {
			return lineRecord{}, false
		}
	}
	fr := &x.fragments[i]
	off := p.off - fr.off
	if fr.size >= bigFragment {
		return f.bigLineAt(x, fr, off)
	}
	body, err := x.stream.bytes(sc.body, fr.body, fr.size)
	if err != nil {
		return lineRecord{}, false
	}
	sc.body = body
	var best lineRecord
	found := false
	fr.fileBlocks(body, func(file uint32, lines []byte) {
		for ; len(lines) >= 8; lines = lines[8:] {
			o, line := binary.LittleEndian.Uint32(lines), binary.LittleEndian.Uint32(lines[4:])&lineNumberMask
			if o <= off && (o >= best.off || !found) && hasSource(line) {
				best, found = lineRecord{o, file, line}, true
			}
		}
	})
	return best, found
}

func hasSource(line uint32) bool { return line != lineAlwaysStepInto && line != lineNeverStepInto }

func (f *File) bigLineAt(x *moduleIndex, fr *fragment, off uint32) (lineRecord, bool) {
	key := tableKey(x.stream, fr.body)
	t, ok := f.tables.Get(key)
	if !ok || t.lines == nil {
		lines, err := x.sortedLines(fr)
		if err != nil {
			return lineRecord{}, false
		}
		t = table{lines: lines}
		f.tables.Put(key, t, 64+12*len(lines))
	}
	i := sort.Search(len(t.lines), func(i int) bool { return t.lines[i].off > off }) - 1
	if i < 0 {
		return lineRecord{}, false
	}
	return t.lines[i], true
}

// sortedLines reads a whole fragment in the order of its code.
func (x *moduleIndex) sortedLines(fr *fragment) ([]lineRecord, error) {
	body, err := x.stream.bytes(nil, fr.body, fr.size)
	if err != nil {
		return nil, err
	}
	records := make([]lineRecord, 0, fr.size/8)
	fr.fileBlocks(body, func(file uint32, lines []byte) {
		for ; len(lines) >= 8; lines = lines[8:] {
			line := binary.LittleEndian.Uint32(lines[4:]) & lineNumberMask
			if hasSource(line) {
				records = append(records, lineRecord{binary.LittleEndian.Uint32(lines), file, line})
			}
		}
	})
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
