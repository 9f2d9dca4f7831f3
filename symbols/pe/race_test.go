//go:build race

package pe

// raceEnabled: the race detector makes sync.Pool forget at random.
const raceEnabled = true
