package main

import "strings"

const pageSize = 4096

// keep returns the memory worth keeping, in whole pages.
func (d *dump) keep(own string) []memory {
	var kept []memory
	for _, m := range d.memory {
		for start := m.start; start < m.end; start += pageSize {
			page := memory{span{start, min(start+pageSize, m.end)}, m.offset + start - m.start}
			if !d.wanted(page, own) {
				continue
			}
			if n := len(kept); n > 0 && kept[n-1].end == page.start &&
				kept[n-1].offset+kept[n-1].end-kept[n-1].start == page.offset {
				kept[n-1].end = page.end
				continue
			}
			kept = append(kept, page)
		}
	}
	return kept
}

func (d *dump) wanted(page memory, own string) bool {
	for _, m := range d.modules {
		if !m.overlaps(page.span) {
			continue
		}
		if strings.HasPrefix(strings.ToLower(m.name), strings.ToLower(own)) {
			return true
		}
		return d.describesImage(m, page.span)
	}
	if isZero(d.data[page.offset : page.offset+page.end-page.start]) {
		return false
	}
	return !d.isMappedFile(page.span) && !d.isUnusedStack(page.span)
}

func (s span) overlaps(t span) bool {
	return s.start < t.end && t.start < s.end
}

func isZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

// isMappedFile is true for data files such as Wine's locale tables.
func (d *dump) isMappedFile(page span) bool {
	for _, r := range d.regions {
		if r.overlaps(page) {
			return r.kind == memoryMapped
		}
	}
	return false
}

// isUnusedStack is true below the stack pointer of a thread. The page below
// it stays, for what lies just under the stack pointer.
func (d *dump) isUnusedStack(page span) bool {
	for _, s := range d.stacks {
		if page.end <= s.start-pageSize && page.start >= d.allocationOf(s.start) {
			return true
		}
	}
	return false
}

func (d *dump) allocationOf(address uint64) uint64 {
	for _, r := range d.regions {
		if r.start <= address && address < r.end {
			return r.allocation
		}
	}
	return address
}

// describesImage is true for the pages of an image that say what is where in
// it: its headers, exports and tables of functions. Code and data of Wine's
// DLLs are left out.
func (d *dump) describesImage(m module, page span) bool {
	for _, part := range d.imageParts(m) {
		if part.overlaps(page) {
			return true
		}
	}
	return false
}

// Entries of an image's data directory.
const (
	exportDirectory    = 0
	exceptionDirectory = 3
	debugDirectory     = 6
)

func (d *dump) imageParts(m module) []span {
	headers := d.at(m.start, pageSize)
	if headers == nil || string(headers[:2]) != "MZ" {
		return nil
	}
	nt := uint64(le.Uint32(headers[60:]))
	optional := nt + 24
	sizeOfHeaders := uint64(le.Uint32(headers[optional+60:]))
	directories := optional + 96
	if le.Uint16(headers[optional:]) == 0x20b {
		directories = optional + 112
	}
	parts := []span{{m.start, m.start + sizeOfHeaders}}
	for _, i := range []uint64{exportDirectory, exceptionDirectory, debugDirectory} {
		entry := headers[directories+8*i:]
		start := m.start + uint64(le.Uint32(entry))
		parts = append(parts, span{start, start + uint64(le.Uint32(entry[4:]))})
	}
	sections := optional + uint64(le.Uint16(headers[nt+20:]))
	for i := range uint64(le.Uint16(headers[nt+6:])) {
		section := headers[sections+40*i:]
		if strings.TrimRight(string(section[:8]), "\x00") == ".xdata" {
			start := m.start + uint64(le.Uint32(section[12:]))
			parts = append(parts, span{start, start + uint64(le.Uint32(section[8:]))})
		}
	}
	return parts
}
