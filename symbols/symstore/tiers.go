package symstore

import (
	"context"
	"net/http"
)

// threeTiers reports whether the server is known to have three tiers.
func (s *server) threeTiers() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tiers == 3
}

// learnTiers finds out, once, whether the server has three tiers, and reports
// it. It is asked only when a file was not found in two, so that it costs
// nothing where files are.
func (s *server) learnTiers(ctx context.Context) bool {
	select {
	case s.asksTiers <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	defer func() { <-s.asksTiers }()
	s.mu.Lock()
	known := s.tiers
	s.mu.Unlock()
	if known != 0 {
		return known == 3
	}
	err := s.get(ctx, []string{indexFile}, func(*http.Response, func(int)) error { return nil })
	if err != nil && faultOf(ctx, err) != faultFinal {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tiers = 2
	if err == nil {
		s.tiers = 3
	}
	return s.tiers == 3
}
