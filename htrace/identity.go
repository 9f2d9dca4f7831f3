package htrace

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/handletrace/handletrace/callstack"
)

// identityBytes of a hash tell the findings of any program apart.
const identityBytes = 8

// identity hashes a rule and the places that make a finding what it is.
func identity(r Rule, places ...string) string {
	h := sha256.Sum256([]byte("handletrace/v1\x00" + string(r) + "\x00" + strings.Join(places, "\x00")))
	return hex.EncodeToString(h[:identityBytes])
}

// identify gives a finding its identity: its rule and the responsible frames
// of its culprit and of the close that was right. The victim has no part in
// it, for whom a wrong close hits is chance.
func (a *Analysis) identify(f *Finding) {
	if f.ID != "" {
		return
	}
	places := []string{StablePlace(f.Where)}
	if f.FirstClose != nil {
		places = append(places, StablePlace(a.Where(f.FirstClose)))
	}
	f.ID = identity(f.Rule, places...)
}

// StablePlace returns a name of the code of a frame that stays the same from
// run to run, and from build to build where symbols allow: module!function
// where the name is that of the function which holds the address, else with
// the offset behind it, or module+0xoffset.
func StablePlace(f Frame) string {
	module := strings.ToLower(f.ModuleName())
	switch {
	case f.Module == "" && f.Function == "":
		return "unknown"
	case f.Function == "":
		return fmt.Sprintf("%s+%#x", module, f.Offset)
	}
	name := module + "!" + generatedNames.ReplaceAllString(f.Function, "<lambda>")
	if !isExact(f) {
		return fmt.Sprintf("%s+%#x", name, f.Offset)
	}
	return name
}

// generatedNames are made by the compiler from the source's contents, so they
// change with it.
var generatedNames = regexp.MustCompile(`<lambda_[0-9a-f]+>`)

// isExact reports whether a frame's function is the one that holds its address
// and not merely the nearest before it that a debugger had a name for.
func isExact(f Frame) bool {
	const functionSize = 0x1000
	return f.Source != callstack.Transcript || f.Offset < functionSize
}
