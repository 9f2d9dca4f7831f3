package minidump

import (
	"encoding/binary"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/handletrace/handletrace/internal/mapped"
)

// errPageGone is what reading a page of the mapping that is no longer there
// gives.
var errPageGone = fmt.Errorf("minidump: reading memory: %w", mapped.ErrFault)

// Uint64 and Uint32 are what reading a process's lists and stacks consists of.
// How fast they are depends on how many reads the processor can have under way
// at once, each waiting for a page that no cache holds. Its queue of stores is
// what runs out first: so there is one function for all of the usual case, with
// few variables in memory, and the rest is elsewhere.

// Uint64 reads a number of the process at addr.
func (m *Memory) Uint64(addr uint64) (v uint64, err error) {
	t := m.index.table.Load()
	if t == nil || m.words == nil {
		return m.slowUint64(addr)
	}
	i := uint(t.likely(t.slot(addr))) - 1
	if i >= uint(len(t.segs)) {
		return m.slowUint64(addr)
	}
	s := &t.segs[i]
	data, at := m.words.Bytes(), addr-s.start
	if at >= s.size || s.size-at < 8 {
		return m.slowUint64(addr)
	}
	if at += uint64(s.off); at > uint64(len(data)) || uint64(len(data))-at < 8 {
		return m.slowUint64(addr)
	}
	word := (*[8]byte)(data[at : at+8 : at+8])
	defer mapped.RecoverFault()
	if debug.SetPanicOnFault(true) {
		v, err := foreignGuard(word[:])
		return uint64(v), err
	}
	err = errPageGone // what is returned after a fault
	v = binary.LittleEndian.Uint64(word[:])
	err = nil
	debug.SetPanicOnFault(false)
	return v, err
}

// Uint32 reads a number of the process at addr.
func (m *Memory) Uint32(addr uint64) (v uint32, err error) {
	t := m.index.table.Load()
	if t == nil || m.words == nil {
		return m.slowUint32(addr)
	}
	i := uint(t.likely(t.slot(addr))) - 1
	if i >= uint(len(t.segs)) {
		return m.slowUint32(addr)
	}
	s := &t.segs[i]
	data, at := m.words.Bytes(), addr-s.start
	if at >= s.size || s.size-at < 4 {
		return m.slowUint32(addr)
	}
	if at += uint64(s.off); at > uint64(len(data)) || uint64(len(data))-at < 4 {
		return m.slowUint32(addr)
	}
	word := (*[4]byte)(data[at : at+4 : at+4])
	defer mapped.RecoverFault()
	if debug.SetPanicOnFault(true) {
		v, err := foreignGuard(word[:])
		return uint32(v), err
	}
	err = errPageGone
	v = binary.LittleEndian.Uint32(word[:])
	err = nil
	debug.SetPanicOnFault(false)
	return v, err
}

// foreignGuard reads a little-endian number where the caller of the package has
// set debug.SetPanicOnFault already, and leaves that so.
func foreignGuard(word []byte) (uint64, error) {
	w, err := copyWord(word)
	return binary.LittleEndian.Uint64(w[:]), err
}

// copyWord copies up to 8 bytes of the mapping.
func copyWord(word []byte) (w [8]byte, err error) {
	if _, err := mapped.Copy(w[:], word); err != nil {
		return [8]byte{}, errPageGone
	}
	return w, nil
}

func (m *Memory) slowUint64(addr uint64) (uint64, error) {
	w, err := m.slowWord(addr, 8)
	return m.f.numbers().uint64(w[:]), err
}

func (m *Memory) slowUint32(addr uint64) (uint32, error) {
	w, err := m.slowWord(addr, 4)
	return m.f.numbers().uint32(w[:]), err
}

// slowWord reads a word of n bytes that is not where it was looked for first,
// lies in two ranges, or is not in the dump.
func (m *Memory) slowWord(addr, n uint64) ([8]byte, error) {
	if s := m.index.find(addr); s != nil && m.words != nil && s.size-(addr-s.start) >= n {
		at := uint64(s.off) + (addr - s.start)
		if data := m.words.Bytes(); at <= uint64(len(data)) && uint64(len(data))-at >= n {
			return copyWord(data[at : at+n])
		}
	}
	p := wordBuffers.Get().(*[8]byte)
	defer wordBuffers.Put(p)
	*p = [8]byte{}
	_, err := m.Read(addr, p[:n])
	return *p, err
}

// wordBuffers are those of reads through an io.ReaderAt, to which every buffer
// escapes.
var wordBuffers = sync.Pool{New: func() any { return new([8]byte) }}
