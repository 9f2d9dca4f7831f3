package minidump_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// Registers.

// contextOf returns a context of size bytes with numbers at their places.
func contextOf(size int, at map[int]uint64, width int) []byte {
	b := make([]byte, size)
	for off, v := range at {
		if width == 4 {
			binary.LittleEndian.PutUint32(b[off:], uint32(v))
		} else {
			binary.LittleEndian.PutUint64(b[off:], v)
		}
	}
	return b
}

// amd64Context has rip 0x1122, rsp 0x3344 and rbp 0x5566.
func amd64Context() []byte {
	return contextOf(1232, map[int]uint64{0xf8: 0x1122, 0x98: 0x3344, 0xa0: 0x5566}, 8)
}

// x86Context has eip 0x1122, esp 0x3344 and ebp 0x5566.
func x86Context() []byte {
	return contextOf(716, map[int]uint64{0xb8: 0x1122, 0xc4: 0x3344, 0xb4: 0x5566}, 4)
}

func threadContext(t *testing.T, arch minidump.ProcessorArchitecture, context []byte) (minidump.Context, error) {
	t.Helper()
	b := minidumptest.New(arch)
	b.AddThread(minidumptest.Thread{ID: 1, Context: context})
	f := open(t, b)
	return f.ThreadContext(&must(f.Threads())(t)[0])
}

func wantRegisters(t *testing.T, what string, c minidump.Context, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	if c.IP() != 0x1122 || c.SP() != 0x3344 || c.FP() != 0x5566 {
		t.Errorf("%s: ip %#x, sp %#x, fp %#x", what, c.IP(), c.SP(), c.FP())
	}
}

func TestTrap20ContextSizes(t *testing.T) {
	for _, size := range []int{204, 716, 1147, 2747} {
		c, err := threadContext(t, x86, append(x86Context(), make([]byte, 2747)...)[:size])
		wantRegisters(t, "x86", c, err)
	}
	for _, size := range []int{1232, 1376, 1407, 1663, 12000} {
		c, err := threadContext(t, amd64, append(amd64Context(), make([]byte, 12000)...)[:size])
		wantRegisters(t, "amd64", c, err)
	}
	_, err := threadContext(t, amd64, make([]byte, 100))
	wantFormatError(t, err, minidump.ThreadListStream)
	_, err = threadContext(t, amd64, nil)
	if !errors.Is(err, minidump.ErrNoContext) {
		t.Errorf("no context: %v", err)
	}
}

// withXState adds a CONTEXT_EX, a gap, and an XSAVE area of the components.
func withXState(context []byte, gap int, announced uint32, compaction uint64, components ...[]byte) []byte {
	le := binary.LittleEndian
	size := len(context)
	area := make([]byte, 64)
	le.PutUint64(area, compaction&^(1<<63))
	le.PutUint64(area[8:], compaction)
	area = append(area, bytes.Join(components, nil)...)
	if announced == 0 {
		announced = uint32(len(area))
	}
	var ex []byte
	for _, v := range []int32{int32(-size), int32(size + gap + int(announced)), int32(-size), int32(size), int32(gap), int32(announced)} {
		ex = le.AppendUint32(ex, uint32(v))
	}
	out := append(context, ex...)
	return append(append(out, make([]byte, gap-len(ex))...), area...)
}

func cetU(ssp uint64) []byte {
	return binary.LittleEndian.AppendUint64(make([]byte, 8), ssp)
}

func TestTrap21XState(t *testing.T) {
	avx := bytes.Repeat([]byte{7}, 256)
	for _, gap := range []int{0x20, 0x30, 0x40, 0x50, 0xf0} {
		c, err := threadContext(t, amd64, withXState(amd64Context(), gap, 0, 1<<63|1<<11|1<<2, avx, cetU(0xabc0)))
		wantRegisters(t, "amd64", c, err)
		x := c.(*minidump.ContextAMD64).XState
		ssp, ok := x.ShadowStackPointer()
		if ssp != 0xabc0 || !ok || !bytes.Equal(x.Feature(minidump.XStateAVX), avx) || !x.Compacted() || !x.Has(minidump.XStateCetU) {
			t.Errorf("gap %#x: shadow stack %#x, %v, AVX % x", gap, ssp, ok, x.Feature(minidump.XStateAVX))
		}
		c, err = threadContext(t, x86, withXState(x86Context(), gap, 0, 1<<63|1<<11, cetU(0xabc0)))
		wantRegisters(t, "x86", c, err)
		if ssp, ok := c.(*minidump.ContextX86).XState.ShadowStackPointer(); ssp != 0xabc0 || !ok {
			t.Errorf("x86, gap %#x: shadow stack %#x, %v", gap, ssp, ok)
		}
	}
}

