package dwarfsym_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/handletrace/handletrace/symbols/dwarfsym"
	"github.com/handletrace/handletrace/symbols/pe"
)

// image reads a compressed file; a program would use dwarfsym.Open.
func image() (*pe.Image, error) {
	packed, err := os.Open("testdata/x64-cpp-O2.exe.gz")
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	return pe.New(bytes.NewReader(data), int64(len(data)))
}

// What is at an address, inlined functions first.
func Example() {
	img, err := image()
	if err != nil {
		log.Fatal(err)
	}
	file, err := dwarfsym.New(img)
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	for _, f := range file.Frames(0x100a) {
		fmt.Printf("%v %s:%d\n", f, f.File, f.Line)
	}
	// Output:
	// leaf /src/prog.h:9
	// mid /src/prog.h:14
	// outer::(anonymous namespace)::local+0xa /src/prog.cpp:7
}
