package symstore

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// errMissing: the server does not have the file.
var errMissing = errors.New("not there")

// statusError is an answer that is neither the file nor that there is none.
type statusError struct {
	code       int
	retryAfter time.Duration
}

func (e *statusError) Error() string {
	return fmt.Sprintf("the server answered %d %s", e.code, http.StatusText(e.code))
}

// statusFault returns what a status means; nil for the file.
func statusFault(resp *http.Response) error {
	switch resp.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusNotFound, http.StatusGone:
		return errMissing
	}
	e := &statusError{code: resp.StatusCode}
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
		e.retryAfter = time.Duration(min(seconds, 3600)) * time.Second
	}
	return e
}

// fault says what to do about a request that failed.
type fault int

const (
	faultFinal     fault = iota // for this file: the answer will be the same
	faultPassing                // try again
	faultGone                   // the server cannot be reached: ask it nothing more
	faultCancelled              // whoever wanted the file gave up
	faultOurs                   // the file could not be written
)

func faultOf(ctx context.Context, err error) fault {
	var (
		status      *statusError
		write       *writeError
		op          *net.OpError
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
	)
	switch {
	case context.Cause(ctx) != nil:
		return faultCancelled
	case errors.As(err, &write):
		return faultOurs
	case errors.As(err, &status):
		if status.code == http.StatusTooManyRequests || status.code == http.StatusRequestTimeout || status.code >= 500 && status.code != http.StatusNotImplemented {
			return faultPassing
		}
		return faultFinal
	case errors.Is(err, errMissing), errors.Is(err, errTooLarge), errors.Is(err, errRedirect):
		return faultFinal
	case errors.Is(err, errSilent), errors.Is(err, errGaveUp), errors.As(err, &dns), errors.As(err, &certificate), errors.As(err, &op) && op.Op == "dial":
		return faultGone
	}
	return faultPassing // a broken connection
}
