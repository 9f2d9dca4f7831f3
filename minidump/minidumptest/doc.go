// Package minidumptest builds minidumps for tests: any streams, in either byte
// order, sound or with deliberate faults, small or of many GiB.
//
//	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
//	b.AddModule(minidumptest.Module{Base: 0x140000000, Size: 0x1000, Name: `C:\a.exe`})
//	b.AddHandle(minidumptest.Handle{Value: 0x33c, Type: "Event"})
//	f, err := minidump.New(bytes.NewReader(b.Bytes()), int64(len(b.Bytes())))
//
// The methods whose names begin with Add hold the common streams;
// [Builder.Add] takes any other as a row of parts. [Builder.Faults] tells lies
// about counts, sizes and places. A Builder panics where a test asks for what
// cannot be written; it is no reader and never sees foreign input.
package minidumptest
