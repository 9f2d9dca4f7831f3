package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoIptTrace is the head of what Intel Processor Trace recorded.
type InfoIptTrace struct {
	Version   uint16 `json:"version"`
	Valid     uint16 `json:"valid"`
	Size      uint32 `json:"size"`
	BytesHere int    `json:"bytes"`
}

var iptTraceSection = one[InfoIptTrace]{
	infoPlace: shows("ipt_trace", "Intel Processor Trace", minidump.IptTraceStream),
	read: func(f *minidump.File) (*InfoIptTrace, error) {
		t, err := f.IptTrace()
		if err != nil {
			return nil, err
		}
		return &InfoIptTrace{t.TraceVersion, t.ValidTrace, t.TraceSize, len(t.Trace)}, nil
	},
	set: func(i *Info, v *InfoIptTrace) { i.IptTrace = v },
	write: func(t *infoText, v *InfoIptTrace) {
		t.field("version", fmt.Sprint(v.Version))
		t.field("valid", fmt.Sprint(v.Valid))
		t.field("size", size(uint64(v.Size)))
		t.field("in the dump", size(uint64(v.BytesHere)))
	},
}
