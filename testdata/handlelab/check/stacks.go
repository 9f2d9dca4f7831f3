package main

import (
	"slices"
	"strings"
)

func (m *module) contains(address uint64) bool {
	return m.start <= address && address < m.end
}

func (d *dump) moduleOf(address uint64) *module {
	for _, list := range [][]*module{d.modules, d.unloaded} {
		for _, m := range list {
			if m.contains(address) {
				return m
			}
		}
	}
	return nil
}

// exportsAt returns the names of the exported function that holds the return
// address, as far as the function table or the next export tells.
func (m *module) exportsAt(address uint64) []string {
	rva := address - 1 - m.start
	for _, f := range m.functions {
		if f[0] <= rva && rva < f[1] {
			return m.exports[f[0]]
		}
	}
	if m.functions != nil {
		return nil
	}
	best := uint64(0)
	for e := range m.exports {
		if e <= rva {
			best = max(best, e)
		}
	}
	return m.exports[best]
}

// checkStacks: each frame lies in a module, the system call is on top, and
// exports alone name each exported function that the truth names, in order.
func checkStacks(d *dump, t *truth) {
	exported := map[string]bool{}
	for _, m := range d.modules {
		for _, names := range m.exports {
			for _, name := range names {
				exported[name] = m.own
			}
		}
	}
	unloadedFrames := 0
	for _, o := range t.operations {
		stack := d.operations[o.index].stack
		if len(stack) < 4 || len(stack) > 16 {
			failf("operation #%d has %d frames", o.index, len(stack))
			continue
		}
		var names []string
		for i, address := range stack {
			m := d.moduleOf(address)
			if m == nil {
				failf("operation #%d: frame %d, 0x%x, is in no module", o.index, i, address)
				continue
			}
			if m.name == "recorder.dll" {
				failf("operation #%d: the recorder is on its own stack", o.index)
			}
			if slices.Contains(d.unloaded, m) {
				unloadedFrames++
			}
			names = append(names, m.exportsAt(address)...)
		}
		top := d.moduleOf(stack[0])
		if top.name != "ntdll.dll" || !slices.ContainsFunc(top.exportsAt(stack[0]), isSystemCall) {
			failf("operation #%d: no system call on top", o.index)
		}
		for _, f := range o.functions {
			if exported[f] && !slices.Contains(names, f) {
				failf("operation #%d: %s is not named by the exports (%v)", o.index, f, names)
			}
			if !exported[f] && slices.Contains(names, f) {
				failf("operation #%d: %s is named, but not exported", o.index, f)
			}
		}
	}
	if unloadedFrames == 0 {
		failf("no frame in an unloaded module")
	}
}

func isSystemCall(name string) bool {
	return strings.HasPrefix(name, "Nt")
}
