package minidump

import "github.com/handletrace/handletrace/internal/cursor"

// UnloadedModule is a MINIDUMP_UNLOADED_MODULE: an image that was in the
// process before. Its extent may overlap that of others.
type UnloadedModule struct {
	BaseOfImage   uint64
	SizeOfImage   uint32 // bytes
	CheckSum      uint32
	TimeDateStamp uint32
	Name          string // without its folder, as Windows keeps it
}

// unloadedModuleSize is sizeof(MINIDUMP_UNLOADED_MODULE).
const unloadedModuleSize = 24

// Contains reports whether the address lay in the module's image.
func (m *UnloadedModule) Contains(addr uint64) bool {
	return addr >= m.BaseOfImage && addr-m.BaseOfImage < uint64(m.SizeOfImage)
}

// BaseName returns the file's name without its folder.
func (m *UnloadedModule) BaseName() string { return baseName(m.Name) }

// UnloadedModules decodes stream 14, in the order of the file.
func (f *File) UnloadedModules() ([]UnloadedModule, error) {
	return once(f, UnloadedModuleListStream, f.decodeUnloadedModules)
}

func (f *File) decodeUnloadedModules() ([]UnloadedModule, error) {
	l, err := f.exList(UnloadedModuleListStream, unloadedModuleSize, false)
	if err != nil {
		return nil, err
	}
	return entriesOf(l, func(c *cursor.Cursor) UnloadedModule {
		return UnloadedModule{
			BaseOfImage:   f.address(c.Uint64()),
			SizeOfImage:   c.Uint32(),
			CheckSum:      c.Uint32(),
			TimeDateStamp: c.Uint32(),
			Name:          f.stringAt(l.stream, uint64(c.Uint32())),
		}
	}), nil
}
