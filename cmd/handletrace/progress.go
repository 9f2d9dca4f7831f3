package main

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/handletrace/handletrace/report"
)

// progress shows on one line of a terminal what is being worked on, once it
// takes long. A nil progress shows nothing.
type progress struct {
	mu      sync.Mutex
	w       io.Writer
	tasks   []*task
	started time.Time
	shown   bool // whether the line is on the screen
	paused  int  // by how many who show something themselves
	ticking bool
}

// task is a file that is being worked on. A nil task is not shown.
type task struct {
	p    *progress
	name string
	size atomic.Int64 // bytes to be read; 0 where that is not known
	read atomic.Int64
}

const (
	progressDelay    = time.Second // before the first line
	progressInterval = 200 * time.Millisecond
)

func newProgress(w io.Writer) *progress { return &progress{w: w} }

// begin starts to show a task.
func (p *progress) begin(name string) *task {
	if p == nil {
		return nil
	}
	t := &task{p: p, name: name}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.tasks) == 0 && !p.ticking {
		p.started, p.ticking = time.Now(), true
		go p.tick()
	}
	p.tasks = append(p.tasks, t)
	return t
}

// tick shows the tasks until there are none.
func (p *progress) tick() {
	time.Sleep(progressDelay)
	for {
		p.mu.Lock()
		if len(p.tasks) == 0 {
			p.erase()
			p.ticking = false
			p.mu.Unlock()
			return
		}
		if p.paused == 0 {
			fmt.Fprint(p.w, eraseLine+p.line(time.Since(p.started)))
			p.shown = true
		}
		p.mu.Unlock()
		time.Sleep(progressInterval)
	}
}

// line describes the tasks.
func (p *progress) line(passed time.Duration) string {
	const widest = 40 // of a name
	t := p.tasks[0]
	name := []rune(report.Plain(t.name))
	if len(name) > widest {
		name = append([]rune("..."), name[len(name)-widest:]...)
	}
	text := fmt.Sprintf("handletrace: %s, %s%d s", string(name), t.bytes(), int(passed.Seconds()))
	if more := len(p.tasks) - 1; more > 0 {
		text += fmt.Sprintf(", %d more at work", more)
	}
	return text
}

// erase takes the line off the screen. p.mu is held.
func (p *progress) erase() {
	if p.shown {
		fmt.Fprint(p.w, eraseLine)
		p.shown = false
	}
}

// aside runs do while nothing is shown, for it writes to the terminal too.
func (p *progress) aside(do func() error) error {
	if p == nil {
		return do()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	return do()
}

// pause shows nothing until resume is called, for something else is shown.
func (p *progress) pause() (resume func()) {
	if p == nil {
		return func() {}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.erase()
	p.paused++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.paused--
	}
}

// end ends a task.
func (t *task) end() {
	if t == nil {
		return
	}
	t.p.mu.Lock()
	defer t.p.mu.Unlock()
	t.p.tasks = slices.DeleteFunc(t.p.tasks, func(o *task) bool { return o == t })
	if len(t.p.tasks) == 0 {
		t.p.erase()
	}
}

// total says how much is to be read, from now on.
func (t *task) total(size int64) {
	if t != nil {
		t.size.Store(size)
		t.read.Store(0)
	}
}

// reader counts what is read.
func (t *task) reader(r io.Reader) io.Reader {
	if t == nil {
		return r
	}
	return countingReader{r, t}
}

type countingReader struct {
	io.Reader
	t *task
}

func (c countingReader) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.t.read.Add(int64(n))
	return n, err
}

// bytes says how much was read.
func (t *task) bytes() string {
	const million = 1e6
	read, size := float64(t.read.Load())/million, float64(t.size.Load())/million
	switch {
	case size > 0 && read > 0:
		return fmt.Sprintf("%.1f of %.1f MB read, ", read, size)
	case size > 0:
		return fmt.Sprintf("%.1f MB, ", size)
	case read > 0:
		return fmt.Sprintf("%.1f MB read, ", read)
	}
	return ""
}
