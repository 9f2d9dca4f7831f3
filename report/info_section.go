package report

import (
	"iter"
	"slices"

	"github.com/handletrace/handletrace/minidump"
)

// infoSection is a part of what is in a dump. Its text and its JSON are made
// of the same values.
type infoSection interface {
	at() infoPlace
	fill(info *Info, f *minidump.File) error
	json(j *infoJSON, f *minidump.File) error
	text(t *infoText, f *minidump.File) error
}

// infoPlace is where a section stands and what it shows.
type infoPlace struct {
	key     string // in the JSON; none for what only the text has
	title   string // in the text; none for what another section shows
	streams []minidump.StreamType
}

func (p infoPlace) at() infoPlace { return p }

// shows begins the place of a section that shows streams.
func shows(key, title string, streams ...minidump.StreamType) infoPlace {
	return infoPlace{key, title, streams}
}

// one is a section of a single value.
type one[T any] struct {
	infoPlace
	read  func(*minidump.File) (*T, error) // nil without an error is nothing to show
	set   func(*Info, *T)
	write func(*infoText, *T)
}

func (s one[T]) fill(info *Info, f *minidump.File) error {
	if s.key == "" {
		return nil
	}
	v, err := s.read(f)
	if v != nil {
		s.set(info, v)
	}
	return err
}

func (s one[T]) json(j *infoJSON, f *minidump.File) error {
	if s.key == "" {
		return nil
	}
	v, err := s.read(f)
	if v != nil {
		j.value(s.key, v)
	}
	return err
}

func (s one[T]) text(t *infoText, f *minidump.File) error {
	if s.title == "" {
		return nil
	}
	v, err := s.read(f)
	if v != nil {
		t.heading(s.title)
		s.write(t, v)
	}
	return err
}

// many is a section of a list, whose rows are made while they are written.
type many[T any] struct {
	infoPlace
	read  func(*minidump.File) (rows[T], error)
	set   func(*Info, []T)
	write func(*infoText, rows[T])
}

// rows are n values, of which all yields each.
type rows[T any] struct {
	n   int
	all iter.Seq[T]
}

// rowsOf are the rows of a slice.
func rowsOf[T any](list []T) rows[T] { return rows[T]{len(list), slices.Values(list)} }

// rowsFrom are rows that are made of those of another slice.
func rowsFrom[S, T any](list []S, row func(*S) T) rows[T] {
	return rows[T]{len(list), func(yield func(T) bool) {
		for i := range list {
			if !yield(row(&list[i])) {
				return
			}
		}
	}}
}

func (s many[T]) fill(info *Info, f *minidump.File) error {
	r, err := s.read(f)
	if r.n > 0 {
		s.set(info, slices.AppendSeq(make([]T, 0, r.n), r.all))
	}
	return err
}

func (s many[T]) json(j *infoJSON, f *minidump.File) error {
	r, err := s.read(f)
	if r.n > 0 {
		writeList(j, s.key, r.all)
	}
	return err
}

func (s many[T]) text(t *infoText, f *minidump.File) error {
	r, err := s.read(f)
	if r.n > 0 {
		t.heading(s.title + " (" + grouped(uint64(r.n)) + ")")
		s.write(t, r)
	}
	return err
}
