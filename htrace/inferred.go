package htrace

import (
	"slices"
	"strconv"
)

// Where nothing is known of any address, modules are inferred from where the
// addresses lie: those of one module stand together, and modules far apart.
// The modules in which nearly all stacks end, and those through which they
// come there, are the system's.

const (
	// moduleGap is how far apart two addresses of a trace lie that are taken to
	// be in different modules.
	moduleGap = 0x40000
	// mostAddresses is how many different ones a trace has at most: so many
	// calls no program has, and to sort them would cost more than all the rest.
	mostAddresses = 1 << 17
	// mostStacks is the part of the stacks that a module of the system has at
	// one of their ends.
	mostStacks = 0.5
)

// infer fills in what can be inferred of the frames of stacks.
func infer(all [][]stackFrame) {
	modules, size := clusters(all)
	if len(size) == 0 {
		return
	}
	infos := make([]frameInfo, len(size))
	for m := range infos {
		infos[m] = frameInfo{known: true, module: strconv.Itoa(m)}
	}
	for _, at := range ends {
		if m, ok := commonest(all, modules, at); ok && 2*size[m] < len(modules) {
			infos[m].role = plumbing
		}
	}
	for _, stack := range all {
		for i := range stack {
			stack[i].frameInfo = &infos[modules[stack[i].addr]]
		}
	}
}

// ends are the places of a stack that are the system's, those at its outer end
// below zero.
var ends = []int{0, 1, -1, -2}

// clusters numbers the modules that the addresses of stacks seem to lie in, and
// counts the addresses of each. There are none where the addresses are too many.
func clusters(all [][]stackFrame) (modules map[uint64]int, size []int) {
	modules = make(map[uint64]int)
	var addresses []uint64
	for _, stack := range all {
		for _, f := range stack {
			if _, ok := modules[f.addr]; !ok {
				if len(addresses) == mostAddresses {
					return nil, nil
				}
				modules[f.addr] = 0
				addresses = append(addresses, f.addr)
			}
		}
	}
	slices.Sort(addresses)
	for i, a := range addresses {
		if i == 0 || a-addresses[i-1] >= moduleGap {
			size = append(size, 0)
		}
		size[len(size)-1]++
		modules[a] = len(size) - 1
	}
	return modules, size
}

// commonest returns the module that most stacks have at a place. It is false
// where there is none.
func commonest(all [][]stackFrame, modules map[uint64]int, at int) (int, bool) {
	const fewestFrames = 5 // of a stack that has both ends
	counts := make(map[int]int)
	n, best := 0, 0
	for _, stack := range all {
		if len(stack) < fewestFrames {
			continue
		}
		m := modules[stack[(at+len(stack))%len(stack)].addr]
		n++
		if counts[m]++; counts[m] > counts[best] {
			best = m
		}
	}
	return best, n > 0 && float64(counts[best]) >= mostStacks*float64(n)
}
