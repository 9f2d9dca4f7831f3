package minidump

import "github.com/handletrace/handletrace/internal/cursor"

// ThreadEx is a MINIDUMP_THREAD_EX: a thread of an Itanium, with the backing
// store of its registers.
type ThreadEx struct {
	Thread
	BackingStore MemoryDescriptor
}

// threadExSize is sizeof(MINIDUMP_THREAD_EX).
const threadExSize = threadSize + memoryDescriptorSize

// ThreadExList decodes stream 8, in the order of the file.
func (f *File) ThreadExList() ([]ThreadEx, error) {
	return once(f, ThreadExListStream, f.decodeThreadEx)
}

func (f *File) decodeThreadEx() ([]ThreadEx, error) {
	l, err := f.plainList(ThreadExListStream, threadExSize)
	if err != nil {
		return nil, err
	}
	return entriesOf(l, func(c *cursor.Cursor) ThreadEx {
		return ThreadEx{f.readThread(c), MemoryDescriptor{f.address(c.Uint64()), readLocation(c)}}
	}), nil
}
