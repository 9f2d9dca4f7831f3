package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoTEB is what a thread environment block says.
type InfoTEB struct {
	Address        string        `json:"address"`
	PointerSize    int           `json:"pointer_size"`
	LastError      uint32        `json:"last_error"`
	LastStatus     string        `json:"last_status,omitempty"`
	LastStatusName string        `json:"last_status_name,omitempty"`
	StackBase      string        `json:"stack_base"`
	StackLimit     string        `json:"stack_limit"`
	ProcessID      uint64        `json:"process_id"`
	ThreadID       uint64        `json:"thread_id"`
	TLSPointer     string        `json:"tls_pointer"`
	PEB            string        `json:"peb"`
	TLSSlots       []InfoTLSSlot `json:"tls_slots,omitempty"` // those that are not zero
}

// InfoTLSSlot is a value of TlsSetValue.
type InfoTLSSlot struct {
	Index int    `json:"index"`
	Value string `json:"value"`
}

// infoTEB takes the results of the methods that decode the blocks; nil where
// the dump holds none.
func infoTEB(t *minidump.TEB, err error) *InfoTEB {
	if err != nil {
		return nil
	}
	info := &InfoTEB{
		Address: hex(t.Address), PointerSize: t.PointerSize, LastError: t.LastError,
		StackBase: hex(t.StackBase), StackLimit: hex(t.StackLimit), ProcessID: t.ProcessID, ThreadID: t.ThreadID,
		TLSPointer: hex(t.TLSPointer), PEB: hex(t.PEB),
	}
	if t.HasLastStatus {
		info.LastStatus, info.LastStatusName = hex(uint64(t.LastStatus)), statusName(t.LastStatus)
	}
	for i, v := range t.TLSSlots {
		if v != 0 {
			info.TLSSlots = append(info.TLSSlots, InfoTLSSlot{i, hex(v)})
		}
	}
	return info
}

// lines returns the block for a person to read.
func (b *InfoTEB) lines(name string) []string {
	if b == nil {
		return nil
	}
	list := []string{
		fmt.Sprintf("%s %s: stack %s to %s, thread %#x of process %#x, TLS %s, PEB %s, %d-byte pointers",
			name, b.Address, b.StackLimit, b.StackBase, b.ThreadID, b.ProcessID, b.TLSPointer, b.PEB, b.PointerSize),
		fmt.Sprintf("last error %d, last status %s", b.LastError, withName(b.LastStatus, b.LastStatusName)),
	}
	if b.LastStatus == "" {
		list[1] = fmt.Sprintf("last error %d", b.LastError)
	}
	for _, s := range b.TLSSlots {
		list = append(list, fmt.Sprintf("TLS slot %d: %s", s.Index, s.Value))
	}
	return list
}
