package htrace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

// dress is something that happens to a transcript on its way.
type dress struct {
	name string
	wear func(text []byte) []byte
	// renames is set where names may come out otherwise than they went in.
	renames bool
}

// eachLine makes a dress of what happens to a line.
func eachLine(f func(line string) string) func([]byte) []byte {
	return func(text []byte) []byte {
		var b strings.Builder
		for line := range strings.Lines(string(text)) {
			b.WriteString(f(strings.TrimSuffix(line, "\n")))
			b.WriteByte('\n')
		}
		return []byte(b.String())
	}
}

func replaced(pattern, by string) func([]byte) []byte {
	re := regexp.MustCompile("(?m)" + pattern)
	return func(text []byte) []byte { return re.ReplaceAll(text, []byte(by)) }
}

func inUTF16(order binary.AppendByteOrder, mark bool) func([]byte) []byte {
	return func(text []byte) []byte {
		var out []byte
		if mark {
			out = order.AppendUint16(out, 0xfeff)
		}
		for _, u := range utf16.Encode([]rune(string(text))) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
}

// wrappedAt breaks lines hard, as terminals do.
func wrappedAt(width int) func([]byte) []byte {
	return eachLine(func(line string) string {
		var b strings.Builder
		for len(line) > width {
			b.WriteString(line[:width] + "\n")
			line = line[width:]
		}
		return b.String() + line
	})
}

// wrappedByMail breaks lines at blanks, which it takes away.
func wrappedByMail(width int) func([]byte) []byte {
	return eachLine(func(line string) string {
		if i := strings.LastIndexByte(line[:min(len(line), width)], ' '); len(line) > width && i > 0 {
			return line[:i] + "\n" + line[i+1:]
		}
		return line
	})
}

var framePattern = regexp.MustCompile("^0x[0-9a-fA-F]+: ")

func framesOnly(f func(line string) string) func([]byte) []byte {
	return eachLine(func(line string) string {
		if framePattern.MatchString(line) {
			return f(line)
		}
		return line
	})
}

var dresses = []dress{
	{name: "plain", wear: func(b []byte) []byte { return b }},
	{name: "CRLF", wear: replaced("$", "\r")},
	{name: "CR CRLF", wear: replaced("$", "\r\r")},
	{name: "CR", wear: func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r")) }},
	{name: "UTF-8 mark", wear: func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) }},
	{name: "UTF-16 LE", wear: inUTF16(binary.LittleEndian, true)},
	{name: "UTF-16 BE", wear: inUTF16(binary.BigEndian, true)},
	{name: "UTF-16 LE without a mark", wear: inUTF16(binary.LittleEndian, false)},
	{name: "UTF-16 BE without a mark", wear: inUTF16(binary.BigEndian, false)},
	{name: "quoted", wear: replaced("^", "> ")},
	{name: "quoted twice", wear: replaced("^", "> > ")},
	{name: "quoted tight", wear: replaced("^", ">>")},
	{name: "indented", wear: replaced("^", "\t    ")},
	{name: "trailing blanks", wear: replaced("$", "  \t")},
	{name: "double spaced", wear: replaced("$", "\n")},
	{name: "code fence", wear: func(b []byte) []byte { return []byte("```text\n" + string(b) + "```\n") }},
	{name: "code spans", wear: eachLine(func(l string) string {
		if l == "" {
			return l
		}
		return "`` " + l + " ``"
	})},
	{name: "comment in code", wear: replaced("^", "// ")},
	{name: "block comment", wear: replaced("^", " * ")},
	{name: "table", wear: replaced("^", "| ")},
	{name: "HTML", wear: func(b []byte) []byte {
		return []byte("<html><body><pre class=\"code\">" + html.EscapeString(string(b)) + "</pre></body></html>")
	}},
	{name: "HTML escaped twice", wear: func(b []byte) []byte { return []byte(html.EscapeString(html.EscapeString(string(b)))) }},
	{name: "HTML lines", wear: eachLine(func(l string) string {
		return `<div style="margin:0"><code>` + strings.ReplaceAll(html.EscapeString(l), "+", "&#43;") + "</code></div>"
	})},
	{name: "HTML with few line ends", wear: func(b []byte) []byte {
		b = eachLine(func(l string) string {
			return "<p>" + strings.ReplaceAll(html.EscapeString(l), " ", "&nbsp;") + "</p><br/>"
		})(b)
		b = bytes.ReplaceAll(b, []byte("\n"), nil)
		return bytes.ReplaceAll(b, []byte("--</p><br/>"), []byte("--</p><br/>\n"))
	}},
	{name: "DML", wear: framesOnly(func(l string) string {
		addr, rest, _ := strings.Cut(l, ": ")
		return `<link cmd="ln ` + addr + `">` + addr + `</link>: ` + rest
	})},
	{name: "no rules", wear: replaced("^-{38}\n", "")},
	{name: "rules as headings", wear: replaced("\n-{38}$", "\n## ")},
	{name: "rules as long dashes", wear: replaced("^-{38}$", "-————————————-")},
	{name: "long dashes", wear: replaced(" - (OPEN|CLOSE|\\*|BAD)", " – $1")},
	{name: "long dashes in a code page", wear: replaced(" - (OPEN|CLOSE|\\*|BAD)", " \x96 $1")},
	{name: "typographic quotes", wear: func(b []byte) []byte { return []byte(strings.NewReplacer("`", "‘", "'", "’").Replace(string(b))) }},
	{name: "blanks around marks", wear: framesOnly(func(l string) string {
		l = strings.Replace(l, ": ", " :  ", 1)
		i := strings.LastIndex(l, "+0x")
		return l[:i] + " + " + l[i+1:]
	})},
	{name: "no blanks", wear: func(b []byte) []byte {
		b = replaced("^(0x[0-9a-fA-F]+): ", "$1:")(b)
		b = replaced("^Handle = (0x[0-9a-f]+) - ", "Handle=$1-")(b)
		return replaced("^Thread ID = (0x[0-9a-f]+), Process ID = ", "ThreadID=$1,ProcessID=")(b)
	}},
	{name: "non-breaking blanks", wear: framesOnly(func(l string) string { return strings.Replace(l, ": ", ":\u00a0", 1) })},
	{name: "zero-width blanks", wear: framesOnly(func(l string) string { return "\u200b" + l })},
	{name: "full-width", wear: framesOnly(func(l string) string { return strings.Replace(l, ": ", "：", 1) })},
	{name: "upper case", wear: func(b []byte) []byte {
		return regexp.MustCompile("0x[0-9a-f]+").ReplaceAllFunc(b, func(n []byte) []byte { return append([]byte("0x"), bytes.ToUpper(n[2:])...) })
	}},
	{name: "backticks", wear: replaced("0x([0-9a-f]{8})([0-9a-f]{8})", "0x$1`$2")},
	{name: "comments", wear: framesOnly(func(l string) string { return l + "      <-------- SECOND CLOSE, see a!b+0x12" })},
	{name: "comments close by", wear: framesOnly(func(l string) string { return l + "<-- here" })},
	{name: "comments in C", wear: framesOnly(func(l string) string { return l + " // the pool" })},
	{name: "comments behind headers", wear: replaced("^(Handle.*[A-Z*:])$", "$1   <-- this one")},
	{name: "noise", wear: framesOnly(func(l string) string {
		return "** WARNING: Unable to verify checksum for test1.exe\n" + l + "\n*** ERROR: Symbol file could not be found.  Defaulted to export symbols for C:\\x.dll - \nModLoad: 00400000 00420000   test1.exe"
	})},
	{name: "noise between address and name", wear: framesOnly(func(l string) string {
		addr, rest, _ := strings.Cut(l, ": ")
		return addr + ": *** WARNING: Unable to verify timestamp for test1.exe\n" + rest
	})},
	{name: "prose", wear: replaced("^(-{38})$", "$1\nSee? Here it happens again: 0x80 times. The frame before was ours.")},
	{name: "stars", wear: replaced("^-{38}$", "--------------------------------------\n************************\n--------------------------------------")},
	{name: "Markdown escapes", wear: framesOnly(func(l string) string { return strings.ReplaceAll(strings.ReplaceAll(l, "_", `\_`), "*", `\*`) })},
	{name: "Markdown stars", wear: replaced(`\*\*\* BAD REFERENCE \*\*\*`, `\*\*\* BAD REFERENCE \*\*\*`)},
	{name: "BADREF", wear: replaced(`(\*\*\* )?BAD REFERENCE( \*\*\*)?`, "BADREF")},
	{name: "BAD REF", wear: replaced(`(\*\*\* )?BAD REFERENCE( \*\*\*)?`, "BAD REF")},
	{name: "bad_reference", wear: replaced(`(\*\*\* )?BAD REFERENCE( \*\*\*)?`, "bad_reference")},
	{name: "terminal of 60", wear: wrappedAt(60), renames: true},
	{name: "terminal of 41", wear: wrappedAt(41), renames: true},
	{name: "mail of 60", wear: wrappedByMail(60), renames: true},
	{name: "mail of 40", wear: wrappedByMail(40), renames: true},
	{name: "mail of 35", wear: wrappedByMail(35), renames: true},
}

