package pdb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Stream is one stream of the container. Its pages are read in place, run by
// run. It implements [io.ReaderAt] and is safe for several goroutines.
type Stream struct {
	msf    *msf
	name   string
	pages  []byte // page numbers, u32 each, as the directory stores them
	size   uint32
	number uint32 // its place in the directory
}

// Size returns the stream's length in bytes.
func (s *Stream) Size() int64 { return int64(s.size) }

// ReadAt implements [io.ReaderAt]. A page that lies outside of the file is a
// [*FormatError].
func (s *Stream) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("pdb: negative offset %d", off)
	}
	if off >= int64(s.size) {
		return 0, io.EOF
	}
	want := len(p)
	p = p[:min(int64(len(p)), int64(s.size)-off)]
	done := 0
	for done < len(p) {
		at, n := s.run(uint64(off)+uint64(done), len(p)-done)
		if at < 0 || at+int64(n) > s.msf.size {
			return done, &FormatError{s.name, off + int64(done), "a page inside of the file"}
		}
		got, err := s.msf.r.ReadAt(p[done:done+n], at)
		done += got
		if got < n {
			if err == nil || errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return done, err
		}
	}
	if done < want {
		return done, io.EOF
	}
	return done, nil
}

// run returns the file offset of the byte at off, and how many of the n bytes
// from there on lie together in the file.
func (s *Stream) run(off uint64, n int) (at int64, length int) {
	shift := s.msf.pageShift
	i := int(off >> shift)
	inPage := int(off & (1<<shift - 1))
	first := binary.LittleEndian.Uint32(s.pages[4*i:])
	length = 1<<shift - inPage
	for next := first + 1; length < n; next++ {
		i++
		if binary.LittleEndian.Uint32(s.pages[4*i:]) != next {
			break
		}
		length += 1 << shift
	}
	return int64(first)<<shift + int64(inPage), min(length, n)
}

// bytes reads n bytes at off into buf, which grows as needed.
func (s *Stream) bytes(buf []byte, off, n uint32) ([]byte, error) {
	if uint64(off)+uint64(n) > uint64(s.size) || int(n) < 0 {
		return nil, &FormatError{s.name, int64(off), fmt.Sprintf("%d bytes before the stream's end", n)}
	}
	if uint32(cap(buf)) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	return buf, readFull(s, buf, int64(off))
}

// uint32At reads one number.
func (s *Stream) uint32At(off uint32) (uint32, error) {
	var b [4]byte
	if err := readFull(s, b[:], int64(off)); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b[:]), nil
}

// cstring reads a NUL-terminated string of at most maxName bytes.
func (s *Stream) cstring(off uint32) (string, error) {
	var b [256]byte
	var long []byte
	for at := int64(off); ; {
		n, err := s.ReadAt(b[:], at)
		for i, c := range b[:n] {
			if c == 0 {
				return string(append(long, b[:i]...)), nil
			}
		}
		long = append(long, b[:n]...)
		at += int64(n)
		if err != nil || len(long) > maxName {
			return string(long), &FormatError{s.name, int64(off), "a string with its NUL"}
		}
	}
}

// maxName bounds every name that is read: a record's length is 16 bits.
const maxName = 1 << 16
