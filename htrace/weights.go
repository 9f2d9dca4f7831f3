package htrace

// Weights of the affinity of an operation for an object, fitted as the costs
// of explanations were.
const (
	// boundAffinity keeps single pieces of evidence from deciding everything.
	boundAffinity = 6
	// leastThread is the least that byThread gives.
	leastThread = 0.02
	// keepsPrior of keepsWeight objects are taken to be closed by the thread
	// that opened them, before any was seen.
	keepsPrior, keepsWeight = 2, 1.5
	// variety and spread are how much is expected of what was not seen yet, for
	// each place that closes a place's objects, and whose objects it closes.
	variety, spread = 0.5, 0.5
	// kinPrior weighs the expectation that half of a place's objects have a
	// rare caller in common with their closes, and kinLeast bounds the rest.
	kinPrior, kinLeast = 2, 0.05
	// tagPrior weighs the expectation that tag bits are as everywhere.
	tagPrior = 0.5
	// kindMatch and kindMismatch are added where the API or system call fits
	// the kind of object, or does not.
	kindMatch, kindMismatch = 2.1, -3
)

// Weights of where code lies.
const (
	sameFunction = 25
	// inModule is the part of the pairs of places that is taken to lie in one
	// module, as if modulePrior of them had been seen.
	inModule, modulePrior = 0.41, 4
	// leastApart and mostApart bound what two modules count.
	leastApart, mostApart = 0.06, 0.5
	// nearest is what the farthest place of a module counts; the nearer ones
	// count for more, by the power nearPower.
	nearest, nearPower = 0.5, 0.5
	// nearClose is how much of it the close of an object counts, the open the
	// rest.
	nearClose = 0.5
)

// What somebody is like who means an object that has ended: at the place and
// on the thread that ended it, or at a place and on a thread of its owner's.
const (
	samePlaceSameThread = 0.13
	samePlaceOwnThread  = 0.1
	ownPlaceSameThread  = 0.2
	ownPlaceOwnThread   = 0.45
	// astrayAsUsual and placeAsUsual are the part in which threads and callers,
	// and places, are as usual.
	astrayAsUsual, placeAsUsual = 0.26, 0.5
	// leastAstrayTag bounds how much tag bits tell against it: another copy of
	// the handle may have others.
	leastAstrayTag = -1
	// leastBackground bounds how rare a thread at a place may be, and
	// unknownOpen weakens what is known of an object by its close alone.
	leastBackground, unknownOpen = 0.02, 0.4
)
