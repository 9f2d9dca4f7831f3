package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// size returns a number of bytes, with its power of 1024 where that is easier
// to read.
func size(n uint64) string {
	if n == 1 {
		return "1 byte"
	}
	if n < 1<<10 {
		return strconv.FormatUint(n, 10) + " bytes"
	}
	v, unit := float64(n), ""
	for _, unit = range []string{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"} {
		if v /= 1024; v < 1024 {
			break
		}
	}
	return fmt.Sprintf("%s bytes (%.1f %s)", grouped(n), v, unit)
}

// grouped returns a number with its digits in threes.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// decimal returns a number, or nothing for zero.
func decimal[N ~uint16 | ~uint32 | ~uint64 | ~int](n N) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatUint(uint64(n), 10)
}

// moment returns a time, or nothing for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339Nano)
}

// seconds returns a span that is counted in units of 100 ns.
func seconds(units uint64) float64 { return float64(units) / 1e7 }

// span returns a number of seconds as a person reads it.
func span(s float64) string { return strconv.FormatFloat(s, 'f', -1, 64) + " s" }

// withName returns a value and, where it has one, its name.
func withName(value, name string) string {
	if name == "" || value == "" {
		return value
	}
	return value + " (" + name + ")"
}

// bitName is the name of a bit.
type bitName struct {
	bit  uint32
	name string
}

// bitNames returns the names of the bits that are set, and what has no name as
// a number.
func bitNames(v uint32, names []bitName) []string {
	var list []string
	for _, n := range names {
		if v&n.bit == n.bit {
			list = append(list, n.name)
			v &^= n.bit
		}
	}
	if v != 0 {
		list = append(list, hex(uint64(v)))
	}
	return list
}

// joined returns names as one text.
func joined(names []string) string { return strings.Join(names, ", ") }

// yes returns a word for what is so, and nothing for what is not.
func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}
