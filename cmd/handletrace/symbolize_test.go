package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

func TestUndname(t *testing.T) {
	const vector = "??1?$vector@HV?$allocator@H@std@@@std@@QEAA@XZ"
	if got, want := command(t, exitClean, "undname", vector, "plain"), "std::vector<int,std::allocator<int> >::~vector<int,std::allocator<int> >\nplain\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, want := range map[string]string{
		"_ZNSt6vectorIiSaIiEE9push_backERKi":             "std::vector<int, std::allocator<int> >::push_back\n",
		"_ZN4core3fmt9Formatter3pad17h0123456789abcdefE": "core::fmt::Formatter::pad\n",
		"_RNvNtCs1234_7mycrate3foo3bar":                  "mycrate::foo::bar\n",
		"_Zebra":                                         "_Zebra\n",
	} {
		if got := command(t, exitClean, "undname", name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	var out, errs bytes.Buffer
	in := strings.NewReader("?f@@YAHH@Z\r\n\n?broken@")
	if status := run(context.Background(), []string{"undname", "--style", "full"}, in, &out, &errs); status != exitClean {
		t.Fatalf("exit status %d: %s", status, errs.String())
	}
	if got, want := out.String(), "int __cdecl f(int)\n\n?broken@\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The addresses are answered in the order asked, whatever is known of them.
func TestSymbolize(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	got := command(t, exitClean, "symbolize", dump, "0x1", "140001000", "00000001`400019f7")
	if want := "0x1\n0x140001000: handlelab+0x1000\n0x1400019f7: handlelab+0x19f7\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	pdb := filepath.Join(lab, "x64", "legacy.pdb")
	got = command(t, exitClean, "symbolize", "--module", pdb, "--json", "1094", "ffffffff")
	lines := strings.Split(got, "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], `"function":"LegacyCleanup_CloseEvent"`) || !strings.Contains(lines[0], `"line":`) || lines[1] != `{"address":"0xffffffff","frames":[]}` {
		t.Errorf("got\n%s", got)
	}
	got = command(t, exitClean, "symbolize", "--symbols", filepath.Join(lab, "x64"), dump, "140001900")
	if !strings.Contains(got, "workers.c:") {
		t.Errorf("got %s", got)
	}
	commandBoth(t, exitFailed, "symbolize")
	commandBoth(t, exitFailed, "symbolize", dump, "xyz")
	commandBoth(t, exitFailed, "symbolize", "--module", dump, "1000")
}
