package report

import (
	"fmt"
	"time"

	"github.com/handletrace/handletrace/minidump"
)

// InfoTimeZone is the time zone of the machine that wrote a dump.
type InfoTimeZone struct {
	ID           uint32 `json:"id"`
	Bias         int32  `json:"bias"`
	StandardName string `json:"standard_name"`
	StandardDate string `json:"standard_date,omitempty"`
	StandardBias int32  `json:"standard_bias"`
	DaylightName string `json:"daylight_name"`
	DaylightDate string `json:"daylight_date,omitempty"`
	DaylightBias int32  `json:"daylight_bias"`
}

func infoTimeZone(m *minidump.MiscInfo) *InfoTimeZone {
	z := &m.TimeZone
	return &InfoTimeZone{
		ID: m.TimeZoneID, Bias: z.Bias,
		StandardName: z.StandardName, StandardDate: changeDate(z.StandardDate), StandardBias: z.StandardBias,
		DaylightName: z.DaylightName, DaylightDate: changeDate(z.DaylightDate), DaylightBias: z.DaylightBias,
	}
}

// changeDate returns a SYSTEMTIME of a TIME_ZONE_INFORMATION: a date, or a
// rule such as "last Sunday of October, 03:00:00"; nothing where there is none.
func changeDate(d minidump.SystemTime) string {
	clock := fmt.Sprintf("%02d:%02d:%02d", d.Hour, d.Minute, d.Second)
	switch {
	case d.Month == 0:
		return ""
	case d.Year != 0:
		return fmt.Sprintf("%04d-%02d-%02d %s", d.Year, d.Month, d.Day, clock)
	case d.Month > 12 || d.DayOfWeek > 6 || d.Day == 0 || d.Day > 5:
		return fmt.Sprintf("month %d, weekday %d, week %d, %s", d.Month, d.DayOfWeek, d.Day, clock)
	}
	week := []string{"first", "second", "third", "fourth", "last"}[d.Day-1]
	return fmt.Sprintf("%s %v of %v, %s", week, time.Weekday(d.DayOfWeek), time.Month(d.Month), clock)
}

var timeZoneIDs = []string{"neither standard nor daylight time", "standard time", "daylight time"}

func (z *InfoTimeZone) write(t *infoText) {
	if z == nil {
		return
	}
	id := fmt.Sprintf("id %d", z.ID)
	if z.ID < uint32(len(timeZoneIDs)) {
		id = timeZoneIDs[z.ID]
	}
	t.field("time zone", fmt.Sprintf("UTC = local time %+d minutes, %s in force", z.Bias, id))
	t.field("standard time", zonePart(z.StandardName, z.StandardDate, z.StandardBias))
	t.field("daylight time", zonePart(z.DaylightName, z.DaylightDate, z.DaylightBias))
}

func zonePart(name, date string, bias int32) string {
	s := fmt.Sprintf("%s, %+d minutes", name, bias)
	if date != "" {
		s += ", from the " + date
	}
	return s
}
