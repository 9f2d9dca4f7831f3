package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoBreakpad is which thread wrote the dump and which one asked for it.
type InfoBreakpad struct {
	Validity           string  `json:"validity"`
	DumpThreadID       *uint32 `json:"dump_thread_id,omitempty"`
	RequestingThreadID *uint32 `json:"requesting_thread_id,omitempty"`
}

var breakpadSection = one[InfoBreakpad]{
	infoPlace: shows("breakpad", "Breakpad", minidump.BreakpadInfoStream),
	read: func(f *minidump.File) (*InfoBreakpad, error) {
		b, err := f.BreakpadInfo()
		if err != nil {
			return nil, err
		}
		info := &InfoBreakpad{Validity: hex(b.Validity)}
		if b.Validity&minidump.BreakpadInfoValidDumpThreadID != 0 {
			info.DumpThreadID = &b.DumpThreadID
		}
		if b.Validity&minidump.BreakpadInfoValidRequestingThreadID != 0 {
			info.RequestingThreadID = &b.RequestingThreadID
		}
		return info, nil
	},
	set: func(i *Info, b *InfoBreakpad) { i.Breakpad = b },
	write: func(t *infoText, b *InfoBreakpad) {
		t.field("validity", b.Validity)
		if b.DumpThreadID != nil {
			t.field("written by thread", fmt.Sprintf("%#x", *b.DumpThreadID))
		}
		if b.RequestingThreadID != nil {
			t.field("asked for by thread", fmt.Sprintf("%#x", *b.RequestingThreadID))
		}
	},
}

// InfoAssertion is what the C run-time library complained of.
type InfoAssertion struct {
	Type       string `json:"type"`
	Expression string `json:"expression"`
	Function   string `json:"function"`
	File       string `json:"file"`
	Line       uint32 `json:"line"`
}

var assertionSection = one[InfoAssertion]{
	infoPlace: shows("assertion", "Assertion", minidump.BreakpadAssertionInfoStream),
	read: func(f *minidump.File) (*InfoAssertion, error) {
		a, err := f.BreakpadAssertion()
		if err != nil {
			return nil, err
		}
		return &InfoAssertion{a.Type.String(), a.Expression, a.Function, a.File, a.Line}, nil
	},
	set: func(i *Info, a *InfoAssertion) { i.Assertion = a },
	write: func(t *infoText, a *InfoAssertion) {
		t.field("kind", a.Type)
		t.field("expression", a.Expression)
		t.field("function", a.Function)
		t.field("source", fmt.Sprintf("%s:%d", a.File, a.Line))
	},
}
