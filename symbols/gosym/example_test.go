package gosym_test

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/handletrace/handletrace/symbols/gosym"
)

// program builds a program for Windows without symbols: what Go itself needs is
// left in it.
func program(folder string) (string, error) {
	name := filepath.Join(folder, "prog.exe")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", name, "./testdata/prog")
	build.Env = append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=")
	build.Stderr = os.Stderr
	return name, build.Run()
}

// The functions at an address of a stripped Go program, inlined ones first.
func Example() {
	folder, err := os.MkdirTemp("", "gosym")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	name, err := program(folder)
	if err != nil {
		log.Fatal(err)
	}
	table, err := gosym.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer table.Close()
	for rva := range uint32(1 << 24) {
		frames := table.Frames(rva)
		if len(frames) == 3 && frames[2].Function == "main.total.add" {
			for _, f := range frames {
				fmt.Printf("%s %s:%d\n", f.Function, filepath.Base(f.File), f.Line)
			}
			return
		}
	}
	// Output:
	// main.square main.go:10
	// main.sum main.go:16
	// main.total.add main.go:23
}
