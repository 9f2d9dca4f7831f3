package minidump_test

import (
	"fmt"
	"log"

	"github.com/handletrace/handletrace/minidump"
)

// A dump is opened, and each stream is decoded when it is first asked for.
func Example() {
	dump, err := minidump.Open("../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		log.Fatal(err)
	}
	defer dump.Close()
	modules, err := dump.Modules()
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range modules[:2] {
		fmt.Printf("%#x %s\n", m.BaseOfImage, m.Name)
	}
	threads, err := dump.Threads()
	if err != nil {
		log.Fatal(err)
	}
	context, err := dump.ThreadContext(&threads[0])
	if err != nil {
		log.Fatal(err)
	}
	memory, err := dump.Memory()
	if err != nil {
		log.Fatal(err)
	}
	top, err := memory.Uint64(context.SP())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d threads; the first is at %#x, on top of its stack is %#x\n", len(threads), context.IP(), top)
	// Output:
	// 0x140000000 C:\handlelab\handlelab.exe
	// 0x6fffffc20000 C:\windows\system32\ntdll.dll
	// 7 threads; the first is at 0x6fffffc2f574, on top of its stack is 0x6fffff45f760
}
