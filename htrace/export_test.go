package htrace

// BusyTrace is busyTrace for the tests outside the package.
var BusyTrace = busyTrace
