package minidumptest

import "github.com/handletrace/handletrace/minidump"

// Handle is a descriptor of HandleData.
type Handle struct {
	Value        uint64
	Type         string // none where empty
	Name         string // none where empty
	Attributes   uint32
	Access       uint32
	HandleCount  uint32
	PointerCount uint32
	// ObjectInfo is the u32 RVA of the first MINIDUMP_HANDLE_OBJECT_INFORMATION:
	// see [ObjectInfo], [At]. Nil is none.
	ObjectInfo any
}

// AddHandle appends a descriptor to stream 12.
func (b *Builder) AddHandle(h Handle) {
	b.handles = append(b.handles, h)
	b.replace(minidump.HandleDataStream, b.handleData)
}

func (b *Builder) handleData() []any {
	t := minidump.HandleDataStream
	size := orDefault(b.HandleDescriptorSize, 40)
	parts := append(b.exHeader(t, 16, size, len(b.handles), false), uint32(0))
	for i := range b.handles {
		parts = append(parts, b.handles[i].parts(size)...)
	}
	return append(parts, b.Faults.Slack[t])
}

func (h *Handle) parts(size int) []any {
	parts := []any{h.Value, nameOrNone(h.Type), nameOrNone(h.Name), h.Attributes, h.Access, h.HandleCount, h.PointerCount}
	if size < 40 {
		return append(parts, make([]byte, size-32))
	}
	info := h.ObjectInfo
	if info == nil {
		info = uint32(0)
	}
	return append(parts, info, uint32(0), make([]byte, size-40))
}

func nameOrNone(s string) any {
	if s == "" {
		return uint32(0)
	}
	return String(s)
}

// ObjectInfo is a MINIDUMP_HANDLE_OBJECT_INFORMATION and what follows it.
// next is the u32 RVA of the next one: uint32(0), [RVA] of another or [At].
func ObjectInfo(next any, infoType uint32, data []byte) any {
	return []any{next, infoType, uint32(len(data)), data}
}

// HandleOperation is an entry of HandleOperationList.
type HandleOperation struct {
	Handle    uint64
	ProcessID uint32
	ThreadID  uint32
	Type      minidump.OperationType
	Spare0    uint32
	Index     uint32
	Frames    []uint64 // innermost first; those that do not fit are dropped
	// Depth is announced where it is not nil, instead of len(Frames).
	Depth *uint32
	// Garbage fills the unused frames.
	Garbage uint64
}

// AddHandleOperations appends entries to stream 18, in the file's order.
func (b *Builder) AddHandleOperations(ops ...HandleOperation) {
	b.ops = append(b.ops, ops...)
	b.replace(minidump.HandleOperationListStream, b.operations)
}

func (b *Builder) operations() []any {
	t := minidump.HandleOperationListStream
	header, entry := orDefault(b.HandleOperationHeaderSize, 16), orDefault(b.HandleOperationSize, 288)
	parts := append(b.exHeader(t, header, entry, len(b.ops), false), uint32(0), make([]byte, max(header-16, 0)))
	encode := Func(func(o Order) []byte {
		out := make([]byte, 0, len(b.ops)*entry)
		for i := range b.ops {
			out = b.ops[i].append(out, o, entry)
		}
		return out
	})
	return append(parts, encode, b.Faults.Slack[t])
}

func (op *HandleOperation) append(out []byte, o Order, size int) []byte {
	start := len(out)
	out = o.AppendUint64(out, op.Handle)
	for _, v := range []uint32{op.ProcessID, op.ThreadID, uint32(op.Type), op.Spare0} {
		out = o.AppendUint32(out, v)
	}
	depth := uint32(len(op.Frames))
	if op.Depth != nil {
		depth = *op.Depth
	}
	out = o.AppendUint32(o.AppendUint32(out, depth), op.Index)
	for i := range max(size-32, 0) / 8 {
		frame := op.Garbage
		if i < len(op.Frames) {
			frame = op.Frames[i]
		}
		out = o.AppendUint64(out, frame)
	}
	return append(out, make([]byte, max(size-(len(out)-start), 0))...)[:start+size]
}
