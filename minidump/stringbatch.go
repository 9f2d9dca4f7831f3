package minidump

// stringBatch reads the strings of a piece of a long list into one piece of
// memory, which costs one allocation for all of them. While it reads it moves
// no pointers, for which the garbage collector would want to be told.
//
// The strings of a sound list lie apart or are shared, so that those that are
// read fit in the file; the budget stops those of a hostile one. Of the shared
// ones the last are remembered, for lists use the same name again and again.
type stringBatch struct {
	f      *File
	stream StreamType
	source byteSource
	budget int64
	buf    []byte   // the text of the strings of this piece
	long   []string // those that have memory of their own
}

// batchedString is the part of a batch's text that a string is: or, where from
// is the larger, the number of a long one.
type batchedString struct{ from, up uint32 }

// recentStrings are those of one kind that were read last, by place. Strings
// of different kinds would drive each other out.
type recentStrings [64]struct {
	rva uint32
	batchedString
}

const (
	// longString is the size in bytes from which on a string has memory of
	// its own.
	longString = 8 << 10
	// sharedStrings is how many bytes may be read again in other pieces.
	sharedStrings = 2 << 20
)

func (f *File) newStringBatch(t StreamType) *stringBatch {
	return &stringBatch{f: f, stream: t, source: byteSource{src: f.src, size: f.size}, budget: f.size + sharedStrings}
}

// begin forgets what was read.
func (b *stringBatch) begin(recent ...*recentStrings) {
	b.buf = b.buf[:0]
	clear(b.long)
	b.long = b.long[:0]
	for _, r := range recent {
		*r = recentStrings{}
	}
}

// read reads the MINIDUMP_STRING at rva. One that cannot be read is empty,
// with a warning.
func (b *stringBatch) read(rva uint32, recent *recentStrings) batchedString {
	if rva == 0 {
		return batchedString{}
	}
	k := &recent[(rva>>2^rva>>8)%uint32(len(recent))]
	if k.rva != rva {
		s, fault := b.add(uint64(rva))
		if fault.found != "" {
			b.f.warnString(b.stream, uint64(rva), fault)
		}
		k.rva, k.batchedString = rva, s
	}
	return k.batchedString
}

func (b *stringBatch) add(rva uint64) (s batchedString, fault stringFault) {
	content, fault := b.f.stringContent(&b.source, &b.budget, rva)
	if fault.found != "" {
		return s, fault
	}
	if len(content) > longString {
		b.long = append(b.long, decodeUTF16(content, b.f.order))
		return batchedString{from: uint32(len(b.long))}, fault
	}
	s.from = uint32(len(b.buf))
	b.buf = appendUTF16(b.buf, content, b.f.numbers())
	s.up = uint32(len(b.buf))
	return s, fault
}

// text returns what was read since the last begin, for string.
func (b *stringBatch) text() string { return string(b.buf) }

// string returns a string, of the batch's text.
func (b *stringBatch) string(s batchedString, text string) string {
	if s.from > s.up {
		return b.long[s.from-1]
	}
	return text[s.from:s.up]
}
