package pe

import "fmt"

// DebugType says what a debug entry holds.
type DebugType uint32

// Types of debug entries, named as in winnt.h and, for what that lacks, as in
// "PE Format".
const (
	IMAGE_DEBUG_TYPE_UNKNOWN               DebugType = 0
	IMAGE_DEBUG_TYPE_COFF                  DebugType = 1
	IMAGE_DEBUG_TYPE_CODEVIEW              DebugType = 2
	IMAGE_DEBUG_TYPE_FPO                   DebugType = 3
	IMAGE_DEBUG_TYPE_MISC                  DebugType = 4
	IMAGE_DEBUG_TYPE_EXCEPTION             DebugType = 5
	IMAGE_DEBUG_TYPE_FIXUP                 DebugType = 6
	IMAGE_DEBUG_TYPE_OMAP_TO_SRC           DebugType = 7
	IMAGE_DEBUG_TYPE_OMAP_FROM_SRC         DebugType = 8
	IMAGE_DEBUG_TYPE_BORLAND               DebugType = 9
	IMAGE_DEBUG_TYPE_RESERVED10            DebugType = 10
	IMAGE_DEBUG_TYPE_CLSID                 DebugType = 11
	IMAGE_DEBUG_TYPE_VC_FEATURE            DebugType = 12
	IMAGE_DEBUG_TYPE_POGO                  DebugType = 13
	IMAGE_DEBUG_TYPE_ILTCG                 DebugType = 14
	IMAGE_DEBUG_TYPE_MPX                   DebugType = 15
	IMAGE_DEBUG_TYPE_REPRO                 DebugType = 16 // TimeDateStamps are hashes
	IMAGE_DEBUG_TYPE_EMBEDDED_PORTABLE_PDB DebugType = 17
	IMAGE_DEBUG_TYPE_SPGO                  DebugType = 18
	IMAGE_DEBUG_TYPE_PDB_CHECKSUM          DebugType = 19
	IMAGE_DEBUG_TYPE_EX_DLLCHARACTERISTICS DebugType = 20
	IMAGE_DEBUG_TYPE_PERFMAP               DebugType = 21
)

var debugTypeNames = []string{
	"UNKNOWN", "COFF", "CODEVIEW", "FPO", "MISC", "EXCEPTION", "FIXUP",
	"OMAP_TO_SRC", "OMAP_FROM_SRC", "BORLAND", "RESERVED10", "CLSID",
	"VC_FEATURE", "POGO", "ILTCG", "MPX", "REPRO", "EMBEDDED_PORTABLE_PDB",
	"SPGO", "PDB_CHECKSUM", "EX_DLLCHARACTERISTICS", "PERFMAP",
}

// String returns the SDK's name, or DebugType(n) for an unknown one.
func (t DebugType) String() string {
	if uint64(t) < uint64(len(debugTypeNames)) {
		return "IMAGE_DEBUG_TYPE_" + debugTypeNames[t]
	}
	return fmt.Sprintf("DebugType(%d)", uint32(t))
}
