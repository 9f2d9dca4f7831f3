package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/handletrace/handletrace/report"
	"github.com/handletrace/handletrace/symbols/symstore"
)

// meter shows on one line of a terminal what is being downloaded.
type meter struct {
	mu     sync.Mutex
	w      io.Writer // nil where it is no terminal
	active map[string]symstore.Progress
	done   int
	shown  time.Time
}

// meterEvery is how often the line changes at most.
const meterEvery = 100 * time.Millisecond

const eraseLine = "\r\x1b[K"

func newMeter(w io.Writer) *meter {
	m := &meter{active: make(map[string]symstore.Progress)}
	if isTerminal(w) {
		m.w = w
	}
	return m
}

// report takes news of a download.
func (m *meter) report(p symstore.Progress) {
	if m.w == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.active[p.Source] = p
	if p.Done {
		delete(m.active, p.Source)
		m.done++
	}
	if now := time.Now(); now.Sub(m.shown) >= meterEvery {
		m.shown = now
		fmt.Fprint(m.w, eraseLine+m.line(p))
	}
}

// line says what is under way, with the newest news by name.
func (m *meter) line(p symstore.Progress) string {
	text := fmt.Sprintf("symbols: %d downloaded, %d under way: %s %.1f MB", m.done, len(m.active), report.Plain(p.Key.File), megabytes(p.Received))
	if p.Total > 0 {
		text += fmt.Sprintf(" of %.1f", megabytes(p.Total))
	}
	return text
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

// end removes the line.
func (m *meter) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.w != nil && !m.shown.IsZero() {
		fmt.Fprint(m.w, eraseLine)
		m.shown = time.Time{}
	}
}
