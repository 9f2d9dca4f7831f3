package minidumptest_test

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

func Example() {
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.AddModule(minidumptest.Module{Base: 0x140000000, Size: 0x1000, Name: `C:\a.exe`})
	b.AddHandle(minidumptest.Handle{Value: 0x33c, Type: "Event"})
	f, err := b.Open()
	if err != nil {
		fmt.Println(err)
		return
	}
	modules, _ := f.Modules()
	handles, _ := f.HandleData()
	fmt.Println(modules[0].BaseName(), handles.Len())
	// Output: a.exe 1
}