func TestTrap21Avx512(t *testing.T) {
	parts := [][]byte{bytes.Repeat([]byte{2}, 256), bytes.Repeat([]byte{5}, 64), bytes.Repeat([]byte{6}, 512), bytes.Repeat([]byte{7}, 1024), bytes.Repeat([]byte{9}, 8)}
	c, err := threadContext(t, amd64, withXState(amd64Context(), 0x30, 0, 1<<63|1<<9|7<<5|1<<2, parts...))
	wantRegisters(t, "amd64", c, err)
	x := c.(*minidump.ContextAMD64).XState
	for i, id := range []minidump.XStateFeatureID{minidump.XStateAVX, minidump.XStateOpmask, minidump.XStateZmmHi256, minidump.XStateHi16Zmm, minidump.XStatePKRU} {
		if !bytes.Equal(x.Feature(id), parts[i]) {
			t.Errorf("component %d has %d bytes", id, len(x.Feature(id)))
		}
	}
	for _, id := range []minidump.XStateFeatureID{0, 1, 3, 11, 62, 63, 64, 1 << 20} {
		if x.Feature(id) != nil {
			t.Errorf("component %d is there", id)
		}
	}
}

// Declared lengths may reach beyond the context; offsets may be anything.
func TestTrap22XStateBounds(t *testing.T) {
	context := withXState(amd64Context(), 0x20, 0x708, 1<<63|1<<11, cetU(0xabc0))
	c, err := threadContext(t, amd64, context)
	wantRegisters(t, "amd64", c, err)
	if ssp, _ := c.(*minidump.ContextAMD64).XState.ShadowStackPointer(); ssp != 0xabc0 {
		t.Errorf("shadow stack %#x", ssp)
	}
	c, err = threadContext(t, amd64, context[:len(context)-1])
	wantRegisters(t, "cut", c, err)
	if x := c.(*minidump.ContextAMD64).XState; x.Feature(minidump.XStateCetU) != nil {
		t.Error("a component that is cut is served")
	}
	for _, offset := range []uint32{0, 23, 0x80000000, 0xffffffff, 0x7fffffff} {
		bad := bytes.Clone(context)
		binary.LittleEndian.PutUint32(bad[1232+16:], offset)
		c, err := threadContext(t, amd64, bad)
		wantRegisters(t, "amd64", c, err)
		if c.(*minidump.ContextAMD64).XState != nil {
			t.Errorf("offset %#x gives extended state", offset)
		}
	}
}

// An area that is not compacted has its components where MiscInfo says.
func TestTrap22Standard(t *testing.T) {
	b := minidumptest.New(amd64)
	xstate := minidump.XStateConfig{SizeOfInfo: 528, ContextSize: 1663}
	xstate.Features[11] = minidump.XStateFeature{Offset: 512 + 64 + 8, Size: 16}
	xstate.Features[63] = minidump.XStateFeature{Offset: 0xffffffff, Size: 0xffffffff}
	b.Add(minidump.MiscInfoStream, uint32(1364), uint32(0), make([]byte, 824), xstate, uint32(0))
	b.AddThread(minidumptest.Thread{ID: 1, Context: withXState(amd64Context(), 0x20, 0, 1<<11, make([]byte, 8), cetU(0xabc0))})
	f := open(t, b)
	c := must(f.ThreadContext(&must(f.Threads())(t)[0]))(t)
	if ssp, _ := c.(*minidump.ContextAMD64).XState.ShadowStackPointer(); ssp != 0xabc0 {
		t.Errorf("shadow stack %#x", ssp)
	}
}

func TestTrap23FlagsDoNotMatter(t *testing.T) {
	for _, flags := range []uint32{0, 0x100000, 0x10000b, 0x10000f, 0x10005f, 0x40000040, 0xffffffff} {
		context := amd64Context()
		binary.LittleEndian.PutUint32(context[0x30:], flags)
		c, err := threadContext(t, amd64, context)
		wantRegisters(t, "amd64", c, err)
		equal(t, "flags", c.(*minidump.ContextAMD64).ContextFlags, flags)
		context = x86Context()
		binary.LittleEndian.PutUint32(context, flags)
		c, err = threadContext(t, x86, context)
		wantRegisters(t, "x86", c, err)
	}
}

