package symbols

import "testing"

func TestPlainName(t *testing.T) {
	for path, want := range map[string]string{
		`C:\build\app.pdb`:        "app.pdb",
		"/build/app.pdb":          "app.pdb",
		"app.pdb":                 "app.pdb",
		`C:\build\..`:             "",
		"":                        "",
		".":                       "",
		"... ":                    "",
		`C:\build\`:               "",
		`\\server\share\a:stream`: "",
		"a\x00b.pdb":              "",
		"*.pdb":                   "",
		`\\.\pipe\CON|x`:          "",
		"größe.pdb":               "größe.pdb",
	} {
		if got := plainName(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
	if plainID("../../x") != "" || plainID("0A1b") != "0A1b" {
		t.Error("an identifier that is none was let through")
	}
}
