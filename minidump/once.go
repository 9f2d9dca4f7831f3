package minidump

import (
	"encoding/binary"
)

// once decodes a stream when it is first asked for, and keeps what came of it.
func once[T any](f *File, t StreamType, decode func() (T, error)) (T, error) {
	v, ok := f.decoded.Load(t)
	if !ok {
		v, _ = f.decoded.LoadOrStore(t, new(lazy[T]))
	}
	return v.(*lazy[T]).get(decode)
}

// StreamData is a stream as [Decode] hands it out.
type StreamData struct {
	Type      StreamType
	Offset    int64 // where in the file Bytes begin
	Bytes     []byte
	ByteOrder binary.ByteOrder
	File      *File // for what the stream refers to: [File.String], [File.Location]
}

// Decode decodes the first stream of type t with a function of the caller's,
// for the types that this package does not know. What the function returns is
// returned, an error as a [*FormatError]. The result is not kept.
func Decode[T any](f *File, t StreamType, decode func(StreamData) (T, error)) (T, error) {
	var none T
	d, err := f.streamData(t)
	if err != nil {
		return none, err
	}
	v, err := decode(d)
	if err != nil {
		return none, causedBy(err, t, d.Offset, "")
	}
	return v, nil
}

func (f *File) streamData(t StreamType) (StreamData, error) {
	s, err := f.section(t)
	if err != nil {
		return StreamData{}, err
	}
	b, err := f.bytesOf(s, s.size)
	if err != nil {
		return StreamData{}, err
	}
	return StreamData{t, s.off, b, f.order, f}, nil
}

// UTF16 returns the stream's bytes as UTF-16 text up to the first NUL. What is
// no valid UTF-16 becomes U+FFFD.
func (d StreamData) UTF16() string { return decodeUTF16(d.Bytes, d.ByteOrder) }

// UTF8 returns the stream's bytes as 8-bit text up to the first NUL. What is
// no valid UTF-8 becomes U+FFFD.
func (d StreamData) UTF8() string { return decodeBytes(d.Bytes) }

// ByteOrder returns the order of the file's numbers.
func (f *File) ByteOrder() binary.ByteOrder { return f.order }

// decodeStruct reads a structure of fixed size from b, which may be shorter:
// what is missing is zero. It returns how many bytes were there.
func decodeStruct(b []byte, order binary.ByteOrder, v any) int {
	size := binary.Size(v)
	if len(b) < size {
		whole := make([]byte, size)
		copy(whole, b)
		// The sizes match, so that Decode cannot fail.
		_, _ = binary.Decode(whole, order, v)
		return len(b)
	}
	_, _ = binary.Decode(b, order, v)
	return size
}

// structStream reads the first stream of type t into v, of at least least
// bytes, and returns its size.
func (f *File) structStream(t StreamType, v any, least int64) (int64, error) {
	s, err := f.section(t)
	if err != nil {
		return 0, err
	}
	if s.size < least {
		return 0, s.fault("%d bytes, at least %d were expected", s.size, least)
	}
	b, err := f.bytesOf(s, int64(binary.Size(v)))
	if err != nil {
		return 0, err
	}
	decodeStruct(b, f.order, v)
	return s.size, nil
}
