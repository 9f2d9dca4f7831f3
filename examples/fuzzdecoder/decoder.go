// Package fuzzdecoder decodes a stream of one's own, which a crash reporter
// adds to its dumps, and fuzzes the decoder with dumps from the builder of
// package minidumptest:
//
//	go test -fuzz FuzzSession ./examples/fuzzdecoder
package fuzzdecoder

import (
	"errors"
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// SessionStream is where the crash reporter puts its data. Numbers from
// 0x10000 on are free for everybody.
const SessionStream minidump.StreamType = 0x4d590001

// Session is what was going on in the program.
type Session struct {
	Build    uint32
	Users    []uint32
	Revision string
}

var errShort = errors.New("the stream is cut")

// ReadSession decodes the stream of a dump. A dump without it gives
// [minidump.ErrNoStream].
func ReadSession(f *minidump.File) (*Session, error) {
	return minidump.Decode(f, SessionStream, decode)
}

// decode reads: a build, a count of users and their numbers, the revision as
// UTF-8 up to the end.
func decode(d minidump.StreamData) (*Session, error) {
	b, order := d.Bytes, d.ByteOrder
	if len(b) < 8 {
		return nil, errShort
	}
	s := &Session{Build: order.Uint32(b)}
	users, rest := order.Uint32(b[4:]), b[8:]
	if uint64(users)*4 > uint64(len(rest)) {
		return nil, fmt.Errorf("%d users in %d bytes: %w", users, len(rest), errShort)
	}
	s.Users = make([]uint32, users)
	for i := range s.Users {
		s.Users[i] = order.Uint32(rest[4*i:])
	}
	s.Revision = string(rest[4*users:])
	return s, nil
}
