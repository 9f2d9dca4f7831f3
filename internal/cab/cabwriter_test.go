package cab

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"testing"
)

// cabinet writes cabinets for tests.
type cabinet struct {
	folders                      []testFolder
	headerReserved, folderExtra  int
	dataReserved                 int
	previous, next               string
	sumReserved, withoutChecksum bool
}

type testFolder struct {
	compression uint16
	blocks      []testBlock
	files       []testFile
}

type testBlock struct {
	packed []byte
	size   int
}

type testFile struct {
	name       string
	size       int
	attributes uint16
	folder     uint16 // overrides, where it is not 0
}

func (c *cabinet) bytes() []byte {
	le := binary.LittleEndian
	var flags uint16
	var optional []byte
	if c.headerReserved+c.folderExtra+c.dataReserved > 0 {
		flags |= flagReservePresent
		optional = le.AppendUint16(optional, uint16(c.headerReserved))
		optional = append(optional, byte(c.folderExtra), byte(c.dataReserved))
		optional = append(optional, bytes.Repeat([]byte{0xAA}, c.headerReserved)...)
	}
	if c.previous != "" {
		flags |= flagPrevCabinet
		optional = append(optional, c.previous+"\x00disk\x00"...)
	}
	if c.next != "" {
		flags |= flagNextCabinet
		optional = append(optional, c.next+"\x00disk\x00"...)
	}
	var files []byte
	nFiles := 0
	for i, f := range c.folders {
		offset := 0
		for _, file := range f.files {
			folder := uint16(i)
			if file.folder != 0 {
				folder = file.folder
			}
			files = le.AppendUint32(files, uint32(file.size))
			files = le.AppendUint32(files, uint32(offset))
			files = le.AppendUint16(files, folder)
			files = le.AppendUint16(files, 46<<9|11<<5|23) // 2026-11-23
			files = le.AppendUint16(files, 5<<11|28<<5|4)  // 05:28:08
			files = le.AppendUint16(files, file.attributes)
			files = append(files, file.name+"\x00"...)
			offset += file.size
			nFiles++
		}
	}
	filesAt := headerSize + len(optional) + len(c.folders)*(folderSize+c.folderExtra)
	dataAt := filesAt + len(files)
	var folders, data []byte
	for _, f := range c.folders {
		folders = le.AppendUint32(folders, uint32(dataAt+len(data)))
		folders = le.AppendUint16(folders, uint16(len(f.blocks)))
		folders = le.AppendUint16(folders, f.compression)
		folders = append(folders, bytes.Repeat([]byte{0xBB}, c.folderExtra)...)
		for _, b := range f.blocks {
			data = append(data, c.block(b)...)
		}
	}
	out := append([]byte(Magic), 0, 0, 0, 0)
	out = le.AppendUint32(out, uint32(dataAt+len(data)))
	out = le.AppendUint32(out, 0)
	out = le.AppendUint32(out, uint32(filesAt))
	out = le.AppendUint32(out, 0)
	out = append(out, 3, 1)
	out = le.AppendUint16(out, uint16(len(c.folders)))
	out = le.AppendUint16(out, uint16(nFiles))
	out = le.AppendUint16(out, flags)
	out = le.AppendUint16(out, 1234)
	out = le.AppendUint16(out, 0)
	for _, part := range [][]byte{optional, folders, files, data} {
		out = append(out, part...)
	}
	return out
}

func (c *cabinet) block(b testBlock) []byte {
	le := binary.LittleEndian
	head := le.AppendUint32(nil, 0)
	head = le.AppendUint16(head, uint16(len(b.packed)))
	head = le.AppendUint16(head, uint16(b.size))
	head = append(head, bytes.Repeat([]byte{0xCC}, c.dataReserved)...)
	sum := checksum(b.packed) ^ checksum(head[4:8])
	if c.sumReserved {
		sum = checksum(b.packed) ^ checksum(head[4:])
	}
	if !c.withoutChecksum {
		le.PutUint32(head, sum)
	}
	return append(head, b.packed...)
}

// chunks cuts data into the pieces of CFDATA blocks.
func chunks(data []byte) [][]byte {
	var out [][]byte
	for len(data) > 0 {
		n := min(len(data), maxBlock)
		out = append(out, data[:n])
		data = data[n:]
	}
	return out
}

func storedFolder(data []byte, files ...testFile) testFolder {
	f := testFolder{files: files}
	for _, b := range chunks(data) {
		f.blocks = append(f.blocks, testBlock{b, len(b)})
	}
	return f
}

func mszipFolder(t testing.TB, data []byte, files ...testFile) testFolder {
	t.Helper()
	f := testFolder{compression: 1, files: files}
	var before []byte
	for _, b := range chunks(data) {
		var packed bytes.Buffer
		packed.WriteString("CK")
		w, err := flate.NewWriterDict(&packed, 9, before)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(b)
		w.Close()
		f.blocks = append(f.blocks, testBlock{packed.Bytes(), len(b)})
		before = b
	}
	return f
}

func lzxFolder(e *lzxEncoder, data []byte, files ...testFile) testFolder {
	f := testFolder{compression: uint16(e.windowBits)<<8 | 3, files: files}
	for i, packed := range e.encode(data) {
		f.blocks = append(f.blocks, testBlock{packed, min(maxBlock, len(data)-i*maxBlock)})
	}
	return f
}
