package pe

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

// The GUIDs and paths are those of testdata/*.readobj.
func TestCodeView(t *testing.T) {
	for _, name := range []string{"x64", "x86", "arm64", "arm"} {
		want := map[string]string{}
		for _, f := range lines(t, name+".readobj") {
			if len(f) == 2 {
				want[f[0]] = f[1]
			}
		}
		bothLayouts(t, name, func(t *testing.T, m *Image) {
			cv, err := m.CodeView()
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprintf("{%s}", cv.GUID); got != want["PDBGUID:"] || cv.Path != want["PDBFileName:"] || cv.Age != 1 || cv.Kind != "RSDS" {
				t.Errorf("%+v %s, want %v", cv, got, want)
			}
			entries, err := m.DebugDirectory()
			if err != nil || len(entries) != 2 || entries[1].Type.String() != "IMAGE_DEBUG_TYPE_REPRO" {
				t.Errorf("%+v %v", entries, err)
			}
		})
	}
	if _, err := fileImage(t, readTestFile(t, "gnu.dll")).CodeView(); !errors.Is(err, ErrNoCodeView) {
		t.Error(err)
	}
}

var guid = GUID{0x9d, 0xd9, 0x49, 0x32, 0x40, 0x0c, 0x31, 0x49, 0x86, 0x10, 0xf4, 0xe4, 0xfb, 0x0b, 0x69, 0x36}

func TestParseCodeView(t *testing.T) {
	rsds := append([]byte("RSDS"), guid[:]...)
	rsds = append(rsds, 20, 0, 0, 0)
	for _, c := range []struct {
		what string
		data []byte
		want CodeView
		id   string
	}{
		{"RSDS", append(slices.Clone(rsds), "C:\\a b.pdb\x00rest"...), CodeView{Kind: "RSDS", GUID: guid, Age: 20, Path: `C:\a b.pdb`}, "3249D99D0C4049318610F4E4FB0B693614"},
		{"no NUL", append(slices.Clone(rsds), "a.pdb"...), CodeView{Kind: "RSDS", GUID: guid, Age: 20, Path: "a.pdb"}, "3249D99D0C4049318610F4E4FB0B693614"},
		{"no path", rsds, CodeView{Kind: "RSDS", GUID: guid, Age: 20}, "3249D99D0C4049318610F4E4FB0B693614"},
		{"NB10", []byte("NB10\x00\x00\x00\x00\xf2\x40\xa8\x37\x1f\x00\x00\x00msvcrt.pdb\x00"), CodeView{Kind: "NB10", Signature: 0x37a840f2, Age: 31, Path: "msvcrt.pdb"}, "37A840F21f"},
		{"NB09", []byte("NB09\x08\x00\x00\x00"), CodeView{Kind: "NB09", Offset: 8}, ""},
	} {
		cv, err := ParseCodeView(c.data)
		if err != nil || cv != c.want || cv.DebugID() != c.id {
			t.Errorf("%s: %+v %s, %v", c.what, cv, cv.DebugID(), err)
		}
	}
	for _, data := range []string{"", "RS", "RSDS", "RSDS1234", "NB10\x00\x00", "BpEL1234", "MPDB"} {
		var e *FormatError
		if cv, err := ParseCodeView([]byte(data)); !errors.As(err, &e) || cv != (CodeView{}) {
			t.Errorf("%q: %+v %v", data, cv, err)
		}
	}
	if cv := (CodeView{Kind: "RSDS", GUID: guid, Age: 1, Portable: true}); cv.DebugID() != "3249D99D0C4049318610F4E4FB0B6936FFFFFFFF" {
		t.Error(cv.DebugID())
	}
	if guid.String() != "3249D99D-0C40-4931-8610-F4E4FB0B6936" {
		t.Error(guid)
	}
}

func TestCodeID(t *testing.T) {
	h := Header{TimeDateStamp: 0x42D574E, SizeOfImage: 0xc2000}
	if h.CodeID() != "042D574Ec2000" {
		t.Error(h.CodeID())
	}
}

func TestDebugData(t *testing.T) {
	data := readTestFile(t, "x64.dll")
	m := fileImage(t, data)
	entries, _ := m.DebugDirectory()
	e := entries[0]
	whole, err := m.DebugData(e)
	if err != nil || len(whole) != int(e.SizeOfData) || string(whole[:4]) != "RSDS" {
		t.Errorf("%q %v", whole, err)
	}
	e.PointerToRawData = uint32(len(data)) - 2
	if part, err := m.DebugData(e); len(part) != 2 || err == nil {
		t.Errorf("past the end: %q %v", part, err)
	}
	mem := loaded(t, data)
	e.AddressOfRawData = 0
	if _, err := mem.DebugData(e); !errors.Is(err, ErrUnmapped) {
		t.Errorf("not loaded: %v", err)
	}
	// The page of the directory is absent.
	rdata := section(t, m, ".rdata")
	hole := loaded(t, data, [2]int64{int64(rdata.VirtualAddress), int64(rdata.VirtualAddress) + 0x1000})
	if cv, err := hole.CodeView(); !errors.Is(err, errHole) || cv.Kind != "" {
		t.Errorf("%+v %v", cv, err)
	}
}

func TestDebugTypeString(t *testing.T) {
	if s := IMAGE_DEBUG_TYPE_PERFMAP.String(); s != "IMAGE_DEBUG_TYPE_PERFMAP" {
		t.Error(s)
	}
	if s := IMAGE_DEBUG_TYPE_CODEVIEW.String(); s != "IMAGE_DEBUG_TYPE_CODEVIEW" {
		t.Error(s)
	}
	if s := DebugType(99).String(); s != "DebugType(99)" {
		t.Error(s)
	}
}
