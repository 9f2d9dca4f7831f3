package minidump

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
	threads := make([]ThreadEx, l.count)
	for i := range threads {
		c := l.next(f)
		threads[i] = ThreadEx{f.readThread(c), MemoryDescriptor{f.address(c.Uint64()), readLocation(c)}}
	}
	return threads, nil
}
