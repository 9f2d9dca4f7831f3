package symstore

import (
	"slices"
	"strings"
	"testing"
)

// One line for each form that "Using SymSrv", "Symbol path for Windows
// debuggers" and "Symbol Paths" describe, and for each that people write.
var pathCases = []struct {
	text string
	want string // the path as it is understood
	warn string // in the only warning; empty for none
}{
	// Nothing.
	{"", "", ""},
	{";", "", ""},
	{"  ;; ; ", "", ""},
	{`"";" "`, "", ""},
	// Folders.
	{`/symbols`, `/symbols`, ""},
	{`symbols`, `symbols`, ""},
	{`.`, `.`, ""},
	{`..\build`, `..\build`, ""},
	{`/symbols/`, `/symbols/`, ""},
	{` /a ; /b `, `/a;/b`, ""},
	{`/a;/b;/c`, `/a;/b;/c`, ""},
	{`;/a;;/b;`, `/a;/b`, ""},
	{`"/with blanks";/b`, `/with blanks;/b`, ""},
	{`/with blanks`, `/with blanks`, ""},
	{`C:\Symbols`, `C:\Symbols`, ""},
	{`c:\a;d:\b`, `c:\a;d:\b`, ""},
	{`\\server\share\symbols`, `\\server\share\symbols`, ""},
	{`/ünïcödé`, `/ünïcödé`, ""},
	{`/srv`, `/srv`, ""},
	{`srv`, `srv`, ""},
	{`/a;/a`, `/a;/a`, ""},
	// Servers.
	{`srv*`, `srv*`, ""},
	{`SRV*`, `srv*`, ""},
	{`Srv* `, `srv*`, ""},
	{`srv**`, `srv**`, ""},
	{`srv*/store`, `srv*/store`, ""},
	{`srv*\\server\store`, `srv*\\server\store`, ""},
	{`srv*/near*/far`, `srv*/near*/far`, ""},
	{`srv*c:\cache*\\server\store*https://host/symbols`, `srv*c:\cache*\\server\store*https://host/symbols`, ""},
	{`SRV*/cache*https://msdl.microsoft.com/download/symbols`, `srv*/cache*https://msdl.microsoft.com/download/symbols`, ""},
	{`srv*https://host/symbols`, `srv*https://host/symbols`, ""},
	{`srv*http://host:8080/a/b/`, `srv*http://host:8080/a/b/`, ""},
	{`srv*HTTPS://Host/Symbols`, `srv*HTTPS://Host/Symbols`, ""},
	{`srv**https://host/symbols`, `srv**https://host/symbols`, ""},
	{`srv*/a**https://host/symbols`, `srv*/a**https://host/symbols`, ""},
	{`srv*/a*`, `srv*/a*`, ""},
	{`srv***https://host/symbols`, `srv**https://host/symbols`, ""},
	{`srv* /a * https://host/symbols `, `srv*/a*https://host/symbols`, ""},
	{`srv*"/a b"*https://host/symbols`, `srv*/a b*https://host/symbols`, ""},
	{`srv*/a*https://host/symbols?sig=secret&se=1`, `srv*/a*https://host/symbols?sig=secret&se=1`, ""},
	{`srv*/1*/2*/3*/4*/5*/6*/7*/8*/9*/10`, `srv*/1*/2*/3*/4*/5*/6*/7*/8*/9*/10`, ""},
	{`srv*/1*/2*/3*/4*/5*/6*/7*/8*/9*/10*/11`, `srv*/1*/2*/3*/4*/5*/6*/7*/8*/9*/10`, "10 stores at most"},
	{`srv*https://host/symbols*/a`, `srv*https://host/symbols*/a`, "last of its chain"},
	{`/a;srv*/b*https://host/symbols;/c`, `/a;srv*/b*https://host/symbols;/c`, ""},
	// symsrv.
	{`symsrv*symsrv.dll*/a*https://host/symbols`, `srv*/a*https://host/symbols`, ""},
	{`SYMSRV*SymSrv.DLL*/a`, `srv*/a`, ""},
	{`symsrv*symsrv.dll`, `srv*`, ""},
	{`symsrv*symsrv.dll*`, `srv*`, ""},
	{`symsrv*c:\debuggers\symsrv.dll*/a`, `srv*/a`, ""},
	{`symsrv*other.dll*/a`, ``, "only symsrv.dll"},
	{`symsrv*`, ``, "only symsrv.dll"},
	{`symsrv*symsrv.dll**https://host`, `srv**https://host`, ""},
	// Caches.
	{`cache*`, `cache*`, ""},
	{`CACHE*`, `cache*`, ""},
	{`cache*/c`, `cache*/c`, ""},
	{`cache*c:\c;srv*https://host/symbols`, `cache*c:\c;srv*https://host/symbols`, ""},
	{`cache*/c;\\server\symbols`, `cache*/c;\\server\symbols`, ""},
	{`cache*/c;cache*/d;/e`, `cache*/c;cache*/d;/e`, ""},
	{`cache*/c*/d`, `cache*/c`, "one folder"},
	{`cache*https://host/symbols`, ``, "not a server"},
	{`cache*;SRV*https://msdl.microsoft.com/download/symbols`, `cache*;srv*https://msdl.microsoft.com/download/symbols`, ""},
	// URLs.
	{`https://host/symbols`, `srv*https://host/symbols`, ""},
	{`http://127.0.0.1:1/`, `srv*http://127.0.0.1:1/`, ""},
	{`file:///srv/symbols`, `/srv/symbols`, ""},
	{`file:///srv/with%20blank`, `/srv/with blank`, ""},
	{`file://localhost/srv`, `/srv`, ""},
	{`file:///C:/symbols`, `C:\symbols`, ""},
	{`file://server/share/a`, `\\server\share\a`, ""},
	{`srv*/a*file:///b`, `srv*/a*/b`, ""},
	{`file://`, ``, "no URL"},
	{`ftp://host/symbols`, ``, "ftp is not supported"},
	{`srv*/a*s3://bucket/symbols`, `srv*/a`, "s3 is not supported"},
	{`srv*https://user:word@host/symbols`, ``, "netrc"},
	{`srv*/a*https://user:w%40rd@host/symbols`, `srv*/a`, "netrc"},
	{`srv*https:///symbols`, ``, "no URL"},
	{`srv*https://host:port/symbols`, ``, "no URL"},
	// What is not understood.
	{`foo*/a`, ``, "only after srv"},
	{`*`, ``, "only after srv"},
	{`**/a`, ``, "only after srv"},
	{`/a*/b`, ``, "only after srv"},
	{`sympath /a`, `sympath /a`, ""},
	{`%LOCALAPPDATA%\symbols;/a`, `/a`, "%LOCALAPPDATA%"},
	{`srv*%TEMP%*https://host/symbols`, `srv*https://host/symbols`, "%TEMP%"},
	{`/100%`, `/100%`, ""},
}

