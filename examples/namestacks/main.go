// Command namestacks names the stacks of a saved !htrace text from PDBs on this
// machine: a customer's debugger has no symbols, but its text has the addresses
// and the list of modules (lm).
//
//	go run ./examples/namestacks FOLDER TEXT
//
// FOLDER holds the PDBs or images of the modules, TEXT an !htrace with the
// output of lm somewhere in it.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/symbols"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: namestacks FOLDER TEXT")
	}
	if err := run(os.Stdout, os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer, folder, name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	transcript, err := htrace.ReadTranscript(bytes.NewReader(text), htrace.Options{})
	if err != nil {
		return err
	}
	code := &localCode{Transcript: transcript, modules: openModules(text, folder)}
	defer code.close()
	for _, f := range htrace.Analyze(transcript.Trace, htrace.AnalyzeOptions{Code: code}) {
		fmt.Fprintf(w, "%s (%v), handle %#x\n%s\n", f.Rule, f.Confidence, f.Value, f.Message)
		for _, frame := range transcript.Trace.Frames(f.Culprit, code) {
			fmt.Fprintf(w, "  %v  %s:%d\n", frame, frame.File, frame.Line)
		}
	}
	return nil
}

// module is a line of lm with the symbols that were found for it.
type module struct {
	start, end uint64
	name       string
	file       *symbols.ModuleFile
}

// moduleLine is how lm prints a module: start, end and name.
var moduleLine = regexp.MustCompile("^([0-9a-f`]{8,17}) ([0-9a-f`]{8,17})\\s+(\\S+)")

func openModules(text []byte, folder string) []module {
	var list []module
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		fields := moduleLine.FindStringSubmatch(lines.Text())
		if fields == nil {
			continue
		}
		m := module{start: number(fields[1]), end: number(fields[2]), name: fields[3]}
		// The text does not tell the build, so the PDB must be the right one.
		if file, err := symbols.OpenModule(filepath.Join(folder, m.name+".pdb"), symbols.Options{}); err == nil {
			m.file = file
			list = append(list, m)
		}
	}
	return list
}

func number(s string) uint64 {
	n, _ := strconv.ParseUint(strings.ReplaceAll(s, "`", ""), 16, 64) // 0 for nonsense holds no address
	return n
}

// localCode names what it has symbols for, and leaves the rest to the text.
type localCode struct {
	*htrace.Transcript
	modules []module
}

func (c *localCode) Frames(returnAddress uint64) []htrace.Frame {
	for _, m := range c.modules {
		if returnAddress <= m.start || returnAddress > m.end {
			continue
		}
		// The call lies before the address to which it returns.
		frames := m.file.FramesAt(returnAddress - 1 - m.start)
		for i := range frames {
			frames[i].Address, frames[i].Module = returnAddress, m.name
			frames[i].Offset++
			frames[i].FunctionStart += m.start
		}
		if len(frames) > 0 {
			return frames
		}
	}
	return c.Transcript.Frames(returnAddress)
}

func (c *localCode) close() {
	for _, m := range c.modules {
		m.file.Close()
	}
}
