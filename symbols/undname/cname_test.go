package undname_test

import (
	"testing"

	"github.com/handletrace/handletrace/symbols/undname"
)

var cNameTests = []struct{ name, x86, x64, public86, public64 string }{
	{"_main", "main", "_main", "main", "main"},
	{"_std2@8", "std2", "_std2@8", "std2", "std2@8"},
	{"@fast2@8", "fast2", "@fast2@8", "fast2", "@fast2@8"},
	{"vec1@@4", "vec1", "vec1", "vec1", "vec1"},
	{"_vec1@@4", "_vec1", "_vec1", "_vec1", "_vec1"},
	{"main", "main", "main", "main", "main"},
	{"__chkstk", "_chkstk", "__chkstk", "_chkstk", "_chkstk"},
	{"__C_specific_handler", "_C_specific_handler", "__C_specific_handler", "_C_specific_handler", "_C_specific_handler"},
	{"__RtlUserThreadStart@8", "_RtlUserThreadStart", "__RtlUserThreadStart@8", "_RtlUserThreadStart", "_RtlUserThreadStart@8"},
	{"@_EH4_TransferToHandler@8", "_EH4_TransferToHandler", "@_EH4_TransferToHandler@8", "_EH4_TransferToHandler", "@_EH4_TransferToHandler@8"},
	{"__IMPORT_DESCRIPTOR_KERNEL32", "_IMPORT_DESCRIPTOR_KERNEL32", "__IMPORT_DESCRIPTOR_KERNEL32", "_IMPORT_DESCRIPTOR_KERNEL32", "_IMPORT_DESCRIPTOR_KERNEL32"},
	{"__imp__CloseHandle@4", "_imp__CloseHandle", "__imp__CloseHandle@4", "_imp__CloseHandle", "_imp__CloseHandle@4"},
	{"__imp_?f@ns@@YAXXZ", "_imp_?f@ns@@YAXXZ", "__imp_?f@ns@@YAXXZ", "_imp_ns::f", "_imp_ns::f"},
	{"?f@ns@@YAXXZ", "?f@ns@@YAXXZ", "?f@ns@@YAXXZ", "ns::f", "ns::f"},
	{"?broken", "?broken", "?broken", "?broken", "?broken"},
	{"_", "_", "_", "_", "_"}, {"@", "@", "@", "@", "@"}, {"", "", "", "", ""},
	{"@8", "@8", "@8", "@8", "@8"}, {"@@8", "@@8", "@@8", "@@8", "@@8"}, {"_@8", "_@8", "_@8", "@8", "@8"},
	{"a@", "a@", "a@", "a@", "a@"}, {"a8", "a8", "a8", "a8", "a8"}, {"12", "12", "12", "12", "12"},
	{"f@8", "f@8", "f@8", "f@8", "f@8"},
}

func TestCName(t *testing.T) {
	for _, test := range cNameTests {
		if got := undname.CName(test.name, true); got != test.x86 {
			t.Errorf("CName(%q, x86) = %q, want %q", test.name, got, test.x86)
		}
		if got := undname.CName(test.name, false); got != test.x64 {
			t.Errorf("CName(%q, x64) = %q, want %q", test.name, got, test.x64)
		}
		if got := undname.PublicName(test.name, true); got != test.public86 {
			t.Errorf("PublicName(%q, x86) = %q, want %q", test.name, got, test.public86)
		}
		if got := undname.PublicName(test.name, false); got != test.public64 {
			t.Errorf("PublicName(%q, x64) = %q, want %q", test.name, got, test.public64)
		}
	}
}
