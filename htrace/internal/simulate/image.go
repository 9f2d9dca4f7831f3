package simulate

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// module is an image that is loaded into the simulated process.
type module struct {
	name      string
	base      uint64
	size      uint64
	system    bool
	functions []*function // by address
	byName    map[string]*function
	end       uint64 // RVA behind the last function
}

// function is a piece of code of a module.
type function struct {
	module   *module
	name     string
	rva      uint64
	size     uint64
	exported bool
}

// functionSize leaves room for all call sites that programs ask for.
const functionSize = 0x600

// call returns the return address of the n-th call in a function.
func (f *function) call(n int) uint64 {
	return f.module.base + f.rva + 0x1f + uint64(n)*0x2b
}

// image is the code of a process.
type image struct {
	rng     *rand.Rand
	modules []*module // by address
	byName  map[string]*module
}

// Rough places of applications, their libraries and the system's libraries.
const (
	exeBase    = 0x7ff6_1000_0000
	dllBase    = 0x7ff8_2000_0000
	systemBase = 0x7ffc_4000_0000
	moduleStep = 0x0100_0000
)

var systemModules = []string{
	"ntdll.dll", "KERNELBASE.dll", "KERNEL32.DLL", "ucrtbase.dll", "ws2_32.dll",
	"mswsock.dll", "ADVAPI32.dll", "vfbasics.dll", "VCRUNTIME140.dll",
}

// appModules are the application's own. core.dll holds what all share.
var appModules = []string{"app.exe", "core.dll", "net.dll", "storage.dll", "plugin.dll", "coreclr.dll"}

func newImage(rng *rand.Rand) *image {
	img := &image{rng: rng, byName: make(map[string]*module)}
	img.load("app.exe", exeBase+uint64(rng.IntN(64))*0x1_0000, false)
	for i, name := range appModules[1:] {
		img.load(name, dllBase+uint64(i)*moduleStep+uint64(rng.IntN(64))*0x1_0000, false)
	}
	for i, name := range systemModules {
		img.load(name, systemBase+uint64(i)*moduleStep+uint64(rng.IntN(64))*0x1_0000, true)
	}
	return img
}

func (img *image) load(name string, base uint64, system bool) {
	m := &module{name: name, base: base, system: system, byName: make(map[string]*function), end: 0x1000}
	m.size = 0x80_0000
	img.modules = append(img.modules, m)
	img.byName[name] = m
}

// shareSystem puts the system's modules where another process has them, as
// they are in all processes.
func (img *image) shareSystem(other *image) {
	for _, name := range systemModules {
		img.byName[name] = other.byName[name]
	}
}

// function returns the function of a module, which it adds at the first call.
// One of an application module in ten is exported, and nearly all of a
// system's.
func (img *image) function(moduleName, name string) *function {
	m := img.byName[moduleName]
	if f := m.byName[name]; f != nil {
		return f
	}
	f := &function{module: m, name: name, rva: m.end, size: functionSize}
	f.exported = isSystemExport(m, name) || !m.system && m.name != "app.exe" && img.rng.IntN(10) == 0
	m.end += functionSize + uint64(img.rng.IntN(16))*0x10
	m.functions = append(m.functions, f)
	m.byName[name] = f
	return f
}

// isSystemExport tells the exports of the system's modules from their inner
// functions by the usual names of the latter.
func isSystemExport(m *module, name string) bool {
	if !m.system {
		return false
	}
	inner := []string{"Tpp", "Ldrp", "Internal", "Sock", "thread_start", "_nolock", "Basep"}
	return !slices.ContainsFunc(inner, func(s string) bool { return strings.Contains(name, s) })
}

// at parses module!function#n, where n is the number of a call in the
// function, into a return address.
func (img *image) at(site string) uint64 {
	moduleName, rest, _ := strings.Cut(site, "!")
	name, number, _ := strings.Cut(rest, "#")
	n := 0
	for _, d := range number {
		n = n*10 + int(d-'0')
	}
	return img.function(moduleName, name).call(n)
}

// lookup returns the module at an address and the function, if there are any.
func (img *image) lookup(address uint64) (*module, *function) {
	for _, m := range img.modules {
		if address < m.base || address >= m.base+m.size {
			continue
		}
		rva := address - m.base
		i, found := slices.BinarySearchFunc(m.functions, rva, func(f *function, rva uint64) int {
			switch {
			case rva < f.rva:
				return 1
			case rva >= f.rva+f.size:
				return -1
			}
			return 0
		})
		if found {
			return m, m.functions[i]
		}
		return m, nil
	}
	return nil, nil
}
