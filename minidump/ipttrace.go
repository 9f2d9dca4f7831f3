package minidump

import "fmt"

// IptTrace is the head of stream 23: what Intel Processor Trace recorded of
// the process's threads. The stream's layout is not in the SDK; this is the
// IPT_TRACE_DATA that the driver returns, and Trace is left as it is.
type IptTrace struct {
	TraceVersion uint16
	ValidTrace   uint16
	TraceSize    uint32 // bytes, as the file says
	Trace        []byte
}

const iptTraceHeaderSize = 8

// IptTrace decodes the head of stream 23.
func (f *File) IptTrace() (*IptTrace, error) { return once(f, IptTraceStream, f.decodeIptTrace) }

func (f *File) decodeIptTrace() (*IptTrace, error) {
	d, err := f.streamData(IptTraceStream)
	if err != nil {
		return nil, err
	}
	if len(d.Bytes) < iptTraceHeaderSize {
		return nil, &FormatError{d.Type, d.Offset, fmt.Sprintf("%d bytes, at least %d were expected", len(d.Bytes), iptTraceHeaderSize)}
	}
	t := &IptTrace{
		TraceVersion: f.order.Uint16(d.Bytes),
		ValidTrace:   f.order.Uint16(d.Bytes[2:]),
		TraceSize:    f.order.Uint32(d.Bytes[4:]),
		Trace:        d.Bytes[iptTraceHeaderSize:],
	}
	if uint64(t.TraceSize) < uint64(len(t.Trace)) {
		t.Trace = t.Trace[:t.TraceSize]
	}
	return t, nil
}
