package undname_test

import (
	"fmt"

	"github.com/handletrace/handletrace/symbols/undname"
)

func ExampleUndecorate() {
	const name = "?push_back@?$vector@PEAXV?$allocator@PEAX@std@@@std@@QEAAXAEBQEAX@Z"
	for _, style := range []undname.Style{undname.Name, undname.Full} {
		text, err := undname.Undecorate(name, style)
		if err != nil {
			fmt.Println(err)
		}
		fmt.Println(text)
	}
	// Output:
	// std::vector<void *,std::allocator<void *> >::push_back
	// public: void __cdecl std::vector<void *, class std::allocator<void *>>::push_back(void *const &)
}

func ExamplePublicName() {
	for _, name := range []string{"?Close@File@@QAEXXZ", "_NtClose@4", "__chkstk"} {
		fmt.Println(undname.PublicName(name, true))
	}
	// Output:
	// File::Close
	// NtClose
	// _chkstk
}
