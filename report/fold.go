package report

import (
	"fmt"

	"github.com/handletrace/handletrace/htrace"
)

// minFolded is how many frames in no module are worth a line of their own.
const minFolded = 3

// hiddenFrames returns how many frames at the inner end of a stack lie in no
// module, where others do: those of the kernel, and of the 64-bit half of a
// WoW64 process, whose modules a dump does not list. Code that was made at run
// time is the program's. They are 0 where they are too few to be folded.
func hiddenFrames(frames []htrace.Frame) int {
	for i := range frames {
		switch f := &frames[i]; {
		case f.Module == "" && f.Function == "" && !f.Generated:
		case i < minFolded || f.Module == "":
			return 0
		default:
			return i
		}
	}
	return 0 // nothing is known of any of them
}

// folded is the line that stands for hidden frames.
func folded(n int) string {
	return fmt.Sprintf("(%d frames of the kernel or of WoW64's 64-bit half)", n)
}
