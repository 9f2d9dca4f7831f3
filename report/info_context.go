package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/minidump"
)

// InfoRegisters is where a processor stood, and its general registers.
type InfoRegisters struct {
	IP        string     `json:"ip,omitempty"`
	SP        string     `json:"sp,omitempty"`
	FP        string     `json:"fp,omitempty"`
	Location  string     `json:"location,omitempty"` // of IP, as module+0xoffset
	Registers InfoValues `json:"registers,omitempty"`
}

func infoRegisters(c minidump.Context, l locator) InfoRegisters {
	r := InfoRegisters{IP: hex(c.IP()), SP: hex(c.SP()), FP: hex(c.FP()), Location: l.at(c.IP())}
	for name, v := range c.Registers() {
		r.Registers = append(r.Registers, InfoValue{Name: name, Value: hex(v)})
	}
	return r
}

// InfoContext is all that is shown of a context.
type InfoContext struct {
	InfoRegisters
	// XStateFeatures are the components of the extended state that hold a
	// value.
	XStateFeatures     []string `json:"xstate_features,omitempty"`
	ShadowStackPointer string   `json:"shadow_stack_pointer,omitempty"`
	// ContextError says why there is none where there should be one.
	ContextError string `json:"context_error,omitempty"`
}

// infoContext takes the results of the methods that decode contexts.
func infoContext(c minidump.Context, err error, l locator) InfoContext {
	switch {
	case absent(err):
		return InfoContext{}
	case err != nil:
		return InfoContext{ContextError: err.Error()}
	}
	info := InfoContext{InfoRegisters: infoRegisters(c, l)}
	x := xstateOf(c)
	if x == nil {
		return info
	}
	for id := range 63 {
		if x.Has(minidump.XStateFeatureID(id)) {
			info.XStateFeatures = append(info.XStateFeatures, featureName(id))
		}
	}
	if ssp, ok := x.ShadowStackPointer(); ok {
		info.ShadowStackPointer = hex(ssp)
	}
	return info
}

func xstateOf(c minidump.Context) *minidump.XState {
	switch c := c.(type) {
	case *minidump.ContextAMD64:
		return c.XState
	case *minidump.ContextX86:
		return c.XState
	}
	return nil
}

// xstateNames are the components of the extended state as Intel's manual calls
// them.
var xstateNames = []string{"x87", "SSE", "AVX", "BNDREGS", "BNDCSR", "opmask", "ZMM_Hi256", "Hi16_ZMM", "PT", "PKRU",
	"PASID", "CET_U", "CET_S", "HDC", "UINTR", "LBR", "HWP", "TILECFG", "TILEDATA", "APX"}

// xstateName returns the name of a component, or nothing.
func xstateName(id int) string {
	if id < len(xstateNames) {
		return xstateNames[id]
	}
	return ""
}

func featureName(id int) string {
	if name := xstateName(id); name != "" {
		return name
	}
	return fmt.Sprintf("component %d", id)
}

// registersInLine is how many registers stand beside each other.
const registersInLine = 4

// lines returns the registers for a person to read.
func (r *InfoRegisters) lines() []string {
	var list []string
	width := 0
	for _, v := range r.Registers {
		width = max(width, len(v.Name)+1+len(v.text()))
	}
	for some := range slices.Chunk(r.Registers, registersInLine) {
		var line strings.Builder
		for _, v := range some {
			fmt.Fprintf(&line, "%-*s  ", width, v.Name+" "+v.text())
		}
		list = append(list, strings.TrimRight(line.String(), " "))
	}
	return list
}

// lines returns the registers and what else is known.
func (c *InfoContext) lines() []string {
	list := c.InfoRegisters.lines()
	if c.ContextError != "" {
		list = append(list, "the registers could not be read: "+c.ContextError)
	}
	if len(c.XStateFeatures) > 0 {
		list = append(list, "extended state: "+joined(c.XStateFeatures))
	}
	if c.ShadowStackPointer != "" {
		list = append(list, "shadow stack pointer "+c.ShadowStackPointer)
	}
	return list
}
