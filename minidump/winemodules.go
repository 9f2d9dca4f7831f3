package minidump

// WineModules decodes stream 0xfff0: the ELF modules of a process that ran
// under Wine. Their names are those of the Unix side.
func (f *File) WineModules() ([]Module, error) {
	return once(f, WineModulesStream, func() ([]Module, error) { return f.decodeModuleList(WineModulesStream) })
}