func TestTrap24OtherProcessors(t *testing.T) {
	tests := []struct {
		what    string
		arch    minidump.ProcessorArchitecture
		context []byte
	}{
		{"ARM64", minidump.ProcessorArchitectureARM64, contextOf(912, map[int]uint64{0x108: 0x1122, 0x100: 0x3344, 0xf0: 0x5566}, 8)},
		{"ARM64, old number", minidump.ProcessorArchitectureARM64Old, contextOf(912, map[int]uint64{0x108: 0x1122, 0x100: 0x3344, 0xf0: 0x5566}, 8)},
		{"ARM64, old layout", minidump.ProcessorArchitectureARM64Old, contextOf(796, map[int]uint64{264: 0x1122, 256: 0x3344, 240: 0x5566}, 8)},
		{"ARM of Microsoft", minidump.ProcessorArchitectureARM, contextOf(416, map[int]uint64{64: 0x1122, 56: 0x3344, 48: 0x5566}, 4)},
		{"ARM of Breakpad", minidump.ProcessorArchitectureARM, contextOf(368, map[int]uint64{64: 0x1122, 56: 0x3344, 48: 0x5566}, 4)},
		{"MIPS", minidump.ProcessorArchitectureMIPS, contextOf(600, map[int]uint64{312: 0x1122, 8 + 29*8: 0x3344, 8 + 30*8: 0x5566}, 8)},
		{"MIPS64", minidump.ProcessorArchitectureMIPS64, contextOf(600, map[int]uint64{312: 0x1122, 8 + 29*8: 0x3344, 8 + 30*8: 0x5566}, 8)},
		{"PPC", minidump.ProcessorArchitecturePPC, contextOf(1004, map[int]uint64{4: 0x1122, 16: 0x3344, 12 + 31*4: 0x5566}, 4)},
		{"PPC64", minidump.ProcessorArchitecturePPC64, contextOf(1160, map[int]uint64{8: 0x1122, 32: 0x3344, 24 + 31*8: 0x5566}, 8)},
		{"SPARC", minidump.ProcessorArchitectureSPARC, contextOf(584, map[int]uint64{8 + 33*8: 0x1122, 8 + 14*8: 0x3344, 8 + 30*8: 0x5566}, 8)},
		{"RISC-V", minidump.ProcessorArchitectureRISCV, contextOf(268, map[int]uint64{8: 0x1122, 16: 0x3344, 8 + 32: 0x5566}, 4)},
		{"RISC-V 64", minidump.ProcessorArchitectureRISCV64, contextOf(524, map[int]uint64{8: 0x1122, 24: 0x3344, 8 + 64: 0x5566}, 8)},
	}
	for _, test := range tests {
		c, err := threadContext(t, test.arch, test.context)
		wantRegisters(t, test.what, c, err)
		if err != nil {
			continue
		}
		count, pc := 0, false
		for _, v := range c.Registers() {
			count++
			pc = pc || v == 0x1122
		}
		if count < 16 || !pc {
			t.Errorf("%s: %d registers, the instruction pointer among them: %v", test.what, count, pc)
		}
	}
	_, err := threadContext(t, minidump.ProcessorArchitectureAlpha, make([]byte, 1000))
	wantFormatError(t, err, minidump.ThreadListStream)
}

func TestTrap24ARM64FloatingPointOrder(t *testing.T) {
	c, _ := threadContext(t, minidump.ProcessorArchitectureARM64, contextOf(912, map[int]uint64{0x310: 1, 0x314: 2, 4: 3}, 4))
	old, _ := threadContext(t, minidump.ProcessorArchitectureARM64Old, contextOf(796, map[int]uint64{276: 2, 280: 1, 272: 3}, 4))
	for _, c := range []minidump.Context{c, old} {
		a := c.(*minidump.ContextARM64)
		if a.Fpcr != 1 || a.Fpsr != 2 || a.Cpsr != 3 {
			t.Errorf("fpcr %d, fpsr %d, cpsr %d", a.Fpcr, a.Fpsr, a.Cpsr)
		}
	}
}

func TestRegisterByName(t *testing.T) {
	c, _ := threadContext(t, amd64, amd64Context())
	if v, ok := minidump.Register(c, "RSP"); v != 0x3344 || !ok {
		t.Errorf("rsp = %#x, %v", v, ok)
	}
	if _, ok := minidump.Register(c, "eax"); ok {
		t.Error("amd64 has a register eax")
	}
}

func TestTrap25ExceptionContext(t *testing.T) {
	other := contextOf(1232, map[int]uint64{0xf8: 0x9999}, 8)
	tests := []struct {
		what    string
		id      uint32
		context []byte
		ip      uint64
	}{
		{"its own", 1, other, 0x9999},
		{"its own, of a thread that is not listed", 77, other, 0x9999},
		{"none, so that of the thread", 1, nil, 0x1122},
		{"too small, so that of the thread", 1, make([]byte, 40), 0x1122},
		{"none and no thread", 77, nil, 0},
	}
	for _, test := range tests {
		b := minidumptest.New(amd64)
		b.AddThread(minidumptest.Thread{ID: 1, Context: amd64Context()})
		b.AddException(minidumptest.Exception{ThreadID: test.id, Context: test.context})
		f := open(t, b)
		c, err := f.ExceptionContext(&must(f.Exceptions())(t)[0])
		switch {
		case test.ip == 0:
			if !errors.Is(err, minidump.ErrNoContext) {
				t.Errorf("%s: %v", test.what, err)
			}
		case err != nil:
			t.Errorf("%s: %v", test.what, err)
		default:
			equal(t, test.what, c.IP(), test.ip)
		}
	}
}
