package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/handletrace/handletrace/internal/testfile"
)

// lab is the folder of real dumps that we made ourselves; see its README.
var lab = filepath.Join("..", "..", "testdata", "handlelab")

// labDump returns the path of a dump of the lab, unpacked where it is kept
// compressed.
func labDump(t testing.TB, name string) string {
	t.Helper()
	plain := filepath.Join(lab, name+".dmp")
	if _, err := os.Stat(plain); err == nil {
		return plain
	}
	unpacked := filepath.Join(t.TempDir(), name+".dmp")
	if err := os.WriteFile(unpacked, testfile.MustRead(t, plain+".gz"), 0o600); err != nil {
		t.Fatal(err)
	}
	return unpacked
}

// incident is one that the lab's program staged, or one that was found, in the
// terms of the truth file.
type incident struct {
	Kind                        string
	Culprit, FirstClose, Victim int // indices, or -1
	Related                     []int
	Count                       int
	Functions                   map[string]string // by role
}

// truth reads what the lab's program wrote down of the bugs that it staged.
func truth(t *testing.T, name string) (operations int, incidents []incident) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(lab, name+".truth.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		switch fields[0] {
		case "operation":
			operations++
		case "incident":
			incidents = append(incidents, parseIncident(fields[1:]))
		}
	}
	return operations, incidents
}

func parseIncident(fields []string) incident {
	values := map[string]string{}
	for _, f := range fields {
		key, value, _ := strings.Cut(f, "=")
		values[key] = value
	}
	index := func(key string) int {
		if n, err := strconv.Atoi(values[key]); err == nil {
			return n
		}
		return -1
	}
	in := incident{
		Kind: values["kind"], Culprit: index("culprit"), FirstClose: index("first_close"), Victim: index("victim"), Count: 1,
		Functions: map[string]string{},
	}
	list := values["related"]
	if in.Kind == "leak" {
		list = values["opens"]
		in.Count = index("count")
	}
	for _, s := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
		n, _ := strconv.Atoi(s)
		in.Related = append(in.Related, n)
	}
	if in.Kind == "leak" {
		// The newest, which has the lowest index in a list of newest first,
		// is the culprit and the others are related.
		in.Culprit = slices.Min(in.Related)
		in.Related = slices.DeleteFunc(in.Related, func(n int) bool { return n == in.Culprit })
	}
	slices.Sort(in.Related)
	for key, role := range map[string]string{"culprit_function": "culprit", "site_function": "culprit", "first_close_function": "first_close", "victim_function": "victim"} {
		if f := values[key]; f != "" {
			in.Functions[role] = f
		}
	}
	return in
}

type jsonOperation struct {
	Index     int
	Operation string
	Handle    string
	ThreadID  int `json:"thread_id"`
	Stack     []struct {
		Address, Module, Function, File, Source string
		Line                                    int
	}
}

type jsonReport struct {
	Schema string
	Inputs []struct {
		Kind  string
		Trace struct {
			Operations    int
			Opens, Closes int
			BadReferences int `json:"bad_references"`
			Order         string
		}
		Findings []struct {
			Rule, Confidence, Handle, Message string
			Culprit                           *jsonOperation
			FirstClose                        *jsonOperation `json:"first_close"`
			Victim                            *jsonOperation
			Related                           []jsonOperation
			Count                             int
		}
	}
}

func analyzeJSON(t *testing.T, status int, args ...string) jsonReport {
	t.Helper()
	var r jsonReport
	out := command(t, status, append([]string{"analyze", "--format", "json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// unexported are functions of the lab that no export names, and the modules
// they are in. Without a PDB their frames must show the module alone, and not
// the name of a neighbour.
var unexported = map[string]string{"OpenStoreFile": "session.dll", "CloseChannel": "broker.dll", "OpenSettings": "settings.dll"}

// found puts the findings in the terms of the truth file.
func found(r jsonReport) []incident {
	var list []incident
	index := func(op *jsonOperation) int {
		if op == nil {
			return -1
		}
		return op.Index
	}
	for _, f := range r.Inputs[0].Findings {
		in := incident{Kind: f.Rule, Culprit: index(f.Culprit), FirstClose: index(f.FirstClose), Victim: index(f.Victim), Count: f.Count}
		for i := range f.Related {
			in.Related = append(in.Related, f.Related[i].Index)
		}
		slices.Sort(in.Related)
		list = append(list, in)
	}
	return list
}

// The findings are the bugs that the program staged, all of them and nothing
// else, on each processor.
func TestHandlelab(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
	}{
		{"handlelab-x64", exitFound},
		{"handlelab-x86", exitFound},
		{"cascade-x64", exitFound},
		{"healthy-x64", exitClean},
		{"healthy-x86", exitClean},
	} {
		t.Run(c.name, func(t *testing.T) {
			operations, want := truth(t, c.name)
			r := analyzeJSON(t, c.status, labDump(t, c.name))
			if got := r.Inputs[0].Trace.Operations; got != operations {
				t.Errorf("%d operations, want %d", got, operations)
			}
			byCulprit := func(a, b incident) int { return a.Culprit - b.Culprit }
			got := found(r)
			for i := range want {
				checkFunctions(t, r, want[i])
				want[i].Functions = nil
			}
			slices.SortFunc(want, byCulprit)
			slices.SortFunc(got, byCulprit)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the truth (-) and the findings (+) differ:\n%s", diff)
			}
		})
	}
}

// With the PDBs every function of the lab has its name, and its line.
func TestHandlelabWithPDBs(t *testing.T) {
	for _, arch := range []string{"x64", "x86"} {
		t.Run(arch, func(t *testing.T) {
			_, want := truth(t, "handlelab-"+arch)
			r := analyzeJSON(t, exitFound, "--symbols", filepath.Join(lab, arch), labDump(t, "handlelab-"+arch))
			checked := 0
			for _, in := range want {
				for _, f := range r.Inputs[0].Findings {
					if f.Culprit.Index != in.Culprit {
						continue
					}
					for _, fr := range f.Culprit.Stack {
						if fr.Function == in.Functions["culprit"] && strings.HasSuffix(fr.File, ".c") && fr.Line > 0 && fr.Source == "pdb" {
							checked++
						}
					}
				}
			}
			if checked != len(want) {
				t.Errorf("%d of %d culprits have their function and line", checked, len(want))
			}
		})
	}
}

// checkFunctions demands that the functions at fault are on the stacks by
// name.
func checkFunctions(t *testing.T, r jsonReport, want incident) {
	t.Helper()
	for _, f := range r.Inputs[0].Findings {
		if f.Culprit.Index != want.Culprit {
			continue
		}
		ops := map[string]*jsonOperation{"culprit": f.Culprit, "first_close": f.FirstClose, "victim": f.Victim}
		for role, function := range want.Functions {
			if op := ops[role]; op == nil || !op.names(function) {
				t.Errorf("%s: %s is not on the stack of the %s as it should be", want.Kind, function, role)
			}
		}
	}
}

// names reports whether the stack shows the function: by name, or for an
// unexported one by a nameless frame as the innermost of its module.
func (op *jsonOperation) names(function string) bool {
	module, hidden := unexported[function]
	for _, f := range op.Stack {
		switch {
		case hidden && f.Module == module:
			return f.Function == ""
		case f.Function == function:
			return true
		}
	}
	return false
}
