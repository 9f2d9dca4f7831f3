package pdb_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/handletrace/handletrace/symbols/pdb"
)

// testPDB reads a compressed file; a program would use pdb.Open.
func testPDB() *pdb.File {
	f, err := os.Open("testdata/x64-O2.pdb.gz")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		log.Fatal(err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		log.Fatal(err)
	}
	file, err := pdb.New(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		log.Fatal(err)
	}
	return file
}

// What is at an address, inlined functions first.
func ExampleFile_Lookup() {
	file := testPDB()
	defer file.Close()
	frames, err := file.Lookup(0x1050)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range frames {
		fmt.Printf("%s %s:%d\n", f.Function, f.File, f.Line)
	}
	// Output:
	// ns::leaf X:\proj\shapes.h:12
	// ns::mid X:\proj\shapes.h:21
	// `anonymous namespace'::Square::area X:\proj\a.cpp:17
	// entry X:\proj\a.cpp:68
}

// All procedures, with their sizes.
func ExampleFile_Procedures() {
	file := testPDB()
	defer file.Close()
	for p, err := range file.Procedures() {
		if err != nil {
			log.Fatal(err)
		}
		if p.Module.Index() == 1 {
			fmt.Printf("%#x %d %s\n", p.RVA, p.Size, p.Name)
			break
		}
	}
	// Output:
	// 0x14c0 10 fold_one
}
