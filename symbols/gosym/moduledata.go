package gosym

// moduleData is what is of use of runtime.firstmoduledata.
type moduleData struct {
	base   uint64 // of the image, as the program's pointers have it
	text   uint32 // RVA of runtime.text; 0 where the version's field is not read
	gofunc uint32 // RVA of go:func.*, 0 if there is none
}

// Words of module data. From 1.16 on it begins with a pointer to the table and
// slices (pointer, length, capacity) of its parts; before, with slices of the
// whole table and of the list of functions.
const (
	mdHeader      = 0
	mdFuncNames   = 1
	mdCUTable     = 4
	mdFileTable   = 7
	mdPCTable     = 10
	mdFunctions   = 13
	mdFuncList    = 16
	mdMinPC       = 20
	mdMaxPC       = 21
	mdText        = 22
	mdWords       = 41
	mdWords12     = 6
	mdFuncList12  = 3
	mdGoFunc118   = 38
	mdGoFunc120   = 40 // two fields more, for coverage
	maxModuleSkew = 1 << 32
)

// moduleDataOf looks for the module data of a table: nothing else has pointers
// as far from each other as the table's parts are.
func (f *finder) moduleDataOf(h *header) (*moduleData, bool) {
	var found *moduleData
	f.eachWord(h.ptrSize, func(w words) bool {
		found = h.moduleData(w)
		return found == nil
	})
	return found, found != nil
}

// words are numbers of a pointer's size that follow each other.
type words struct {
	b    []byte
	size int
}

func (w words) len() int        { return len(w.b) / w.size }
func (w words) at(i int) uint64 { return word(w.b[i*w.size:], w.size) }

// eachWord yields what begins at every word of the image's writable sections.
func (f *finder) eachWord(size int, use func(words) bool) {
	f.scan(mayHoldModuleData, func(chunk []byte, _ int64) bool {
		for at := 0; at+2*size <= len(chunk); at += size {
			if !use(words{chunk[at:], size}) {
				return false
			}
		}
		return true
	})
}

// moduleData reads module data, or returns nil if it is none of this table.
func (h *header) moduleData(w words) *moduleData {
	table := w.at(mdHeader)
	base := table - uint64(h.at)
	if table < uint64(h.at) {
		return nil
	}
	if h.version.functions == none {
		if w.len() < mdWords12 || w.at(mdFuncList12) != table+uint64(h.entries-h.at) || w.at(mdFuncList12+1) != uint64(h.count)+1 {
			return nil
		}
		return &moduleData{base: base}
	}
	if w.at(mdFuncNames) != table+uint64(h.funcNames-h.at) || w.len() < mdWords {
		return nil
	}
	same := w.at(mdFileTable) == table+uint64(h.fileTable-h.at) &&
		w.at(mdPCTable) == table+uint64(h.pcTable-h.at) &&
		w.at(mdFuncList) == table+uint64(h.entries-h.at) &&
		w.at(mdFuncList+1) == uint64(h.count)+1
	if !same {
		return nil
	}
	md := &moduleData{base: base}
	md.text = rva(w.at(mdText), base)
	switch h.version.name {
	case "1.18":
		md.gofunc = rva(w.at(mdGoFunc118), base)
	case "1.20":
		md.gofunc = rva(w.at(mdGoFunc120), base)
	}
	return md
}

// rva returns an address as an RVA, 0 if it is in no image of this base.
func rva(address, base uint64) uint32 {
	if address < base || address-base >= maxModuleSkew {
		return 0
	}
	return uint32(address - base)
}

// findHidden looks for a table without its magic: for module data whose slices
// are in order and lead to a head.
func (f *finder) findHidden() (header, *moduleData, bool) {
	var h header
	var md *moduleData
	size := 4
	if f.img.Is64 {
		size = 8
	}
	f.eachWord(size, func(w words) bool {
		h, md = f.hiddenAt(w)
		return md == nil
	})
	return h, md, md != nil
}

func (f *finder) hiddenAt(w words) (header, *moduleData) {
	if w.len() < mdWords || !inOrder(w) {
		return header{}, nil
	}
	at := rva(w.at(mdHeader), f.img.ImageBase)
	if at == 0 {
		return header{}, nil
	}
	for i := range versions {
		h, ok := readHeader(f.mem, int64(at), &versions[i])
		if !ok || !h.hasNames(f.mem) {
			continue
		}
		if md := h.moduleData(w); md != nil {
			return h, md
		}
	}
	return header{}, nil
}

// inOrder checks that words are the pointer and the slices at the start of
// module data.
func inOrder(w words) bool {
	last := w.at(mdHeader)
	if last == 0 {
		return false
	}
	for _, slice := range []int{mdFuncNames, mdCUTable, mdFileTable, mdPCTable, mdFunctions} {
		start, n := w.at(slice), w.at(slice+1)
		if start <= last || n != w.at(slice+2) || n > maxModuleSkew {
			return false
		}
		last = start
	}
	return w.at(mdFuncList) == last && w.at(mdText) <= w.at(mdMinPC) && w.at(mdMinPC) < w.at(mdMaxPC)
}

// hasNames checks a version of which the magic does not tell: the last of the
// first functions' records must fit between their neighbours, so that their
// names and numbers of tables are sound. Entries may have been changed.
func (h *header) hasNames(mem memory) bool {
	t := Table{header: *h, mem: mem}
	list := make([]byte, 2*h.entrySize()*min(int(h.count), 8))
	if !mem.read(list, h.entries) {
		return false
	}
	for at := 0; at < len(list); at += 2 * h.entrySize() {
		offset := word(list[at+h.entrySize():], h.entrySize())
		fn, ok := t.readFunction(functionEntry{offset: uint32(offset)})
		if !ok || fn.name == "" || len(fn.pcData) > 16 || len(fn.funcData) > 16 {
			return false
		}
		if next := at + 3*h.entrySize(); next < len(list) && word(list[next:], h.entrySize())-offset != fn.size(h) {
			return false
		}
	}
	return true
}
