package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/handletrace/handletrace/symbols"
	"github.com/handletrace/handletrace/symbols/pdb"
	"github.com/handletrace/handletrace/symbols/symstore"
)

// The symbol path of whoever runs the tests has no part in them.
func TestMain(m *testing.M) {
	for _, name := range []string{"_NT_SYMBOL_PATH", "_NT_ALT_SYMBOL_PATH"} {
		os.Unsetenv(name)
	}
	os.Exit(m.Run())
}

// labServer is a symbol server with the PDBs of the example, on this machine.
type labServer struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string
}

func newLabServer(t *testing.T) *labServer {
	t.Helper()
	files := make(map[string]string)
	pdbs, err := filepath.Glob(filepath.Join(lab, "x64", "*.pdb"))
	if err != nil || len(pdbs) == 0 {
		t.Fatalf("no PDBs (%v)", err)
	}
	for _, path := range pdbs {
		f, err := pdb.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		k, err := symstore.PDBKey(filepath.Base(path), f.DebugID())
		if err != nil {
			t.Fatal(err)
		}
		files["/"+k.String()] = path
		f.Close()
	}
	s := new(labServer)
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path)
		s.mu.Unlock()
		if path, ok := files[r.URL.Path]; ok {
			http.ServeFile(w, r, path)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// requests returns the paths that were asked for since the last call.
func (s *labServer) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

func TestSymbolsFetch(t *testing.T) {
	server := newLabServer(t)
	store := t.TempDir()
	path := "srv*" + store + "*" + server.URL
	dump := labDump(t, "handlelab-x64")
	manifest := strings.Fields(command(t, exitClean, "symbols", "fetch", "--manifest", dump))
	if len(server.requests()) > 0 || len(manifest) == 0 {
		t.Fatalf("the manifest is %q", manifest)
	}
	out := command(t, exitClean, "symbols", "fetch", "--symbols", path, dump)
	if !strings.HasSuffix(out, "11 of 11 files found\n") {
		t.Errorf("got %s", out)
	}
	asked := server.requests()
	slices.Sort(asked)
	slices.Sort(manifest)
	for i, name := range manifest {
		if i >= len(asked) || asked[i] != "/"+name {
			t.Fatalf("asked for %q, the manifest is %q", asked, manifest)
		}
		if _, err := os.Stat(filepath.Join(store, filepath.FromSlash(name))); err != nil {
			t.Error(err)
		}
	}
	if out := command(t, exitClean, "symbols", "fetch", "--manifest", "--breakpad", dump); !strings.Contains(out, "/handlelab.sym\n") {
		t.Errorf("got %s", out)
	}
	// What was fetched serves without the network, and has the lines.
	t.Setenv("_NT_SYMBOL_PATH", path)
	if out := command(t, exitFound, "analyze", "--offline", dump); !strings.Contains(out, "workers.c") {
		t.Errorf("got %s", out)
	}
	command(t, exitClean, "symbols", "fetch", "--offline", dump)
	if asked := server.requests(); len(asked) > 0 {
		t.Errorf("asked again for %q", asked)
	}
	// Images are not there: the rest is fetched, and the status says so.
	out = command(t, exitFound, "symbols", "fetch", "--images", "--json", dump)
	var got struct{ Modules []moduleJSON }
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	found, missing := 0, 0
	for _, m := range got.Modules {
		for _, f := range m.Files {
			if f.Error == "" {
				found++
			} else if missing++; f.Path != "" || len(f.Attempts) == 0 {
				t.Errorf("%+v", f)
			}
		}
	}
	if found != 11 || missing != len(got.Modules) {
		t.Errorf("%d found, %d missing", found, missing)
	}
}

func TestSymbolsList(t *testing.T) {
	server := newLabServer(t)
	store := t.TempDir()
	dump := labDump(t, "handlelab-x64")
	out := command(t, exitClean, "symbols", "list", "--symbols", "srv*"+store+"*"+server.URL, dump)
	for _, want := range []string{
		"0x140000000 handlelab.exe: private PDB (" + store,
		"    handlelab.pdb/4BE7397FC708A3384C4C44205044422E1/handlelab.pdb\n",
		"        " + store + ": not there\n",
		"        " + server.URL + "/handlelab.pdb/4BE7397FC708A3384C4C44205044422E1/handlelab.pdb: found\n",
		"ntdll.dll: export symbols only: the module names no PDB",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the list lacks %q:\n%s", want, out)
		}
	}
	var got struct{ Modules []moduleJSON }
	if err := json.Unmarshal([]byte(command(t, exitClean, "symbols", "list", "--stacks", "--json", "--offline", "--symbols", store, dump)), &got); err != nil {
		t.Fatal(err)
	}
	names := make(map[string]string)
	for _, m := range got.Modules {
		names[m.Name] = m.Symbols
	}
	if names["handlelab.exe"] != string(symbols.StatePrivatePDB) || names["msvcrt.dll"] != "" {
		t.Errorf("got %v", names)
	}
	// Without a path the list says what the dump itself has.
	if out := command(t, exitClean, "symbols", "list", dump); !strings.Contains(out, "export symbols only") {
		t.Errorf("got %s", out)
	}
}

