package pe

import "strconv"

// Quality says why an export is believed to name an address. A greater one is
// surer.
type Quality uint8

// Qualities, the surest last.
const (
	// QualityNone: no export names the address.
	QualityNone Quality = iota

	// QualityGuess: it is the nearest export, no more than 256 bytes below;
	// neither a function table nor all the code between could be read.
	QualityGuess

	// QualityNearby: there is no function table (or its bytes are absent), the
	// code between export and address was read and shows no other function.
	QualityNearby

	// QualityLeaf: the function table has nothing between export and address,
	// as for a function that touches neither stack nor saved registers, and
	// the code between, where it can be read, shows no other function.
	QualityLeaf

	// QualityInside: the export lies inside the function that holds the
	// address: a second entry into it.
	QualityInside

	// QualityConfirmed: the function that holds the address begins at the
	// export.
	QualityConfirmed
)

var qualityNames = []string{"none", "guess", "nearby", "leaf", "inside", "confirmed"}

// String returns the quality as a word in lower case.
func (q Quality) String() string {
	if int(q) < len(qualityNames) {
		return qualityNames[q]
	}
	return "Quality(" + strconv.Itoa(int(q)) + ")"
}

// How far from an export an address may be, in bytes, when no function table
// says what holds it.
const (
	// guessLimit holds where the code between is absent. Of return addresses in
	// Wine's x86 libraries that are so near an export, one in twenty is in
	// another function.
	guessLimit = 0x100

	// nearbyLimit holds where the code between can be read.
	nearbyLimit = 0x10000

	// leafLimit holds for a leaf function whose code can be read.
	leafLimit = 0x1000
)

// ExportFor returns the export that names the function at an address, and how
// sure that is. It is false where no export does: an export table names few of
// an image's functions, and the nearest name below an address is mostly that of
// another one.
//
// Where the image has a function table (x64, ARM64, ARM) that decides: the
// export must begin the function that holds the address, its primary part or
// lie inside it. In a part that stands in front of its function the address is
// below the export's RVA. An address that the table does not know is in a leaf
// function: it belongs to the nearest export if no function of the table begins
// or ends between, within 4 KiB.
//
// Everywhere else, and for leaf functions besides, no function that may be
// called through a pointer (/guard:cf lists them) begins between the export and
// the address, and the code from the export to
// the address is looked over for the gap between two functions: padding after
// a return or a jump, then on x86 and x64 a 16-byte border, or the beginning
// that compilers give functions. This is no disassembler. It does not see a
// function that follows the one before without padding or a usual beginning,
// an address in another function's part that was moved here, or one reached
// only through absent bytes; and a table of constants among code may look like
// a border. ARM code is not looked over.
func (m *Image) ExportFor(rva uint32) (Export, Quality, bool) {
	t, err := m.Exports()
	if err != nil {
		return Export{}, QualityNone, false
	}
	e, q := m.exportFor(t, rva)
	if q == QualityNone {
		return Export{}, q, false
	}
	return e, q, true
}

func (m *Image) exportFor(t *ExportTable, rva uint32) (Export, Quality) {
	near, found := t.Nearest(rva)
	switch {
	case found && near.RVA == rva:
		return near, QualityConfirmed
	case found && !m.sameSection(near.RVA, rva):
		found = false
	}
	functions, err := m.functions()
	if err != nil {
		return m.byCode(near, found, rva)
	}
	f, where := functions.find(rva)
	switch {
	case where == inHole:
		return m.byCode(near, found, rva)
	case where == inFunction:
		return m.byFunction(t, f, near, found)
	case !found || f.EndAddress > near.RVA || f.BeginAddress >= near.RVA:
		// A function begins or ends between the export and the address.
		return Export{}, QualityNone
	}
	return m.byLeaf(near, rva)
}

// byFunction names the function f, which holds the address that near is the
// nearest export of.
func (m *Image) byFunction(t *ExportTable, f RuntimeFunction, near Export, found bool) (Export, Quality) {
	if found && near.RVA > f.BeginAddress {
		return near, QualityInside
	}
	if e, ok := t.At(m.PrimaryFunction(f).BeginAddress); ok {
		return e, QualityConfirmed
	}
	if found && near.RVA == f.BeginAddress {
		return near, QualityConfirmed
	}
	return Export{}, QualityNone
}

func (m *Image) byLeaf(near Export, rva uint32) (Export, Quality) {
	if m.guardedBetween(near.RVA, rva) {
		return Export{}, QualityNone
	}
	border, whole := m.borderBetween(near.RVA, rva, leafLimit, true)
	limit := uint32(guessLimit)
	if whole {
		limit = leafLimit
	}
	if border || rva-near.RVA > limit {
		return Export{}, QualityNone
	}
	return near, QualityLeaf
}

func (m *Image) byCode(near Export, found bool, rva uint32) (Export, Quality) {
	if !found || !m.isCode(rva) || m.guardedBetween(near.RVA, rva) {
		return Export{}, QualityNone
	}
	border, whole := m.borderBetween(near.RVA, rva, nearbyLimit, false)
	switch distance := rva - near.RVA; {
	case border:
		return Export{}, QualityNone
	case whole && distance <= nearbyLimit:
		return near, QualityNearby
	case distance <= guessLimit:
		return near, QualityGuess
	}
	return Export{}, QualityNone
}

// sameSection reports whether two addresses are in one section, as far as the
// sections are known.
func (m *Image) sameSection(a, b uint32) bool {
	if len(m.sections) == 0 {
		return true
	}
	sa, okA := m.spanAt(int64(a))
	sb, okB := m.spanAt(int64(b))
	return okA && okB && sa.section == sb.section
}
