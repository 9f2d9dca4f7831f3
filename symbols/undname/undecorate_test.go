package undname_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/symbols/undname"
)

// nameTests are as WinDbg shows such names; those of thunks, vcall thunks,
// wil's resource policies and dynamic initializers are from transcripts.
var nameTests = []struct{ name, want string }{
	{"?f@@YAXXZ", "f"},
	{"?x@@3HA", "x"},
	{"?s@C@ns@@2HA", "ns::C::s"},
	{"??1?$vector@HV?$allocator@H@std@@@std@@QEAA@XZ", "std::vector<int,std::allocator<int> >::~vector<int,std::allocator<int> >"},
	{"??0THREAD@@QEAA@AEAJ@Z", "THREAD::THREAD"},
	{"??_GFoo@@UEAAPEAXI@Z", "Foo::`scalar deleting destructor'"},
	{"??_EFoo@@UEAAPEAXI@Z", "Foo::`vector deleting destructor'"},
	{"??_DFoo@@QEAAXXZ", "Foo::`vbase destructor'"},
	{"??_FFoo@@QEAAXXZ", "Foo::`default constructor closure'"},
	{"??_OFoo@@QEAAXXZ", "Foo::`copy constructor closure'"},
	{"??_L@YAXPEAX_K1P6AX0@Z2@Z", "`eh vector constructor iterator'"},
	{"??__C@YAXPEAX0_K1P6AX00@ZP6AX0@Z@Z", "`eh vector copy constructor iterator'"},
	{"??__LC@@QEAAHXZ", "C::operator co_await"},
	{"??2@YAPEAX_K@Z", "operator new"},
	{"??_V@YAXPEAX@Z", "operator delete[]"},
	{"??BC@@QEBAPEBDXZ", "C::operator char const *"},
	{"??$?BH@C@@QEAAHXZ", "C::operator<int> int"},
	{"??RC@@QEAAXH@Z", "C::operator()"},
	{"??$?RH@C@@QEAAXH@Z", "C::operator()<int>"},
	{"??MC@@QEAA_NAEBV0@@Z", "C::operator<"},
	{"??__MC@@QEAAHAEBV0@@Z", "C::operator<=>"},
	{"??__K_km@@YAH_K@Z", `operator "" _km`},
	{"??_7Foo@@6B@", "Foo::`vftable'"},
	{"??_7CErrorObject@@6BIErrorInfo@@@", "CErrorObject::`vftable'"},
	{"??_8Foo@@7B@", "Foo::`vbtable'"},
	{"??_R0?AVFoo@@@8", "Foo `RTTI Type Descriptor'"},
	{"??_R1A@?0A@EA@Foo@@8", "Foo::`RTTI Base Class Descriptor at (0,-1,0,64)'"},
	{"??_R2Foo@@8", "Foo::`RTTI Base Class Array'"},
	{"??_R3Foo@@8", "Foo::`RTTI Class Hierarchy Descriptor'"},
	{"??_R4Foo@@6B@", "Foo::`RTTI Complete Object Locator'"},
	{"??_C@_03FIKCJHKP@abc?$AA@", "`string'"},
	{".?AVFoo@ns@@", "ns::Foo"},
	{"?QueryInterface@CErrorObject@@W7EAAJAEBU_GUID@@PEAPEAX@Z", "[thunk]:CErrorObject::QueryInterface`adjustor{8}'"},
	{"?f@A@@$4PPPPPPPM@A@EAAXXZ", "[thunk]:A::f`vtordisp{4294967292,0}'"},
	{"?f@A@@$R4A@BA@PPPPPPPM@7EAAXXZ", "[thunk]:A::f`vtordispex{0,16,4294967292,8}'"},
	{"??_9FCB@@$BBHA@AA", "FCB::`vcall'{368}'"},
	{"??__E?caller_id@Thread@@2_KA@@YAXXZ", "`dynamic initializer for 'Thread::caller_id''"},
	{"??__ESortVer@NS_EmulateSortingWindows61@@YAXXZ", "NS_EmulateSortingWindows61::`dynamic initializer for 'SortVer''"},
	{"??__Finstance@?1??get@Foo@@SAAEAV2@XZ@YAXXZ", "`Foo::get'::`2'::`dynamic atexit destructor for 'instance''"},
	{"??__Fgi@@YAXXZ", "`dynamic atexit destructor for 'gi''"},
	{"??_B?1??f@@YAXXZ@51", "`f'::`2'::`local static guard'{2}'"},
	{"??__J?1??f@@YAXXZ@51", "`f'::`2'::`local static thread guard'{2}'"},
	{"?x@?1??f@A@@QEAAXXZ@4HA", "`A::f'::`2'::x"},
	{"??R<lambda_1>@?0??Start@SearchTask@@QEAAXXZ@QEBA@XZ", "`SearchTask::Start'::`1'::<lambda_1>::operator()"},
	{"??R<lambda_f03950bc5685219e0bcd2087efbe011e>@@QEBA@XZ", "<lambda_f03950bc5685219e0bcd2087efbe011e>::operator()"},
	{"?filt$0@?0??main@@YAHXZ@4HA", "`main'::`1'::filt$0"},
	{"?f@?A0x12345678@@YAXXZ", "`anonymous namespace'::f"},
	{"??$f@VA@?A0x12345678@@VB@2@@@YAXXZ", "f<`anonymous namespace'::A,`anonymous namespace'::B>"},
	{"??$f@VA@?A0x12345678@@V1?A0x12345678@@@@YAXXZ", "f<`anonymous namespace'::A,`anonymous namespace'::A>"},
	{"?reset@?$unique_storage@U?$resource_policy@PEAGP6AXPEAX@Z$1?CoTaskMemFree@@YAX0@ZU?$integral_constant@_K$0A@@wistd@@PEAGPEAG$0A@$$T@details@wil@@@details@wil@@QEAAXPEAG@Z",
		"wil::details::unique_storage<wil::details::resource_policy<unsigned short *,void (__cdecl*)(void *),&CoTaskMemFree,wistd::integral_constant<unsigned __int64,0>,unsigned short *,unsigned short *,0,std::nullptr_t> >::reset"},
	{"??$f@QEBH@@YAXXZ", "f<int const * const>"},
	{"??$f@PEAPEAD@@YAXXZ", "f<char * *>"},
	{"??$f@AEBVC@@@@YAXXZ", "f<C const &>"},
	{"??$f@$$QEAVC@@@@YAXXZ", "f<C &&>"},
	{"??$f@AEAP6AXXZ@@YAXXZ", "f<void (__cdecl*&)(void)>"},
	{"??$f@P8C@@EBAXXZ@@YAXXZ", "f<void (__cdecl C::*)(void)const >"},
	{"??$f@PEQC@@H@@YAXXZ", "f<int C::*>"},
	{"??$f@PEAY02H@@YAXXZ", "f<int (*)[3]>"},
	{"??$f@$$BY02H@@YAXXZ", "f<int [3]>"},
	{"??$f@P6AHHZZ@@YAXXZ", "f<int (__cdecl*)(int,...)>"},
	{"??$f@P6AXX_E@@YAXXZ", "f<void (__cdecl*)(void) noexcept>"},
	{"??$f@W4E@ns@@@@YAXXZ", "f<ns::E>"},
	{"??$f@$00$0?0$0A@@@YAXXZ", "f<1,-1,0>"},
	{"??$f@$1?g@ns@@YAXH@Z@@YAXXZ", "f<&ns::g>"},
	{"??$f@$E?x@ns@@3HA@@YAXXZ", "f<ns::x>"},
	{"??$f@$H?m@C@@QEAAXXZA@@@YAXXZ", "f<{C::m,0}>"},
	{"??$f@$$V@@YAXXZ", "f<>"},
	{"?f@?$A@UB@0@@@QEAAXXZ", "A<A::B>::f"},
	{"?f@?$A@V?$B@V?$C@H@@@@@@QEAAXXZ", "A<B<C<int> > >::f"},
	{"??_GDispatcher@Core@UI@@$$FUEAAPEAXI@Z", "UI::Core::Dispatcher::`scalar deleting destructor'"},
	{"??@0123456789abcdef0123456789abcdef@", "??@0123456789abcdef0123456789abcdef@"},
	{"_TI3?AVerror@app@@", "app::error `throw info'"},
	{"_CTA3?AVerror@app@@", "app::error `catchable type array'"},
	{"_CT??_R0?AVerror@app@@@8??0error@app@@QEAA@AEBV01@@Z24", "app::error `catchable type'"},
	{"?coro@@YA?AUtask@@XZ.resume", "coro.resume"},
	{"?f@@YAXXZ$filt$0", "f$filt$0"},
	{"?x@@3HAjunk", "x"},
}

