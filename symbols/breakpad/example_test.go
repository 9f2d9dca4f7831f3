package breakpad_test

import (
	"fmt"
	"log"
	"strings"

	"github.com/handletrace/handletrace/symbols/breakpad"
)

// What is at an address, inlined functions first. A program would use
// breakpad.Open.
func Example() {
	const text = `MODULE windows x86_64 0123456789ABCDEF0123456789ABCDEF2 app.pdb
FILE 0 app.cpp
FILE 1 guard.h
INLINE_ORIGIN 0 Guard::~Guard()
FUNC 1000 40 0 main
INLINE 0 12 0 0 1010 8
1000 10 10 0
1010 8 5 1
1018 28 13 0
`
	file, err := breakpad.New(strings.NewReader(text), int64(len(text)))
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	fmt.Println(file.Name, file.DebugID)
	for _, f := range file.Frames(0x1014) {
		fmt.Printf("%v %s:%d\n", f, f.File, f.Line)
	}
	// Output:
	// app.pdb 0123456789ABCDEF0123456789ABCDEF2
	// Guard::~Guard() guard.h:5
	// main+0x14 app.cpp:12
}
