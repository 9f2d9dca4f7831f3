package htrace

import (
	"slices"
	"strings"
)

// WrongCloseDetector finds objects that were opened through one API and closed
// through another, which leaves the first one's own bookkeeping behind:
//
//	OPEN 0x3c   under ws2_32!WSASocketW
//	CLOSE 0x3c  under kernelbase!CloseHandle, with no ws2_32 on the stack
//
// It rests on the names of functions of the system on both stacks, so it is
// likely, and silent where they are not known or the stacks do not reach so
// far. Objects that the system closes itself, at the end of a thread or
// process, do not count. All closes at one place of what one place opened are
// one finding.
type WrongCloseDetector struct{}

// Rule returns [WrongClose].
func (WrongCloseDetector) Rule() Rule { return WrongClose }

// Detect returns the findings of an analysis.
func (WrongCloseDetector) Detect(a *Analysis) []Finding {
	byPair := make(map[[2]siteID]*Finding)
	var order []*Finding
	for _, h := range a.histories {
		for i := range h.lives {
			l := &h.lives[i]
			family := a.wrongFamily(l)
			if family == nil || a.guilty[l.close] {
				continue
			}
			pair := [2]siteID{a.site(l.open), a.site(l.close)}
			if f := byPair[pair]; f != nil {
				f.Related = append(f.Related, a.trace.at(l.close))
				f.Count++
				f.Confidence = Likely
				continue
			}
			f := &Finding{
				Rule: WrongClose, Confidence: a.wrongCloseConfidence(l), Value: h.slot.value, Count: 1,
				Culprit: a.trace.at(l.close), Where: a.where(l.close),
				Message: a.explainWrongClose(h, l, family),
			}
			byPair[pair] = f
			order = append(order, f)
		}
	}
	list := make([]Finding, len(order))
	for i, f := range order {
		list[i] = *f
	}
	return list
}

// wrongCloseConfidence grades a wrong close that happened once: where the place
// closes other objects as a rule, it may have taken this one for its own.
func (a *Analysis) wrongCloseConfidence(l *lifetime) Confidence {
	const few = 3
	if n := &a.usage.levels[bySite]; n.closed[n.of[a.stacksOf[l.close]]] > few {
		return Possible
	}
	return Likely
}

// family is an API whose handles only it may close.
type family struct {
	what    string
	modules map[string]bool // any frame in them on the closing stack is the API's own doing
	opens   map[string]bool // functions that hand a handle out
	kind    objectKind      // what the system calls it
	closer  string
	loss    string
}

// sockets are those of Winsock.
var sockets = &family{
	what: "a socket", modules: set("ws2_32", "mswsock", "wsock32"), closer: "closesocket", kind: fileObject,
	opens: set("socket", "WSASocketA", "WSASocketW", "accept", "WSAAccept", "WSADuplicateSocketA", "WSADuplicateSocketW"),
	loss:  "Winsock keeps its state of the socket and takes the next handle of this value for it",
}

var families = []*family{
	sockets,
	{
		what: "a C runtime file", modules: set("ucrtbase", "ucrtbased", "msvcrt", "msvcr90", "msvcr100", "msvcr110", "msvcr120"), closer: "_close or fclose", kind: fileObject,
		opens: set("_open", "_wopen", "_sopen", "_sopen_s", "_wsopen", "_wsopen_s", "fopen", "_wfopen", "fopen_s", "_wfopen_s", "_fsopen", "_wfsopen"),
		loss:  "the runtime keeps the descriptor, and closing that later closes whatever has the value then",
	},
	{
		what: "a registry key", modules: set("advapi32", "kernelbase.RegCloseKey"), closer: "RegCloseKey", kind: keyObject,
		opens: set("RegOpenKeyExA", "RegOpenKeyExW", "RegCreateKeyExA", "RegCreateKeyExW", "RegOpenKeyA", "RegOpenKeyW", "RegConnectRegistryW"),
		loss:  "the registry API is not told",
	},
}

// wrongFamily returns the API that opened an object which CloseHandle closed
// past it.
func (a *Analysis) wrongFamily(l *lifetime) *family {
	if l.open == none || l.close == none || a.foreign(l.open) || a.foreign(l.close) || !a.callsOf(l.close).closeHandle {
		return nil
	}
	if f := a.familyOf(l.open); f != nil && a.familyOf(l.close) != f {
		return f
	}
	return nil
}

// mismatched reports whether the names on both stacks show an object of one
// API to be closed through another.
func (a *Analysis) mismatched(open, close int32) bool {
	return a.stack(close).call != unknownCall && a.stack(open).call != unknownCall && a.familyOf(open) != a.familyOf(close)
}

// familyOf returns the API through which an operation opened, used or closed a
// handle, and nil for the plain one of kernel32.
func (a *Analysis) familyOf(i int32) *family {
	c := a.callsOf(i)
	if a.op(i).Kind == KindOpen {
		return c.opened
	}
	return c.passed
}

// stackCalls is what the names of the system's functions on a stack tell.
type stackCalls struct {
	known       bool
	closeHandle bool
	opened      *family // the API that hands out what was opened there
	opens, uses objectKind
	kindKnown   bool    // whether the system call tells the kind
	passed      *family // the API that the stack goes through
	nameless    bool    // only the modules of the frames are known
}

// callsOf looks at the names on a stack, once.
func (a *Analysis) callsOf(i int32) *stackCalls { return a.callsOfStack(a.trace.stackOf[i]) }

func (a *Analysis) callsOfStack(stack int32) *stackCalls {
	c := &a.calls[stack]
	if !c.known {
		*c = stackCalls{known: true}
		frames := a.systemFrames(stack)
		c.nameless = len(frames) > 0 && !slices.ContainsFunc(frames, func(f Frame) bool { return f.Function != "" })
		for _, f := range frames {
			c.see(f)
		}
		if c.opened != nil && c.kindKnown && c.opens != c.opened.kind {
			// The name is only the nearest that is known.
			c.opened = nil
		}
	}
	return c
}

func (c *stackCalls) see(f Frame) {
	// Farther from its beginning a name is that of another function, which is
	// the nearest with a name.
	const functionSize = 0x800
	if f.Offset >= functionSize {
		f.Function = ""
	}
	if f.Function == "CloseHandle" {
		c.closeHandle = true
	}
	if c.opens == anyObject {
		c.opens = kindOfCall(openedKinds, f.Function)
		c.kindKnown = c.opens != anyObject
	}
	if c.uses == anyObject {
		c.uses = kindOfCall(usedKinds, f.Function)
	}
	module := strings.ToLower(f.ModuleName())
	for _, fam := range families {
		if c.opened == nil && fam.opens[f.Function] {
			c.opened = fam
		}
		if c.passed == nil && (fam.modules[module] || fam.modules[module+"."+f.Function]) {
			c.passed = fam
		}
	}
}

// systemFrames returns the frames of the system and of runtimes inside the
// first of the application.
func (a *Analysis) systemFrames(stack int32) []Frame {
	var frames []Frame
	for _, f := range a.sites.frames[stack] {
		if f.known && f.role == application {
			break
		}
		if f.known {
			frames = append(frames, a.code.Frames(f.addr)...)
		}
	}
	return frames
}
