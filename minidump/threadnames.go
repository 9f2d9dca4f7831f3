package minidump

// ThreadName is a MINIDUMP_THREAD_NAME.
type ThreadName struct {
	ThreadID uint32
	Name     string // often empty
}

// threadNameSize is sizeof(MINIDUMP_THREAD_NAME): the RVA has 64 bits and no
// alignment.
const threadNameSize = 12

// ThreadNames decodes stream 24, in the order of the file.
func (f *File) ThreadNames() ([]ThreadName, error) {
	return once(f, ThreadNamesStream, f.decodeThreadNames)
}

func (f *File) decodeThreadNames() ([]ThreadName, error) {
	l, err := f.plainList(ThreadNamesStream, threadNameSize)
	if err != nil {
		return nil, err
	}
	names := make([]ThreadName, l.count)
	for i := range names {
		names[i] = ThreadName{l.c.Uint32(), f.stringAt(l.stream, l.c.Uint64())}
	}
	return names, nil
}
