package pe_test

import (
	"fmt"
	"log"

	"github.com/handletrace/handletrace/symbols/pe"
)

// Which PDB belongs to an image, and what its exports say of an address.
func Example() {
	img, err := pe.Open("testdata/x64.dll")
	if err != nil {
		log.Fatal(err)
	}
	defer img.Close()
	cv, err := img.CodeView()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(img.Machine, cv.Path, cv.DebugID())
	for _, rva := range []uint32{0x1004, 0x1064, 0x10c4, 0x1180} {
		if e, quality, ok := img.ExportFor(rva); ok {
			fmt.Printf("%#x is %s+%#x (%v)\n", rva, e.Name, rva-e.RVA, quality)
		} else {
			fmt.Printf("%#x is in no exported function\n", rva)
		}
	}
	// Output:
	// IMAGE_FILE_MACHINE_AMD64 C:\build\x64.pdb 70475BE59509EAAD4C4C44205044422E1
	// 0x1004 is NtThing+0x4 (confirmed)
	// 0x1064 is Leaf+0x4 (leaf)
	// 0x10c4 is Zulu+0x4 (confirmed)
	// 0x1180 is in no exported function
}
