package minidump

import (
	"time"

	"github.com/handletrace/handletrace/internal/cursor"
)

// Bits of ThreadInfo.DumpFlags.
const (
	ThreadInfoErrorThread    uint32 = 0x01 // a placeholder: the thread could not be read
	ThreadInfoWritingThread  uint32 = 0x02 // the one that wrote the dump
	ThreadInfoExitedThread   uint32 = 0x04
	ThreadInfoInvalidInfo    uint32 = 0x08
	ThreadInfoInvalidContext uint32 = 0x10
	ThreadInfoInvalidTeb     uint32 = 0x20
)

// ThreadInfo is a MINIDUMP_THREAD_INFO.
type ThreadInfo struct {
	ThreadID     uint32
	DumpFlags    uint32
	DumpError    uint32 // an HRESULT
	ExitStatus   uint32
	CreateTime   FileTime
	ExitTime     FileTime
	KernelTime   uint64 // units of 100 ns
	UserTime     uint64 // units of 100 ns
	StartAddress uint64
	Affinity     uint64
}

// threadInfoSize is sizeof(MINIDUMP_THREAD_INFO).
const threadInfoSize = 64

// FileTime is a FILETIME: units of 100 ns since 1601 in UTC.
type FileTime uint64

// fileTimeOf1970 is the Unix epoch as a FILETIME.
const fileTimeOf1970 = 116444736000000000

// Time returns the moment, or the zero Time for 0.
func (t FileTime) Time() time.Time {
	if t == 0 {
		return time.Time{}
	}
	units := int64(t) - fileTimeOf1970
	return time.Unix(units/1e7, units%1e7*100).UTC()
}

// ThreadInfoList decodes stream 17, in the order of the file.
func (f *File) ThreadInfoList() ([]ThreadInfo, error) {
	return once(f, ThreadInfoListStream, f.decodeThreadInfo)
}

func (f *File) decodeThreadInfo() ([]ThreadInfo, error) {
	l, err := f.exList(ThreadInfoListStream, threadInfoSize, false)
	if err != nil {
		return nil, err
	}
	return entriesOf(l, func(c *cursor.Cursor) ThreadInfo {
		return ThreadInfo{
			ThreadID: c.Uint32(), DumpFlags: c.Uint32(), DumpError: c.Uint32(), ExitStatus: c.Uint32(),
			CreateTime: FileTime(c.Uint64()), ExitTime: FileTime(c.Uint64()),
			KernelTime: c.Uint64(), UserTime: c.Uint64(),
			StartAddress: f.address(c.Uint64()), Affinity: c.Uint64(),
		}
	}), nil
}
