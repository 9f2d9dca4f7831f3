package minidump

import "github.com/handletrace/handletrace/internal/cursor"

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
	return entriesOf(l, func(c *cursor.Cursor) ThreadName {
		return ThreadName{c.Uint32(), f.stringAt(l.stream, c.Uint64())}
	}), nil
}
