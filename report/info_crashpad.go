package report

import (
	"fmt"
	"unicode/utf8"

	"github.com/handletrace/handletrace/minidump"
)

// InfoCrashpad is what Crashpad says of a report.
type InfoCrashpad struct {
	Version           uint32               `json:"version"`
	ReportID          string               `json:"report_id"`
	ClientID          string               `json:"client_id"`
	AddressMask       string               `json:"address_mask,omitempty"`
	SimpleAnnotations []InfoKeyValue       `json:"simple_annotations,omitempty"`
	Modules           []InfoCrashpadModule `json:"modules,omitempty"`
}

// InfoKeyValue is a simple annotation.
type InfoKeyValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// InfoCrashpadModule are the annotations of a module.
type InfoCrashpadModule struct {
	Index             uint32           `json:"module_list_index"`
	Name              string           `json:"name,omitempty"`
	Version           uint32           `json:"version"`
	ListAnnotations   []string         `json:"list_annotations,omitempty"`
	SimpleAnnotations []InfoKeyValue   `json:"simple_annotations,omitempty"`
	AnnotationObjects []InfoAnnotation `json:"annotation_objects,omitempty"`
}

// InfoAnnotation is an annotation with a type: a text, or bytes in
// hexadecimal.
type InfoAnnotation struct {
	Name  string  `json:"name"`
	Type  uint16  `json:"type"`
	Value *string `json:"value,omitempty"`
	Raw   string  `json:"raw,omitempty"`
}

var crashpadSection = one[InfoCrashpad]{
	infoPlace: shows("crashpad", "Crashpad", minidump.CrashpadInfoStream),
	read: func(f *minidump.File) (*InfoCrashpad, error) {
		c, err := f.CrashpadInfo()
		if err != nil {
			return nil, err
		}
		info := &InfoCrashpad{
			Version: c.Version, ReportID: c.ReportID.String(), ClientID: c.ClientID.String(),
			SimpleAnnotations: keyValues(c.SimpleAnnotations),
		}
		if c.AddressMask != 0 {
			info.AddressMask = hex(c.AddressMask)
		}
		modules, _ := f.Modules() // the indexes are of the list as it is stored
		for i := range c.Modules {
			info.Modules = append(info.Modules, infoCrashpadModule(&c.Modules[i], modules))
		}
		return info, nil
	},
	set:   func(i *Info, c *InfoCrashpad) { i.Crashpad = c },
	write: func(t *infoText, c *InfoCrashpad) { c.write(t) },
}

func keyValues(list []minidump.SimpleAnnotation) []InfoKeyValue {
	var out []InfoKeyValue
	for _, a := range list {
		out = append(out, InfoKeyValue(a))
	}
	return out
}

func infoCrashpadModule(m *minidump.CrashpadModule, modules []minidump.Module) InfoCrashpadModule {
	info := InfoCrashpadModule{
		Index: m.ModuleListIndex, Version: m.Version, ListAnnotations: m.ListAnnotations, SimpleAnnotations: keyValues(m.SimpleAnnotations),
	}
	if int64(m.ModuleListIndex) < int64(len(modules)) {
		info.Name = modules[m.ModuleListIndex].Name
	}
	for i := range m.AnnotationObjects {
		info.AnnotationObjects = append(info.AnnotationObjects, infoAnnotation(&m.AnnotationObjects[i]))
	}
	return info
}

func infoAnnotation(a *minidump.Annotation) InfoAnnotation {
	info := InfoAnnotation{Name: a.Name, Type: a.Type}
	if a.Type == minidump.AnnotationString && utf8.Valid(a.Value) {
		text := string(a.Value)
		info.Value = &text
	} else {
		info.Raw = fmt.Sprintf("%x", a.Value)
	}
	return info
}

func (c *InfoCrashpad) write(t *infoText) {
	t.field("version", fmt.Sprint(c.Version))
	t.field("report", c.ReportID)
	t.field("client", c.ClientID)
	t.field("address mask", c.AddressMask)
	t.keyValues(c.SimpleAnnotations)
	each(t, rowsOf(c.Modules), func(_ int, m *InfoCrashpadModule) {
		t.sub(fmt.Sprintf("module %d: %s (version %d)", m.Index, m.Name, m.Version), func() { m.write(t) })
	})
}

func (m *InfoCrashpadModule) write(t *infoText) {
	if len(m.ListAnnotations) > 0 {
		t.sub("list", func() { t.list(m.ListAnnotations) })
	}
	t.keyValues(m.SimpleAnnotations)
	if len(m.AnnotationObjects) > 0 {
		t.sub("objects", func() {
			table(t, rowsOf(m.AnnotationObjects), []column[InfoAnnotation]{
				text("name", func(a *InfoAnnotation) string { return a.Name }),
				number("type", func(a *InfoAnnotation) string { return fmt.Sprint(a.Type) }),
				value("value", (*InfoAnnotation).text),
			}, nil)
		})
	}
}

func (a *InfoAnnotation) text() string {
	if a.Value != nil {
		return *a.Value
	}
	return a.Raw
}

func (t *infoText) keyValues(list []InfoKeyValue) {
	if len(list) == 0 {
		return
	}
	t.sub("annotations", func() {
		table(t, rowsOf(list), []column[InfoKeyValue]{
			text("key", func(a *InfoKeyValue) string { return a.Key }),
			value("value", func(a *InfoKeyValue) string { return a.Value }),
		}, nil)
	})
}
