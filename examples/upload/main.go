// Command upload is a service that takes a dump and answers with what was
// found in it:
//
//	go run ./examples/upload localhost:8080
//	curl --data-binary @crash.dmp http://localhost:8080/analyze
//
// A dump is an attacker's file. The body goes to disk in a stream and may not
// be larger than a limit, few are worked on at a time, each in limited time,
// and an answer holds no paths of the server.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/handletrace/handletrace/htrace"
	"github.com/handletrace/handletrace/minidump"
	"github.com/handletrace/handletrace/symbols"
)

const (
	maxDump     = 8 << 30 // bytes
	maxWorkers  = 4
	maxDuration = 2 * time.Minute
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: upload ADDRESS")
	}
	server := &http.Server{
		Addr:              os.Args[1],
		Handler:           newService(maxDump, maxWorkers),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Minute,
		WriteTimeout:      35 * time.Minute,
	}
	log.Fatal(server.ListenAndServe())
}

func newService(limit int64, workers int) http.Handler {
	s := &service{limit: limit, slots: make(chan struct{}, workers)}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /analyze", s.analyze)
	return mux
}

type service struct {
	limit int64
	slots chan struct{} // one for each dump that is worked on
}

// answer is what a client gets.
type answer struct {
	Findings []finding `json:"findings"`
	Error    string    `json:"error,omitempty"`
}

type finding struct {
	ID         string `json:"id"`
	Rule       string `json:"rule"`
	Confidence string `json:"confidence"`
	Message    string `json:"message"`
	Where      string `json:"where"`
}

func (s *service) analyze(w http.ResponseWriter, r *http.Request) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	default:
		w.Header().Set("Retry-After", "10")
		reply(w, http.StatusServiceUnavailable, answer{Error: "busy: try again later"})
		return
	}
	dump, err := spool(http.MaxBytesReader(w, r.Body, s.limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		reply(w, http.StatusRequestEntityTooLarge, answer{Error: "the dump is too large"})
		return
	case err != nil:
		log.Print(err)
		reply(w, http.StatusInternalServerError, answer{Error: "the dump could not be stored"})
		return
	}
	defer os.Remove(dump)
	ctx, cancel := context.WithTimeout(r.Context(), maxDuration)
	defer cancel()
	findings, err := find(ctx, dump)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		reply(w, http.StatusGatewayTimeout, answer{Error: "the analysis took too long"})
	case errors.Is(err, minidump.ErrNoStream):
		reply(w, http.StatusUnprocessableEntity, answer{Error: "the dump holds no handle trace"})
	case err != nil:
		reply(w, http.StatusUnprocessableEntity, answer{Error: "not a minidump that can be read"})
	default:
		reply(w, http.StatusOK, answer{Findings: findings})
	}
}

// spool stores a body in a file, for a dump is read here and there.
func spool(body io.Reader) (name string, err error) {
	f, err := os.CreateTemp("", "upload-*.dmp")
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, body)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// find analyses a dump, and gives up when ctx ends.
func find(ctx context.Context, name string) ([]finding, error) {
	dump, err := minidump.Open(name)
	if err != nil {
		return nil, err
	}
	type result struct {
		findings []finding
		err      error
	}
	done := make(chan result, 1)
	go func() {
		defer dump.Close()
		findings, err := analyzeDump(dump)
		done <- result{findings, err}
	}()
	select {
	case r := <-done:
		return r.findings, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func analyzeDump(dump *minidump.File) ([]finding, error) {
	trace, err := htrace.FromDump(dump, htrace.Options{})
	if err != nil {
		return nil, err
	}
	code, err := symbols.New(symbols.FromDump(dump), symbols.Options{})
	if err != nil {
		return nil, err
	}
	defer code.Close()
	list := []finding{}
	for _, f := range htrace.Analyze(trace, htrace.AnalyzeOptions{Code: code, Dump: dump}) {
		list = append(list, finding{f.ID, string(f.Rule), f.Confidence.String(), f.Message, f.Where.String()})
	}
	return list, nil
}

func reply(w http.ResponseWriter, status int, a answer) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(a); err != nil {
		log.Print(err) // the client is gone
	}
}
