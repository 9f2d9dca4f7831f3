package symstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// errGaveUp is in the errors of a server that is asked nothing for a while.
var errGaveUp = errors.New("the server was given up")

// taker reads an answer whose status is 200; it calls heard with the bytes that
// come.
type taker func(resp *http.Response, heard func(n int)) error

// get asks for a path below the server's, as often as it makes sense.
func (s *server) get(ctx context.Context, names []string, take taker) error {
	address := s.url(names...).String()
	if err := s.missed(address); err != nil {
		return err
	}
	for n := 1; ; n++ {
		err := s.once(ctx, names, take)
		if err == nil {
			s.worked()
			return nil
		}
		switch f := faultOf(ctx, err); {
		case f == faultFinal:
			s.worked()
			s.remember(address, err)
			return err
		case f == faultGone:
			s.giveUp(err)
			return err
		case f != faultPassing:
			return err
		case n == s.tries:
			s.failed(err)
			return err
		}
		if err := s.wait(ctx, n, err); err != nil {
			return err
		}
	}
}

// once makes one request.
func (s *server) once(ctx context.Context, names []string, take taker) error {
	select {
	case s.gate <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-s.gate }()
	if err := s.gaveUp(); err != nil {
		return err
	}
	c := &s.l.client
	watched, heard, stop := c.watch(ctx)
	defer stop()
	resp, err := c.get(watched, s.url(names...))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	heard(headSize)
	if err = statusFault(resp); err != nil {
		// A body that was read lets the connection serve again.
		_, _ = io.CopyN(io.Discard, resp.Body, 4<<10)
		return err
	}
	err = take(resp, heard)
	if cause := context.Cause(watched); err != nil && cause != nil {
		return cause
	}
	return err
}

// wait waits before the try after the nth.
func (s *server) wait(ctx context.Context, n int, err error) error {
	pause := s.pause << (2 * (n - 1))
	if status := (*statusError)(nil); errors.As(err, &status) {
		pause = max(pause, status.retryAfter)
	}
	t := time.NewTimer(min(pause, longestPause))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// receive writes an answer's body to a file.
func (s *server) receive(ctx context.Context, resp *http.Response, heard func(n int), to *os.File, p Progress, limit int64) error {
	p.Total = resp.ContentLength
	if p.Total > limit {
		return tooLarge(limit)
	}
	body := &counted{r: resp.Body, read: func(n int) {
		heard(n)
		p.Received += int64(n)
		s.l.opts.Progress(p)
	}}
	defer func() {
		p.Done = true
		s.l.opts.Progress(p)
	}()
	return copyBounded(ctx, to, body, limit)
}

// counted tells of each read.
type counted struct {
	r    io.Reader
	read func(n int)
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	if n > 0 {
		c.read(n)
	}
	return n, err
}

// gaveUp returns why the server is not asked at present; nil if it is.
func (s *server) gaveUp() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Now().Before(s.deadUntil) {
		return fmt.Errorf("%w: %w", errGaveUp, s.deadErr)
	}
	return nil
}

// giveUp asks the server nothing for a while.
func (s *server) giveUp(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !errors.Is(err, errGaveUp) && !time.Now().Before(s.deadUntil) {
		s.deadUntil, s.deadErr = time.Now().Add(deadTime), err
	}
}

// failed counts a file that could not be fetched for a reason that should have
// passed. After a few in a row, with none between that could, the server is
// given up.
func (s *server) failed(err error) {
	s.mu.Lock()
	s.failures++
	many := s.failures >= mostFailures
	s.mu.Unlock()
	if many {
		s.giveUp(err)
	}
}

// worked: the server answered.
func (s *server) worked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = 0
}

// missed returns the answer that was given for a URL before, if it was none.
func (s *server) missed(address string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, ok := s.misses[address]; ok && time.Now().Before(m.until) {
		return m.err
	}
	return nil
}

func (s *server) remember(address string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.misses) >= keptMisses {
		clear(s.misses)
	}
	s.misses[address] = miss{time.Now().Add(missTime), err}
}
