package minidump

import "iter"

// HandleData is stream 12: the handles that the process had open.
type HandleData struct {
	SizeOfDescriptor    uint32 // bytes: 32, or 40 with object information
	NumberOfDescriptors uint32 // as the file says; [HandleData.Len] are there

	f *File
	l *longList
}

// HandleDescriptor is a MINIDUMP_HANDLE_DESCRIPTOR_2, or the older form
// without ObjectInfoRva.
type HandleDescriptor struct {
	Handle        uint64
	TypeName      string // File, Event, Key...; may be empty
	ObjectName    string // may be empty
	Attributes    uint32
	GrantedAccess uint32
	HandleCount   uint32
	PointerCount  uint32 // biased by the kernel since Windows 8
	ObjectInfoRva uint32 // zero in the older form
}

const (
	handleDescriptorSize  = 32
	handleDescriptor2Size = 40
)

// HandleData opens stream 12. In dumps of Linux processes the entries are
// file descriptors.
func (f *File) HandleData() (*HandleData, error) { return f.handleData.get(f.decodeHandleData) }

func (f *File) decodeHandleData() (*HandleData, error) {
	l, err := f.longExList(HandleDataStream, handleDescriptorSize, false)
	if err != nil {
		return nil, err
	}
	return &HandleData{
		SizeOfDescriptor:    uint32(l.stride),
		NumberOfDescriptors: uint32(l.announced),
		f:                   f,
		l:                   l,
	}, nil
}

// Len returns how many descriptors are there.
func (h *HandleData) Len() int { return h.l.count }

// All yields the descriptors in the order of the file. A name that cannot be
// read is empty, with a warning.
func (h *HandleData) All() iter.Seq2[int, HandleDescriptor] {
	return func(yield func(int, HandleDescriptor) bool) {
		// The few names of types would drive those of objects out of one
		// run's window.
		types, names := h.f.newStringRun(HandleDataStream), h.f.newStringRun(HandleDataStream)
		for i, b := range h.l.all() {
			if !yield(i, readHandleDescriptor(b, h.f.numbers(), types, names)) {
				return
			}
		}
	}
}

func readHandleDescriptor(b []byte, n numbers, types, names *stringRun) HandleDescriptor {
	d := HandleDescriptor{
		Handle:        n.uint64(b),
		TypeName:      types.at(n.uint32(b[8:])),
		ObjectName:    names.at(n.uint32(b[12:])),
		Attributes:    n.uint32(b[16:]),
		GrantedAccess: n.uint32(b[20:]),
		HandleCount:   n.uint32(b[24:]),
		PointerCount:  n.uint32(b[28:]),
	}
	if len(b) >= handleDescriptor2Size {
		d.ObjectInfoRva = n.uint32(b[32:])
	}
	return d
}
