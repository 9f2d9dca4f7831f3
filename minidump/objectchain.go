package minidump

import (
	"bytes"
	"fmt"
	"slices"
	"sync"

	"github.com/handletrace/handletrace/internal/cursor"
)

// objectInformationSize is sizeof(MINIDUMP_HANDLE_OBJECT_INFORMATION).
const objectInformationSize = 12

// maxObjectChain is how many links a chain may have: each is of another kind,
// of which there are nine.
const maxObjectChain = 64

// objectChains keeps the chains that were read, by the place of their first
// link. Those of a sound dump lie apart, so that they fit in the file; the
// budget stops those of a hostile one, where many handles lead into the same.
type objectChains struct {
	mu     sync.Mutex
	known  map[uint32][]HandleObjectInformation
	source byteSource
	cursor *cursor.Cursor
	chain  []HandleObjectInformation // that is being read
	budget int64                     // bytes that may still be made of the file
}

const (
	// sharedObjects is how many bytes may be made of links again.
	sharedObjects = 4 << 20
	// leastObject is how many bytes are made of a link besides its own.
	leastObject = 128
)

// newObjectChains allows for a file that holds little but handles and links,
// which become several times as large.
func newObjectChains(f *File) objectChains {
	return objectChains{source: byteSource{src: f.src, size: f.size, least: true},
		cursor: cursor.New(nil, f.order), budget: 3*f.size + sharedObjects}
}

// ObjectInformation returns the chain of what the dump knows of a handle's
// object, in the chain's order; nil where there is none. A chain that turns
// back on itself or leaves the file is returned as far as it goes, with a
// warning.
func (h *HandleData) ObjectInformation(d HandleDescriptor) []HandleObjectInformation {
	if d.ObjectInfoRva == 0 {
		return nil
	}
	h.objects.mu.Lock()
	defer h.objects.mu.Unlock()
	chain, ok := h.objects.known[d.ObjectInfoRva]
	if !ok && h.objects.budget > 0 {
		h.objects.chain = h.readChain(d, h.objects.chain[:0])
		chain = append(chain, h.objects.chain...)
		if h.objects.known == nil {
			h.objects.known = map[uint32][]HandleObjectInformation{}
		}
		h.objects.known[d.ObjectInfoRva] = chain
	}
	return chain
}

func (h *HandleData) readChain(d HandleDescriptor, chain []HandleObjectInformation) []HandleObjectInformation {
	for rva := d.ObjectInfoRva; rva != 0; {
		cut := func(format string, args ...any) []HandleObjectInformation {
			h.f.warn(HandleDataStream, int64(rva), "the object information of handle %#x %s", d.Handle, fmt.Sprintf(format, args...))
			return chain
		}
		if slices.ContainsFunc(chain, func(i HandleObjectInformation) bool { return i.Rva == rva }) {
			return cut("turns back on itself, %d are kept", len(chain))
		}
		if len(chain) == maxObjectChain {
			return cut("is cut after %d", len(chain))
		}
		info, next, err := h.readLink(rva)
		if err != nil {
			return cut("is cut after %d: %v", len(chain), err)
		}
		chain = append(chain, info)
		rva = next
	}
	return chain
}

func (h *HandleData) readLink(rva uint32) (info HandleObjectInformation, next uint32, err error) {
	head, err := h.objects.source.bytes(int64(rva), objectInformationSize)
	if err != nil {
		return info, 0, err
	}
	n := h.f.numbers()
	next = n.uint32(head)
	info = HandleObjectInformation{Rva: rva, InfoType: ObjectInformationType(n.uint32(head[4:]))}
	size := int64(n.uint32(head[8:]))
	if h.objects.budget -= size + leastObject; h.objects.budget < 0 {
		return info, 0, fmt.Errorf("its %d bytes and those before it are more than the file holds; others are left out too", size)
	}
	raw, err := h.objects.source.bytes(int64(rva)+objectInformationSize, size)
	if err != nil {
		return info, 0, err
	}
	info.Raw = bytes.Clone(raw)
	if decode, ok := objectDecoders[info.InfoType]; ok {
		c := wordCursor{h.objects.cursor, h.f.PointerSize()}
		c.Reset(info.Raw)
		if v := decode(c); c.Err() == nil {
			info.Value = v
		}
	}
	return info, next, nil
}
