package scatter

import (
	"fmt"
	"math/rand/v2"
)

// route is a way through code to a call: return addresses, outermost first.
type route []uint64

// plain is an API: the system's frames under an open, the uses and the close,
// outermost first.
type plain struct {
	name  string
	open  []string
	uses  [][]string
	close []string
}

var closeHandle = []string{"KERNELBASE.dll!CloseHandle", "ntdll.dll!NtClose"}

var apis = []*plain{
	{"File", []string{"KERNELBASE.dll!CreateFileW", "ntdll.dll!NtCreateFile"}, [][]string{{"KERNELBASE.dll!WriteFile", "ntdll.dll!NtWriteFile"}, {"KERNELBASE.dll!ReadFile", "ntdll.dll!NtReadFile"}}, closeHandle},
	{"Event", []string{"KERNELBASE.dll!CreateEventW", "ntdll.dll!NtCreateEvent"}, [][]string{{"KERNELBASE.dll!SetEvent", "ntdll.dll!NtSetEvent"}, {"KERNELBASE.dll!WaitForSingleObjectEx", "ntdll.dll!NtWaitForSingleObject"}}, closeHandle},
	{"Mutant", []string{"KERNELBASE.dll!CreateMutexExW", "ntdll.dll!NtCreateMutant"}, [][]string{{"KERNELBASE.dll!ReleaseMutex", "ntdll.dll!NtReleaseMutant"}}, closeHandle},
	{"Section", []string{"KERNELBASE.dll!CreateFileMappingW", "ntdll.dll!NtCreateSection"}, [][]string{{"KERNELBASE.dll!MapViewOfFileEx", "ntdll.dll!NtMapViewOfSection"}}, closeHandle},
	{"Thread", []string{"KERNEL32.DLL!CreateThreadStub", "KERNELBASE.dll!CreateRemoteThreadEx", "ntdll.dll!NtCreateThreadEx"}, [][]string{{"KERNELBASE.dll!WaitForMultipleObjectsEx", "ntdll.dll!NtWaitForMultipleObjects"}}, closeHandle},
	{"Process", []string{"KERNELBASE.dll!OpenProcess", "ntdll.dll!NtOpenProcess"}, [][]string{{"KERNELBASE.dll!GetExitCodeProcess", "ntdll.dll!NtQueryInformationProcess"}}, closeHandle},
	{"Token", []string{"KERNELBASE.dll!OpenProcessToken", "ntdll.dll!NtOpenProcessTokenEx"}, [][]string{{"KERNELBASE.dll!GetTokenInformation", "ntdll.dll!NtQueryInformationToken"}}, closeHandle},
	{"Key", []string{"KERNELBASE.dll!RegOpenKeyExW", "ntdll.dll!NtOpenKeyEx"}, [][]string{{"KERNELBASE.dll!RegQueryValueExW", "ntdll.dll!NtQueryValueKey"}}, []string{"KERNELBASE.dll!RegCloseKey", "ntdll.dll!NtClose"}},
	{"File", []string{"ws2_32.dll!WSASocketW", "mswsock.dll!WSPSocket", "mswsock.dll!SockSocket", "ntdll.dll!NtCreateFile"}, [][]string{{"ws2_32.dll!recv", "mswsock.dll!WSPRecv", "ntdll.dll!NtDeviceIoControlFile"}}, []string{"ws2_32.dll!closesocket", "mswsock.dll!WSPCloseSocket", "ntdll.dll!NtClose"}},
	{"Event", []string{"KERNELBASE.dll!DuplicateHandle", "ntdll.dll!NtDuplicateObject"}, [][]string{{"KERNELBASE.dll!SetEvent", "ntdll.dll!NtSetEvent"}}, closeHandle},
}

// life is what becomes of a type's objects.
type life uint8

const (
	shortLived life = iota
	longLived
	handedOver // to another thread, and perhaps another component
	pooled     // up to a number
	cached     // the oldest goes when there are too many
	kept       // a few, until the end
	once       // one at one place, never again
	lives
)

