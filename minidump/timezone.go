package minidump

import (
	"slices"
	"unicode/utf16"
)

// TimeZone is a TIME_ZONE_INFORMATION: of the machine that wrote the dump.
type TimeZone struct {
	Bias         int32 // minutes; UTC = local time + Bias
	StandardName string
	StandardDate SystemTime // when standard time begins
	StandardBias int32
	DaylightName string
	DaylightDate SystemTime // when daylight time begins
	DaylightBias int32
}

// SystemTime is a SYSTEMTIME. In a TimeZone without a year it is a rule: the
// Day-th DayOfWeek of the Month, 5 for the last.
type SystemTime struct {
	Year, Month, DayOfWeek, Day        uint16
	Hour, Minute, Second, Milliseconds uint16
}

// rawTimeZone is a TIME_ZONE_INFORMATION as the file has it.
type rawTimeZone struct {
	Bias         int32
	StandardName [32]uint16
	StandardDate SystemTime
	StandardBias int32
	DaylightName [32]uint16
	DaylightDate SystemTime
	DaylightBias int32
}

func (r *rawTimeZone) zone() TimeZone {
	return TimeZone{
		r.Bias, decodeUnits(r.StandardName[:]), r.StandardDate, r.StandardBias,
		decodeUnits(r.DaylightName[:]), r.DaylightDate, r.DaylightBias,
	}
}

// decodeUnits decodes a UTF-16 array up to its first NUL; a full array has
// none.
func decodeUnits(units []uint16) string {
	if i := slices.Index(units, 0); i >= 0 {
		units = units[:i]
	}
	return string(utf16.Decode(units))
}
