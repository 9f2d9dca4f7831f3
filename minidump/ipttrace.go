package minidump

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
	s, err := f.section(IptTraceStream)
	if err != nil {
		return nil, err
	}
	b, err := f.bytesOf(s, s.size)
	if err != nil {
		return nil, err
	}
	if len(b) < iptTraceHeaderSize {
		return nil, s.fault("%d bytes, at least %d were expected", s.size, iptTraceHeaderSize)
	}
	t := &IptTrace{
		TraceVersion: f.order.Uint16(b),
		ValidTrace:   f.order.Uint16(b[2:]),
		TraceSize:    f.order.Uint32(b[4:]),
		Trace:        b[iptTraceHeaderSize:],
	}
	if uint64(t.TraceSize) < uint64(len(t.Trace)) {
		t.Trace = t.Trace[:t.TraceSize]
	}
	return t, nil
}
