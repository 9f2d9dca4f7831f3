package symstore_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/symstore"
)

// A resolver that looks for PDBs where WinDbg would.
func Example() {
	dump, err := minidump.Open("app.dmp")
	if err != nil {
		log.Fatal(err)
	}
	defer dump.Close()
	path := symstore.Parse(symstore.FromEnvironment(os.Getenv))
	files := symstore.New(path, symstore.Options{})
	defer files.Close()
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{Locator: files})
	if err != nil {
		log.Fatal(err)
	}
	defer code.Close()
	fmt.Println(code.Frames(0x7ff6d1c01234))
}

// What came of looking for one file, place for place.
func ExampleLocator_Find() {
	files := symstore.New(symstore.Parse("srv*https://symbols.example/store"), symstore.Options{DefaultStore: os.TempDir(), Offline: true})
	key, err := symstore.PDBKey(`C:\build\app.pdb`, "3249D99D0C4049318610F4E4FB0B69361")
	if err != nil {
		log.Fatal(err)
	}
	result, err := files.Find(context.Background(), key)
	fmt.Println(err)
	fmt.Println(result.Attempts[len(result.Attempts)-1].Outcome)
	// Output:
	// not found: https://symbols.example/store: not asked: the network is not to be used
	// not asked
}

func ExampleParse() {
	path := symstore.Parse(`cache*; SRV*\\builds\symbols*https://symbols.example ;ftp://old`)
	fmt.Println(path)
	for _, w := range path.Warnings {
		fmt.Println(w)
	}
	// Output:
	// cache*;srv*\\builds\symbols*https://symbols.example
	// "ftp://old": ftp is not supported, only http, https and file are; the location is left out
}
