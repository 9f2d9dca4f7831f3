package htrace

import (
	"math"
	"slices"
)

// siteID numbers a place in the code that opens or closes handles: the
// innermost responsible frame of a stack that is no shared helper. Inside one
// analysis a frame is told by its address, never by its name, for with exports
// alone the nearest name is the same for half a program.
type siteID int32

// call is what the frames between the kernel and the responsible code say an
// operation was.
type call uint8

const (
	unknownCall call = iota
	closeCall
	duplicateCall // may close its source
	otherCall
)

// site is what an analysis knows of a place.
type site struct {
	frame    uint64 // 0 for a stack that is not known
	module   string
	function uint64 // where the function begins; 0 where that is not known
	role     role
}

// stackInfo is what an analysis knows of a stack.
type stackInfo struct {
	site siteID
	call call
	head uint64 // the innermost address
	// frames are the places of the responsible frames in the stack, innermost
	// first, recursion left out. The site is the one numbered owner; those
	// before it are shared helpers.
	frames []int8
	owner  int8
	hidden int8 // frames of the kernel, or of the 64-bit half of WoW64
}

// siteTable works out stacks and sites.
type siteTable struct {
	frames [][]stackFrame // by stack
	stacks []stackInfo
	sites  []site
	ids    map[uint64]siteID // by frame
	// foreign is the place of all that other processes do.
	foreign siteID
}

// newSiteTable works out the sites of stacks. lives are the pairs of stacks
// that opened and closed an object, as stackPair numbers them.
func newSiteTable(code Code, plumbing []string, stacks [][]uint64, lives map[uint64]int32) *siteTable {
	s := &siteTable{ids: make(map[uint64]siteID)}
	s.frames = locate(stacks, code, newModulePatterns(plumbing))
	s.stacks = make([]stackInfo, len(stacks))
	for i, stack := range s.frames {
		s.stacks[i] = inspect(stack)
	}
	s.passHelpers(lives)
	for i := range s.stacks {
		s.stacks[i].site = s.siteOf(int32(i))
	}
	s.foreign = siteID(len(s.sites))
	s.sites = append(s.sites, site{})
	return s
}

func inspect(stack []stackFrame) stackInfo {
	info := stackInfo{}
	if len(stack) > 0 {
		info.head = stack[0].addr
	}
	anyKnown := false
	for _, f := range stack {
		anyKnown = anyKnown || f.known
		if info.call == unknownCall {
			info.call = f.call
		}
	}
	for i, f := range stack[:min(len(stack), math.MaxInt8)] {
		if anyKnown && !f.known && !isStrange(stack, i) {
			info.hidden++
		}
	}
	info.frames = responsible(stack, anyKnown)
	return info
}

// responsible picks the frames of the least plumbing there is: the
// application's, or else those of system libraries, or else what the plumbing
// was called by.
func responsible(stack []stackFrame, anyKnown bool) []int8 {
	stack = stack[:min(len(stack), math.MaxInt8)]
	for limit := application; limit < plumbing; limit++ {
		var frames []int8
		for i, f := range stack {
			if f.role > limit || anyKnown && !f.known && !isStrange(stack, i) || slices.Contains(stack[:i], f) {
				// A frame that is there already is recursion, whose depth
				// tells nothing of the place.
				continue
			}
			frames = append(frames, int8(i))
		}
		if frames != nil {
			return frames
		}
	}
	return outmost(stack)
}

// isStrange reports whether a frame that lies in no module is code all the
// same, compiled at run time or put into the process from outside: it has
// called the system, and was called by a module. Others are the kernel's, or
// junk.
func isStrange(stack []stackFrame, i int) bool {
	called := slices.ContainsFunc(stack[:i], func(f stackFrame) bool { return f.call != unknownCall })
	return called && slices.ContainsFunc(stack[i+1:], func(f stackFrame) bool { return f.known })
}

// outmost picks the outermost frame of a stack that is all plumbing: the call
// that a stack too short to hold its caller shows.
func outmost(stack []stackFrame) []int8 {
	for i := len(stack) - 1; i >= 0; i-- {
		if f := stack[i]; f.known && (!f.starts || i == 0) {
			return []int8{int8(i)}
		}
	}
	return nil
}

// owner returns the frame that owns a stack, as far as is known so far; an
// empty one where none was recorded.
func (s *siteTable) owner(stack int32) stackFrame {
	info := &s.stacks[stack]
	if len(info.frames) == 0 {
		return stackFrame{frameInfo: &unknownFrame}
	}
	return s.frames[stack][info.frames[info.owner]]
}

// siteOf returns the site of a stack whose owner is known.
func (s *siteTable) siteOf(stack int32) siteID {
	f := s.owner(stack)
	if id, ok := s.ids[f.addr]; ok {
		return id
	}
	id := siteID(len(s.sites))
	s.sites = append(s.sites, site{frame: f.addr, module: f.module, function: f.frameInfo.function, role: f.role})
	s.ids[f.addr] = id
	return id
}

// nearby is how far apart two calls of one function are taken to lie at most,
// where its bounds are not known.
const nearby = 0x200

// alike reports whether two sites are the same, or calls in one function.
func (s *siteTable) alike(a, b siteID) bool {
	if a == b {
		return true
	}
	x, y := &s.sites[a], &s.sites[b]
	if x.frame == 0 || y.frame == 0 || x.module != y.module {
		return false
	}
	if x.function != 0 && y.function != 0 {
		return x.function == y.function
	}
	return max(x.frame, y.frame)-min(x.frame, y.frame) < nearby
}

// function returns where the function of a site begins, or a stretch of code
// about as long as a function where that is not known.
func (s *siteTable) function(id siteID) uint64 {
	x := &s.sites[id]
	if x.function != 0 {
		return x.function
	}
	return x.frame - x.frame%(nearby/2)
}

// related reports whether two sites belong to one component: their frames lie
// in one module.
func (s *siteTable) related(a, b siteID) bool {
	x, y := &s.sites[a], &s.sites[b]
	return x.module != "" && x.module == y.module
}
