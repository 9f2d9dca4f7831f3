package dwarfsym

import (
	"cmp"
	"debug/dwarf"
	"slices"
	"strconv"
	"strings"

	"github.com/handletrace/handletrace/symbols/pe"
)

// An image in memory has no string table, so the name of a section of DWARF is
// the bare place of the name, "/19". Linkers write the names one behind the
// other: the distance to the next tells how long a name is, and what is in the
// section which of that length it is.

// placedSection is a section whose name is at a place of the string table.
type placedSection struct {
	place int
	pe.Section
}

// maxPlaced is more sections than DWARF has.
const maxPlaced = 64

// nameSections gives the sections of an image in memory their names.
func nameSections(img *pe.Image) []pe.Section {
	sections := img.Sections()
	if !img.IsMapped() {
		return sections
	}
	var placed []placedSection
	for _, s := range sections {
		if rest, ok := strings.CutPrefix(s.Name, "/"); ok {
			if n, err := strconv.Atoi(rest); err == nil {
				placed = append(placed, placedSection{n, s})
			}
		}
	}
	slices.SortFunc(placed, func(a, b placedSection) int { return cmp.Compare(a.place, b.place) })
	placed = placed[:min(len(placed), maxPlaced)]
	found := map[string]bool{}
	for i := range placed {
		length := 0 // of the last it is not known
		if i+1 < len(placed) {
			length = placed[i+1].place - placed[i].place - len("\x00")
		}
		if name := nameByContent(img, placed[i].Section, length, found); name != "" {
			found[name] = true
			r := img.SectionReader(placed[i].Section)
			if name == ".debug_line" && lineVersion(&section{r, r.Size()}) >= 5 {
				found[newLines] = true
			}
			placed[i].Name = name
			sections = append(sections, placed[i].Section)
		}
	}
	return sections
}

// kindsOfSection are the sections that can be told by what is in them, the
// surest first.
var kindsOfSection = []struct {
	name string
	is   func(s *section, addressSize int) bool
}{
	{".debug_info", isInfo},
	{".debug_line", isLine},
	{".debug_aranges", isAddressRanges},
	{".debug_abbrev", isAbbrev},
	{".debug_str_offsets", isStringOffsets},
	{".debug_addr", isAddresses},
	{".debug_rnglists", isRangeLists},
	{".debug_ranges", isOldRanges},
	{".debug_line_str", isStrings},
	{".debug_str", isStrings},
}

// nameByContent returns a name of the given length that was not found before;
// of any length if that is 0.
func nameByContent(img *pe.Image, s pe.Section, length int, found map[string]bool) string {
	r := img.SectionReader(s)
	content := &section{r, r.Size()}
	addressSize := 4
	if img.Is64 {
		addressSize = 8
	}
	for _, kind := range kindsOfSection {
		if kind.name == ".debug_line_str" && !found[newLines] {
			continue // it came with DWARF 5
		}
		if (length == 0 || length == len(kind.name)) && !found[kind.name] && kind.is(content, addressSize) {
			return kind.name
		}
	}
	return ""
}

// newLines stands among the names for line tables of DWARF 5.
const newLines = "line tables of DWARF 5"

// headSize is looked at of a section.
const headSize = 4 << 10

func isInfo(s *section, _ int) bool {
	u, ok := readUnit(s, 0)
	return ok && u.first != 0 && u.abbrev < 1<<24 && (u.version < 5 || u.kind <= unitSplitType && u.kind != 0)
}

func lineVersion(s *section) uint16 {
	r := reader{b: s.read(0, headSize)}
	r.length()
	return r.uint16()
}

