package pe

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var storageClasses = map[uint8]string{2: "External", 3: "Static", 103: "File"}

func TestSymbolsAgainstReadobj(t *testing.T) {
	m := fileImage(t, readTestFile(t, "gnu.dll"))
	sections := m.Sections()
	seq, err := m.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for s, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		where := map[int16]string{0: "IMAGE_SYM_UNDEFINED", -1: "IMAGE_SYM_ABSOLUTE", -2: "IMAGE_SYM_DEBUG"}[s.SectionNumber]
		if where == "" {
			where = sections[s.SectionNumber-1].Name
		}
		got = append(got, fmt.Sprintf("%d %s %s %s", s.Value, where, storageClasses[s.StorageClass], s.Name))
		if s.Name == "hidden" {
			if rva, ok := s.RVA(sections); !ok || rva != 0x1030 {
				t.Errorf("hidden at %#x, %v", rva, ok)
			}
		}
	}
	var want []string
	for _, f := range lines(t, "gnu.symbols") {
		want = append(want, strings.Join(f, " "))
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("got\n%s\nwant\n%s", g, w)
	}
}

func TestNoSymbols(t *testing.T) {
	if _, err := fileImage(t, readTestFile(t, "x64.dll")).Symbols(); !errors.Is(err, ErrNoSymbols) {
		t.Error(err)
	}
	if _, err := loaded(t, readTestFile(t, "gnu.dll")).Symbols(); !errors.Is(err, ErrNoSymbols) {
		t.Error(err)
	}
}

func TestSymbolsCutOff(t *testing.T) {
	data := readTestFile(t, "gnu.dll")
	at := fileImage(t, data).headers.pointerToSymbolTable
	seq, err := fileImage(t, data[:at+20]).Symbols()
	if err != nil {
		t.Fatal(err)
	}
	n, failed := 0, 0
	for _, err := range seq {
		n++
		var e *FormatError
		if errors.As(err, &e) {
			failed++
		}
	}
	if n != 2 || failed != 1 {
		t.Errorf("%d results, %d errors", n, failed)
	}
}