// One request fetches each PDB of the modules on stacks.
func TestAnalyzeWithServer(t *testing.T) {
	server := newLabServer(t)
	dump := labDump(t, "handlelab-x64")
	out := command(t, exitFound, "analyze", "--symbols", "srv*"+t.TempDir()+"*"+server.URL, dump)
	if !strings.Contains(out, "workers.c") {
		t.Errorf("got %s", out)
	}
	asked := slices.DeleteFunc(server.requests(), func(path string) bool { return !strings.HasSuffix(path, ".pdb") })
	slices.Sort(asked)
	if n := len(asked); n == 0 || n > 11 || len(slices.Compact(asked)) != n {
		t.Errorf("asked for %q", asked)
	}
}

func TestSymbolPathFlags(t *testing.T) {
	dump := labDump(t, "handlelab-x64")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"symbols", "fetch", dump}, "no symbol path"},
		{[]string{"symbols", "fetch", "--symbols", "/x", "--map-path", "nowhere", dump}, "--map-path"},
		{[]string{"symbols", "list", "--stacks", filepath.Join(lab, "missing.dmp")}, "missing.dmp"},
		{[]string{"symbols", "list"}, "symbols list needs a DUMP"},
	} {
		if _, errs := commandBoth(t, exitFailed, test.args...); !strings.Contains(errs, test.want) {
			t.Errorf("%q: %s", test.args, errs)
		}
	}
	folder, err := filepath.Abs(filepath.Join(lab, "x64"))
	if err != nil {
		t.Fatal(err)
	}
	command(t, exitClean, "symbols", "fetch", "--symbols", `\\builds\drop`, "--map-path", `\\BUILDS\drop=`+folder, dump)
	_, errs := commandBoth(t, exitFound, "symbols", "fetch", "--symbols", "ftp://x/;"+t.TempDir(), dump)
	if !strings.Contains(errs, "warning: symbol path: ") {
		t.Errorf("got %s", errs)
	}
	t.Setenv("NETRC", filepath.Join(lab)) // a folder
	commandBoth(t, exitFailed, "symbols", "fetch", "--symbols", folder, dump)
}

// A server that is silent keeps no command longer than it is told.
func TestTimeIsUp(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(server.Close)
	dump := labDump(t, "handlelab-x64")
	path := "srv*" + t.TempDir() + "*" + server.URL
	out := command(t, exitFound, "symbols", "fetch", "--symbols", path, "--symbols-time", "50ms", dump)
	if !strings.Contains(out, errTimeUp.Error()) || !strings.HasSuffix(out, "0 of 11 files found\n") {
		t.Errorf("got %s", out)
	}
	command(t, exitFound, "analyze", "--symbols", path, "--symbols-time", "50ms", dump)
}
