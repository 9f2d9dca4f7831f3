package htrace

import (
	"math"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/callstack"
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

// siteTable works out stacks and sites.
type siteTable struct {
	code Code
	// plumbing are the modules that the user calls plumbing.
	plumbing modulePatterns
	frames   map[uint64]frameInfo
	stacks   []stackInfo
	sites    []site
	ids      map[uint64]siteID // by frame
	// foreign is the place of all that other processes do.
	foreign siteID
}

// newSiteTable works out the sites of stacks. lives are the pairs of stacks
// that opened and closed an object, as stackPair numbers them.
func newSiteTable(code Code, plumbing []string, stacks [][]uint64, lives map[uint64]int32) *siteTable {
	s := &siteTable{code: code, plumbing: newModulePatterns(plumbing), frames: make(map[uint64]frameInfo), ids: make(map[uint64]siteID)}
	s.stacks = make([]stackInfo, len(stacks))
	for i, stack := range stacks {
		s.stacks[i] = s.inspect(stack)
	}
	s.passHelpers(stacks, lives)
	for i, stack := range stacks {
		s.stacks[i].site = s.siteOf(stack, &s.stacks[i])
	}
	s.foreign = siteID(len(s.sites))
	s.sites = append(s.sites, site{})
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
		role:     s.roleOf(f, addr),
		module:   f.Module,
		function: f.FunctionStart,
		call:     callOf(f),
		keeps:    keepsWhatItOpens(f),
		starts:   starters[strings.TrimLeft(f.Function, "_")],
		class:    classOf(f),
	}
}

func (s *siteTable) roleOf(f Frame, addr uint64) role {
	name := moduleKey(f.ModuleName())
	if s.plumbing.match(name) {
		return plumbing
	}
	return roleOfModule(name, s.code.IsSystem(addr))
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
	for i, a := range stack[:min(len(stack), math.MaxInt8)] {
		if anyKnown && !s.frame(a).known && !s.strange(stack, i) {
			info.hidden++
		}
	}
	info.frames = s.responsible(stack, anyKnown)
	return info
}

