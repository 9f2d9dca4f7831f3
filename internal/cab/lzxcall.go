package cab

import (
	"bytes"
	"encoding/binary"
)

// Calls in the first gigabyte are translated, and none in the last bytes of a
// frame.
const (
	translatedFrames = 32768
	callTail         = 10
	callSize         = 5
)

// translation undoes what the compressor did to x86 code: it made the targets
// of call instructions (E8) absolute, which repeats them.
type translation struct {
	size    int32 // of the program; 0 is none
	frames  int
	current int32 // offset of the frame in the folder
	buf     []byte
}

// apply returns the frame as it was before compression. The window keeps it as
// it is, since matches refer to that.
func (t *translation) apply(frame []byte) []byte {
	current := t.current
	t.current += int32(len(frame))
	t.frames++
	if t.size == 0 || t.frames > translatedFrames || len(frame) <= callTail {
		return frame
	}
	t.buf = append(t.buf[:0], frame...)
	for i, end := 0, len(frame)-callTail; i < end; i++ {
		n := bytes.IndexByte(t.buf[i:end], 0xE8)
		if n < 0 {
			break
		}
		i += n
		operand := t.buf[i+1 : i+callSize]
		if relative, ok := t.relative(int32(binary.LittleEndian.Uint32(operand)), current+int32(i)); ok {
			binary.LittleEndian.PutUint32(operand, uint32(relative))
		}
		i += callSize - 1
	}
	return t.buf
}

// relative returns the operand of the call at an offset that the compressor
// replaced; false if it did not.
func (t *translation) relative(absolute, at int32) (int32, bool) {
	switch {
	case absolute < -at || absolute >= t.size:
		return 0, false
	case absolute >= 0:
		return absolute - at, true
	}
	return absolute + t.size, true
}