// TestTranscriptDresses reads one trace in every form and every dress.
func TestTranscriptDresses(t *testing.T) {
	for _, form := range textForms {
		trace := makeTextTrace(300, 3, form.digits == 16)
		plain := trace.text(form)
		want := trace.expect(form)
		for _, d := range dresses {
			if form.kernel && strings.HasPrefix(d.name, "terminal") {
				continue // without padding nothing tells that digits are missing
			}
			t.Run(form.name+"/"+d.name, func(t *testing.T) {
				text := d.wear(plain)
				got, err := ReadTranscript(bytes.NewReader(text), Options{})
				if err != nil {
					t.Fatal(err)
				}
				if d.renames {
					sameOperations(t, got, trace, form)
				} else if diff := firstDifference(describe(got), want); diff != "" {
					t.Error(diff)
				}
				if got.Cut && d.name != "stars" {
					t.Errorf("taken for cut: %q", got.Warnings)
				}
				if got.Kernel != form.kernel || got.PointerSize != max(4, form.digits/2) {
					t.Errorf("kernel %v, pointers of %d", got.Kernel, got.PointerSize)
				}
				if n := uint64(len(trace.ops)); got.Parsed.Value != n || got.Dumped.Value != n || got.Counts.Entries != int(n) {
					t.Errorf("figures: %+v, %+v, %+v", got.Parsed, got.Dumped, got.Counts)
				}
				if got.Counts.Stray+got.Counts.Broken+got.Counts.Overlong != 0 {
					t.Errorf("%+v", got.Counts)
				}
				if !IsTranscript(text[:min(len(text), 4096)]) {
					t.Error("not taken for a transcript")
				}
			})
		}
	}
}

// sameOperations compares all but the names. Of those most must be right.
func sameOperations(t *testing.T, got *Transcript, want textTrace, form textForm) {
	t.Helper()
	wrong := make(map[string]string)
	for i := range got.Trace.Operations {
		op := &got.Trace.Operations[i]
		w := &want.ops[op.Index]
		if op.Handle != w.Handle || op.Kind != w.Kind || fmt.Sprint(op.Stack) != fmt.Sprint(w.Stack) || !form.kernel && (op.ThreadID != w.ThreadID || op.ProcessID != w.ProcessID) {
			t.Fatalf("operation %d: %+v, want %+v", op.Index, op, w)
		}
		for _, a := range op.Stack {
			f := got.Frames(a)[0]
			name := strings.TrimSuffix(f.Module+"!"+f.Function, "!")
			if name != want.names[a] {
				wrong[want.names[a]] = name
			}
		}
	}
	if len(wrong) > len(want.names)/20 {
		t.Errorf("wrong names: %q", wrong)
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		x, y := "", ""
		if i < len(g) {
			x = g[i]
		}
		if i < len(w) {
			y = w[i]
		}
		if x != y {
			return fmt.Sprintf("line %d:\n got %q\nwant %q", i+1, x, y)
		}
	}
	return ""
}