// responsible picks the frames of the least plumbing there is: the
// application's, or else those of system libraries, or else what the plumbing
// was called by.
func (s *siteTable) responsible(stack []uint64, anyKnown bool) []int8 {
	stack = stack[:min(len(stack), math.MaxInt8)]
	for limit := application; limit < plumbing; limit++ {
		var frames []int8
		for i, a := range stack {
			f := s.frame(a)
			if f.role > limit || anyKnown && !f.known && !s.strange(stack, i) || slices.Contains(stack[:i], a) {
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
	return s.outmost(stack)
}

// strange reports whether a frame that lies in no module is code all the same,
// compiled at run time or put into the process from outside: it has called the
// system, and was called by a module. Others are the kernel's, or junk.
func (s *siteTable) strange(stack []uint64, i int) bool {
	called := slices.ContainsFunc(stack[:i], func(a uint64) bool { return s.frame(a).call != unknownCall })
	return called && slices.ContainsFunc(stack[i+1:], func(a uint64) bool { return s.frame(a).known })
}

// outmost picks the outermost frame of a stack that is all plumbing: the call
// that a stack too short to hold its caller shows.
func (s *siteTable) outmost(stack []uint64) []int8 {
	for i := len(stack) - 1; i >= 0; i-- {
		if f := s.frame(stack[i]); f.known && (!f.starts || i == 0) {
			return []int8{int8(i)}
		}
	}
	return nil
}

// siteOf returns the site of a stack whose owner is known.
func (s *siteTable) siteOf(stack []uint64, info *stackInfo) siteID {
	var addr uint64
	if len(info.frames) > 0 {
		addr = stack[info.frames[info.owner]]
	}
	if id, ok := s.ids[addr]; ok {
		return id
	}
	f := s.frame(addr)
	id := siteID(len(s.sites))
	s.sites = append(s.sites, site{frame: addr, module: f.module, function: f.function, role: f.role})
	s.ids[addr] = id
	return id
}

// Helpers that open or close for others (guards, destructors, wrappers round
// CloseHandle) are told by who calls them, code in several modules or many
// functions, and by handling the objects of many places in several modules.
const (
	helperCallers  = 5
	helperModules  = 2
	helperPartners = 3
	helperLevels   = 8 // helpers that call helpers
)

// company is what a function at the inner end of stacks is seen with.
type company struct {
	callers  map[uint64]bool // functions
	modules  map[string]bool // of the callers
	partners map[uint64]bool // functions that open what it closes, or close what it opens
	foreign  map[string]bool // modules of the partners
}

func (c *company) isHelper() bool {
	return len(c.callers) >= helperCallers || len(c.modules) >= helperModules || len(c.partners) >= helperPartners && len(c.foreign) >= helperModules
}

// passHelpers finds the owner of each stack: the first responsible frame that
// is no helper. The last frame of a stack is never passed.
func (s *siteTable) passHelpers(stacks [][]uint64, lives map[uint64]int32) {
	for range helperLevels {
		seen := make(map[uint64]*company)
		for i := range s.stacks {
			s.noteCaller(seen, stacks[i], &s.stacks[i])
		}
		for pair := range lives {
			s.notePartners(seen, stacks, int(pair>>32), int(uint32(pair)))
		}
		passed := false
		for i := range s.stacks {
			info := &s.stacks[i]
			if int(info.owner)+1 >= len(info.frames) {
				continue
			}
			if seen[s.ownerOf(stacks[i], info)].isHelper() {
				info.owner++
				passed = true
			}
		}
		if !passed {
			return
		}
	}
}

// ownerOf returns the function that owns a stack, as far as is known so far.
func (s *siteTable) ownerOf(stack []uint64, info *stackInfo) uint64 {
	if len(info.frames) == 0 {
		return 0
	}
	return s.functionAt(stack[info.frames[info.owner]])
}

func (s *siteTable) companyOf(seen map[uint64]*company, function uint64) *company {
	c := seen[function]
	if c == nil {
		c = &company{make(map[uint64]bool), make(map[string]bool), make(map[uint64]bool), make(map[string]bool)}
		seen[function] = c
	}
	return c
}

func (s *siteTable) noteCaller(seen map[uint64]*company, stack []uint64, info *stackInfo) {
	c := s.companyOf(seen, s.ownerOf(stack, info))
	if int(info.owner)+1 < len(info.frames) {
		caller := stack[info.frames[info.owner+1]]
		c.callers[s.functionAt(caller)] = true
		c.modules[s.frame(caller).module] = true
	}
}

func (s *siteTable) notePartners(seen map[uint64]*company, stacks [][]uint64, opening, closing int) {
	if opening == len(stacks) {
		return // another process's
	}
	open := s.ownerOf(stacks[opening], &s.stacks[opening])
	close := s.ownerOf(stacks[closing], &s.stacks[closing])
	for _, p := range [2][2]uint64{{open, close}, {close, open}} {
		c := s.companyOf(seen, p[0])
		c.partners[p[1]] = true
		c.foreign[s.frame(p[1]).module] = true
	}
}

// functionAt returns where the function that holds an address begins, or a
// stretch of code about as long as a function where that is not known.
func (s *siteTable) functionAt(addr uint64) uint64 {
	if f := s.frame(addr); f.function != 0 {
		return f.function
	}
	const stretch = nearby / 2
	return addr - addr%stretch
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

// related reports whether two sites belong to one component: their frames lie
// in one module.
func (s *siteTable) related(a, b siteID) bool {
	x, y := &s.sites[a], &s.sites[b]
	return x.module != "" && x.module == y.module
}

// closers are the functions that close a handle which they are given.
var closers = set("CloseHandle", "NtClose", "ZwClose", "closesocket", "RegCloseKey", "FindClose", "FindCloseChangeNotification",
	"_close", "_close_nolock", "CloseServiceHandle", "ObpCloseHandle", "ObCloseHandle", "CloseThreadpoolWait")

// starters are the functions at the outer end of each stack.
var starters = set("RtlUserThreadStart", "BaseThreadInitThunk", "BaseThreadStart", "BaseProcessStart", "BaseThreadInitXfgThunk",
	"LdrInitializeThunk", "KiSystemService", "KiSystemServiceCopyEnd", "KiFastCallEntry", "KiStartUserThread", "PspUserThreadStartup")

// keepers are the beginnings of functions of the system that open things when
// they are first called, and keep them: the loader, its resources and
// activation contexts, pools of threads, providers of sockets and of names.
var keepers = []string{"Ldr", "RtlpFindMessage", "RtlFindMessage", "RtlCreateActivationContext", "TppAlloc", "TpAllocPool", "TppPool", "TppWorkerThread",
	"RtlpInit", "CsrClientConnect", "BasepInitialize", "LoadLibrary", "CoInitialize", "WSAStartup", "SockInitialize", "EtwpInit", "RtlRunOnce", "InitOnceExecuteOnce"}

// keepsWhatItOpens reports whether a frame is in one of the keepers.
func keepsWhatItOpens(f callstack.Frame) bool {
	return slices.ContainsFunc(keepers, func(k string) bool { return strings.HasPrefix(f.Function, k) })
}

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
