package minidump_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/handletrace/handletrace/minidump"
)

// hostileSize is how large the streams of TestHostileStreams are: what they
// cost must be far above what every file may cost.
const hostileSize = 8 << 20

// hostile are streams made to cost as much memory as they can. They begin at
// offset 128 of the file, and what they refer to is in themselves.
var hostile = []struct {
	what   string
	kind   minidump.StreamType
	narrow bool
	make   func() []byte
}{
	{"threads", minidump.ThreadListStream, false, func() []byte { return hostileList(48, nil) }},
	{"threads with stacks over each other", minidump.ThreadListStream, false, func() []byte {
		return hostileList(48, func(i int, e []byte) {
			binary.LittleEndian.PutUint64(e[24:], uint64(hostileSize-i))
			binary.LittleEndian.PutUint32(e[32:], uint32(2*i+1))
			binary.LittleEndian.PutUint32(e[36:], 128)
		})
	}},
	{"threads that share one context", minidump.ThreadListStream, false, func() []byte {
		return hostileList(48, func(_ int, e []byte) {
			binary.LittleEndian.PutUint32(e[40:], 1<<14)
			binary.LittleEndian.PutUint32(e[44:], 128)
		})
	}},
	{"threads with contexts over each other", minidump.ThreadListStream, false, func() []byte {
		return hostileList(48, func(i int, e []byte) {
			binary.LittleEndian.PutUint32(e[40:], uint32(1232+i%1000))
			binary.LittleEndian.PutUint32(e[44:], uint32(128+i))
		})
	}},
	{"threads with short contexts over each other", minidump.ThreadListStream, true, func() []byte {
		return hostileList(48, func(i int, e []byte) {
			binary.LittleEndian.PutUint32(e[40:], 204)
			binary.LittleEndian.PutUint32(e[44:], uint32(128+i))
		})
	}},
	{"wide threads", minidump.ThreadExListStream, false, func() []byte { return hostileList(64, nil) }},
	{"modules, names and records over each other", minidump.ModuleListStream, false, func() []byte {
		return hostileList(108, func(i int, e []byte) {
			binary.LittleEndian.PutUint32(e[20:], uint32(128+4+108*i+24)) // the name: of 300 bytes that are no ASCII
			binary.LittleEndian.PutUint32(e[24:], 300)
			for k := 28; k < 76; k++ {
				e[k] = 0xf0
			}
			binary.LittleEndian.PutUint32(e[76:], 300) // the record
			binary.LittleEndian.PutUint32(e[80:], uint32(128+4+108*i+84))
			binary.LittleEndian.PutUint32(e[84:], uint32(minidump.CodeViewNB10))
		})
	}},
	{"modules of Wine", minidump.WineModulesStream, false, func() []byte { return hostileList(108, nil) }},
	{"names of threads", minidump.ThreadNamesStream, false, func() []byte {
		return hostileList(12, func(i int, e []byte) {
			binary.LittleEndian.PutUint32(e, 5000)
			binary.LittleEndian.PutUint64(e[4:], uint64(128+4+12*i))
		})
	}},
	{"memory, one range in the other", minidump.MemoryListStream, false, func() []byte {
		n := hostileSize / 16
		return hostileList(16, func(i int, e []byte) {
			putRange(e, uint64(n-i), uint32(2*i+1))
		})
	}},
	{"memory, islands over a sea", minidump.MemoryListStream, false, func() []byte {
		n := hostileSize/16 - 1
		return hostileList(16, func(i int, e []byte) {
			if putRange(e, uint64(2*i), 1); i == n-1 {
				putRange(e, 0, hostileSize)
			}
		})
	}},
	{"memory in any order", minidump.MemoryListStream, true, func() []byte {
		rnd := rand.New(rand.NewPCG(7, 8))
		return hostileList(16, func(_ int, e []byte) { putRange(e, rnd.Uint64N(1<<30), 1+rnd.Uint32N(1<<12)) })
	}},
	{"memory64 in any order", minidump.Memory64ListStream, false, func() []byte {
		rnd := rand.New(rand.NewPCG(9, 10))
		b := make([]byte, 0, hostileSize)
		n := uint64(hostileSize / 17)
		b = binary.LittleEndian.AppendUint64(b, n)
		b = binary.LittleEndian.AppendUint64(b, 0)
		for range n {
			b = binary.LittleEndian.AppendUint64(b, rnd.Uint64N(4*n))
			b = binary.LittleEndian.AppendUint64(b, 1+rnd.Uint64N(16))
		}
		return b
	}},
	{"regions", minidump.MemoryInfoListStream, false, func() []byte { return hostileExList(48, true, nil) }},
	{"thread infos", minidump.ThreadInfoListStream, false, func() []byte { return hostileExList(64, false, nil) }},
	{"unloaded modules", minidump.UnloadedModuleListStream, false, func() []byte {
		return hostileExList(24, false, func(i int, e []byte) {
			binary.LittleEndian.PutUint32(e, 0x30)
			copy(e[4:20], "\xff\x77\xff\x77\xff\x77\xff\x77\xff\x77\xff\x77\xff\x77\xff\x77")
			binary.LittleEndian.PutUint32(e[20:], uint32(128+12+24*i))
		})
	}},
	{"handles, names over each other", minidump.HandleDataStream, false, func() []byte {
		return hostileExList(32, false, func(i int, e []byte) {
			binary.LittleEndian.PutUint32(e[4:], 9000)
			binary.LittleEndian.PutUint32(e[8:], uint32(128+16+32*i+4))
			binary.LittleEndian.PutUint32(e[12:], uint32(128+16+32*i+20))
			binary.LittleEndian.PutUint32(e[20:], 400)
			copy(e[24:], "\xff\x77\xff\x77\xff\x77\xff\x77")
		})
	}},
	{"handles of one large object", minidump.HandleDataStream, false, func() []byte {
		return hostileExList(40, false, func(_ int, e []byte) { binary.LittleEndian.PutUint32(e[32:], 128+4) })
	}},
	{"handles that lead into one chain", minidump.HandleDataStream, false, func() []byte {
		return hostileExList(40, false, func(i int, e []byte) {
			binary.LittleEndian.PutUint32(e[32:], uint32(128+16+40*i+12))
			binary.LittleEndian.PutUint32(e[12:], uint32(128+16+40*(int64(i)*2654435761%(hostileSize/40))+12))
			binary.LittleEndian.PutUint32(e[16:], 7)
			binary.LittleEndian.PutUint32(e[20:], 24)
		})
	}},
	{"operations", minidump.HandleOperationListStream, false, func() []byte {
		return hostileExList(288, false, func(i int, e []byte) {
			for k := range e {
				e[k] = 0xff
			}
		})
	}},
	{"tokens of nothing", minidump.TokenStream, false, func() []byte {
		b := dwords(0, 1<<30, 16, 16)
		return append(b, bytes.Repeat(append(dwords(16), make([]byte, 12)...), hostileSize/16)...)
	}},
	{"a token of groups", minidump.TokenStream, false, func() []byte {
		b := dwords(0, 1, 16, 72, hostileSize, 1, 0, 0, 0, 0, 0, 0, 72, hostileSize-72, 0, 0, 72, hostileSize-72, 0, 0, 0, 0)
		return append(b, bytes.Repeat([]byte{0xff}, hostileSize+16-len(b))...)
	}},
	{"function tables", minidump.FunctionTableStream, false, func() []byte {
		return append(dwords(24, 32, 0, 0, 1<<30, 0), make([]byte, hostileSize)...)
	}},
	{"a comment that is no UTF-8", minidump.CommentStreamA, false, func() []byte { return bytes.Repeat([]byte("a\xff"), hostileSize/2) }},
	{"a comment in Chinese", minidump.CommentStreamW, false, func() []byte { return bytes.Repeat([]byte("\xff\x77"), hostileSize/2) }},
	{"a status that is no UTF-8", minidump.LinuxProcStatusStream, false, func() []byte { return bytes.Repeat([]byte("a\xff"), hostileSize/2) }},
	{"arguments of nothing", minidump.LinuxCmdLineStream, false, func() []byte { return append(make([]byte, hostileSize), 'a') }},
	{"variables that are no UTF-8", minidump.LinuxEnvironStream, false, func() []byte { return bytes.Repeat([]byte("a\xff\x00"), hostileSize/3) }},
	{"short lines", minidump.LinuxMapsStream, false, func() []byte { return bytes.Repeat([]byte("0-0 rwxp 0 0 0\n"), hostileSize/15) }},
	{"lines that are no UTF-8", minidump.LinuxMapsStream, false, func() []byte {
		return bytes.Repeat([]byte("0-0 rwxp 0 0:0 0 a\xffa\xffa\xffa\xff\n"), hostileSize/27)
	}},
	{"an auxiliary vector", minidump.LinuxAuxvStream, true, func() []byte { return bytes.Repeat([]byte{1}, hostileSize) }},
	{"a link map", minidump.LinuxDSODebugStream, true, func() []byte {
		return append(dwords(1, 128+24, 1<<30, 0, 0, 0), bytes.Repeat(dwords(128+24, 128+24, 128+24), hostileSize/12)...)
	}},
	{"annotations", minidump.CrashpadInfoStream, false, func() []byte { return hostileCrashpad(8) }},
	{"modules of annotations", minidump.CrashpadInfoStream, false, func() []byte { return hostileCrashpad(12) }},
}

