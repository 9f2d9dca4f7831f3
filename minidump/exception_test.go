package minidump_test

import (
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

func TestNestedExceptions(t *testing.T) {
	info := make([]uint64, 15)
	info[0] = 7
	wide := func(code uint32, next uint64) []byte {
		return slices.Concat(dwords(code, 1), words(next, 0x140000, 1), words(info...))
	}
	narrow := func(code, next uint32) []byte {
		return slices.Concat(dwords(code, 1, next, 0x140000, 1, 7), make([]byte, 14*4))
	}
	for arch, records := range map[minidump.ProcessorArchitecture][2][]byte{
		amd64: {wide(0xc0000005, 0x9000), wide(0xc0000008, 0x8000)},
		x86:   {narrow(0xc0000005, 0x9000), narrow(0xc0000008, 0x8000)},
	} {
		b := minidumptest.New(arch)
		b.AddMemory(minidumptest.Memory{Start: 0x8000, Data: records[0]})
		b.AddMemory(minidumptest.Memory{Start: 0x9000, Data: records[1]})
		b.AddException(minidumptest.Exception{ThreadID: 1, Code: 0x80000003, Record: 0x8000})
		f := open(t, b)
		// The second leads back to the first.
		chain := f.NestedExceptions(&must(f.Exceptions())(t)[0])
		if len(chain) != 2 || chain[0].ExceptionCode != 0xc0000005 || chain[1].ExceptionCode != 0xc0000008 ||
			chain[1].ExceptionAddress != 0x140000 || !slices.Equal(chain[1].ExceptionInformation, []uint64{7}) {
			t.Errorf("chain = %+v", chain)
		}
	}
}
