package main

import (
	"strings"
	"testing"
)

// Every format takes files that could not be read among others, and says
// something of those that could.
func TestFormatsOfSeveralFiles(t *testing.T) {
	args := []string{labDump(t, "healthy-x64"), "none.dmp", written(t, "s.dmp", built(doubleClose...).Bytes()), t.TempDir()}
	for name := range formats {
		t.Run(name, func(t *testing.T) {
			stdout, stderr := commandBoth(t, exitFailed, append([]string{"analyze", "--format", name}, args...)...)
			const gzip = "\x1f\x8b"
			if stdout == "" {
				t.Error("nothing is written")
			} else if !strings.HasPrefix(stdout, gzip) {
				expect(t, stdout, "s.dmp", "double-close")
			}
			expect(t, stderr, "none.dmp", "is a directory")
		})
	}
}
