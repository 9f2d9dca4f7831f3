package symstore

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Key is the place of a file in every store: Folder/Index/File. All three are
// checked to be plain names by the functions that make keys.
type Key struct {
	Folder string // the file's name, as a rule
	Index  string // the identifier of the build
	File   string
	check  func(path string, k Key) error // whether a file is the one
	kinds  []string                       // the folders of its kind in a plain folder
}

// String returns the key with slashes.
func (k Key) String() string { return k.Folder + "/" + k.Index + "/" + k.File }

// valid reports whether a function of this package made the key.
func (k Key) valid() bool { return k.check != nil }

// Least digits of identifiers.
const (
	debugIDDigits = 9 // of an old PDB: the signature's eight and an age
	imageIDDigits = 9 // a time stamp's eight and a size
	buildIDDigits = 8
)

// PDBKey is the key of a PDB. The identifier is the GUID in 32 upper-case
// digits and the age in hexadecimal, as in a [pdb.File.DebugID].
func PDBKey(name, debugID string) (Key, error) {
	k, err := newKey(name, debugID, debugIDDigits)
	k.check, k.kinds = checkPDB, []string{"exe", "dll", "sys"}
	return k, err
}

// ImageKey is the key of an executable or a library: TimeDateStamp in eight
// upper-case digits and SizeOfImage in lower-case ones.
func ImageKey(name string, timeDateStamp, sizeOfImage uint32) (Key, error) {
	k, err := newKey(name, fmt.Sprintf("%08X%x", timeDateStamp, sizeOfImage), imageIDDigits)
	k.check = checkImage
	if ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(k.File)), "."); ext != "" {
		k.kinds = []string{ext}
	}
	return k, err
}

// BreakpadKey is the key of the Breakpad symbols of a module, as Mozilla's
// server has them: below the name of its PDB, with the extension sym.
func BreakpadKey(debugFile, debugID string) (Key, error) {
	k, err := newKey(debugFile, debugID, debugIDDigits)
	stem := k.File
	switch ext := filepath.Ext(k.File); strings.ToLower(ext) {
	case ".pdb", ".dll", ".exe":
		stem = strings.TrimSuffix(k.File, ext)
	}
	k.File = stem + ".sym"
	k.check = checkBreakpad
	return k, err
}

// BuildIDKey is the key of a file by its build identifier on a debuginfod
// server. What is debuginfo or executable.
func BuildIDKey(buildID, what string) (Key, error) {
	id, err := cleanID(strings.ToLower(buildID), buildIDDigits)
	if err == nil && what != "debuginfo" && what != "executable" {
		err = fmt.Errorf("%q is neither debuginfo nor executable", what)
	}
	if err != nil {
		return Key{}, err
	}
	return Key{Folder: "buildid", Index: id, File: what, check: checkBuildID}, nil
}

func newKey(path, id string, digits int) (Key, error) {
	name, err := cleanName(path)
	if err != nil {
		return Key{}, err
	}
	id, err = cleanID(id, digits)
	if err != nil {
		return Key{}, fmt.Errorf("%s: %w", name, err)
	}
	return Key{Folder: name, Index: id, File: name}, nil
}

// prefix returns the folder in which a three-tier store keeps the key's: the
// name's first two characters, or one where the other is a dot.
func (k Key) prefix() string {
	runes := []rune(k.Folder)
	if len(runes) < 2 || runes[1] == '.' {
		return string(runes[:1])
	}
	return string(runes[:2])
}

// packedName is the name of the file when a store keeps it compressed: with _
// for its last character.
func packedName(name string) string {
	runes := []rune(name)
	return string(runes[:len(runes)-1]) + "_"
}

// spellings returns the key as it is and in lower case, which some servers use
// that tell the cases apart.
func (k Key) spellings() []Key {
	list := []Key{k}
	low := k
	low.Folder, low.File = strings.ToLower(k.Folder), strings.ToLower(k.File)
	for _, index := range []string{k.Index, strings.ToLower(k.Index)} {
		low.Index = index
		if last := list[len(list)-1]; low.String() != last.String() {
			list = append(list, low)
		}
	}
	return list
}
