package simulate

import (
	"reflect"
	"testing"

	"github.com/handletrace/handletrace/htrace"
)

func TestGenerateIsDeterministic(t *testing.T) {
	for _, mode := range Modes() {
		a, b := Generate(mode, 7), Generate(mode, 7)
		if !reflect.DeepEqual(a.Operations, b.Operations) || !reflect.DeepEqual(a.Truth, b.Truth) {
			t.Errorf("%s: two cases of one seed differ", mode.Name)
		}
	}
}

// TestGenerateObeysTheKernel replays traces against a plain model of a handle
// table: nothing is opened twice, and a bad reference names nothing open.
func TestGenerateObeysTheKernel(t *testing.T) {
	for _, mode := range Modes() {
		for seed := range uint64(3) {
			c := Generate(mode, seed)
			live := make(map[uint64]bool)
			seen := make(map[uint64]bool)
			for _, e := range c.entries {
				if c.machine.closesTwice || mode.Name == "two-processes" || mode.Name == "healthy/two-processes" {
					break
				}
				v := e.op.Value()
				switch {
				case e.op.Kind == htrace.KindOpen && live[v]:
					t.Fatalf("%s/%d #%d: 0x%x is opened twice", mode.Name, seed, e.stored, v)
				case e.op.Kind == htrace.KindClose && seen[v] && !live[v]:
					t.Fatalf("%s/%d #%d: 0x%x is closed, but nothing has it", mode.Name, seed, e.stored, v)
				case e.op.Kind == htrace.KindBadReference && live[v]:
					t.Fatalf("%s/%d #%d: 0x%x is bad, but open", mode.Name, seed, e.stored, v)
				}
				live[v] = e.op.Kind == htrace.KindOpen
				seen[v] = true
				if n := len(e.op.Stack); n < 3 || n > maxDepth {
					t.Fatalf("%s/%d #%d: %d frames", mode.Name, seed, e.stored, n)
				}
			}
		}
	}
}

// TestHealthyModesAreHealthy makes sure that healthy programs leave no failure.
func TestHealthyModesAreHealthy(t *testing.T) {
	for _, mode := range Modes() {
		if len(mode.faults) > 0 || mode.several > 0 {
			continue
		}
		for seed := range uint64(8) {
			c := Generate(mode, seed)
			if len(c.Truth) > 0 {
				t.Errorf("%s/%d: %d bugs", mode.Name, seed, len(c.Truth))
			}
			for i := range c.Operations {
				if c.Operations[i].Kind == htrace.KindBadReference {
					t.Errorf("%s/%d: a bad reference at %d", mode.Name, seed, i)
				}
			}
		}
	}
}
