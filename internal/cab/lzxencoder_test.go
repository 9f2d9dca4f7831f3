package cab

import (
	"encoding/binary"
	"slices"
)

// lzxEncoder is a compressor for tests. It is made for reach, not for size: it
// uses every kind of block, run and offset that the format has.
type lzxEncoder struct {
	windowBits  uint
	blocks      []lzxBlock // taken in turn, again from the first; frames are cut where 32 KiB are full
	translateE8 int32      // the program's size in the header; 0 is none
	complete    bool       // give unused symbols codes, so that the trees are complete, as cabextract wants them

	out           bitWriter
	frames        [][]byte
	mainLengths   []uint8
	lengthLengths []uint8
	recent        [3]int
}

// lzxBlock is a kind of block and how many bytes it holds.
type lzxBlock struct {
	kind uint32
	size int
}

// bitWriter writes LZX's bits.
type bitWriter struct {
	b    []byte
	bits uint64
	n    uint
}

func (w *bitWriter) write(v uint32, n uint) {
	w.bits = w.bits<<n | uint64(v)
	w.n += n
	for w.n >= 16 {
		word := uint16(w.bits >> (w.n - 16))
		w.b = append(w.b, byte(word), byte(word>>8))
		w.n -= 16
		w.bits &= 1<<w.n - 1
	}
}

// align fills the word; a whole one if it is full and always is set.
func (w *bitWriter) align(always bool) {
	if w.n > 0 || always {
		w.write(0, 16-w.n)
	}
}

// token is a literal, where length is 0, or a match.
type token struct {
	literal        byte
	length, offset int
}

// encode returns the frames of the data, the packed bytes of a CFDATA each.
func (e *lzxEncoder) encode(data []byte) [][]byte {
	if e.translateE8 != 0 {
		data = translateCalls(data, e.translateE8)
	}
	e.mainLengths = make([]uint8, literals+lengthHeaders*positionSlots[e.windowBits-minWindowBits])
	e.lengthLengths = make([]uint8, lengthSymbols)
	e.recent = [3]int{1, 1, 1}
	if e.translateE8 != 0 {
		e.out.write(1, 1)
		e.out.write(uint32(e.translateE8)>>16, 16)
		e.out.write(uint32(e.translateE8)&0xffff, 16)
	} else {
		e.out.write(0, 1)
	}
	m := newMatcher(data, 1<<e.windowBits)
	for i, at := 0, 0; at < len(data); i++ {
		block := e.blocks[i%len(e.blocks)]
		size := min(block.size, len(data)-at)
		e.block(data, at, size, block.kind, m)
		at += size
	}
	if len(data)%maxBlock != 0 {
		e.cut()
	}
	return e.frames
}

func (e *lzxEncoder) cut() {
	e.out.align(false)
	e.frames = append(e.frames, e.out.b)
	e.out = bitWriter{}
}

func (e *lzxEncoder) block(data []byte, at, size int, kind uint32, m *matcher) {
	if kind == blockUncompressed {
		e.uncompressed(data, at, size)
		return
	}
	tokens := m.tokens(at, at+size)
	symbols := make([]lzxSymbol, len(tokens))
	mainCount := make([]int, len(e.mainLengths))
	lengthCount := make([]int, lengthSymbols)
	alignedCount := make([]int, alignedSymbols)
	for i, t := range tokens {
		s := e.symbol(t)
		symbols[i] = s
		mainCount[s.main]++
		if s.hasLength {
			lengthCount[s.length]++
		}
		if s.bits >= 3 {
			alignedCount[s.extra&7]++
		}
	}
	if e.complete {
		for _, counts := range [][]int{mainCount, lengthCount, alignedCount} {
			atLeastTwo(counts)
		}
	}
	mainCodes := huffman(mainCount, maxCodeLength)
	lengthCodes := huffman(lengthCount, maxCodeLength)
	alignedCodes := huffman(alignedCount, 7)
	e.out.write(kind, 3)
	e.out.write(uint32(size)>>16, 8)
	e.out.write(uint32(size)&0xffff, 16)
	if kind == blockAligned {
		for _, l := range alignedCodes {
			e.out.write(uint32(l), 3)
		}
	}
	e.lengths(e.mainLengths[:literals], mainCodes[:literals])
	e.lengths(e.mainLengths[literals:], mainCodes[literals:])
	e.lengths(e.lengthLengths, lengthCodes)
	main, length, aligned := canonical(mainCodes), canonical(lengthCodes), canonical(alignedCodes)
	for _, s := range symbols {
		e.out.write(main[s.main], uint(mainCodes[s.main]))
		if s.hasLength {
			e.out.write(length[s.length], uint(lengthCodes[s.length]))
		}
		if kind == blockAligned && s.bits >= 3 {
			e.out.write(s.extra>>3, s.bits-3)
			e.out.write(aligned[s.extra&7], uint(alignedCodes[s.extra&7]))
		} else {
			e.out.write(s.extra, s.bits)
		}
		if at += s.size; at%maxBlock == 0 {
			e.cut()
		}
	}
}