// resource is a kind of object that a component uses.
type resource struct {
	name     string
	api      *plain
	life     life
	weight   int
	mean     float64 // operations that an object lives
	room     int     // of a pool or cache
	threads  []uint32
	enders   []uint32 // who closes, where it is not who opened
	tag      uint64
	openers  []route // below the callers
	closers  []route // the usual first
	rare     int     // one in so many closes is not the usual
	users    []route
	spare    []route // of its component, that close nothing as a rule
	contexts []route // callers that open and close have
	live     []*object
	opened   int
	file     []*function
	leaks    int // one in so many is forgotten; 0 for none
	lost     []*object
}

// guards are shared helpers between a component's code and the system's.
type guards struct{ open, close []*function }

// component makes the functions of one file, and a few resources in them.
func (w *world) component() {
	m := pick(w.rng, w.layout.application())
	count := 4 + w.rng.IntN(14)
	class := fmt.Sprintf("%s%d", pick(w.rng, []string{"Job", "Session", "Index", "Peer", "Parser", "Watcher", "Writer", "Audit"}), w.rng.IntN(100))
	var file []*function
	for i := range count {
		name := fmt.Sprintf("%s::%s%d", class, pick(w.rng, []string{"Do", "On", "Get", "Put", "Run", "Handle"}), i)
		if w.flat {
			name = fmt.Sprintf("sub_%x", m.end)
		}
		file = append(file, w.layout.add(m, name))
		if w.scattered {
			// The linker has put another file's function between.
			w.layout.add(pick(w.rng, w.layout.application()), fmt.Sprintf("other%d", i))
		}
	}
	for range 1 + w.rng.IntN(3) {
		w.resources = append(w.resources, w.resource(file, class))
	}
}

func (w *world) resource(file []*function, class string) *resource {
	r := &resource{
		name: class, api: pick(w.rng, apis), life: life(w.rng.IntN(int(lives))), weight: 1 + w.rng.IntN(10), rare: 15 + w.rng.IntN(100),
		mean: []float64{2, 10, 60, 300}[w.rng.IntN(4)], room: 2 + w.rng.IntN(25), file: file,
	}
	if r.life == shortLived {
		r.mean = 2
	}
	if w.rng.IntN(12) == 0 {
		r.tag = uint64(1 + w.rng.IntN(3))
	}
	for range 1 + w.rng.IntN(4) {
		r.threads = append(r.threads, pick(w.rng, w.threads))
	}
	r.enders = []uint32{pick(w.rng, w.threads), pick(w.rng, w.threads)}
	ends := file
	if r.life == handedOver && len(w.resources) > 0 && w.rng.IntN(2) == 0 {
		ends = pick(w.rng, w.resources).file // a consumer's
	}
	helper, guard := w.helper(w.guards.open), w.helper(w.guards.close)
	for range 1 + w.rng.IntN(2) {
		r.openers = append(r.openers, append(w.walk(file, 1+w.rng.IntN(3)), helper...))
	}
	for range 1 + w.rng.IntN(3) {
		r.closers = append(r.closers, append(w.walk(ends, 1+w.rng.IntN(3)), guard...))
	}
	r.spare = []route{append(w.walk(file, 1+w.rng.IntN(3)), guard...), append(w.walk(file, 1), guard...)}
	for range 2 {
		r.users = append(r.users, w.walk(file, 1+w.rng.IntN(2)))
	}
	for range 1 + w.rng.IntN(4) {
		r.contexts = append(r.contexts, w.walk(append(file[:1:1], w.common...), w.rng.IntN(5)))
	}
	if r.life == kept || r.life == once {
		r.closers = r.closers[:1]
	}
	return r
}

// helper returns a route through one of the shared helpers, or none.
func (w *world) helper(list []*function) route {
	if len(list) == 0 || w.rng.IntN(3) == 0 {
		return nil
	}
	// A helper calls on at one place, however it was reached.
	var r route
	for _, f := range list[:1+w.rng.IntN(len(list))] {
		if w.fixed[f] == 0 {
			w.fixed[f] = f.call()
		}
		r = append(r, w.fixed[f])
	}
	return r
}

// walk returns a random route through some functions.
func (w *world) walk(functions []*function, steps int) route {
	var r route
	for range steps {
		r = append(r, pick(w.rng, functions).call())
	}
	return r
}

func pick[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }
