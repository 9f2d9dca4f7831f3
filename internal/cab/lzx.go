package cab

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Constants of LZX.
const (
	minWindowBits = 15
	maxWindowBits = 21

	literals       = 256
	lengthHeaders  = 8 // per position slot, in the main tree
	maxSlots       = 50
	maxMainSymbols = literals + lengthHeaders*maxSlots
	lengthSymbols  = 249
	alignedSymbols = 8
	preSymbols     = 20
	minMatch       = 2
)

// positionSlots is how many slots a window of 15, 16, ... bits needs.
var positionSlots = [...]int{30, 32, 34, 36, 38, 42, 50}

// slotBits and slotBase are the extra bits of each position slot and the first
// offset that it stands for, plus 2.
var slotBits, slotBase = slots()

func slots() (bits [maxSlots]uint8, base [maxSlots]uint32) {
	for i := 1; i < maxSlots; i++ {
		base[i] = base[i-1] + 1<<bits[i-1]
		bits[i] = uint8(min(max(i/2-1, 0), 17))
	}
	return bits, base
}

// Types of LZX blocks.
const (
	blockVerbatim     = 1
	blockAligned      = 2
	blockUncompressed = 3
)

// lzx expands an LZX folder. Each CFDATA is a frame of the stream: it begins on
// a word of its own, while blocks, windows and trees go on across it.
type lzx struct {
	in bitReader

	// buf ends, at pos, with the window: what was expanded last.
	buf        []byte
	pos        int
	windowSize int

	mainLengths   [maxMainSymbols]uint8
	lengthLengths [lengthSymbols]uint8
	mainSymbols   int
	main, length  tree
	aligned, pre  tree

	recent    [3]int // the last three match offsets
	blockType uint32
	blockLeft int
	padding   bool // an odd uncompressed block's last byte is due
	begun     bool

	translation translation
}

func newLZX(windowBits uint) (*lzx, error) {
	if windowBits < minWindowBits || windowBits > maxWindowBits {
		return nil, fmt.Errorf("LZX with a window of 2^%d bytes, want 2^15 to 2^21: %w", windowBits, ErrUnsupported)
	}
	size := 1 << windowBits
	return &lzx{
		windowSize:  size,
		mainSymbols: literals + lengthHeaders*positionSlots[windowBits-minWindowBits],
		recent:      [3]int{1, 1, 1},
	}, nil
}

var (
	errTruncated = errors.New("lzx: the block ends before its data does")
	errMatch     = errors.New("lzx: a match before the beginning of the data, or out of the window")
	errTooLong   = errors.New("lzx: a match beyond the end of its block or frame")
)

// expand decodes one frame.
func (l *lzx) expand(packed []byte, size int) ([]byte, error) {
	l.makeRoom(size)
	l.in = bitReader{in: packed}
	if !l.begun {
		l.begun = true
		if l.in.read(1) != 0 {
			l.translation.size = int32(l.in.read(32))
		}
	}
	start := l.pos
	for l.pos-start < size {
		if l.blockLeft == 0 {
			if err := l.readBlockHeader(); err != nil {
				return nil, err
			}
		}
		n := min(l.blockLeft, size-(l.pos-start))
		if err := l.decode(n); err != nil {
			return nil, err
		}
		l.blockLeft -= n
	}
	l.skipPadding()
	return l.translation.apply(l.buf[start:l.pos]), nil
}

// decode expands n bytes of the current block.
func (l *lzx) decode(n int) error {
	switch l.blockType {
	case blockUncompressed:
		return l.copyBytes(n)
	case blockAligned:
		return l.decodeSymbols(n, true)
	}
	return l.decodeSymbols(n, false)
}

// makeRoom slides the window so that size bytes fit after it. The buffer grows
// to twice the window with what is expanded into it, so that small files in
// cabinets with a large window cost little.
func (l *lzx) makeRoom(size int) {
	if l.pos+size <= len(l.buf) {
		return
	}
	if most := 2 * max(l.windowSize, maxBlock); len(l.buf) < most {
		grown := make([]byte, min(most, max(2*len(l.buf), 2*maxBlock)))
		copy(grown, l.buf[:l.pos])
		l.buf = grown
		if l.pos+size <= len(l.buf) {
			return
		}
	}
	l.pos = copy(l.buf, l.buf[l.pos-l.windowSize:l.pos])
}

// copyBytes takes n bytes of an uncompressed block.
func (l *lzx) copyBytes(n int) error {
	if n > len(l.in.in)-l.in.pos {
		return errTruncated
	}
	copy(l.buf[l.pos:], l.in.in[l.in.pos:l.in.pos+n])
	l.pos += n
	l.in.pos += n
	return nil
}

// skipPadding skips the byte that fills the last word of an uncompressed block,
// if it is here: it may be in the next frame.
func (l *lzx) skipPadding() {
	if l.padding && l.blockLeft == 0 && l.in.pos < len(l.in.in) {
		l.in.pos++
		l.padding = false
	}
}

// readBlockHeader begins the next block.
func (l *lzx) readBlockHeader() error {
	l.skipPadding()
	l.padding = false
	if l.blockType == blockUncompressed {
		// Words count from the end of the bytes.
		l.in = bitReader{in: l.in.in[l.in.pos:]}
	}
	l.blockType = l.in.read(3)
	l.blockLeft = int(l.in.read(24))
	var err error
	switch l.blockType {
	case blockAligned:
		if err = l.readAlignedTree(); err == nil {
			err = l.readTrees()
		}
	case blockVerbatim:
		err = l.readTrees()
	case blockUncompressed:
		err = l.beginUncompressed()
	default:
		err = fmt.Errorf("lzx: block type %d", l.blockType)
	}
	switch {
	case err != nil:
		return err
	case l.in.overrun():
		return errTruncated
	case l.blockLeft == 0:
		return errors.New("lzx: an empty block")
	}
	return nil
}

// beginUncompressed reads the three offsets before the bytes.
func (l *lzx) beginUncompressed() error {
	b := l.in.toBytes()
	if len(b) < 12 {
		return errTruncated
	}
	for i := range l.recent {
		// Larger ones than the window are found out by the match that uses them.
		l.recent[i] = int(min(binary.LittleEndian.Uint32(b[4*i:]), 1<<30))
	}
	l.padding = l.blockLeft%2 != 0
	l.in = bitReader{in: b[12:]}
	return nil
}
