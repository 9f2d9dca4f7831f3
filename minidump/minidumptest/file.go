package minidumptest

import (
	"errors"
	"os"
)

// WriteFile writes the file. The zeros of Memory64 ranges become holes where
// the file system can hold them, so that a dump of many GiB costs only its
// lists.
func (b *Builder) WriteFile(name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(b.layOut().writeTo(f), f.Close())
}

func (l *layout) writeTo(f *os.File) error {
	if _, err := f.Write(l.buf); err != nil {
		return err
	}
	off := int64(len(l.buf))
	for _, m := range l.tail {
		if _, err := f.WriteAt(m.Data, off); err != nil {
			return err
		}
		off += int64(m.size())
	}
	return f.Truncate(off)
}