// hostileList is a list of the old form.
func hostileList(stride int, fill func(i int, entry []byte)) []byte {
	return hostileEntries(dwords(uint32(hostileSize/stride)), stride, fill)
}

// hostileExList is a list of the newer form.
func hostileExList(stride int, count64 bool, fill func(i int, entry []byte)) []byte {
	head := dwords(16, uint32(stride), uint32(hostileSize/stride), 0)
	if !count64 && stride == 24 {
		head = dwords(12, uint32(stride), uint32(hostileSize/stride))
	}
	return hostileEntries(head, stride, fill)
}

func hostileEntries(b []byte, stride int, fill func(i int, entry []byte)) []byte {
	for i := range hostileSize / stride {
		e := make([]byte, stride)
		if fill != nil {
			fill(i, e)
		}
		b = append(b, e...)
	}
	return b
}

// putRange writes a MINIDUMP_MEMORY_DESCRIPTOR whose bytes are at offset 128.
func putRange(e []byte, start uint64, size uint32) {
	binary.LittleEndian.PutUint64(e, start)
	binary.LittleEndian.PutUint32(e[8:], size)
	binary.LittleEndian.PutUint32(e[12:], 128)
}

// hostileCrashpad is a CrashpadInfo whose list of modules, or of simple
// annotations, is the rest of the stream, and so is all that its entries refer
// to.
func hostileCrashpad(stride uint32) []byte {
	const list = 128 + 64
	b := append(dwords(1), make([]byte, 32)...)
	if stride == 8 {
		b = append(b, dwords(hostileSize, list, 0, 0)...)
	} else {
		b = append(b, dwords(0, 0, hostileSize, list)...)
	}
	b = append(b, make([]byte, 12)...)
	b = append(b, dwords(hostileSize/stride)...)
	return append(b, bytes.Repeat(dwords(list, hostileSize, list), hostileSize/12)...)
}

