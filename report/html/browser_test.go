package html

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// In a browser the page draws its timeline, opens the finding and shows the
// value that its address names, and complains of nothing. It needs Chromium or
// a relative of it:
//
//	HANDLETRACE_CHROMIUM=chromium go test ./report/html
func TestInBrowser(t *testing.T) {
	browser := os.Getenv("HANDLETRACE_CHROMIUM")
	if browser == "" {
		return // there is none on most machines
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, []byte(write(t, labInput(t))), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		fragment string
		want     *regexp.Regexp
	}{
		{"", regexp.MustCompile(`(\d+) of (\d+) values, \d+ lives`)},
		{"", regexp.MustCompile(`<details class="finding certain" id="finding-0-1" data-number="1" open`)},
		{"#finding-0-3", regexp.MustCompile(`<details class="finding certain" id="finding-0-3" data-number="3" open`)},
		{"#0xcc", regexp.MustCompile(`>1 of \d+ values, \d+ lives`)},
		{"", regexp.MustCompile(`aria-pressed="false"[^>]*><svg`)},
	} {
		cmd := exec.Command(browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--enable-logging=stderr",
			"--user-data-dir="+t.TempDir(), "--dump-dom", "file://"+file+c.fragment)
		var page, messages bytes.Buffer
		cmd.Stdout, cmd.Stderr = &page, &messages
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v\n%s", err, &messages)
		}
		if !c.want.MatchString(page.String()) {
			t.Errorf("with %q the page has nothing like %v", c.fragment, c.want)
		}
		for line := range strings.Lines(messages.String()) {
			if strings.Contains(line, "CONSOLE") {
				t.Errorf("with %q the console has %s", c.fragment, line)
			}
		}
	}
}
