package cab

import "errors"

// readAlignedTree reads the code of the lowest three bits of offsets.
func (l *lzx) readAlignedTree() error {
	var lengths [alignedSymbols]uint8
	for i := range lengths {
		lengths[i] = uint8(l.in.read(3))
	}
	return l.aligned.build(lengths[:])
}

// readTrees reads the main and the length tree, which are told as changes to
// those of the block before.
func (l *lzx) readTrees() error {
	for _, part := range [][]uint8{
		l.mainLengths[:literals],
		l.mainLengths[literals:l.mainSymbols],
		l.lengthLengths[:],
	} {
		if err := l.readLengths(part); err != nil {
			return err
		}
	}
	if err := l.main.build(l.mainLengths[:l.mainSymbols]); err != nil {
		return err
	}
	return l.length.build(l.lengthLengths[:])
}

// Symbols of the pretree beyond the differences 0 to 16.
const (
	fewZeros  = 17 // 4 to 19
	manyZeros = 18 // 20 to 51
	same      = 19 // 4 or 5 of the difference that follows
)

// readLengths reads code lengths over those of the block before.
func (l *lzx) readLengths(lengths []uint8) error {
	var pre [preSymbols]uint8
	for i := range pre {
		pre[i] = uint8(l.in.read(4))
	}
	if err := l.pre.build(pre[:]); err != nil {
		return err
	}
	for i := 0; i < len(lengths); {
		run, symbol, err := l.readLengthRun()
		if err != nil {
			return err
		}
		if run > len(lengths)-i {
			return errors.New("lzx: more code lengths than the tree has symbols")
		}
		value := uint8(0)
		if symbol < fewZeros {
			value = uint8((int(lengths[i]) - int(symbol) + 17) % 17)
		}
		for range run {
			lengths[i] = value
			i++
		}
	}
	return nil
}

// readLengthRun returns how many lengths come next and the difference of their
// value; for zeros a symbol that is none.
func (l *lzx) readLengthRun() (int, uint, error) {
	l.in.refill()
	switch symbol := l.pre.decode(&l.in); symbol {
	default:
		return 1, symbol, nil
	case noSymbol:
		return 0, 0, errNoCode
	case fewZeros:
		return 4 + int(l.in.take(4)), symbol, nil
	case manyZeros:
		return 20 + int(l.in.take(5)), symbol, nil
	case same:
		run := 4 + int(l.in.take(1))
		l.in.refill()
		if symbol = l.pre.decode(&l.in); symbol >= fewZeros {
			return 0, 0, errNoCode
		}
		return run, symbol, nil
	}
}
