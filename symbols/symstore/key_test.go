package symstore

import (
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	const guid = "3249D99D0C4049318610F4E4FB0B6936"
	k, err := PDBKey(`d:\build\x64/ntdll.pdb`, guid+"1")
	if err != nil || k.String() != "ntdll.pdb/"+guid+"1/ntdll.pdb" {
		t.Errorf("got %v, %v", k, err)
	}
	k, err = ImageKey(`C:\Windows\System32\ntdll.dll`, 0x63e6c7f7, 0x8000)
	if err != nil || k.String() != "ntdll.dll/63E6C7F78000/ntdll.dll" {
		t.Errorf("got %v, %v", k, err)
	}
	k, err = ImageKey("a.dll", 0x1f, 0xC2000)
	if err != nil || k.Index != "0000001Fc2000" {
		t.Errorf("got %v, %v", k, err)
	}
	for name, want := range map[string]string{"ab.pdb": "ab", "a.pdb": "a", "äb.pdb": "äb", "x": "x"} {
		if got := (Key{Folder: name}).prefix(); got != want {
			t.Errorf("%s is in %s of a store of three tiers, want %s", name, got, want)
		}
	}
	for name, want := range map[string]string{"a.pdb": "a.pd_", "b.dll": "b.dl_", "ö": "_", "noext": "noex_"} {
		if got := packedName(name); got != want {
			t.Errorf("%s is %s when compressed, want %s", name, got, want)
		}
	}
}

// Names and identifiers are an attacker's.
func TestUnsafeNames(t *testing.T) {
	const id = "3249D99D0C4049318610F4E4FB0B69361"
	for _, name := range []string{
		"", ".", "..", "...", `C:\`, `a\..`, `a/`, " ", ". .", "..a.pdb", ".a", "a:b.pdb", "a.pdb:stream", "C:a.pdb", "con", "CON.pdb", "nul.pdb", "Com1.pdb", "lpt9", "com¹.pdb", "conin$", "aux .pdb",
		"a\x00.pdb", "a\n.pdb", "a*.pdb", "a?.pdb", `a".pdb`, "a<b", "a>b", "a|b", "\xff\xfe.pdb", strings.Repeat("a", 300),
	} {
		if k, err := PDBKey(name, id); err == nil {
			t.Errorf("%q gives %v", name, k)
		}
		if _, err := ImageKey(name, 1, 1); err == nil {
			t.Errorf("%q gives a key of an image", name)
		}
	}
	for path, want := range map[string]string{
		`..\..\..\evil.pdb`: "evil.pdb", `\\server\share\evil.pdb`: "evil.pdb", "/etc/evil.pdb": "evil.pdb", `\\?\C:\evil.pdb`: "evil.pdb",
		"trailing.pdb. .": "trailing.pdb", "communicator.pdb": "communicator.pdb", "com10.pdb": "com10.pdb", "ünï.pdb": "ünï.pdb", "a b.pdb": "a b.pdb",
	} {
		if k, err := PDBKey(path, id); err != nil || k.File != want || k.Folder != want {
			t.Errorf("%q gives %v, %v", path, k, err)
		}
	}
	for _, bad := range []string{"", "1234", "../../../../etc", "3249D99D0C4049318610F4E4FB0B6936Z", strings.Repeat("0", 65), "12345678/../9"} {
		if k, err := PDBKey("a.pdb", bad); err == nil {
			t.Errorf("the identifier %q gives %v", bad, k)
		}
	}
	if _, err := new(Locator).Find(t.Context(), Key{Folder: "..", Index: "..", File: "passwd"}); err == nil {
		t.Error("a key that was not made by this package was looked up")
	}
}

// Whatever a dump calls a file, its key stays within a store.
func FuzzKeys(f *testing.F) {
	f.Add(`C:\build\app.pdb`, "3249D99D0C4049318610F4E4FB0B69361")
	f.Add(`..\..`, "../../123456789")
	f.Add("..E", "123456789") // ".." is the folder in a store of three tiers
	f.Fuzz(func(t *testing.T, name, id string) {
		for _, k := range keysOf(name, id) {
			for _, part := range []string{k.Folder, k.Index, k.File, k.prefix(), packedName(k.File)} {
				if part == "" || part == "." || part == ".." || strings.ContainsAny(part, "/\\:\x00") {
					t.Errorf("%q and %q give %v", name, id, k)
				}
			}
		}
	})
}

func keysOf(name, id string) []Key {
	var list []Key
	if k, err := PDBKey(name, id); err == nil {
		list = append(list, k)
	}
	if k, err := BreakpadKey(name, id); err == nil {
		list = append(list, k)
	}
	if k, err := ImageKey(name, 1, 2); err == nil {
		list = append(list, k)
	}
	if k, err := BuildIDKey(id, "executable"); err == nil {
		list = append(list, k)
	}
	return list
}