func isLine(s *section, _ int) bool {
	r := reader{b: s.read(0, headSize)}
	length, offsetSize := r.length()
	version := r.uint16()
	if r.bad || length > uint64(s.size) || version < 2 || version > 5 {
		return false
	}
	if version == 5 {
		addressSize, segmentSize := r.uint8(), r.uint8()
		if addressSize != 4 && addressSize != 8 || segmentSize != 0 {
			return false
		}
	}
	if headerLength := r.uint(offsetSize); headerLength == 0 || headerLength > length {
		return false
	}
	return r.uint8() > 0 // size of an instruction
}

func isAddressRanges(s *section, _ int) bool {
	r := reader{b: s.read(0, headSize)}
	length, offsetSize := r.length()
	version := r.uint16()
	r.uint(offsetSize)
	addressSize, segmentSize := r.uint8(), r.uint8()
	return !r.bad && length <= uint64(s.size) && version == arangesVersion && (addressSize == 4 || addressSize == 8) && segmentSize == 0
}

// isAbbrev looks for the abbreviation of a unit: compilers number them by use.
func isAbbrev(s *section, _ int) bool {
	a, _ := readAbbrevs(s, 0, 0)
	for _, ab := range a.list {
		if ab.tag == dwarf.TagCompileUnit || ab.tag == dwarf.TagPartialUnit || ab.tag == tagSkeletonUnit {
			return true
		}
	}
	return false
}

// isOldRanges goes through the first list: pairs in order, or a base behind the
// highest address, up to two zeros.
func isOldRanges(s *section, addressSize int) bool {
	r := reader{b: s.read(0, headSize)}
	top := uint64(1)<<(8*addressSize-1)<<1 - 1
	for pairs := 0; r.len() > 0; pairs++ {
		low, high := r.uint(addressSize), r.uint(addressSize)
		switch {
		case low == 0 && high == 0:
			return pairs > 0 && !r.bad
		case low != top && low > high:
			return false
		}
	}
	return false
}

// isRangeLists goes through the lists of the first unit's table. A table of
// locations, which has the same head, soon has something else.
func isRangeLists(s *section, _ int) bool {
	r := reader{b: s.read(0, headSize)}
	length, _ := r.length()
	version, addressSize := r.uint16(), int(r.uint8())
	if r.bad || length > uint64(s.size) || version != 5 || addressSize != 4 && addressSize != 8 {
		return false
	}
	r.skip(1) // size of segment selectors
	r.skip(4 * uint64(r.uint32()))
	end := min(int(length)+4, len(r.b))
	for !r.bad && r.off < end {
		switch kind := r.uint8(); kind {
		case rleEndOfList:
		case rleBaseAddressx:
			r.uleb()
		case rleStartxEndx, rleStartxLength, rleOffsetPair:
			if low, high := r.uleb(), r.uleb(); kind == rleOffsetPair && low > high && !r.bad {
				return false
			}
		case rleBaseAddress:
			r.uint(addressSize)
		case rleStartEnd:
			r.skip(2 * uint64(addressSize))
		case rleStartLength:
			r.uint(addressSize)
			r.uleb()
		default:
			return false
		}
	}
	return true
}

func isStringOffsets(s *section, _ int) bool {
	r := reader{b: s.read(0, headSize)}
	length, _ := r.length()
	version, padding := r.uint16(), r.uint16()
	return !r.bad && length <= uint64(s.size) && version == 5 && padding == 0
}

func isAddresses(s *section, addressSize int) bool {
	r := reader{b: s.read(0, headSize)}
	length, _ := r.length()
	version, size, segmentSize := r.uint16(), int(r.uint8()), r.uint8()
	// Locations and ranges have a number of offsets next, and an address there
	// would be more than fit.
	return !r.bad && version == 5 && size == addressSize && segmentSize == 0 && uint64(r.uint32())*4 > length
}

// isStrings checks that the section begins with text.
func isStrings(s *section, _ int) bool {
	b := s.read(0, 64)
	letters := 0
	for _, c := range b {
		if c != 0 && c < ' ' {
			return false
		}
		if c != 0 {
			letters++
		}
	}
	return letters > len(b)/2
}
