// Package simulate makes handle traces whose truth is known, and judges what
// an analyser finds in them.
//
// A Machine runs a process: modules with functions at addresses, threads that
// step through scripted programs in a seeded random interleaving, and a kernel
// with a handle table that records opens, closes and bad references as Windows
// does. Programs hold handles together with the object that they got them for,
// so that the machine knows of every close and use whether it was right, and
// whose object it hit, without looking at the trace.
//
// Generate makes a Case of a Mode and a seed. Case.Judge compares findings with
// the truth. The package knows nothing of how the analyser works.
package simulate