func TestName(t *testing.T) {
	for _, test := range nameTests {
		got, err := undname.Undecorate(test.name, undname.Name)
		if got != test.want || err != nil {
			t.Errorf("%s:\n got %s, %v\nwant %s", test.name, got, err, test.want)
		}
	}
}

func TestPtr64(t *testing.T) {
	tests := []struct{ name, want string }{
		{"??$f@QEBH@@YAXXZ", "f<int const * __ptr64 const>"},
		{"??$f@P6AXPEAX@Z@@YAXXZ", "f<void (__cdecl*)(void * __ptr64)>"},
		{"??$f@AEAP6AXPEAX@Z@@YAXXZ", "f<void (__cdecl*& __ptr64)(void * __ptr64)>"},
		{"??$f@PEIAH@@YAXXZ", "f<int * __ptr64 __restrict>"},
	}
	for _, test := range tests {
		got, err := undname.Options{Ptr64: true}.Undecorate(test.name)
		if got != test.want || err != nil {
			t.Errorf("%s:\n got %s, %v\nwant %s", test.name, got, err, test.want)
		}
	}
}

func TestInvalid(t *testing.T) {
	tests := []struct {
		name   string
		offset int
	}{
		{"??", 2}, {"??_", 3}, {"??__", 4}, {"??_R", 3}, {"???", 2}, {"?f", 1}, {"?f@", 3}, {"?f@@", 4}, {"?@@YAXXZ", 1},
		{"?f@@Y", 5}, {"?f@@YA", 6}, {"?f@@YAX", 7}, {"?f@@YAXX", 8}, {"?f@@YAXH", 8},
		{"?f@@YAXL@Z", 7}, {"?f@@YAX_Z@Z", 8}, {"?f@@YAX0@Z", 7}, {"?f@@YAXPEAH1@Z", 11},
		{"?f@0@@YAXXZ", 0}, {"?f@1@@YAXXZ", 3}, {"?x@@5HA", 4}, {"?x@@3H", 6}, {"?x@@3HZ", 6},
		{"??0@@QEAA@XZ", 0}, {"??BC@@QEAA@XZ", 0}, {"??_Z@@YAXXZ", 3}, {"??__Z@@YAXXZ", 4},
		{"??_7C@@5B@", 7}, {"??_7C@@6", 8}, {"??_R0H@", 6}, {"??_R0H@8x", 8}, {"??_R5C@@8", 3},
		{"??_R1?0A@A@A@C@@8", 5}, {"??_R2C@@9", 8}, {"??_9C@@$BA@BA", 11}, {"??_BC@@6", 7},
		{"??_C@_2", 7}, {"??_C@_0A@12345678@@", 9}, {"??_C@_02ABCDEFGH@a", 18}, {"??_C@_02ABCDEFGH@?@@", 19},
		{"??_C@_13ABCDEFGH@a@", 19}, {"??@abc", 3}, {"??$f@", 5}, {"??$f@H", 6}, {"??$f@$9@@YAXXZ", 6},
		{"??$f@$0Q@@YAXXZ", 7}, {"??__Ex@@3HA", 11}, {"??__E?f@@YAXXZ@@YAXXZ", 14},
		{"?f@@$9AXXZ", 5}, {"?f@@GEAAXXZ", 8}, {"?x@@3Y0HA", 9}, {"?x@@3YA@HA", 8},
		{"?x@?1?f@@YAXXZ@4HA", 6}, {".?AVC@@x", 7}, {".?", 2}, {"_TI1", 4}, {"_CT??_R0H@7", 9},
		{"?f@C@@QZAXXZ", 7}, {"?f@@YAXW8E@@@Z", 8}, {"?x@@3P$XH", 7}, {"?f@@YAX$$X@Z", 7},
	}
	for _, test := range tests {
		for _, style := range []undname.Style{undname.Name, undname.Full} {
			got, err := undname.Undecorate(test.name, style)
			var syntax *undname.SyntaxError
			if got != test.name || !errors.As(err, &syntax) {
				t.Errorf("%s: %q, %v; want it back and a SyntaxError", test.name, got, err)
				continue
			}
			if test.offset != 0 && syntax.Offset != test.offset {
				t.Errorf("%s: offset %d (%s), want %d", test.name, syntax.Offset, syntax.Reason, test.offset)
			}
			if syntax.Name != test.name || syntax.Reason == "" || !strings.Contains(err.Error(), syntax.Reason) {
				t.Errorf("%s: poor error %#v", test.name, syntax)
			}
		}
	}
}

