package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/minidump/minidumptest"
	"github.com/handletrace/handletrace/symbols/pe"
	"github.com/handletrace/handletrace/symbols/symstore"
)

// Where a dump has no memory of a module, its exports come from the image that
// a server has.
func TestImageFromServer(t *testing.T) {
	const dll = "x64.dll"
	path := filepath.Join("..", "..", "symbols", "pe", "testdata", dll)
	img, err := pe.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	key, err := symstore.ImageKey(dll, img.TimeDateStamp, img.SizeOfImage)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/"+key.String() {
			http.ServeFile(w, r, path)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(server.Close)

	const base = 0x7ff600000000
	b := minidumptest.New(minidump.ProcessorArchitectureAMD64)
	b.AddModule(minidumptest.Module{Base: base, Size: img.SizeOfImage, Name: `C:\app\` + dll, TimeDateStamp: img.TimeDateStamp})
	dump := filepath.Join(t.TempDir(), "app.dmp")
	if err := b.WriteFile(dump); err != nil {
		t.Fatal(err)
	}
	symbols := "srv*" + t.TempDir() + "*" + server.URL
	address := fmt.Sprintf("%#x", uint64(base+0x1062))
	if got := command(t, exitClean, "symbolize", "--symbols", symbols, dump, address); !strings.Contains(got, "x64!Leaf+0x2") {
		t.Errorf("got %s", got)
	}
	if got := command(t, exitClean, "symbols", "list", "--offline", "--symbols", symbols, dump); !strings.Contains(got, "export symbols only") {
		t.Errorf("got %s", got)
	}
	// The dump lacks the module's memory, so its image is fetched unasked.
	if got := command(t, exitClean, "symbols", "fetch", "--offline", "--symbols", symbols, dump); !strings.Contains(got, key.String()) {
		t.Errorf("got %s", got)
	}
	if _, err := os.Stat(filepath.Join(strings.Split(symbols, "*")[1], filepath.FromSlash(key.String()))); err != nil {
		t.Error(err)
	}
}
