package minidump

import "fmt"

// Bits of BreakpadInfo.Validity.
const (
	BreakpadInfoValidDumpThreadID       uint32 = 1
	BreakpadInfoValidRequestingThreadID uint32 = 2
)

// BreakpadInfo is an MDRawBreakpadInfo: which thread wrote the dump and which
// one asked for it.
type BreakpadInfo struct {
	Validity           uint32
	DumpThreadID       uint32
	RequestingThreadID uint32
}

// BreakpadInfo decodes stream 0x47670001.
func (f *File) BreakpadInfo() (*BreakpadInfo, error) {
	return once(f, BreakpadInfoStream, func() (*BreakpadInfo, error) {
		b := new(BreakpadInfo)
		_, err := f.structStream(BreakpadInfoStream, b, 12)
		if err != nil {
			return nil, err
		}
		return b, nil
	})
}

// AssertionType is the kind of a BreakpadAssertion.
type AssertionType uint32

// Kinds of assertions.
const (
	AssertionUnknown         AssertionType = 0
	AssertionInvalidParam    AssertionType = 1
	AssertionPureVirtualCall AssertionType = 2
)

var assertionTypes = map[AssertionType]string{
	AssertionUnknown: "Unknown", AssertionInvalidParam: "InvalidParameter", AssertionPureVirtualCall: "PureVirtualCall",
}

// String returns the name, or the number of a value that is not known.
func (t AssertionType) String() string { return nameOr(assertionTypes, t) }

// BreakpadAssertion is an MDRawAssertionInfo: what the C run-time library
// complained of. Each text has at most 128 units.
type BreakpadAssertion struct {
	Expression string
	Function   string
	File       string
	Line       uint32
	Type       AssertionType
}

// BreakpadAssertion decodes stream 0x47670002.
func (f *File) BreakpadAssertion() (*BreakpadAssertion, error) {
	return once(f, BreakpadAssertionInfoStream, func() (*BreakpadAssertion, error) {
		var r struct {
			Expression, Function, File [128]uint16
			Line, Type                 uint32
		}
		if _, err := f.structStream(BreakpadAssertionInfoStream, &r, 776); err != nil {
			return nil, err
		}
		return &BreakpadAssertion{decodeUnits(r.Expression[:]), decodeUnits(r.Function[:]), decodeUnits(r.File[:]),
			r.Line, AssertionType(r.Type)}, nil
	})
}

// String returns the assertion as one line.
func (a *BreakpadAssertion) String() string {
	return fmt.Sprintf("%v: %s in %s, %s:%d", a.Type, a.Expression, a.Function, a.File, a.Line)
}
