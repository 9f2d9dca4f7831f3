package breakpad

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// bigText is a file of about n MiB, with a line for every four bytes of code.
func bigText(n int) string {
	var b strings.Builder
	b.WriteString("MODULE windows x86_64 0123456789ABCDEF0123456789ABCDEF1 big.pdb\n")
	for i := range 500 {
		fmt.Fprintf(&b, "FILE %d c:\\a\\folder\\of\\sources\\file%d.cpp\n", i, i)
	}
	for at := 0x1000; b.Len() < n<<20; at += 0x100 {
		fmt.Fprintf(&b, "FUNC %x 100 0 some::space::Class<int>::function_number_%d(int, char const*)\n", at, at)
		for off := 0; off < 0x100; off += 4 {
			fmt.Fprintf(&b, "%x 4 %d %d\n", at+off, off, at%500)
		}
	}
	return b.String()
}

func bigFile(b *testing.B, size int) string {
	name := filepath.Join(b.TempDir(), "big.sym")
	if err := os.WriteFile(name, []byte(bigText(size)), 0o600); err != nil {
		b.Fatal(err)
	}
	return name
}

// The first look-up makes the index. Time and memory grow with the size.
func BenchmarkFirstFrames(b *testing.B) {
	name := bigFile(b, 100)
	b.SetBytes(100 << 20)
	b.ReportAllocs()
	for b.Loop() {
		f, err := Open(name)
		if err != nil {
			b.Fatal(err)
		}
		if len(f.Frames(0x2004)) != 1 {
			b.Fatal("no frames")
		}
		f.Close()
	}
}

func BenchmarkFrames(b *testing.B) {
	f, err := Open(bigFile(b, 10))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	b.ReportAllocs()
	rva := uint32(0x1000)
	for b.Loop() {
		if len(f.Frames(rva)) != 1 {
			b.Fatal("no frames")
		}
		if rva += 4; rva > 0x100000 {
			rva = 0x1000
		}
	}
}
