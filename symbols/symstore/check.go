package symstore

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/pe"
)

// checkPDB compares the GUID and the age of a PDB with the key's.
func checkPDB(path string, k Key) error {
	f, err := pdb.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return sameID(path, f.DebugID(), k.Index)
}

// checkImage compares an image's time stamp and size with the key's.
func checkImage(path string, k Key) error {
	m, err := pe.Open(path)
	if err != nil {
		return err
	}
	defer m.Close()
	return sameID(path, m.CodeID(), k.Index)
}

func sameID(path, found, want string) error {
	if strings.EqualFold(found, want) {
		return nil
	}
	return &symbols.MismatchError{Path: path, Found: found, Want: want}
}

// checkBreakpad compares the identifier in the first line of Breakpad symbols:
// MODULE, system, processor, identifier, name.
func checkBreakpad(path string, k Key) error {
	line, err := firstBytes(path, 1024)
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(line), "\n")
	words := strings.Fields(first)
	if len(words) < 4 || words[0] != "MODULE" {
		return fmt.Errorf("%s: no Breakpad symbols: it begins with %.20q", path, first)
	}
	return sameID(path, words[3], k.Index)
}

// checkBuildID sees that a file is an image. Its identifier cannot be checked:
// it may be a hash over parts that are no longer there.
func checkBuildID(path string, _ Key) error {
	head, err := firstBytes(path, 4)
	switch {
	case err != nil:
		return err
	case string(head) == "\x7fELF" || strings.HasPrefix(string(head), "MZ"):
		return nil
	}
	return fmt.Errorf("%s: neither an ELF nor a PE file: it begins with %q", path, head)
}

// firstBytes returns up to n bytes of a file.
func firstBytes(path string, n int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, n))
	if err == nil && len(b) == 0 {
		err = errors.New("the file is empty")
	}
	return b, err
}
