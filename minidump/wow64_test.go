package minidump_test

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

func TestTrap26WOW64(t *testing.T) {
	le := binary.LittleEndian
	teb := make([]byte, 0x2000)
	le.PutUint64(teb, 0x72000)          // the 32-bit block
	le.PutUint64(teb[0x1488:], 0x80000) // slot 1
	teb32 := make([]byte, 0x1000)
	le.PutUint32(teb32[0x18:], 0x72000)
	le.PutUint32(teb32[0x24:], 4242)
	le.PutUint32(teb32[0x34:], 6)
	b := minidumptest.New(amd64)
	b.AddThread(minidumptest.Thread{ID: 1, Teb: 0x70000, Context: amd64Context()})
	b.AddThread(minidumptest.Thread{ID: 2, Teb: 0x90000, Context: amd64Context()})
	b.AddMemory(minidumptest.Memory{Start: 0x70000, Data: teb})
	b.AddMemory(minidumptest.Memory{Start: 0x72000, Data: teb32})
	b.AddMemory(minidumptest.Memory{Start: 0x80000, Data: append(make([]byte, 4), x86Context()...)})
	b.AddMemory(minidumptest.Memory{Start: 0x90000, Data: make([]byte, 0x2000)})
	f := open(t, b)
	threads := must(f.Threads())(t)
	c, err := f.WOW64Context(&threads[0])
	wantRegisters(t, "32-bit", c, err)
	block := must(f.WOW64TEB(&threads[0]))(t)
	if block.ThreadID != 4242 || block.LastError != 6 || block.PointerSize != 4 || len(block.TLSSlots) != 64 {
		t.Errorf("block = %+v", block)
	}
	if _, err := f.WOW64Context(&threads[1]); !errors.Is(err, minidump.ErrNotWOW64) {
		t.Errorf("a 64-bit thread: %v", err)
	}
}

// An amd64 dump may hold 32-bit contexts as they are.
func TestTrap26NarrowContext(t *testing.T) {
	c, err := threadContext(t, amd64, x86Context())
	wantRegisters(t, "x86 in amd64", c, err)
}
