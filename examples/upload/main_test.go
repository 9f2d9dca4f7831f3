package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

func TestUpload(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dump, err := os.ReadFile("../../testdata/handlelab/handlelab-x64.dmp")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(newService(int64(len(dump)), 1))
	defer server.Close()
	for _, c := range []struct {
		name   string
		body   []byte
		status int
		rule   string
	}{
		{"a dump", dump, http.StatusOK, "stolen-close"},
		{"a damaged dump", dump[:100], http.StatusUnprocessableEntity, ""},
		{"no dump", []byte("GIF89a"), http.StatusUnprocessableEntity, ""},
		{"nothing", nil, http.StatusUnprocessableEntity, ""},
		{"too large", append(dump, 0), http.StatusRequestEntityTooLarge, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := http.Post(server.URL+"/analyze", "application/octet-stream", bytes.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			var a answer
			if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
				t.Fatal(err)
			}
			if res.StatusCode != c.status || (a.Error == "") != (c.status == http.StatusOK) {
				t.Errorf("status %d (%q), want %d", res.StatusCode, a.Error, c.status)
			}
			if c.rule != "" && (len(a.Findings) == 0 || a.Findings[0].Rule != c.rule || a.Findings[0].Confidence != "certain") {
				t.Errorf("findings %+v, want a certain %s first", a.Findings, c.rule)
			}
		})
	}
	if left, _ := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "*.dmp")); len(left) > 0 {
		t.Errorf("dumps stay behind: %v", left)
	}
}
