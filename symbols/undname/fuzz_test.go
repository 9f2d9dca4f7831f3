package undname_test

import (
	"errors"
	"testing"

	"github.com/handletrace/handletrace/symbols/undname"
)

func FuzzUndecorate(f *testing.F) {
	for _, test := range nameTests {
		f.Add(test.name)
	}
	for _, row := range readTable(f, "extra.tsv") {
		f.Add(row[0])
	}
	for i, row := range readTable(f, "llvm.tsv") {
		if i%4 == 0 {
			f.Add(row[0])
		}
	}
	f.Add(explosion())
	f.Fuzz(func(t *testing.T, name string) {
		for _, o := range []undname.Options{
			{},
			{Style: undname.Full},
			{Ptr64: true, MaxDepth: 20, MaxLength: 100},
		} {
			got, err := o.Undecorate(name)
			var syntax *undname.SyntaxError
			switch {
			case err != nil && got != name:
				t.Errorf("%q, %v: not unchanged", got, err)
			case err != nil && !errors.As(err, &syntax):
				t.Errorf("%T", err)
			case err != nil && (syntax.Offset < 0 || syntax.Offset > len(name)):
				t.Errorf("offset %d", syntax.Offset)
			case err == nil && len(got) > max(o.MaxLength, 1<<16):
				t.Errorf("%d bytes of text", len(got))
			}
			if again, err2 := o.AppendUndecorated([]byte("x"), name); string(again) != "x"+got || (err == nil) != (err2 == nil) {
				t.Errorf("AppendUndecorated: %q, %v; Undecorate: %q, %v", again, err2, got, err)
			}
		}
		if public := undname.PublicName(name, true); name != "" && public == "" {
			t.Error("PublicName: nothing left")
		}
		if c := undname.CName(name, true); len(c) > len(name) {
			t.Errorf("CName: %q", c)
		}
	})
}
