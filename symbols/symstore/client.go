package symstore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"
)

// userAgent begins as SymSrv's does, by which some servers tell who may ask.
const userAgent = "Microsoft-Symbol-Server/10.0.0.0 (handletrace)"

// client makes requests for all servers of a path.
type client struct {
	http        http.Client
	timeout     time.Duration
	credentials func(host string) (user, password string, ok bool)
	own         *http.Transport
}

func newClient(o Options) client {
	c := client{timeout: o.Timeout, credentials: o.Credentials}
	c.http.Transport = o.Transport
	if o.Transport == nil {
		c.own = http.DefaultTransport.(*http.Transport).Clone()
		c.own.MaxIdleConnsPerHost = requestsAtOnce
		c.own.DialContext = (&net.Dialer{Timeout: o.Timeout}).DialContext
		c.http.Transport = c.own
	}
	c.http.CheckRedirect = checkRedirect
	return c
}

func (c *client) close() {
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

const maxRedirects = 10

var errRedirect = errors.New("the server redirects")

// checkRedirect follows redirections, but tells where they lead nothing of
// where they are from: a URL may hold a key.
func checkRedirect(req *http.Request, via []*http.Request) error {
	req.Header.Del("Referer")
	switch {
	case len(via) >= maxRedirects:
		return fmt.Errorf("%w %d times", errRedirect, maxRedirects)
	case req.URL.Scheme != "https" && via[0].URL.Scheme == "https":
		return fmt.Errorf("%w from https to http", errRedirect)
	}
	return nil
}

// errSilent ends a request whose server says nothing, or next to nothing.
var errSilent = errors.New("the server was silent, or too slow")

// leastRate is in bytes a second: who sends less than that is as good as dead.
const leastRate = 1 << 10

// watch gives a request a context that ends when too little is heard of the
// server for the timeout. Heard is to be called with the bytes that come, and
// stop at the end.
func (c *client) watch(ctx context.Context) (watched context.Context, heard func(n int), stop func()) {
	watched, cancel := context.WithCancelCause(ctx)
	least := int64(c.timeout.Seconds() * leastRate)
	var got atomic.Int64
	check := time.NewTicker(c.timeout)
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case <-check.C:
			case <-ended:
				return
			}
			if got.Swap(0) < max(least, 1) {
				cancel(errSilent)
				return
			}
		}
	}()
	return watched, func(n int) { got.Add(int64(n)) }, func() {
		check.Stop()
		close(ended)
		cancel(nil)
	}
}

// headSize is what the head of an answer counts for.
const headSize = 1 << 20

// get sends a request. The body of what it returns is to be closed.
func (c *client) get(ctx context.Context, u *url.URL) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", userAgent)
	if c.credentials != nil && isPrivate(u) {
		if user, password, ok := c.credentials(u.Hostname()); ok {
			req.SetBasicAuth(user, password)
		}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		// What net/http adds is the whole URL, with what is secret in it.
		if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
			err = wrapped.Err
		}
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return nil, err
	}
	return resp, nil
}

// isPrivate reports whether nobody on the way can read a request.
func isPrivate(u *url.URL) bool {
	if u.Scheme == "https" || u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
