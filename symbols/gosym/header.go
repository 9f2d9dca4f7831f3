package gosym

import "encoding/binary"

// version is a version of the table, named by the release that introduced it.
type version struct {
	name  string
	magic uint32
	// Fields of the header, in words behind its first eight bytes; the number
	// of functions is the first word in all.
	textStart, funcNames, cuTable, fileTable, pcTable, functions int
	relative                                                     bool // entries are offsets from runtime.text, not addresses
	info                                                         infoLayout
}

// none marks a field that a version does not have.
const none = -1

// infoLayout is the layout of a function's record, runtime._func, behind its
// entry: offsets in bytes.
type infoLayout struct {
	name, pcFile, pcLine, numPCData int
	cuOffset                        int // none if file numbers count through the whole program
	numFuncData                     int // a byte; the arrays follow it
	inlines                         []inlineLayout
}

// inlineLayout says where a function's inlined calls are.
type inlineLayout struct {
	pcData, funcData int // numbers of the table of indexes, and of the tree
	size             int64
	name, parentPC   int64 // offsets in an entry of the tree
}

var (
	// Register maps were in the way until 1.15, and came with 1.13.
	inlines12  = []inlineLayout{{2, 4, 20, 12, 16}, {1, 2, 20, 12, 16}}
	inlines116 = []inlineLayout{{2, 3, 20, 12, 16}}
	inlines120 = []inlineLayout{{2, 3, 16, 4, 8}}

	info12  = infoLayout{name: 0, pcFile: 16, pcLine: 20, numPCData: 24, cuOffset: none, numFuncData: 31, inlines: inlines12}
	info116 = infoLayout{name: 0, pcFile: 16, pcLine: 20, numPCData: 24, cuOffset: 28, numFuncData: 35, inlines: inlines116}
	info120 = infoLayout{name: 0, pcFile: 16, pcLine: 20, numPCData: 24, cuOffset: 28, numFuncData: 39, inlines: inlines120}
)

var versions = []version{
	{"1.20", 0xfffffff1, 2, 3, 4, 5, 6, 7, true, info120},
	{"1.18", 0xfffffff0, 2, 3, 4, 5, 6, 7, true, info116},
	{"1.16", 0xfffffffa, none, 2, 3, 4, 5, 6, false, info116},
	{"1.2", 0xfffffffb, none, none, none, none, none, none, false, info12},
}

const (
	headerWords = 8 // of the longest header
	headerStart = 8 // bytes: magic, two zeros, size of an instruction, size of a pointer
)

// header is the head of a table, runtime.pcHeader. Places are RVAs.
type header struct {
	version *version
	at      int64
	quantum uint32
	ptrSize int
	count   uint32 // of functions
	start   uint64 // address of runtime.text; 0 if it is not stored

	funcNames, cuTable, fileTable, pcTable int64
	entries                                int64 // the list of functions
	infos                                  int64 // what that list's offsets count from
}

// readHeader reads the head at an RVA. Where v is nil the magic says which
// version it is.
func readHeader(mem memory, at int64, v *version) (header, bool) {
	var b [headerStart + headerWords*8]byte
	if !mem.read(b[:], at) {
		return header{}, false
	}
	h := header{at: at, version: v, quantum: uint32(b[6]), ptrSize: int(b[7])}
	if v == nil {
		h.version = versionOf(binary.LittleEndian.Uint32(b[:]))
	}
	goodQuantum := h.quantum == 1 || h.quantum == 2 || h.quantum == 4
	if h.version == nil || b[4] != 0 || b[5] != 0 || !goodQuantum || h.ptrSize != 4 && h.ptrSize != 8 {
		return header{}, false
	}
	field := func(i int) uint64 { return word(b[headerStart+i*h.ptrSize:], h.ptrSize) }
	count := field(0)
	if count == 0 || count > maxFunctions {
		return header{}, false
	}
	h.count = uint32(count)
	return h, h.places(mem, field)
}

// maxFunctions is many times more than the biggest programs have.
const maxFunctions = 1 << 24

func versionOf(magic uint32) *version {
	for i := range versions {
		if versions[i].magic == magic {
			return &versions[i]
		}
	}
	return nil
}

// places finds the parts of the table. In version 1.2 they all count from its
// beginning.
func (h *header) places(mem memory, field func(int) uint64) bool {
	v := h.version
	if v.functions == none {
		h.funcNames, h.pcTable, h.infos = h.at, h.at, h.at
		h.entries = h.at + headerStart + int64(h.ptrSize)
		files, ok := mem.uint32(h.entries + (2*int64(h.count)+1)*int64(h.ptrSize))
		h.fileTable = h.at + int64(files)
		return ok
	}
	if v.textStart != none {
		h.start = field(v.textStart)
	}
	for i, place := range []*int64{&h.funcNames, &h.cuTable, &h.fileTable, &h.pcTable, &h.infos} {
		offset := field(v.funcNames + i)
		if offset > 1<<32-1 {
			return false
		}
		*place = h.at + int64(offset)
	}
	h.entries = h.infos
	return true
}

// entrySize is the size of a number in the list of functions, which has two of
// each.
func (h *header) entrySize() int {
	if h.version.relative {
		return 4
	}
	return h.ptrSize
}

// isWhole checks that the first function's record is one, and that the last
// entry can be read or at least is in the image.
func (h *header) isWhole(mem memory, limit int64) bool {
	size := h.entrySize()
	end := h.entries + (2*int64(h.count)+1)*int64(size)
	if end > limit {
		return false
	}
	first := make([]byte, 2*size)
	if !mem.read(first, h.entries) {
		return false
	}
	pc, offset := word(first, size), word(first[size:], size)
	info := make([]byte, size+4)
	if offset > 1<<32-1 || !mem.read(info, h.infos+int64(offset)) {
		return false
	}
	if _, ok := mem.cstring(h.funcNames + int64(binary.LittleEndian.Uint32(info[size:]))); !ok {
		return false
	}
	return word(info, size) == pc
}
