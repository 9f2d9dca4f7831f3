package symbols_test

import (
	"fmt"
	"log"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
)

// The stack of a handle's last operation, with the PDBs in a folder. The
// libraries of the system have none there, so that their exports name them.
func Example() {
	dump, err := minidump.Open("../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		log.Fatal(err)
	}
	defer dump.Close()
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{
		Directories: []string{"../testdata/handlelab/x64"},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer code.Close()
	operations, err := dump.HandleOperationList()
	if err != nil {
		log.Fatal(err)
	}
	for _, operation := range operations.All() {
		for _, address := range operation.ReturnAddresses {
			for _, frame := range code.Frames(address) {
				fmt.Println(frame, frame.Source, frame.Line)
			}
		}
		break
	}
	for m := range code.Modules() {
		if m.Module.Name() == "ntdll.dll" {
			fmt.Println(m.Module.Name(), m.State)
		}
	}
	// Output:
	// ntdll!NtClose+0x14 export 0
	// kernelbase!CloseHandle+0x35 export 0
	// common!SafeClose+0x1c pdb 8
	// pool!ConnectionPool_Release+0x38 pdb 26
	// handlelab!ReleaseConnection+0x14 pdb 76
	// handlelab!WorkerMain+0x67 pdb 26
	// kernel32!BaseThreadInitThunk+0x9 export 0
	// ntdll!RtlUserThreadStart+0x17 export 0
	// ntdll.dll export symbols only
}
