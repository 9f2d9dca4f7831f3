package symbols

import (
	"context"
	"errors"
	"testing"
)

// Who is cancelled while making a value leaves it to the next; a failure of the
// thing itself stays.
func TestLazy(t *testing.T) {
	l := newLazy[int]()
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := l.get(ctx, func() (int, error) { cancel(); return 0, errors.New("cut off") }); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if _, _, ok := l.peek(); ok {
		t.Error("a cancelled attempt was kept")
	}
	for range 2 {
		made := 0
		v, err := l.get(t.Context(), func() (int, error) { made++; return 7, nil })
		if v != 7 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
	}
	failed := newLazy[int]()
	broken := errors.New("broken")
	for range 2 {
		if _, err := failed.get(t.Context(), func() (int, error) { return 0, broken }); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
	if _, err, ok := failed.peek(); !ok || !errors.Is(err, broken) {
		t.Errorf("the failure was not kept: %v", err)
	}
}

// Who waits for another's work may give up.
func TestLazyWaiting(t *testing.T) {
	l := newLazy[int]()
	begun, finish := make(chan struct{}), make(chan struct{})
	go l.get(context.Background(), func() (int, error) { close(begun); <-finish; return 1, nil })
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.get(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	close(finish)
	if v, err := l.get(t.Context(), nil); v != 1 || err != nil {
		t.Errorf("%d, %v", v, err)
	}
}
