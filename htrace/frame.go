package htrace

import "strings"

// frameInfo is what an analysis knows of an address.
type frameInfo struct {
	known    bool
	role     role
	module   string
	function uint64
	call     call
	starts   bool   // it starts threads or processes: all of them come from there
	keeps    bool   // what it opens stays open for good
	class    uint64 // of the class or namespace, by name; 0 where it is not known
}

// unknownFrame is an address of which nothing is known.
var unknownFrame frameInfo

// stackFrame is a frame of a stack.
type stackFrame struct {
	addr uint64
	*frameInfo
}

// locator finds out what is known of addresses, of each once.
type locator struct {
	code Code
	// plumbing are the modules that the user calls plumbing.
	plumbing modulePatterns
	frames   map[uint64]*frameInfo
}

// locate finds out what is known of the addresses of stacks.
func locate(stacks [][]uint64, code Code, plumbing modulePatterns) [][]stackFrame {
	l := locator{code, plumbing, make(map[uint64]*frameInfo)}
	all, known := make([][]stackFrame, len(stacks)), false
	for i, stack := range stacks {
		all[i] = make([]stackFrame, len(stack))
		for k, addr := range stack {
			all[i][k] = stackFrame{addr, l.frame(addr)}
			known = known || all[i][k].known
		}
	}
	if !known {
		infer(all)
	}
	return all
}

func (l *locator) frame(addr uint64) *frameInfo {
	f, ok := l.frames[addr]
	if !ok {
		f = &unknownFrame
		if info := l.look(addr); info.known {
			f = &info
		}
		l.frames[addr] = f
	}
	return f
}

func (l *locator) look(addr uint64) frameInfo {
	frames := l.code.Frames(addr)
	if len(frames) == 0 {
		return frameInfo{}
	}
	f := frames[len(frames)-1]
	if f.Module == "" {
		return frameInfo{}
	}
	return frameInfo{
		known:    true,
		role:     l.roleOf(f, addr),
		module:   f.Module,
		function: f.FunctionStart,
		call:     callOf(f),
		keeps:    keepsWhatItOpens(f),
		starts:   starters[strings.TrimLeft(f.Function, "_")],
		class:    classOf(f),
	}
}

func (l *locator) roleOf(f Frame, addr uint64) role {
	name := moduleKey(f.ModuleName())
	if l.plumbing.match(name) {
		return plumbing
	}
	return roleOfModule(name, l.code.IsSystem(addr))
}

// functionStart returns where the function that holds a frame begins, or a
// stretch of code about as long as a function where that is not known.
func (f stackFrame) functionStart() uint64 {
	if f.function != 0 {
		return f.function
	}
	const stretch = nearby / 2
	return f.addr - f.addr%stretch
}
