package minidumptest

import "encoding/binary"

// Order is a byte order that can append.
type Order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// Parts that stand for something elsewhere in the file, or that are made when
// the file is laid out.
type (
	text     struct{ s string }
	text64   struct{ s string }
	utf8Text struct{ s string }
	ref      struct{ parts []any }
	ref64    struct{ parts []any }
	location struct{ parts []any }
	named    struct {
		name  string
		parts []any
	}
	at   struct{ name string }
	at64 struct{ name string }
)

// String is the u32 RVA of a MINIDUMP_STRING. An empty string is written too;
// use uint32(0) for none.
func String(s string) any { return text{s} }

// String64 is the u64 RVA of a MINIDUMP_STRING, as ThreadNames has it.
func String64(s string) any { return text64{s} }

// UTF8String is the u32 RVA of a MinidumpUTF8String, as Crashpad writes it: a
// length in bytes, the bytes, a NUL.
func UTF8String(s string) any { return utf8Text{s} }

// RVA is the u32 place of the parts, which are written elsewhere.
func RVA(parts ...any) any { return ref{parts} }

// RVA64 is the u64 place of the parts, which are written elsewhere.
func RVA64(parts ...any) any { return ref64{parts} }

// Location is a MINIDUMP_LOCATION_DESCRIPTOR of the parts, which are written
// elsewhere.
func Location(parts ...any) any { return location{parts} }

// Named is the parts themselves; [At] gives their place.
func Named(name string, parts ...any) any { return named{name, parts} }

// At is the u32 place in the file of the parts that are Named so, before or
// behind it, itself included: chains may turn back.
func At(name string) any { return at{name} }

// At64 is [At] as a u64.
func At64(name string) any { return at64{name} }

// Func is a part that depends on the byte order.
type Func func(Order) []byte
