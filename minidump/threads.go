package minidump

import "github.com/handletrace/handletrace/internal/cursor"

// MemoryDescriptor is a MINIDUMP_MEMORY_DESCRIPTOR: a range of the process's
// memory and where its bytes are in the file.
type MemoryDescriptor struct {
	StartOfMemoryRange uint64
	Memory             LocationDescriptor
}

// Thread is a MINIDUMP_THREAD.
type Thread struct {
	ThreadID      uint32
	SuspendCount  uint32
	PriorityClass uint32
	Priority      uint32
	Teb           uint64
	// Stack is the part of the stack that the writer meant to save. In dumps
	// with full memory its Rva is often zero and the bytes are in another
	// stream: read it by address through [File.Memory].
	Stack         MemoryDescriptor
	ThreadContext LocationDescriptor
}

// threadSize is sizeof(MINIDUMP_THREAD).
const threadSize = 48

// Threads decodes stream 3, in the order of the file.
func (f *File) Threads() ([]Thread, error) { return f.threads.get(f.decodeThreads) }

func (f *File) decodeThreads() ([]Thread, error) {
	l, err := f.plainList(ThreadListStream, threadSize)
	if err != nil {
		return nil, err
	}
	return entriesOf(l, f.readThread), nil
}

func (f *File) readThread(c *cursor.Cursor) Thread {
	return Thread{
		ThreadID:      c.Uint32(),
		SuspendCount:  c.Uint32(),
		PriorityClass: c.Uint32(),
		Priority:      c.Uint32(),
		Teb:           f.address(c.Uint64()),
		Stack:         MemoryDescriptor{f.address(c.Uint64()), readLocation(c)},
		ThreadContext: readLocation(c),
	}
}
