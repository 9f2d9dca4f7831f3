package htrace

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/callstack"
)

// siteID numbers a place in the code that opens or closes handles: the
// responsible frames of a stack. Inside one analysis a frame is told by its
// address, never by its name, for with exports alone the nearest name is the
// same for half a program.
type siteID int32

// maxSiteFrames is how many responsible frames make a site. A shared closer
// is told apart by its callers; much further out stacks differ for reasons
// that have nothing to do with the place.
const maxSiteFrames = 4

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
	frames []uint64 // the responsible frames, innermost first
	// module and function are those of the innermost responsible frame; the
	// function's start is 0 where it is not known.
	module   string
	function uint64
	role     role // of the innermost responsible frame
}

// stackInfo is what an analysis knows of a stack.
type stackInfo struct {
	site siteID
	call call
	head uint64 // the innermost address
	// responsible is the place of the first responsible frame in the stack.
	responsible int
	hidden      int // frames of the kernel or junk of WoW64
}

// frameInfo is what an analysis knows of an address.
type frameInfo struct {
	known    bool
	role     role
	module   string
	function uint64
	call     call
}

// siteTable works out stacks and sites.
type siteTable struct {
	code   Code
	frames map[uint64]frameInfo
	stacks []stackInfo
	sites  []site
	ids    map[string]siteID
}

func newSiteTable(code Code, stacks [][]uint64) *siteTable {
	s := &siteTable{code: code, frames: make(map[uint64]frameInfo), ids: make(map[string]siteID)}
	s.stacks = make([]stackInfo, len(stacks))
	for i, stack := range stacks {
		s.stacks[i] = s.inspect(stack)
	}
	return s
}

func (s *siteTable) frame(addr uint64) frameInfo {
	info, ok := s.frames[addr]
	if !ok {
		info = s.look(addr)
		s.frames[addr] = info
	}
	return info
}

func (s *siteTable) look(addr uint64) frameInfo {
	frames := s.code.Frames(addr)
	if len(frames) == 0 {
		return frameInfo{}
	}
	f := frames[len(frames)-1]
	if f.Module == "" {
		return frameInfo{}
	}
	return frameInfo{
		known:    true,
		role:     roleOfModule(f.ModuleName(), s.code.IsSystem(addr)),
		module:   f.Module,
		function: f.FunctionStart,
		call:     callOf(f),
	}
}

func (s *siteTable) inspect(stack []uint64) stackInfo {
	info := stackInfo{}
	if len(stack) > 0 {
		info.head = stack[0]
	}
	anyKnown := false
	for _, a := range stack {
		f := s.frame(a)
		anyKnown = anyKnown || f.known
		if info.call == unknownCall {
			info.call = f.call
		}
	}
	frames, first := s.responsible(stack, anyKnown)
	info.responsible = first
	for _, a := range stack {
		if anyKnown && !s.frame(a).known {
			info.hidden++
		}
	}
	info.site = s.intern(frames)
	return info
}

// responsible picks the frames of the least plumbing there is: the
// application's, or else those of system libraries, or else all. Where some
// frames lie in modules, those that lie in none are the kernel's or junk.
func (s *siteTable) responsible(stack []uint64, anyKnown bool) (frames []uint64, first int) {
	for limit := application; limit <= plumbing; limit++ {
		for i, a := range stack {
			f := s.frame(a)
			if anyKnown && !f.known || f.role > limit || slices.Contains(frames, a) {
				// A frame that is there already is recursion, whose depth
				// tells nothing of the place.
				continue
			}
			if len(frames) == 0 {
				first = i
			}
			if frames = append(frames, a); len(frames) == maxSiteFrames {
				return frames, first
			}
		}
		if len(frames) > 0 {
			return frames, first
		}
	}
	return nil, 0
}

func (s *siteTable) intern(frames []uint64) siteID {
	var key []byte
	for _, a := range frames {
		key = binary.LittleEndian.AppendUint64(key, a)
	}
	if id, ok := s.ids[string(key)]; ok {
		return id
	}
	st := site{frames: slices.Clone(frames)}
	if len(frames) > 0 {
		f := s.frame(frames[0])
		st.module, st.function, st.role = f.module, f.function, f.role
	}
	id := siteID(len(s.sites))
	s.sites = append(s.sites, st)
	s.ids[string(key)] = id
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
	if len(x.frames) == 0 || len(y.frames) == 0 || x.module != y.module {
		return false
	}
	if x.function != 0 && y.function != 0 {
		return x.function == y.function
	}
	return max(x.frames[0], y.frames[0])-min(x.frames[0], y.frames[0]) < nearby
}

// related reports whether two sites belong to one component: the innermost
// responsible frames lie in one module, or the stacks share a responsible
// frame.
func (s *siteTable) related(a, b siteID) bool {
	x, y := &s.sites[a], &s.sites[b]
	if x.module != "" && x.module == y.module {
		return true
	}
	return slices.ContainsFunc(x.frames, func(f uint64) bool { return slices.Contains(y.frames, f) })
}

// closers are the functions that close a handle which they are given.
var closers = set("CloseHandle", "NtClose", "ZwClose", "closesocket", "RegCloseKey", "FindClose", "FindCloseChangeNotification",
	"_close", "_close_nolock", "CloseServiceHandle", "ObpCloseHandle", "ObCloseHandle", "CloseThreadpoolWait")

// passed are the system calls' own helpers, which tell nothing of the call.
var passed = set("KiRaiseUserExceptionDispatcher", "KiFastSystemCall", "KiFastSystemCallRet", "KiIntSystemCall")

// callOf tells which call a frame is in, if it is one of the system's.
func callOf(f callstack.Frame) call {
	name := strings.TrimPrefix(f.Function, "AVrfp")
	switch {
	case name == "" || passed[name]:
		return unknownCall
	case closers[name]:
		return closeCall
	case name == "NtDuplicateObject" || name == "ZwDuplicateObject" || name == "DuplicateHandle":
		return duplicateCall
	case isSystemCall(name):
		return otherCall
	}
	return unknownCall
}

// isSystemCall reports whether the name is that of an Nt or Zw function.
func isSystemCall(name string) bool {
	if len(name) < 3 || name[:2] != "Nt" && name[:2] != "Zw" {
		return false
	}
	return name[2] >= 'A' && name[2] <= 'Z'
}
