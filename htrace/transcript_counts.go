package htrace

// Figure is a number that a text may give.
type Figure struct {
	Value uint64
	Known bool // whether the text gave it
}

// LineCounts says what the lines of a text were. Every line that was read is
// counted, and so is what was skipped.
type LineCounts struct {
	Lines   int // all, as split by line ends, without those in Overlong
	Entries int // headers of entries, of all prints in the text
	Threads int // thread lines
	Frames  int // frames of entries
	Inlined int // inlined functions among the frames
	Rules   int // what parts entries
	Blank   int

	Commands int // prompts and commands
	Controls int // other lines of !htrace: what it says of tracing, of the process, its figures
	Debugger int // warnings and news of the debugger
	Elisions int // dots or stars that stand for lines left out
	Comments int // words of an author behind a header or frame
	Wrapped  int // lines that were the rest of the one before
	Stray    int // parts of an entry outside every entry
	Broken   int // parts of an entry that cannot be read
	Overlong int // lines of more than 64 KiB
	Other    int // everything else
}

// Skipped returns how many lines say nothing to the trace that was understood:
// those that are no part of what !htrace prints.
func (c *LineCounts) Skipped() int {
	return c.Debugger + c.Elisions + c.Stray + c.Broken + c.Overlong + c.Other
}
