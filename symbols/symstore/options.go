package symstore

import (
	"log/slog"
	"net/http"
	"time"
)

// Options say how a [Locator] works. The zero value is good for most.
type Options struct {
	// DefaultStore is the folder of the default store; empty stands for what
	// [DefaultStore] makes of the environment.
	DefaultStore string
	// NoTemporary lets a file that no store can take count as not found.
	// Otherwise it is put into a folder that [Locator.Close] removes.
	NoTemporary bool
	// Folders map prefixes of Windows paths (C:\, \\server\share) to folders of
	// this machine. Without them, locations and pointers with such paths are
	// passed over, elsewhere than on Windows.
	Folders map[string]string
	// FollowPointers lets pointer files (file.ptr) lead to files outside the
	// folders of the path.
	FollowPointers bool
	// Offline keeps the network unused.
	Offline bool
	// Timeout is how long a server may be silent, or send less than 1 KiB a
	// second; 0 stands for 20 seconds. One that is so for longer is not asked
	// again for a minute.
	Timeout time.Duration
	// MaxFileSize bounds a file, downloaded or expanded; 0 stands for 8 GiB.
	MaxFileSize int64
	// Credentials returns what a host is to be told, as [Netrc] does. It is
	// told to a server over https alone, or on this machine.
	Credentials func(host string) (user, password string, ok bool)
	// Transport carries requests; nil stands for one of net/http, with the
	// proxies of the environment.
	Transport http.RoundTripper
	// Progress is told of downloads, by many goroutines at once.
	Progress func(Progress)
	// Logger is told of each attempt, at level debug; nil for none.
	Logger *slog.Logger
}

// Progress is how far a download is.
type Progress struct {
	Key      Key
	Source   string // the URL without its query
	Received int64  // bytes
	Total    int64  // bytes; -1 where the server does not say
	Done     bool   // whether it is over, well or not
}

const (
	defaultTimeout     = 20 * time.Second
	defaultMaxFileSize = 8 << 30
)

func (o Options) withDefaults() Options {
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxFileSize <= 0 {
		o.MaxFileSize = defaultMaxFileSize
	}
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}
