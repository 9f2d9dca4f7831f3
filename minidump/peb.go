package minidump

import (
	"fmt"
	"strings"
)

// PEB is what the process environment block holds that is of use in a dump.
// The offsets are those of Windows 2000 to 11; they are not documented.
type PEB struct {
	Address       uint64
	PointerSize   int // 4 or 8
	BeingDebugged bool
	ImageBase     uint64
	Ldr           uint64 // address of the loader's list of modules
	ProcessHeap   uint64
	NtGlobalFlag  uint32 // 0x100 is Application Verifier
	OSMajor       uint32
	OSMinor       uint32
	OSBuild       uint16
	SessionID     uint32
	Parameters    *ProcessParameters // nil where the dump does not hold them
}

// ProcessParameters is an RTL_USER_PROCESS_PARAMETERS. Texts that the dump
// does not hold are empty.
type ProcessParameters struct {
	Address          uint64
	StandardInput    uint64 // handles
	StandardOutput   uint64
	StandardError    uint64
	CurrentDirectory string
	DllPath          string
	ImagePathName    string
	CommandLine      string
	WindowTitle      string
	// Environment are the variables as NAME=VALUE, as far as the dump holds
	// them. They may be private: they are what the user's shell had.
	Environment []string
}

// PEB decodes the environment block of a Windows process, which it finds
// through the first thread whose own block is in the dump. Memory that the
// dump does not hold is [ErrNotMapped]; a dump of another system is
// [ErrNotWindows].
func (f *File) PEB() (*PEB, error) { return f.findPEB(f.TEB) }

// WOW64PEB decodes the 32-bit environment block that a 32-bit process on
// 64-bit Windows has besides its 64-bit one, and whose parameters are those
// that the program sees. A process without is [ErrNotWOW64].
func (f *File) WOW64PEB() (*PEB, error) { return f.findPEB(f.WOW64TEB) }

func (f *File) findPEB(tebOf func(*Thread) (*TEB, error)) (*PEB, error) {
	threads, err := f.Threads()
	if err != nil {
		return nil, err
	}
	first := fmt.Errorf("minidump: the dump has no threads: %w", ErrNotMapped)
	for i := range threads {
		teb, err := tebOf(&threads[i])
		if err == nil {
			return f.readPEB(teb)
		}
		if i == 0 {
			first = err
		}
	}
	return nil, first
}

func (f *File) readPEB(teb *TEB) (*PEB, error) {
	m, err := f.Memory()
	if err != nil {
		return nil, err
	}
	l := &layout64
	if teb.PointerSize == 4 {
		l = &layout32
	}
	r := blockReader{m: m, layout: l, base: teb.PEB}
	p := &PEB{
		Address: teb.PEB, PointerSize: l.width,
		BeingDebugged: byteOf(r.uint32(0), 2, m.bigEndian) != 0,
		ImageBase:     r.word(l.imageBase), Ldr: r.word(l.ldr),
	}
	parameters := r.word(l.parameters)
	p.ProcessHeap = r.word(l.heap)
	if r.err != nil {
		return nil, r.err
	}
	p.NtGlobalFlag, p.SessionID = r.uint32(l.globalFlag), r.uint32(l.sessionID)
	p.OSMajor, p.OSMinor, p.OSBuild = r.uint32(l.major), r.uint32(l.major+4), uint16(r.uint32(l.major+8))
	p.Parameters = readParameters(m, l, parameters)
	return p, nil
}

// byteOf returns byte i of the four that were read as a number.
func byteOf(v uint32, i uint, bigEndian bool) byte {
	if bigEndian {
		i = 3 - i
	}
	return byte(v >> (8 * i))
}

func readParameters(m *Memory, l *environmentLayout, addr uint64) *ProcessParameters {
	r := blockReader{m: m, layout: l, base: addr}
	w := uint64(l.width)
	p := &ProcessParameters{
		Address:       addr,
		StandardInput: r.word(l.stdin), StandardOutput: r.word(l.stdin + w), StandardError: r.word(l.stdin + 2*w),
	}
	if r.err != nil {
		return nil
	}
	p.CurrentDirectory, p.DllPath = r.text(l.currentDirectory), r.text(l.dllPath)
	p.ImagePathName, p.CommandLine = r.text(l.imagePath), r.text(l.commandLine)
	p.WindowTitle = r.text(l.windowTitle)
	p.Environment = readEnvironment(m, r.word(l.environment))
	return p
}

// maxEnvironment bounds what is read of an environment, in bytes.
const maxEnvironment = 1 << 20

// readEnvironment reads NUL-terminated texts up to an empty one.
func readEnvironment(m *Memory, addr uint64) []string {
	var list []string
	for total := 0; addr != 0 && total < maxEnvironment; {
		b, err := m.until(addr, (maxEnvironment-total)/2, 2)
		if len(b) == 0 {
			break
		}
		list = append(list, strings.ToValidUTF8(decodeUTF16(b, m.f.order), "\uFFFD"))
		if err != nil {
			break
		}
		addr += uint64(len(b)) + 2
		total += len(b) + 2
	}
	return list
}
