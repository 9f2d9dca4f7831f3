package report

import (
	"slices"
	"strings"

	"github.com/handletrace/handletrace/minidump"
)

var vmCountersSection = one[InfoValues]{
	infoPlace: shows("process_vm_counters", "Memory that the process used", minidump.ProcessVMCountersStream),
	read: func(f *minidump.File) (*InfoValues, error) {
		c, err := f.ProcessVMCounters()
		if err != nil {
			return nil, err
		}
		values := valuesOf(c, vmCounterKind(c.Flags))
		return &values, nil
	},
	set:   func(i *Info, v *InfoValues) { i.ProcessVMCounters = *v },
	write: func(t *infoText, v *InfoValues) { v.write(t) },
}

// vmCounterKind leaves out what the writer left out.
func vmCounterKind(flags uint16) func(string) valueKind {
	return func(name string) valueKind {
		has := func(bit uint16) bool { return flags&bit != 0 }
		switch {
		case name == "Flags":
			return hexValue
		case name == "Revision", name == "PageFaultCount":
			return plainValue
		case slices.Contains([]string{"PeakVirtualSize", "VirtualSize"}, name) && !has(minidump.VMCountersVirtualSize),
			name == "PrivateUsage" && !has(minidump.VMCountersEx),
			slices.Contains([]string{"PrivateWorkingSetSize", "SharedCommitUsage"}, name) && !has(minidump.VMCountersEx2),
			strings.HasPrefix(name, "Job") && !has(minidump.VMCountersJob):
			return noValue
		}
		return bytesValue
	}
}