func TestNotDecorated(t *testing.T) {
	for _, name := range []string{"", "?", "main", "_main@4", "@f@8", "f@@8", ".text", "_TIFFOpen", "_CTest", "_CTA", "_Z1fv", "_RNvC1a1b", "?"[:0]} {
		if undname.IsDecorated(name) {
			t.Errorf("IsDecorated(%q)", name)
		}
		got, err := undname.Undecorate(name, undname.Name)
		if got != name || !errors.Is(err, undname.ErrNotDecorated) {
			t.Errorf("Undecorate(%q) = %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"?f@@YAXXZ", ".?AVC@@", ".H", "_TI1H", "_TIC2PEAD", "__TI1H", "_CT??_R0H@84", "_CTA1H"} {
		if !undname.IsDecorated(name) {
			t.Errorf("not IsDecorated(%q)", name)
		}
	}
}

func TestDepthLimit(t *testing.T) {
	deep := map[string]string{
		"pointers":  "?x@@3" + strings.Repeat("PEA", 5000) + "HEA",
		"templates": "?x@@3" + strings.Repeat("V?$T@", 5000) + "H" + strings.Repeat("@@@", 5000) + "A",
		"functions": "?f@@YAX" + strings.Repeat("P6AX", 5000) + "X" + strings.Repeat("Z@", 5000) + "Z",
		"results":   "?f@@YA" + strings.Repeat("P6A", 5000) + "X" + strings.Repeat("XZ", 5000) + "XZ",
		"scopes":    strings.Repeat("?x@?1?", 5000) + "?f@@YAXXZ" + strings.Repeat("@4HA", 5000),
		"entities":  strings.Repeat("??$f@$1", 5000) + "?f@@YAXXZ" + strings.Repeat("@@YAXXZ", 5000),
		"values":    "??$f@" + "$" + strings.Repeat("6", 5000) + "@@YAXXZ",
		"nested":    strings.Repeat("?$", 5000),
	}
	for what, name := range deep {
		if !strings.HasPrefix(name, "?") || what == "nested" {
			name = "?x@@3V" + name
		}
		got, err := undname.Undecorate(name, undname.Full)
		if got != name || !errors.Is(err, undname.ErrLimit) {
			t.Errorf("%s: %.40q, %v", what, got, err)
		}
	}
	name := "?x@@3PEAPEAPEAHEA"
	if _, err := (undname.Options{MaxDepth: 3}).Undecorate(name); !errors.Is(err, undname.ErrLimit) {
		t.Errorf("MaxDepth 3: %v", err)
	}
	if got, err := (undname.Options{MaxDepth: 9}).Undecorate(name); got != "x" || err != nil {
		t.Errorf("MaxDepth 9: %q, %v", got, err)
	}
	name = "?x@@3" + strings.Repeat("PEA", 900) + "HEA"
	if _, err := undname.Undecorate(name, undname.Full); err != nil {
		t.Errorf("900 levels: %v", err)
	}
}

// explosion is a name of some hundred bytes of which the text would be 10 to
// the power of 10 times as long: each parameter repeats the one before.
func explosion() string {
	var b strings.Builder
	b.WriteString("?f@@YAXPEAH")
	for digit := '0'; digit < '9'; digit++ {
		b.WriteString("P6AX" + strings.Repeat(string(digit), 10) + "@Z")
	}
	return b.String() + "@Z"
}

func TestLengthLimit(t *testing.T) {
	name := explosion() // without the limit, this would take years
	got, err := undname.Undecorate(name, undname.Full)
	if got != name || !errors.Is(err, undname.ErrLimit) {
		t.Errorf("%.40q, %v", got, err)
	}
	inTemplate := "??$g@" + strings.TrimSuffix(strings.TrimPrefix(name, "?f@@YAX"), "@Z") + "@@YAXXZ"
	if got, err := undname.Undecorate(inTemplate, undname.Name); got != inTemplate || err == nil {
		t.Errorf("%.40q, %v", got, err)
	}
	if _, err := (undname.Options{MaxLength: 5}).Undecorate("?abcdef@@YAXXZ"); !errors.Is(err, undname.ErrLimit) {
		t.Errorf("MaxLength 5: %v", err)
	}
	if got, err := (undname.Options{MaxLength: 6}).Undecorate("?abcdef@@YAXXZ"); got != "abcdef" || err != nil {
		t.Errorf("MaxLength 6: %q, %v", got, err)
	}
	long := "?x@@3Y" + "BAAA@" + strings.Repeat("A@", 4096) + "HA"
	if _, err := undname.Undecorate(long, undname.Full); err != nil {
		t.Errorf("4096 dimensions: %v", err)
	}
	if _, err := undname.Undecorate("?x@@3YPPPPPPPPPPPPPPPP@HA", undname.Full); err == nil {
		t.Error("an array of 2^64-1 dimensions")
	}
}

func TestAppend(t *testing.T) {
	buf := []byte("lead ")
	buf, err := undname.AppendUndecorated(buf, "?f@@YAXXZ", undname.Full)
	if string(buf) != "lead void __cdecl f(void)" || err != nil {
		t.Errorf("%q, %v", buf, err)
	}
	buf, err = undname.AppendUndecorated(buf[:5], "?f@@YAX", undname.Full)
	if string(buf) != "lead ?f@@YAX" || err == nil {
		t.Errorf("%q, %v", buf, err)
	}
	buf, err = undname.Options{MaxLength: 3}.AppendUndecorated(buf[:5], "?four@@YAXXZ")
	if string(buf) != "lead ?four@@YAXXZ" || err == nil {
		t.Errorf("%q, %v", buf, err)
	}
	for _, n := range benchmarkNames {
		allocs := testing.AllocsPerRun(100, func() {
			buf, _ = undname.AppendUndecorated(buf[:0], n.decorated, undname.Full)
		})
		if allocs > 1 {
			t.Errorf("%s: %v allocations", n.name, allocs)
		}
	}
}

func TestStyleString(t *testing.T) {
	if undname.Name.String() != "name" || undname.Full.String() != "full" {
		t.Error(undname.Name, undname.Full)
	}
}
