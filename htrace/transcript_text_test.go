package htrace

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// textForm is one of the forms in which debuggers print a trace.
type textForm struct {
	name   string
	digits int // of padded numbers
	kernel bool
}

var textForms = []textForm{
	{"user32", 8, false},
	{"user64", 16, false},
	{"kernel32", 0, true},
}

// awkwardNames are names that real symbols have.
var awkwardNames = []string{
	"NtClose",
	"CServer::GetToken",
	"std::vector<int,std::allocator<int> >::push_back",
	"std::_Func_impl_no_alloc<<lambda_5ef2>,void>::_Do_call",
	"`anonymous namespace'::Pool::Close",
	"operator>>",
	"Stream::operator<<",
	"std::integral_constant<int,-1>::operator int",
	"ATL::CHandle::`scalar deleting destructor'",
	"?Close@@YAXPEAX@Z",
	"foo<&bar+0x10>::baz",
	"main$fin$0",
	"Array<int const &>::operator[]",
	"Map<char const *,unsigned int>::operator+=",
	"ILT+825(_mainCRTStartup)",
}

var awkwardModules = []string{"ntdll", "KERNELBASE", "notepad__", "test1", "clr", "ucrtbase"}

// textTrace is a made trace with the names of its addresses.
type textTrace struct {
	ops   []Operation
	names map[uint64]string // as in the frames, without the offset
}

// makeTextTrace makes n operations in the places of a small program. Where
// wide is set addresses have more than 32 bits.
func makeTextTrace(n int, seed uint64, wide bool) textTrace {
	rnd := rand.New(rand.NewPCG(seed, 7))
	t := textTrace{names: make(map[uint64]string)}
	base := uint64(0x401000)
	if wide {
		base = 0x7ffe12340000
	}
	addresses := make([]uint64, 600)
	for i := range addresses {
		a := base + uint64(i)*0x940 + uint64(rnd.IntN(0x100))
		addresses[i] = a
		switch rnd.IntN(12) {
		case 0:
			t.names[a] = ""
		case 1:
			t.names[a] = awkwardModules[rnd.IntN(len(awkwardModules))]
		default:
			t.names[a] = awkwardModules[rnd.IntN(len(awkwardModules))] + "!" + awkwardNames[rnd.IntN(len(awkwardNames))]
		}
	}
	stacks := make([][]uint64, 80)
	for i := range stacks {
		for range rnd.IntN(17) {
			stacks[i] = append(stacks[i], addresses[rnd.IntN(len(addresses))])
		}
	}
	for range n {
		t.ops = append(t.ops, Operation{
			Handle:    uint64(4 + 4*rnd.IntN(200)),
			ProcessID: 0x228,
			ThreadID:  uint32(0x170 + 4*rnd.IntN(9)),
			Kind:      Kind(1 + rnd.IntN(3)),
			Stack:     stacks[rnd.IntN(len(stacks))],
		})
	}
	return t
}

const ruleText = "--------------------------------------\n"

var operationText = [2]map[Kind]string{
	{KindOpen: "OPEN", KindClose: "CLOSE", KindBadReference: "*** BAD REFERENCE ***"},
	{KindOpen: "OPEN", KindClose: "CLOSE", KindBadReference: "BAD REFERENCE"},
}

// text prints a trace in a form, as its debugger does.
func (t textTrace) text(form textForm) []byte {
	var b bytes.Buffer
	if form.kernel {
		b.WriteString("Process 0x815328B0\nObjectTable 0xE15ECBB8\n")
	}
	for i := range t.ops {
		op := &t.ops[i]
		b.WriteString(ruleText)
		if form.kernel {
			fmt.Fprintf(&b, "Handle 0x%X - %s:\n", op.Handle, operationText[1][op.Kind])
		} else {
			fmt.Fprintf(&b, "Handle = 0x%0*x - %s\n", form.digits, op.Handle, operationText[0][op.Kind])
			fmt.Fprintf(&b, "Thread ID = 0x%0*x, Process ID = 0x%0*x\n\n", form.digits, op.ThreadID, form.digits, op.ProcessID)
		}
		for _, a := range op.Stack {
			b.WriteString(t.frame(form, a))
		}
	}
	fmt.Fprintf(&b, "%s\nParsed 0x%X stack traces.\nDumped 0x%X stack traces.\n", ruleText, len(t.ops), len(t.ops))
	return b.Bytes()
}

func (t textTrace) frame(form textForm, a uint64) string {
	offset := a & 0xfff
	if t.names[a] == "" {
		offset = a
	}
	if form.kernel {
		return fmt.Sprintf("0x%X: %s+0x%X\n", a, t.names[a], offset)
	}
	return fmt.Sprintf("0x%0*x: %s+0x%0*x\n", form.digits, a, t.names[a], form.digits, offset)
}

// describe returns the operations in stored order with their frames, one a
// line each: what reading the same trace in any dress must give.
func describe(t *Transcript) string {
	var b strings.Builder
	ops := slices.Clone(t.Trace.Operations)
	slices.SortFunc(ops, func(x, y Operation) int { return x.Index - y.Index })
	for _, op := range ops {
		fmt.Fprintf(&b, "%s %#x thread %#x process %#x\n", op.Kind, op.Handle, op.ThreadID, op.ProcessID)
		for _, a := range op.Stack {
			for _, f := range t.Frames(a) {
				fmt.Fprintf(&b, "\t%#x %s", a, f)
				if f.Inlined {
					b.WriteString(" (inlined)")
				}
				if f.File != "" {
					fmt.Fprintf(&b, " [%s:%d]", f.File, f.Line)
				}
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

// expect returns what describe must give for a trace printed in a form.
func (t textTrace) expect(form textForm) string {
	var b strings.Builder
	for _, op := range t.ops {
		if form.kernel {
			op.ThreadID, op.ProcessID = 0, 0
		}
		fmt.Fprintf(&b, "%s %#x thread %#x process %#x\n", op.Kind, op.Handle, op.ThreadID, op.ProcessID)
		for _, a := range op.Stack {
			name := t.names[a]
			switch {
			case name == "":
				name = fmt.Sprintf("%#x", a)
			case !strings.Contains(name, "!") || a&0xfff != 0:
				name = fmt.Sprintf("%s+%#x", name, a&0xfff)
			}
			fmt.Fprintf(&b, "\t%#x %s\n", a, name)
		}
	}
	return b.String()
}
