package symbols

import (
	"errors"
	"io"

	"github.com/handletrace/handletrace/minidump"
)

// FromDump returns the process of a minidump.
func FromDump(f *minidump.File) Process { return dump{f} }

type dump struct{ f *minidump.File }

func (d dump) Modules() ([]Module, error) {
	loaded, err := d.f.Modules()
	if err != nil && !errors.Is(err, minidump.ErrNoStream) {
		return nil, err
	}
	list := make([]Module, 0, len(loaded))
	for i := range loaded {
		m := &loaded[i]
		list = append(list, Module{
			Base:          m.BaseOfImage,
			Size:          uint64(m.SizeOfImage),
			Path:          m.Name,
			TimeDateStamp: m.TimeDateStamp,
			DebugFile:     m.DebugFile(),
			DebugID:       m.DebugID(),
		})
	}
	unloaded, err := d.f.UnloadedModules()
	if err != nil && !errors.Is(err, minidump.ErrNoStream) {
		// What was unloaded only adds names.
		return list, nil
	}
	for i := range unloaded {
		m := &unloaded[i]
		list = append(list, Module{Base: m.BaseOfImage, Size: uint64(m.SizeOfImage), Path: m.Name, TimeDateStamp: m.TimeDateStamp, Unloaded: true})
	}
	return list, nil
}

func (d dump) Memory(m *Module) io.ReaderAt {
	memory, err := d.f.Memory()
	if err != nil {
		return failing{err}
	}
	return memory.Section(m.Base, m.Size)
}

// failing is memory that cannot be read.
type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }
