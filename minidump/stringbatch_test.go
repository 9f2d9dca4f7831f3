package minidump_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// The names of handles are read in runs, whatever their length, place and
// alphabet.
func TestNamesOfHandles(t *testing.T) {
	for _, bigEndian := range []bool{false, true} {
		for _, align := range []int{1, 4, 4096} {
			b := minidumptest.New(amd64)
			b.BigEndian, b.Align = bigEndian, align
			var want []string
			for i := range 300 {
				name := fmt.Sprintf(`\Device\%d`, i)
				switch i % 7 {
				case 1:
					name = strings.Repeat("long ", 100*i) + "end"
				case 2:
					name = fmt.Sprintf("Straße %d 程序 😀", i)
				case 3:
					name = "again"
				case 4:
					name = ""
				}
				want = append(want, name)
			}
			for i := range want {
				b.AddHandle(minidumptest.Handle{Value: uint64(i), Type: []string{"File", "Event"}[i%2], Name: want[i]})
			}
			f := open(t, b)
			h := must(f.HandleData())(t)
			for i, d := range h.All() {
				if d.ObjectName != want[i] || d.TypeName != []string{"File", "Event"}[i%2] {
					t.Fatalf("handle %d is %.80q, want %.80q", i, d.ObjectName, want[i])
				}
			}
			noWarnings(t, f)
		}
	}
}

// A NUL ends a name.
func TestNameWithNUL(t *testing.T) {
	for n := range 9 {
		name := strings.Repeat("x", n) + "\x00rest of it"
		b := minidumptest.New(amd64)
		b.AddHandle(minidumptest.Handle{Value: 4, Name: name})
		f := open(t, b)
		for _, d := range must(f.HandleData())(t).All() {
			equal(t, "name", d.ObjectName, name[:n])
		}
	}
}

// Names of handles that lie over one another do not cost the square of the
// file.
func TestOverlappingNamesOfHandles(t *testing.T) {
	b := minidumptest.New(amd64)
	var text []any
	for i := range 16384 {
		text = append(text, minidumptest.Named(fmt.Sprint(i), uint32(0x8000)))
	}
	b.Add(0x10001, text...)
	var table []any
	for i := range 8000 {
		table = append(table, uint64(i), uint32(0), minidumptest.At(fmt.Sprint(i)), [4]uint32{})
	}
	b.Add(minidump.HandleDataStream, uint32(16), uint32(32), uint32(8000), uint32(0), table)
	f := open(t, b)
	total := 0
	for _, d := range must(f.HandleData())(t).All() {
		total += len(d.ObjectName)
	}
	if int64(total) > 2*f.Size() {
		t.Errorf("%d bytes of names of a file of %d", total, f.Size())
	}
	wantWarning(t, f, minidump.HandleDataStream, "more than the file holds")
}
