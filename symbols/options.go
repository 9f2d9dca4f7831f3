package symbols

// Options say where a resolver may look for symbols. The zero value uses the
// export tables in the process's memory alone.
type Options struct {
	// Directories are searched for the PDB of each module, in this order: in
	// the folder itself, in the folders dll and symbols/dll below it (exe for
	// a program), and below it as in a symbol store, by name and identifier.
	// A PDB of another build is never used.
	Directories []string
}
