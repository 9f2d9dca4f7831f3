package minidump

import (
	"iter"

	"github.com/handletrace/handletrace/internal/cursor"
)

// HandleData is stream 12: the handles that the process had open.
type HandleData struct {
	SizeOfDescriptor    uint32 // bytes: 32, or 40 with object information
	NumberOfDescriptors uint32 // as the file says; [HandleData.Len] are there

	f *File
	l *list
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
	l, err := f.exList(HandleDataStream, handleDescriptorSize, false)
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
		at := h.l.first - h.l.off
		c := *h.l.c
		c.Seek(int(at))
		for i := range h.l.count {
			if !yield(i, h.f.readHandleDescriptor(cursor.New(c.Bytes(h.l.stride), h.f.order))) {
				return
			}
		}
	}
}

func (f *File) readHandleDescriptor(c *cursor.Cursor) HandleDescriptor {
	d := HandleDescriptor{Handle: c.Uint64()}
	typeName, objectName := c.Uint32(), c.Uint32()
	d.Attributes, d.GrantedAccess = c.Uint32(), c.Uint32()
	d.HandleCount, d.PointerCount = c.Uint32(), c.Uint32()
	d.TypeName = f.stringAt(HandleDataStream, uint64(typeName))
	d.ObjectName = f.stringAt(HandleDataStream, uint64(objectName))
	if c.Len() >= handleDescriptor2Size-handleDescriptorSize {
		d.ObjectInfoRva = c.Uint32()
	}
	return d
}
