package minidump

import (
	"fmt"

	"github.com/handletrace/handletrace/internal/cursor"
)

// TEB is what a thread's environment block holds that is of use in a dump.
// The offsets are those of Windows 2000 to 11; they are not documented.
type TEB struct {
	Address       uint64
	PointerSize   int // 4 or 8
	StackBase     uint64
	StackLimit    uint64
	ProcessID     uint64
	ThreadID      uint64
	TLSPointer    uint64 // ThreadLocalStoragePointer, of __declspec(thread)
	PEB           uint64
	LastError     uint32 // of GetLastError
	LastStatus    uint32 // the last NTSTATUS that became an error
	HasLastStatus bool   // whether the dump holds LastStatus
	// TLSSlots are those of TlsAlloc; nil where the dump does not hold them.
	TLSSlots []uint64
}

// environmentLayout is where the blocks have their members, by the width of a
// pointer.
type environmentLayout struct {
	width int

	stackBase, stackLimit, self, clientID, tlsPointer, peb, lastError uint64
	lastStatus, tlsSlots                                              uint64

	imageBase, ldr, parameters, heap, globalFlag uint64
	major, sessionID                             uint64

	stdin, currentDirectory, dllPath, imagePath, commandLine, environment uint64
	windowTitle, environmentSize                                          uint64
}

var layout64 = environmentLayout{
	width:     8,
	stackBase: 0x08, stackLimit: 0x10, self: 0x30, clientID: 0x40, tlsPointer: 0x58, peb: 0x60, lastError: 0x68,
	lastStatus: 0x1250, tlsSlots: 0x1480,
	imageBase: 0x10, ldr: 0x18, parameters: 0x20, heap: 0x30, globalFlag: 0xbc,
	major: 0x118, sessionID: 0x2c0,
	stdin: 0x20, currentDirectory: 0x38, dllPath: 0x50, imagePath: 0x60, commandLine: 0x70, environment: 0x80,
	windowTitle: 0xb0, environmentSize: 0x3f0,
}

var layout32 = environmentLayout{
	width:     4,
	stackBase: 0x04, stackLimit: 0x08, self: 0x18, clientID: 0x20, tlsPointer: 0x2c, peb: 0x30, lastError: 0x34,
	lastStatus: 0xbf4, tlsSlots: 0xe10,
	imageBase: 0x08, ldr: 0x0c, parameters: 0x10, heap: 0x18, globalFlag: 0x68,
	major: 0xa4, sessionID: 0x1d4,
	stdin: 0x18, currentDirectory: 0x24, dllPath: 0x30, imagePath: 0x38, commandLine: 0x40, environment: 0x48,
	windowTitle: 0x70, environmentSize: 0x290,
}

// tlsSlots is TLS_MINIMUM_AVAILABLE.
const tlsSlots = 64

// blockReader reads members of a block in the process's memory. The first
// failure stays.
type blockReader struct {
	m      *Memory
	layout *environmentLayout
	base   uint64
	err    error
}

func (r *blockReader) word(off uint64) uint64 {
	v, err := r.m.pointer(r.base+off, r.layout.width)
	return r.keep(v, err)
}

func (r *blockReader) uint32(off uint64) uint32 {
	v, err := r.m.Uint32(r.base + off)
	return uint32(r.keep(uint64(v), err))
}

func (r *blockReader) keep(v uint64, err error) uint64 {
	if r.err == nil {
		r.err = err
	}
	return v
}

// text reads a UNICODE_STRING; one that the dump does not hold is empty.
func (r *blockReader) text(off uint64) string {
	s, _ := r.m.unicodeString(r.base+off, r.layout.width)
	return s
}

// TEB decodes the environment block of a thread of a Windows process. Memory
// that the dump does not hold is [ErrNotMapped]; a dump of another system is
// [ErrNotWindows].
func (f *File) TEB(t *Thread) (*TEB, error) {
	layout, err := f.environment()
	if err != nil {
		return nil, err
	}
	return f.readTEB(t.Teb, layout)
}

// WOW64TEB decodes the 32-bit environment block that a thread of a 32-bit
// process on 64-bit Windows has besides its 64-bit one. A process without is
// [ErrNotWOW64].
func (f *File) WOW64TEB(t *Thread) (*TEB, error) {
	addr, err := f.wow64TEB(t)
	if err != nil {
		return nil, err
	}
	return f.readTEB(addr, &layout32)
}

// wow64TEB returns where the 32-bit block is: the exception list of the 64-bit
// one, which 64-bit code has no use for, points to it.
func (f *File) wow64TEB(t *Thread) (uint64, error) {
	layout, err := f.environment()
	if err != nil {
		return 0, err
	}
	m, err := f.Memory()
	if err != nil {
		return 0, err
	}
	var addr uint64
	if layout.width == 8 {
		if addr, err = m.Uint64(t.Teb); err != nil {
			return 0, err
		}
	}
	if addr == 0 || addr>>32 != 0 {
		return 0, fmt.Errorf("minidump: thread %d: %w", t.ThreadID, ErrNotWOW64)
	}
	return addr, nil
}

func (f *File) environment() (*environmentLayout, error) {
	info, err := f.SystemInfo()
	if err != nil {
		return nil, err
	}
	if info.PlatformID != PlatformWin32NT {
		return nil, fmt.Errorf("minidump: %w: it is of %v", ErrNotWindows, info.PlatformID)
	}
	if info.ProcessorArchitecture.PointerSize() == 4 {
		return &layout32, nil
	}
	return &layout64, nil
}

func (f *File) readTEB(addr uint64, l *environmentLayout) (*TEB, error) {
	m, err := f.Memory()
	if err != nil {
		return nil, err
	}
	r := blockReader{m: m, layout: l, base: addr}
	t := &TEB{
		Address: addr, PointerSize: l.width,
		StackBase: r.word(l.stackBase), StackLimit: r.word(l.stackLimit),
		ProcessID: r.word(l.clientID), ThreadID: r.word(l.clientID + uint64(l.width)),
		TLSPointer: r.word(l.tlsPointer), PEB: r.word(l.peb), LastError: r.uint32(l.lastError),
	}
	if r.err != nil {
		return nil, r.err
	}
	// What lies further behind may be left out of small dumps.
	t.LastStatus = r.uint32(l.lastStatus)
	t.HasLastStatus = r.err == nil
	b := make([]byte, tlsSlots*l.width)
	if _, err := m.Read(addr+l.tlsSlots, b); err == nil {
		t.TLSSlots = make([]uint64, tlsSlots)
		c := wordCursor{cursor.New(b, f.order), l.width}
		for i := range t.TLSSlots {
			t.TLSSlots[i] = c.word()
		}
	}
	return t, nil
}
