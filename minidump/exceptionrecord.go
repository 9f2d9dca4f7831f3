package minidump

import "github.com/handletrace/handletrace/internal/cursor"

// ExceptionRecord is an EXCEPTION_RECORD in the process's memory.
type ExceptionRecord struct {
	Address              uint64 // of the record itself
	ExceptionCode        uint32
	ExceptionFlags       uint32
	ExceptionRecord      uint64 // address of the next record
	ExceptionAddress     uint64
	ExceptionInformation []uint64 // at most 15
}

// maxNestedExceptions bounds a chain: each record of a real one is a failure
// of the handler of the one before.
const maxNestedExceptions = 64

// NestedExceptions follows the records that an exception leads to, as far as
// the dump holds their memory. A chain that turns back on itself ends there.
func (f *File) NestedExceptions(e *Exception) []ExceptionRecord {
	m, err := f.Memory()
	if err != nil {
		return nil
	}
	var chain []ExceptionRecord
	seen := map[uint64]bool{}
	for addr := e.ExceptionRecord; addr != 0 && !seen[addr] && len(chain) < maxNestedExceptions; {
		seen[addr] = true
		r, ok := f.readExceptionRecord(m, addr)
		if !ok {
			break
		}
		chain = append(chain, r)
		addr = r.ExceptionRecord
	}
	return chain
}

func (f *File) readExceptionRecord(m *Memory, addr uint64) (ExceptionRecord, bool) {
	width := f.PointerSize()
	b := make([]byte, 8+3*width+ExceptionMaximumParameters*width)
	if _, err := m.Read(addr, b); err != nil {
		return ExceptionRecord{}, false
	}
	c := wordCursor{cursor.New(b, f.order), width}
	r := ExceptionRecord{Address: addr, ExceptionCode: c.Uint32(), ExceptionFlags: c.Uint32(),
		ExceptionRecord: c.word(), ExceptionAddress: c.word()}
	r.ExceptionInformation = make([]uint64, min(c.Uint32(), ExceptionMaximumParameters))
	for i := range r.ExceptionInformation {
		r.ExceptionInformation[i] = c.word()
	}
	return r, c.Err() == nil
}
