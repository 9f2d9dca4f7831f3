package minidump

import (
	"fmt"
	"iter"

	"github.com/handletrace/handletrace/internal/cursor"
)

// OperationType is an eHANDLE_TRACE_OPERATIONS of avrfsdk.h.
type OperationType uint32

// Kinds of handle operations.
const (
	OperationDbUnused OperationType = 0
	OperationDbOPEN   OperationType = 1
	OperationDbCLOSE  OperationType = 2
	OperationDbBADREF OperationType = 3
)

var operationNames = [...]string{"UNUSED", "OPEN", "CLOSE", "BADREF"}

// String returns the name, or the number of a value that is not known.
func (t OperationType) String() string {
	if int(t) < len(operationNames) {
		return operationNames[t]
	}
	return fmt.Sprintf("operation %d", uint32(t))
}

// HandleOperation is an AVRF_HANDLE_OPERATION of avrfsdk.h.
type HandleOperation struct {
	Handle        uint64
	ProcessID     uint32 // of who did it, which need not be the dumped process
	ThreadID      uint32
	OperationType OperationType
	Spare0        uint32
	BackTraceInformation
}

// BackTraceInformation is an AVRF_BACKTRACE_INFORMATION.
type BackTraceInformation struct {
	Depth uint32 // as the file says
	Index uint32
	// ReturnAddresses are the frames that are there, innermost first.
	ReturnAddresses []uint64
}

const (
	handleOperationHeaderSize = 16
	// handleOperationSize is an entry without its return addresses.
	handleOperationSize = 32
)

// HandleOperationList is stream 18: the last operations on handles of the
// process, as Windows recorded them while handle tracing was on. Neither the
// SDK nor the file says whether the newest or the oldest stands first.
type HandleOperationList struct {
	SizeOfEntry     uint32 // bytes
	NumberOfEntries uint32 // as the file says; [HandleOperationList.Len] are there

	f     *File
	s     section
	first int64
	count int
}

// HandleOperationList opens stream 18. The sizes in the stream's own header
// are used, whatever they are; less than the 32 bytes before the first return
// address is a [*FormatError].
func (f *File) HandleOperationList() (*HandleOperationList, error) {
	return f.handleOps.get(f.decodeHandleOperations)
}

func (f *File) decodeHandleOperations() (*HandleOperationList, error) {
	s, err := f.section(HandleOperationListStream)
	if err != nil {
		return nil, err
	}
	b, err := f.bytesOf(s, handleOperationHeaderSize)
	if err != nil {
		return nil, err
	}
	c := cursor.New(b, f.order)
	header, entry, count := c.Uint32(), c.Uint32(), c.Uint32()
	if c.Err() != nil {
		return nil, s.fault("%d bytes, at least 16 were expected", s.size)
	}
	if header < 12 || int64(header) > s.size {
		return nil, s.fault("a header of %d bytes in a stream of %d", header, s.size)
	}
	if count > 0 && entry < handleOperationSize {
		return nil, s.fault("entries of %d bytes, at least %d were expected", entry, handleOperationSize)
	}
	there := (s.size - int64(header)) / max(int64(entry), 1)
	if int64(count) > there {
		f.warn(s.stream, s.off, "%d operations are announced, %d are there", count, there)
	}
	return &HandleOperationList{
		SizeOfEntry:     entry,
		NumberOfEntries: count,
		f:               f,
		s:               s,
		first:           s.off + int64(header),
		count:           int(min(int64(count), there)),
	}, nil
}

// Len returns how many operations are there.
func (l *HandleOperationList) Len() int { return l.count }

// chunkBytes is how much of the list is read at once.
const chunkBytes = 1 << 18

// All yields the operations with their index, in the order of the file. The
// return addresses of an operation may be kept. A failing read ends the
// sequence, with a warning.
func (l *HandleOperationList) All() iter.Seq2[int, HandleOperation] {
	return func(yield func(int, HandleOperation) bool) {
		d := operationDecoder{l: l, narrow: l.f.PointerSize() == 4}
		for i := 0; i < l.count; {
			ops, err := d.chunk(i)
			if err != nil {
				l.f.warn(l.s.stream, l.first, "operation %d and those after it are left out: %v", i, err)
				return
			}
			for _, op := range ops {
				if !yield(i, op) {
					return
				}
				i++
			}
		}
	}
}

// operationDecoder decodes a run of operations at a time: one buffer for all
// runs, one slice of addresses for each.
type operationDecoder struct {
	l      *HandleOperationList
	narrow bool
	buf    []byte
	ops    []HandleOperation
}

func (d *operationDecoder) chunk(first int) ([]HandleOperation, error) {
	size := int64(d.l.SizeOfEntry)
	n := min(int64(d.l.count-first), max(chunkBytes/size, 1))
	if d.buf == nil {
		d.buf = make([]byte, n*size)
		d.ops = make([]HandleOperation, n)
	}
	buf, ops := d.buf[:n*size], d.ops[:n]
	if err := d.l.f.readInto(buf, d.l.first+int64(first)*size); err != nil {
		return nil, err
	}
	frames := 0
	for i := range ops {
		frames += d.depth(buf[int64(i)*size:])
	}
	addresses := make([]uint64, 0, frames)
	for i := range ops {
		addresses = d.decode(buf[int64(i)*size:][:size], &ops[i], addresses)
	}
	return ops, nil
}

// depth returns how many return addresses of an entry are there. A depth
// beyond the entry's size is taken as all that fit.
func (d *operationDecoder) depth(b []byte) int {
	fit := (d.l.SizeOfEntry - handleOperationSize) / 8
	return int(min(d.l.f.order.Uint32(b[24:]), fit))
}

func (d *operationDecoder) decode(b []byte, op *HandleOperation, addresses []uint64) []uint64 {
	order := d.l.f.order
	*op = HandleOperation{
		Handle:        order.Uint64(b),
		ProcessID:     order.Uint32(b[8:]),
		ThreadID:      order.Uint32(b[12:]),
		OperationType: OperationType(order.Uint32(b[16:])),
		Spare0:        order.Uint32(b[20:]),
	}
	op.Depth, op.Index = order.Uint32(b[24:]), order.Uint32(b[28:])
	start := len(addresses)
	for i := range d.depth(b) {
		a := order.Uint64(b[handleOperationSize+8*i:])
		if d.narrow {
			a &= 0xffffffff
		}
		// A zero ends the stack: writers leave what is behind unset.
		if a == 0 {
			break
		}
		addresses = append(addresses, a)
	}
	op.ReturnAddresses = addresses[start:len(addresses):len(addresses)]
	return addresses
}
