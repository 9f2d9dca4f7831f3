package symbols

import (
	"errors"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/callstack"
	"github.com/handletrace/handletrace/symbols/undname"
)

func TestDemangle(t *testing.T) {
	for _, c := range []struct{ name, short, full string }{
		{"??0THREAD@@QEAA@XZ", "THREAD::THREAD", "public: __cdecl THREAD::THREAD(void)"},
		{"_ZN3FooC1Ev", "Foo::Foo", "Foo::Foo()"},
		{"__ZN3FooC1Ev", "Foo::Foo", "Foo::Foo()"},
		{"_ZNSt6vectorIiSaIiEE9push_backERKi", "std::vector<int, std::allocator<int> >::push_back", "std::vector<int, std::allocator<int> >::push_back(int const&)"},
		{"_ZL5closePv.isra.0", "close", "close(void*) [clone .isra.0]"},
		{"_ZN4core3fmt9Formatter3pad17h0123456789abcdefE", "core::fmt::Formatter::pad", "core::fmt::Formatter::pad"},
		{"_RNvNtCs1234_7mycrate3foo3bar", "mycrate::foo::bar", "mycrate::foo::bar"},
	} {
		for style, want := range map[undname.Style]string{undname.Name: c.short, undname.Full: c.full} {
			if got, err := Demangle(c.name, style); got != want || err != nil {
				t.Errorf("%s: %q, %v; want %q", c.name, got, err, want)
			}
		}
	}
}

// What cannot be decoded comes back as it is, with an error, in reasonable
// time.
func TestDemangleNothing(t *testing.T) {
	for _, name := range []string{
		"", "main", "_Zebra", "_Z", "_R", "_RtlRun", "?broken@", "_ZN", "_RNvC",
		"_Z1f" + strings.Repeat("P", 1<<20) + "v",
		"_Z" + strings.Repeat("N", maxMangled-2),
		"_RM" + strings.Repeat("R", maxMangled-3),
	} {
		got, err := Demangle(name, undname.Name)
		if got != name || err == nil {
			t.Errorf("%.20q: %.20q, %v", name, got, err)
		}
	}
	if _, err := Demangle("main", undname.Name); !errors.Is(err, undname.ErrNotDecorated) {
		t.Errorf("error %v", err)
	}
}

func TestReadable(t *testing.T) {
	for _, c := range []struct {
		raw    string
		source callstack.Source
		x86    bool
		want   string
	}{
		{"??0THREAD@@QEAA@XZ", callstack.Public, false, "THREAD::THREAD"},
		{"__chkstk", callstack.Public, false, "_chkstk"},
		{"_main@8", callstack.Export, true, "main"},
		{"_main", callstack.COFF, true, "main"},
		{"__chkstk", callstack.COFF, false, "__chkstk"},
		{"main", callstack.DWARF, false, "main"},
		{"_start", callstack.DWARF, true, "_start"},
		{"_ZN3FooC1Ev", callstack.DWARF, false, "Foo::Foo"},
		{"__ZN3Foo4stopEv@4", callstack.COFF, true, "Foo::stop"},
		{"_ZN3FooC1Ev", callstack.Export, false, "Foo::Foo"},
		{"_Zebra", callstack.Export, true, "Zebra"},
		{"Foo::Foo(int)", callstack.Breakpad, false, "Foo::Foo"},
		{"?f@@YAXXZ", callstack.Breakpad, false, "f"},
	} {
		got, symbol := readable(Frame{Function: c.raw, Source: c.source}, c.x86)
		if got != c.want || (symbol == "") != (got == c.raw) || symbol != "" && symbol != c.raw {
			t.Errorf("%s of %s: %q from %q, want %q", c.raw, c.source, got, symbol, c.want)
		}
	}
}

func FuzzDemangle(f *testing.F) {
	for _, s := range []string{"_ZNSt6vectorIiSaIiEE9push_backERKi", "_RNvNtCs1234_7mycrate3foo3bar", "_ZZ4mainENKUlvE_clEv", "_Z3fooIiET_S0_", "__ZThn8_N1B1fEv"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, style := range []undname.Style{undname.Name, undname.Full} {
			got, err := Demangle(name, style)
			if err != nil && got != name || len(got) > 1<<maxReadable && got != name {
				t.Errorf("%q: %q, %v", name, got, err)
			}
		}
	})
}
