package symbols

import "strconv"

// ordinalName names an export that has no name, as debuggers do.
func ordinalName(ordinal uint32) string { return "Ordinal" + strconv.FormatUint(uint64(ordinal), 10) }
