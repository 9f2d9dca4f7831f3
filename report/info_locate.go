package report

import (
	"cmp"
	"fmt"
	"slices"
	"sort"

	"github.com/handletrace/handletrace/minidump"
)

// locator tells which module an address is in.
type locator struct{ modules []*minidump.Module } // in the order of their bases

// newLocator returns the locator of a dump; without a module list it knows
// nothing.
func newLocator(f *minidump.File) locator {
	list, err := f.Modules()
	if err != nil {
		return locator{}
	}
	l := locator{make([]*minidump.Module, len(list))}
	for i := range list {
		l.modules[i] = &list[i]
	}
	slices.SortStableFunc(l.modules, func(a, b *minidump.Module) int {
		return cmp.Compare(a.BaseOfImage, b.BaseOfImage)
	})
	return l
}

// at returns an address as module+0xoffset, or nothing.
func (l locator) at(addr uint64) string {
	i := sort.Search(len(l.modules), func(i int) bool { return l.modules[i].BaseOfImage > addr })
	if i == 0 || !l.modules[i-1].Contains(addr) {
		return ""
	}
	m := l.modules[i-1]
	return fmt.Sprintf("%s+%#x", m.BaseName(), addr-m.BaseOfImage)
}
