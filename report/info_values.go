package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// InfoValues are named values in an order of their own: registers, counters.
// In JSON they are an object.
type InfoValues []InfoValue

// InfoValue is a named value: a hexadecimal string or a number.
type InfoValue struct {
	Name  string
	Value any
	bytes bool // whether the number is a size
}

// MarshalJSON writes an object.
func (l InfoValues) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, 32*len(l)+2), '{')
	for i, v := range l {
		if i > 0 {
			b = append(b, ',')
		}
		var err error
		if b, err = appendJSON(b, v.Name); err != nil {
			return nil, err
		}
		if b, err = appendJSON(append(b, ':'), v.Value); err != nil {
			return nil, err
		}
	}
	return append(b, '}'), nil
}

// appendJSON appends a value. The texts that stand here, names of registers
// and hexadecimal numbers, seldom need escaping.
func appendJSON(b []byte, v any) ([]byte, error) {
	s, ok := v.(string)
	if ok && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' || strings.ContainsRune(`"\<>&`, r) }) {
		return append(append(append(b, '"'), s...), '"'), nil
	}
	text, err := json.Marshal(v)
	return append(b, text...), err
}

// UnmarshalJSON reads an object in the order of its members. Numbers become
// json.Number.
func (l *InfoValues) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if begin, err := d.Token(); err != nil || begin != json.Delim('{') {
		return fmt.Errorf("report: values are an object, not %.20q", b)
	}
	*l = nil
	for d.More() {
		var v InfoValue
		name, err := d.Token()
		if err != nil {
			return err
		}
		v.Name = fmt.Sprint(name)
		if err := d.Decode(&v.Value); err != nil {
			return err
		}
		*l = append(*l, v)
	}
	return nil
}

// text returns the value as a person reads it.
func (v *InfoValue) text() string {
	n, ok := v.Value.(uint64)
	switch {
	case !ok:
		return fmt.Sprint(v.Value)
	case v.bytes:
		return size(n)
	}
	return grouped(n)
}

// write writes the values as fields.
func (l InfoValues) write(t *infoText) {
	for i := range l {
		t.field(strings.ReplaceAll(l[i].Name, "_", " "), l[i].text())
	}
}

// valueKind is how a member of a structure is shown.
type valueKind int

const (
	plainValue valueKind = iota
	bytesValue
	hexValue
	noValue
)

// valuesOf returns the members of a structure, which are numbers, under their
// names in the JSON's style. kind says what each is.
func valuesOf(structure any, kind func(name string) valueKind) InfoValues {
	v := reflect.Indirect(reflect.ValueOf(structure))
	list := make(InfoValues, 0, v.NumField())
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		k := kind(name)
		if k == noValue {
			continue
		}
		value := InfoValue{Name: snakeCase(name), bytes: k == bytesValue}
		switch field := v.Field(i); {
		case field.CanInt():
			value.Value = field.Int()
		case k == hexValue:
			value.Value = hex(field.Uint())
		default:
			value.Value = field.Uint()
		}
		list = append(list, value)
	}
	return list
}

// snakeCase returns a name of the SDK in the style of the JSON's keys.
func snakeCase(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) && !unicode.IsUpper(rune(name[i-1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