// Whatever a stream holds, what it costs is bounded by the size of the file.
func TestHostileStreams(t *testing.T) {
	for _, h := range hostile {
		t.Run(fmt.Sprint(h.kind, ", ", h.what), func(t *testing.T) {
			r, size := oneStream(h.kind, false, h.narrow, h.make())
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			f := must(minidump.New(r, size))(t)
			_ = decoders[h.kind](f)
			_, _ = f.Memory()
			decodeContexts(f)
			runtime.ReadMemStats(&after)
			const own = 8 << 20
			used := after.TotalAlloc - before.TotalAlloc
			t.Logf("%.1f times the file", float64(used)/float64(size))
			if used > 4*uint64(size)+own {
				t.Errorf("%d bytes are allocated for a file of %d", used, size)
			}
		})
	}
}

func decodeContexts(f *minidump.File) {
	threads, _ := f.Threads()
	for i := range threads {
		_, _ = f.ThreadContext(&threads[i])
	}
}

// A directory of very many entries may be asked for each of them.
func TestHostileDirectory(t *testing.T) {
	const entries = 200000
	data := append([]byte("MDMP"), dwords(0xa793, entries, 32, 0, 0, 0, 0)...)
	for i := range uint32(entries) {
		data = append(data, dwords(0x80000000+i, 4, 32)...)
	}
	f := must(minidump.New(readerAt(data), int64(len(data))))(t)
	for _, d := range f.Directory() {
		if _, err := f.Stream(d.StreamType); err != nil || !f.Has(d.StreamType) {
			t.Fatal(err)
		}
	}
}
