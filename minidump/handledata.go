package minidump

import "iter"

// HandleData is stream 12: the handles that the process had open.
type HandleData struct {
	SizeOfDescriptor    uint32 // bytes: 32, or 40 with object information
	NumberOfDescriptors uint32 // as the file says; [HandleData.Len] are there

	f       *File
	l       *list
	objects objectChains
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
		objects:             newObjectChains(f),
	}, nil
}

// Len returns how many descriptors are there.
func (h *HandleData) Len() int { return h.l.count }

// handlePiece is how much of the list is read at once, in bytes.
const handlePiece = 16 << 10

// All yields the descriptors in the order of the file. A name that cannot be
// read is empty, with a warning.
func (h *HandleData) All() iter.Seq2[int, HandleDescriptor] {
	return func(yield func(int, HandleDescriptor) bool) {
		d := handleDecoder{l: h.l, strings: h.f.newStringBatch(HandleDataStream)}
		for first, b := range h.l.pieces(handlePiece) {
			if err := d.strings.source.whileMapped(func() { d.decode(b) }); err != nil {
				h.l.leaveOut(first, err)
				return
			}
			for i := range d.descriptors {
				if !yield(first+i, d.descriptors[i]) {
					return
				}
			}
		}
	}
}

// handleDecoder decodes a piece of the list at a time.
type handleDecoder struct {
	l            *list
	strings      *stringBatch
	types, names recentStrings
	descriptors  []HandleDescriptor
	texts        [][2]batchedString // of the descriptors
}

func (d *handleDecoder) decode(b []byte) {
	count := len(b) / d.l.stride
	if d.descriptors == nil {
		d.descriptors, d.texts = make([]HandleDescriptor, count), make([][2]batchedString, count)
	}
	d.descriptors = d.descriptors[:count]
	d.strings.begin(&d.types, &d.names)
	for i := range d.descriptors {
		d.one(b[i*d.l.stride:][:d.l.stride], &d.descriptors[i], &d.texts[i])
	}
	text := d.strings.text()
	for i := range d.descriptors {
		h := &d.descriptors[i]
		h.TypeName, h.ObjectName = d.strings.string(d.texts[i][0], text), d.strings.string(d.texts[i][1], text)
	}
}

// one decodes all of a descriptor but its strings, which it reads.
func (d *handleDecoder) one(b []byte, h *HandleDescriptor, texts *[2]batchedString) {
	n := d.l.f.numbers()
	texts[0], texts[1] = d.strings.read(n.uint32(b[8:]), &d.types), d.strings.read(n.uint32(b[12:]), &d.names)
	h.Handle = n.uint64(b)
	h.Attributes, h.GrantedAccess = n.uint32(b[16:]), n.uint32(b[20:])
	h.HandleCount, h.PointerCount = n.uint32(b[24:]), n.uint32(b[28:])
	if len(b) >= handleDescriptor2Size {
		h.ObjectInfoRva = n.uint32(b[32:])
	}
}