func TestParse(t *testing.T) {
	for _, c := range pathCases {
		p := Parse(c.text)
		if got := p.String(); got != c.want {
			t.Errorf("%q is understood as %q, want %q", c.text, got, c.want)
		}
		switch {
		case c.warn == "" && len(p.Warnings) > 0:
			t.Errorf("%q: warnings %q", c.text, p.Warnings)
		case c.warn != "" && (len(p.Warnings) != 1 || !strings.Contains(p.Warnings[0], c.warn)):
			t.Errorf("%q: warnings %q, want one with %q", c.text, p.Warnings, c.warn)
		}
		if again := Parse(p.String()); again.String() != p.String() {
			t.Errorf("%q prints as %q, which reads as %q", c.text, p, again)
		}
	}
}

// What a path may hold that is secret is in no warning.
func TestWarningsKeepSecrets(t *testing.T) {
	for _, text := range []string{
		`srv*/a*https://user:hunter2@host/symbols`,
		`srv*https://user:hun?ter2@host/symbols`,
		`srv*https://host/symbols?sig=hunter2*/a`,
		`foo*https://host/?hunter2`,
		`cache*https://u:hunter2@host/`,
		`ftp://u:hunter2@host/`,
		`https://u:p@hunter2@host/`,
	} {
		for _, w := range Parse(text).Warnings {
			if strings.Contains(w, "hunter2") || strings.Contains(w, "ter2") {
				t.Errorf("%q: %s", text, w)
			}
		}
	}
}

func TestFromEnvironment(t *testing.T) {
	env := map[string]string{"_NT_SYMBOL_PATH": "srv*", "_NT_ALT_SYMBOL_PATH": " /first "}
	if got := FromEnvironment(func(name string) string { return env[name] }); got != "/first;srv*" {
		t.Errorf("got %q", got)
	}
	if got := FromEnvironment(func(string) string { return "" }); got != "" {
		t.Errorf("of an empty environment got %q", got)
	}
	home := func(name string) string { return map[string]string{"DBGHELP_HOMEDIR": "/dbg"}[name] }
	if got, err := DefaultStore(home); err != nil || !strings.HasSuffix(strings.ReplaceAll(got, `\`, "/"), "/dbg/sym") {
		t.Errorf("the default store is %q, %v", got, err)
	}
}

func TestMapPath(t *testing.T) {
	folders := map[string]string{`C:\`: "/mnt/c", `c:\symbols`: "/symbols", `\\Server\Share`: "/share", "D:": "/mnt/d"}
	for location, want := range map[string]string{
		`C:\a\b`:             "/mnt/c/a/b",
		`c:/a`:               "/mnt/c/a",
		`C:\Symbols\x`:       "/symbols/x",
		`C:\SymbolsOther`:    "/mnt/c/SymbolsOther",
		`\\server\share\a`:   "/share/a",
		`//server/share/a`:   "/share/a",
		`d:\`:                "/mnt/d",
		`D:\.\a`:             "/mnt/d/a",
		`\\server\other\a`:   "",
		`E:\a`:               "",
		`C:\a\..\..\etc`:     "",
		`\\server\share\..`:  "",
		`\server\share\file`: "",
	} {
		got, ok := mapPrefix(location, folders)
		got = strings.ReplaceAll(got, `\`, "/")
		if ok != (want != "") || got != want {
			t.Errorf("%s leads to %q, want %q", location, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range pathCases {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p := Parse(text)
		again := Parse(p.String())
		same := func(a, b Element) bool { return a.Kind == b.Kind && slices.Equal(a.Locations, b.Locations) }
		if !slices.EqualFunc(p.Elements, again.Elements, same) {
			t.Errorf("%q prints as %q, which reads as %q", text, p, again)
		}
	})
}
