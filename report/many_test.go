package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/handletrace/handletrace/htrace"
)

// manyFindings is what no program does: operations at random, with thousands
// of findings.
func manyFindings(n int) Input {
	rnd := rand.New(rand.NewPCG(3, 4))
	stacks := make([][]uint64, 400)
	for i := range stacks {
		stacks[i] = make([]uint64, 16)
		for k := range stacks[i] {
			stacks[i][k] = 0x7ff600000000 + rnd.Uint64N(1<<24)
		}
	}
	ops := make([]htrace.Operation, n)
	for i := range ops {
		ops[i] = htrace.Operation{
			ProcessID: 7, ThreadID: 1 + rnd.Uint32N(32), Kind: htrace.Kind(1 + rnd.IntN(3)), Handle: 4 + 4*rnd.Uint64N(4096),
			Stack: stacks[rnd.IntN(len(stacks))],
		}
	}
	trace := htrace.New(ops, htrace.Options{})
	return Input{Path: "many", Trace: trace, Code: anyCode{}, Findings: htrace.Analyze(trace, htrace.AnalyzeOptions{Code: anyCode{}})}
}

// Of thousands of findings the forms for programs and the text have all; a
// comment has the first ones, in the table too, and counts the rest.
func TestManyFindings(t *testing.T) {
	in := []Input{manyFindings(10_000)}
	n := len(in[0].Findings)
	if n < 300 {
		t.Fatalf("%d findings are not many", n)
	}
	written := func(write func(io.Writer, []Input) error) string {
		var b strings.Builder
		if err := write(&b, in); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if text := written(WriteText); !strings.Contains(text, fmt.Sprintf("\n%d. ", n)) {
		t.Error("the text lacks findings")
	}
	var log struct {
		Runs []struct{ Results []json.RawMessage }
	}
	if err := json.Unmarshal([]byte(written(WriteSARIF)), &log); err != nil || len(log.Runs) != 1 || len(log.Runs[0].Results) != n {
		t.Errorf("the SARIF log lacks findings (%v)", err)
	}
	cases := written(WriteJUnit)
	for _, f := range in[0].Findings {
		if handle := fmt.Sprintf("%#x", f.Value); !strings.Contains(cases, handle) {
			t.Errorf("JUnit lacks %s", handle)
		}
	}
	comment := written(WriteMarkdown)
	for _, want := range []string{
		fmt.Sprintf("| and %d more findings |", n-maxOverview), "<details><summary>",
		fmt.Sprintf("%d parts of the report did not fit", n-strings.Count(comment, "<details>")),
	} {
		if !strings.Contains(comment, want) {
			t.Errorf("no %q in the comment, which ends\n%s", want, comment[len(comment)-200:])
		}
	}
}

// BenchmarkManyFindings writes some thousand findings in each form.
func BenchmarkManyFindings(b *testing.B) {
	in := []Input{manyFindings(200_000)}
	for name, write := range map[string]func(io.Writer, []Input) error{
		"text": WriteText, "json": WriteJSON, "sarif": WriteSARIF, "junit": WriteJUnit, "markdown": WriteMarkdown,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := write(io.Discard, in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(in[0].Findings)), "findings")
		})
	}
}

// anyCode names every address.
type anyCode struct{}

func (anyCode) Frames(a uint64) []htrace.Frame {
	return []htrace.Frame{{Address: a, Module: fmt.Sprintf("app%d.dll", a>>20&15), Function: fmt.Sprintf("Function%d", a>>10&1023), Offset: a & 1023}}
}

func (anyCode) IsSystem(uint64) bool { return false }
