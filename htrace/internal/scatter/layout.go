package scatter

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/callstack"
)

// symbols says what is known of a module's code.
type symbols uint8

const (
	private symbols = iota // all names and lines
	exports                // exports and where functions begin
	bare                   // exports and nothing else
	nothing                // the module alone
)

// function is a stretch of code.
type function struct {
	module   *module
	name     string
	start    uint64
	size     uint64
	exported bool
	inlined  string // a function that was inlined into it everywhere; or empty
	calls    int
}

// call returns a return address in the function that nothing else has.
func (f *function) call() uint64 {
	f.calls++
	return f.start + uint64(f.calls)*17%(f.size-1) + 1
}

// module is an image.
type module struct {
	name      string
	base, end uint64
	system    bool
	symbols   symbols
	functions []*function
}

// layout is the code of a process. It is an htrace.Code.
type layout struct {
	rng     *rand.Rand
	modules []*module
	shared  map[string]uint64 // calls of the system's own
	known   map[uint64][]callstack.Frame
}

func newLayout(rng *rand.Rand) *layout {
	l := &layout{rng: rng, shared: make(map[string]uint64), known: make(map[uint64][]callstack.Frame)}
	names := []string{"server.exe", "engine.dll", "proto.dll", "ui.dll", "db.dll", "util.dll", "codec.dll", "licence.dll"}
	n := 1 + rng.IntN(len(names))
	level := symbols(rng.IntN(4))
	for i, name := range names[:n] {
		m := l.load(name, 0x7ff7_0000_0000+uint64(i)*0x0200_0000+uint64(rng.IntN(256))*0x1_0000)
		if m.symbols = level; rng.IntN(4) == 0 {
			m.symbols = symbols(rng.IntN(4))
		}
	}
	for i, name := range []string{"ntdll.dll", "KERNELBASE.dll", "KERNEL32.DLL", "ucrtbase.dll", "ws2_32.dll", "mswsock.dll", "ADVAPI32.dll", "combase.dll"} {
		m := l.load(name, 0x7ffd_0000_0000+uint64(i)*0x0200_0000+uint64(rng.IntN(256))*0x1_0000)
		m.system, m.symbols = true, exports
	}
	return l
}

func (l *layout) load(name string, base uint64) *module {
	m := &module{name: name, base: base, end: base + 0x1000}
	l.modules = append(l.modules, m)
	return m
}

// application returns the modules that are not the system's.
func (l *layout) application() []*module {
	return slices.DeleteFunc(slices.Clone(l.modules), func(m *module) bool { return m.system })
}

// add puts a new function at the end of a module.
func (l *layout) add(m *module, name string) *function {
	f := &function{module: m, name: name, start: m.end, size: 0x40 << l.rng.IntN(6)}
	f.exported = m.system || l.rng.IntN(12) == 0
	f.size += uint64(l.rng.IntN(4)) * 0x10
	m.end += f.size
	m.functions = append(m.functions, f)
	return f
}

// system returns the return address in a function of the system, always the
// same: "module!function".
func (l *layout) system(name string) uint64 {
	if a, ok := l.shared[name]; ok {
		return a
	}
	moduleName, functionName, _ := strings.Cut(name, "!")
	i := slices.IndexFunc(l.modules, func(m *module) bool { return m.name == moduleName })
	a := l.add(l.modules[i], functionName).call()
	l.shared[name] = a
	return a
}

func (l *layout) find(address uint64) (*module, *function) {
	for _, m := range l.modules {
		if address < m.base || address >= m.end {
			continue
		}
		i, ok := slices.BinarySearchFunc(m.functions, address, func(f *function, a uint64) int {
			switch {
			case a < f.start:
				return 1
			case a >= f.start+f.size:
				return -1
			}
			return 0
		})
		if ok {
			return m, m.functions[i]
		}
		return m, nil
	}
	return nil, nil
}

// Frames implements htrace.Code.
func (l *layout) Frames(returnAddress uint64) []callstack.Frame {
	frames, ok := l.known[returnAddress]
	if !ok {
		frames = l.name(returnAddress)
		l.known[returnAddress] = frames
	}
	return frames
}

func (l *layout) name(returnAddress uint64) []callstack.Frame {
	frame := callstack.Frame{Address: returnAddress}
	m, f := l.find(returnAddress - 1)
	if m == nil {
		return []callstack.Frame{frame}
	}
	frame.Module, frame.Offset = m.name, returnAddress-m.base
	if f == nil || m.symbols == nothing {
		return []callstack.Frame{frame}
	}
	if m.symbols != bare {
		frame.FunctionStart = f.start
	}
	if m.symbols == private || f.exported {
		frame.Function, frame.Offset, frame.Source = f.name, returnAddress-f.start, callstack.Export
	}
	if m.symbols != private {
		return []callstack.Frame{frame}
	}
	frame.Source, frame.File, frame.Line = callstack.PDB, fmt.Sprintf("%s.cpp", f.name), int(returnAddress-f.start)
	if f.inlined == "" {
		return []callstack.Frame{frame}
	}
	inner := frame
	inner.Function, inner.Inlined = f.inlined, true
	return []callstack.Frame{inner, frame}
}

// IsSystem implements htrace.Code.
func (l *layout) IsSystem(address uint64) bool {
	m, _ := l.find(address)
	return m != nil && m.system
}
