// Package report writes what an analysis found: as text for people and as
// JSON for programs.
package report
