package minidump

import "github.com/handletrace/handletrace/internal/cursor"

// ObjectInformationType is a MINIDUMP_HANDLE_OBJECT_INFORMATION_TYPE.
type ObjectInformationType uint32

// Kinds of object information.
const (
	MiniHandleObjectInformationNone ObjectInformationType = 0
	MiniThreadInformation1          ObjectInformationType = 1
	MiniMutantInformation1          ObjectInformationType = 2
	MiniMutantInformation2          ObjectInformationType = 3
	MiniProcessInformation1         ObjectInformationType = 4
	MiniProcessInformation2         ObjectInformationType = 5
	MiniEventInformation1           ObjectInformationType = 6
	MiniSectionInformation1         ObjectInformationType = 7
	MiniSemaphoreInformation1       ObjectInformationType = 8
)

var objectInformationNames = map[ObjectInformationType]string{
	MiniHandleObjectInformationNone: "None",
	MiniThreadInformation1:          "Thread1",
	MiniMutantInformation1:          "Mutant1",
	MiniMutantInformation2:          "Mutant2",
	MiniProcessInformation1:         "Process1",
	MiniProcessInformation2:         "Process2",
	MiniEventInformation1:           "Event1",
	MiniSectionInformation1:         "Section1",
	MiniSemaphoreInformation1:       "Semaphore1",
}

// String returns the name, or the number of a value that is not known.
func (t ObjectInformationType) String() string { return nameOr(objectInformationNames, t) }

// HandleObjectInformation is a MINIDUMP_HANDLE_OBJECT_INFORMATION and what
// follows it.
type HandleObjectInformation struct {
	Rva      uint32 // where in the file it is
	InfoType ObjectInformationType
	// Raw is what the kernel returned for the object, padding included, which
	// holds whatever lay on the writer's stack. The SDK does not describe it.
	Raw []byte
	// Value is Raw decoded: a *[ThreadObject], *[MutantObject],
	// *[MutantOwner], *[ProcessObject], *[EventObject], *[SectionObject] or
	// *[SemaphoreObject]; nil for kinds and sizes that are not known.
	Value any
}

// ThreadObject is the THREAD_BASIC_INFORMATION of a thread.
type ThreadObject struct {
	ExitStatus   uint32 // 0x103 while it runs
	Teb          uint64
	ProcessID    uint64
	ThreadID     uint64
	AffinityMask uint64
	Priority     int32
	BasePriority int32
}

// MutantObject is the MUTANT_BASIC_INFORMATION of a mutex.
type MutantObject struct {
	CurrentCount  int32 // 1 is free, 0 and less are held
	OwnedByCaller bool
	Abandoned     bool
}

// MutantOwner is the MUTANT_OWNER_INFORMATION of a mutex; zero is nobody.
type MutantOwner struct {
	ProcessID uint64
	ThreadID  uint64
}

// ProcessObject is the PROCESS_BASIC_INFORMATION of a process.
type ProcessObject struct {
	ExitStatus      uint32 // 0x103 while it runs
	Peb             uint64
	AffinityMask    uint64
	BasePriority    int32
	ProcessID       uint64
	ParentProcessID uint64
	Flags           uint32 // of MiniProcessInformation2
}

// EventObject is the EVENT_BASIC_INFORMATION of an event.
type EventObject struct {
	EventType  uint32 // 0: notification (manual reset), 1: synchronization (auto reset)
	EventState int32  // 1 is signalled
}

// SectionObject is the SECTION_BASIC_INFORMATION of a file mapping.
type SectionObject struct {
	BaseAddress          uint64
	AllocationAttributes uint32 // SEC_ bits
	MaximumSize          int64  // bytes
}

// SemaphoreObject is the SEMAPHORE_BASIC_INFORMATION of a semaphore.
type SemaphoreObject struct {
	CurrentCount int32
	MaximumCount int32
}

// wordCursor reads structures of the process, aligned by its pointer size.
type wordCursor struct {
	*cursor.Cursor
	size int
}

// word reads a pointer-sized number, after the padding that the compiler puts
// before it.
func (c wordCursor) word() uint64 {
	c.Align(c.size)
	if c.size == 4 {
		return uint64(c.Uint32())
	}
	return c.Uint64()
}

var objectDecoders = map[ObjectInformationType]func(wordCursor) any{
	MiniThreadInformation1: func(c wordCursor) any {
		return &ThreadObject{c.Uint32(), c.word(), c.word(), c.word(), c.word(), int32(c.Uint32()), int32(c.Uint32())}
	},
	MiniMutantInformation1: func(c wordCursor) any {
		return &MutantObject{int32(c.Uint32()), c.Uint8() != 0, c.Uint8() != 0}
	},
	MiniMutantInformation2:  func(c wordCursor) any { return &MutantOwner{c.word(), c.word()} },
	MiniProcessInformation1: func(c wordCursor) any { return readProcessObject(c) },
	MiniProcessInformation2: func(c wordCursor) any {
		c.word() // its size
		p := readProcessObject(c)
		p.Flags = c.Uint32()
		return p
	},
	MiniEventInformation1: func(c wordCursor) any { return &EventObject{c.Uint32(), int32(c.Uint32())} },
	MiniSectionInformation1: func(c wordCursor) any {
		s := &SectionObject{BaseAddress: c.word(), AllocationAttributes: c.Uint32()}
		c.Align(8)
		s.MaximumSize = int64(c.Uint64())
		return s
	},
	MiniSemaphoreInformation1: func(c wordCursor) any {
		return &SemaphoreObject{int32(c.Uint32()), int32(c.Uint32())}
	},
}

func readProcessObject(c wordCursor) *ProcessObject {
	return &ProcessObject{ExitStatus: c.Uint32(), Peb: c.word(), AffinityMask: c.word(),
		BasePriority: int32(c.Uint32()), ProcessID: c.word(), ParentProcessID: c.word()}
}
