package scatter

import "slices"

// mistake is a fault that waits for its moment.
type mistake struct {
	w      *world
	name   string
	skip   int // objects that are treated well before
	target *resource
	chosen *object
	object *object              // the chosen one, after its end
	act    func(o *object) bool // false where the moment has not come
	waited int
}

// mistakes are what can be made, by name.
var mistakes = []string{"close-again", "close-again-soon", "close-another's", "close-own-kind", "close-late", "use-late", "use-then-close", "leak", "leak-sometimes"}

// arm has a mistake happen.
func (w *world) arm(name string) {
	fit := slices.DeleteFunc(slices.Clone(w.resources), func(r *resource) bool {
		return r.life == kept || r.life == once || r.life == pooled || r.leaks > 0
	})
	if len(fit) == 0 {
		return
	}
	r := pick(w.rng, fit)
	switch name {
	case "leak":
		r.leaks = 1
		r.closers = r.closers[:1]
		return
	case "leak-sometimes":
		r.leaks = 3 + w.rng.IntN(10)
		return
	}
	x := &mistake{w: w, name: name, target: r, skip: w.rng.IntN(1 + w.size/len(w.resources)/8)}
	x.act = x.moment()
	w.waiting = append(w.waiting, x)
}

// moment returns what the mistake does, and when.
func (x *mistake) moment() func(*object) bool {
	w := x.w
	wrong := func(o *object) bool {
		w.close(o, x.thread(o), x.callers(o), x.route(o))
		return true
	}
	switch x.name {
	case "close-again-soon":
		return wrong
	case "close-again":
		delay := 1 + w.rng.IntN(30)
		return func(o *object) bool { return x.waited > delay && wrong(o) }
	case "close-another's":
		return func(o *object) bool {
			found := w.live[o.value]
			return found != nil && found.of != o.of && found.fault == nil && !found.lost() && wrong(o)
		}
	case "close-own-kind":
		return func(o *object) bool {
			found := w.live[o.value]
			return found != nil && found.of == o.of && found.thread != o.thread && found.fault == nil && wrong(o)
		}
	case "close-late":
		return func(o *object) bool { return w.live[o.value] == nil && x.waited > 40 && wrong(o) }
	case "use-then-close":
		used := false
		return func(o *object) bool {
			if !used {
				used = w.live[o.value] == nil && !w.use(o, o.of.users, x.thread(o))
				return false
			}
			return wrong(o)
		}
	}
	return func(o *object) bool {
		return w.live[o.value] == nil && x.waited > w.rng.IntN(20) && !w.use(o, o.of.users, x.thread(o))
	}
}

func (o *object) lost() bool { return slices.Contains(o.of.lost, o) }

// thread is who makes the mistake.
func (x *mistake) thread(o *object) uint32 {
	switch x.w.rng.IntN(5) {
	case 0:
		return pick(x.w.rng, o.of.threads)
	case 1:
		return pick(x.w.rng, o.of.enders)
	case 2:
		return o.closed.op.ThreadID
	}
	return o.thread
}

// route is where.
func (x *mistake) route(o *object) route {
	switch x.w.rng.IntN(3) {
	case 0:
		return o.of.closers[0]
	case 1:
		return pick(x.w.rng, o.of.closers)
	}
	return pick(x.w.rng, o.of.spare)
}

func (x *mistake) callers(o *object) route {
	if x.w.rng.IntN(2) == 0 {
		return o.route
	}
	return pick(x.w.rng, o.of.contexts)
}

// ready notes that the owner of an object has ended it.
func (x *mistake) ready(o *object) { x.object, x.waited = o, 0 }

// patience is how many operations a mistake waits for its moment.
const patience = 500

// watch looks for objects for the mistakes that wait, and makes those whose
// moment has come.
func (w *world) watch() {
	w.waiting = slices.DeleteFunc(w.waiting, func(x *mistake) bool {
		x.waited++
		switch {
		case x.chosen == nil:
			x.choose()
		case x.waited > patience, x.object == nil && x.chosen.ended, x.chosen.fault != nil && x.object == nil:
			x.chosen.mistake, x.chosen, x.object = nil, nil, nil
		case x.object != nil:
			return x.act(x.object)
		}
		return false
	})
}

// choose takes an open object of the resource for the mistake.
func (x *mistake) choose() {
	r := x.target
	if r.opened < x.skip || len(r.live) == 0 {
		return
	}
	if o := r.live[len(r.live)-1]; o.mistake == nil && o.fault == nil {
		o.mistake, x.chosen, x.waited = x, o, 0
	}
}