func (e *lzxEncoder) uncompressed(data []byte, at, size int) {
	e.out.write(blockUncompressed, 3)
	e.out.write(uint32(size)>>16, 8)
	e.out.write(uint32(size)&0xffff, 16)
	e.out.align(e.out.n == 0)
	for _, r := range e.recent {
		e.out.b = binary.LittleEndian.AppendUint32(e.out.b, uint32(r))
	}
	for end := at + size; at < end; {
		n := min(end-at, maxBlock-at%maxBlock)
		e.out.b = append(e.out.b, data[at:at+n]...)
		at += n
		if at == end && size%2 != 0 {
			e.out.b = append(e.out.b, 0)
		}
		if at%maxBlock == 0 {
			e.cut()
		}
	}
}

// lzxSymbol is a token as it is written.
type lzxSymbol struct {
	main, length int
	hasLength    bool
	extra        uint32 // what is left of the offset
	bits         uint   // of it
	size         int    // bytes that it stands for
}

func (e *lzxEncoder) symbol(t token) lzxSymbol {
	if t.length == 0 {
		return lzxSymbol{main: int(t.literal), size: 1}
	}
	s := lzxSymbol{size: t.length}
	slot := slices.Index(e.recent[:], t.offset)
	switch slot {
	case 0:
	case 1, 2:
		e.recent[slot] = e.recent[0]
		e.recent[0] = t.offset
	default:
		slot = 3
		for slot+1 < maxSlots && int(slotBase[slot+1]) <= t.offset+2 {
			slot++
		}
		s.bits = uint(slotBits[slot])
		s.extra = uint32(t.offset+2) - slotBase[slot]
		e.recent[2], e.recent[1], e.recent[0] = e.recent[1], e.recent[0], t.offset
	}
	head := min(t.length-minMatch, lengthHeaders-1)
	s.main = literals + slot*lengthHeaders + head
	if head == lengthHeaders-1 {
		s.hasLength, s.length = true, t.length-minMatch-head
	}
	return s
}

// lengths writes a tree as changes to the one before, with runs.
func (e *lzxEncoder) lengths(old, now []uint8) {
	type item struct {
		symbol, extra uint32
		bits          uint
	}
	var items []item
	count := make([]int, preSymbols)
	add := func(symbol, extra uint32, bits uint) {
		items = append(items, item{symbol, extra, bits})
		count[symbol]++
	}
	for i := 0; i < len(now); {
		run := 1
		for i+run < len(now) && now[i+run] == now[i] {
			run++
		}
		change := uint32((int(old[i]) - int(now[i]) + 17) % 17)
		switch {
		case now[i] == 0 && run >= 20:
			run = min(run, 51)
			add(manyZeros, uint32(run-20), 5)
		case now[i] == 0 && run >= 4:
			run = min(run, 19)
			add(fewZeros, uint32(run-4), 4)
		case run >= 4:
			run = min(run, 5)
			add(same, uint32(run-4), 1)
			add(change, 0, 0)
		default:
			run = 1
			add(change, 0, 0)
		}
		i += run
	}
	copy(old, now)
	atLeastTwo(count)
	codes := huffman(count, 15)
	for _, l := range codes {
		e.out.write(uint32(l), 4)
	}
	values := canonical(codes)
	for _, it := range items {
		e.out.write(values[it.symbol], uint(codes[it.symbol]))
		e.out.write(it.extra, it.bits)
	}
}

// atLeastTwo makes sure that two symbols have codes.
func atLeastTwo(counts []int) {
	used := 0
	for _, c := range counts {
		if c > 0 {
			used++
		}
	}
	for i := 0; used < 2 && i < len(counts); i++ {
		if counts[i] == 0 {
			counts[i] = 1
			used++
		}
	}
}

// translateCalls makes the targets of calls absolute, frame for frame.
func translateCalls(data []byte, size int32) []byte {
	out := slices.Clone(data)
	for start := 0; start < len(out) && start/maxBlock < translatedFrames; start += maxBlock {
		frame := out[start:min(start+maxBlock, len(out))]
		for i := 0; i < len(frame)-callTail; i++ {
			if frame[i] != 0xE8 {
				continue
			}
			at := int32(start + i)
			relative := int32(binary.LittleEndian.Uint32(frame[i+1:]))
			absolute := relative
			switch {
			case relative >= -at && relative < size-at:
				absolute = relative + at
			case relative >= size-at && relative < size:
				absolute = relative - size
			}
			binary.LittleEndian.PutUint32(frame[i+1:], uint32(absolute))
			i += callSize - 1
		}
	}
	return out
}
