package minidump

// CrashpadInfo is a MinidumpCrashpadInfo of Crashpad's
// minidump_extensions.h.
type CrashpadInfo struct {
	Version           uint32
	ReportID          GUID
	ClientID          GUID
	SimpleAnnotations []SimpleAnnotation
	Modules           []CrashpadModule
	AddressMask       uint64 // of pointer authentication; zero in older dumps
}

// SimpleAnnotation is a MinidumpSimpleStringDictionaryEntry.
type SimpleAnnotation struct {
	Key   string
	Value string
}

// CrashpadModule is a MinidumpModuleCrashpadInfo: the annotations of a module.
type CrashpadModule struct {
	// ModuleListIndex is the module's place in the module list of the file.
	ModuleListIndex   uint32
	Version           uint32
	ListAnnotations   []string
	SimpleAnnotations []SimpleAnnotation
	AnnotationObjects []Annotation
}

// Kinds of annotations. Those from AnnotationUserDefined on are the program's.
const (
	AnnotationInvalid     uint16 = 0
	AnnotationString      uint16 = 1
	AnnotationUserDefined uint16 = 0x8000
)

// Annotation is a MinidumpAnnotation.
type Annotation struct {
	Name  string
	Type  uint16
	Value []byte // of an AnnotationString: text without a NUL
}

// crashpadInfoSize is MinidumpCrashpadInfo without the members that were added
// to it.
const crashpadInfoSize = 52

// CrashpadInfo decodes stream 0x43500001. What of it cannot be read is left
// out, with a warning.
func (f *File) CrashpadInfo() (*CrashpadInfo, error) {
	return once(f, CrashpadInfoStream, f.decodeCrashpad)
}

func (f *File) decodeCrashpad() (*CrashpadInfo, error) {
	s, err := f.section(CrashpadInfoStream)
	if err != nil {
		return nil, err
	}
	if s.size < crashpadInfoSize {
		return nil, s.fault("%d bytes, at least %d were expected", s.size, crashpadInfoSize)
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	info := &CrashpadInfo{Version: c.Uint32(), ReportID: readGUID(c), ClientID: readGUID(c)}
	r := &crashpadReader{f: f, source: byteSource{src: f.src, size: f.size}, budget: f.size + sharedStrings}
	simple, modules := readLocation(c), readLocation(c)
	info.SimpleAnnotations = r.simple(simple)
	info.Modules = r.modules(modules)
	if c.Skip(4); c.Len() >= 8 {
		info.AddressMask = c.Uint64()
	}
	return info, nil
}
