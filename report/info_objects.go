package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/handletrace/handletrace/minidump"
)

// InfoObject is a part of what is known of the object behind a handle.
type InfoObject struct {
	Type string `json:"type"`
	Size int    `json:"size"`
	// Fields is the part decoded, Raw its bytes where it could not be.
	Fields InfoValues `json:"fields,omitempty"`
	Raw    string     `json:"raw,omitempty"`
}

// rawShown bounds how much of a part that is not decoded is shown, in bytes.
const rawShown = 256

func infoObject(o *minidump.HandleObjectInformation) InfoObject {
	info := InfoObject{Type: o.InfoType.String(), Size: len(o.Raw)}
	if o.Value == nil {
		info.Raw = fmt.Sprintf("%x", o.Raw[:min(len(o.Raw), rawShown)])
		return info
	}
	switch v := o.Value.(type) {
	case *minidump.MutantObject:
		// The flags are no numbers.
		info.Fields = InfoValues{{Name: "current_count", Value: int64(v.CurrentCount)},
			{Name: "owned_by_caller", Value: v.OwnedByCaller}, {Name: "abandoned", Value: v.Abandoned}}
	default:
		info.Fields = valuesOf(v, objectValueKind)
	}
	if e, ok := o.Value.(*minidump.EventObject); ok && eventTypeNames[e.EventType] != "" {
		info.Fields = slices.Insert(info.Fields, 1, InfoValue{Name: "event_type_name", Value: eventTypeNames[e.EventType]})
	}
	return info
}

var eventTypeNames = map[uint32]string{0: "manual reset", 1: "auto reset"}

func objectValueKind(name string) valueKind {
	switch name {
	case "ExitStatus", "Teb", "Peb", "AffinityMask", "BaseAddress", "AllocationAttributes", "Flags":
		return hexValue
	}
	return plainValue
}

// line returns the part as one line.
func (o *InfoObject) line() string {
	var parts []string
	for i := range o.Fields {
		v := &o.Fields[i]
		value := fmt.Sprint(v.Value) // ids are no amounts: their digits stand together
		if strings.HasSuffix(v.Name, "_name") {
			parts[len(parts)-1] += " (" + value + ")"
			continue
		}
		parts = append(parts, strings.ReplaceAll(v.Name, "_", " ")+" "+value)
	}
	if o.Raw != "" {
		parts = append(parts, fmt.Sprintf("%s: %s", count(o.Size, "byte"), o.Raw))
	}
	return o.Type + ": " + strings.Join(parts, ", ")
}
