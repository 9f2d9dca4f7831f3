package htrace

// Costs of explanations, as logarithms of how rare a thing is. They were
// fitted to simulated programs of several generators, and checked on seeds
// that had no part in it.
const (
	costFault      = 1 // of a wrong close or use, beside the logarithm of the number of closes
	leastFault     = 3
	mostFault      = 8.5
	costTheft      = 0.71 // the value belonged to another by then
	costOwnKind    = 1.5  // and that is an object such as the maker closes
	costOwnThread  = 2.1  // which the maker's thread opened itself
	costSweep      = 3.9  // the thread closes one object after the other just then
	costAgain      = 2    // a further fault of the same mistake
	costSilence    = 2.9  // a victim that is not heard of again
	costRepeat     = 1    // a victim that tries again
	costRetry      = 0.3  // the same code tries once more
	costLost       = 5    // the mistaken object is not in the trace
	costLostOld    = 2.1  // nor are others of its time
	costDistance   = 0.8  // for the logarithm of the generations back
	costSuperseded = 5    // the owner has opened another there since
	gainContinued  = 2    // a thread that has failed goes on with the same object
	gainRecent     = 1.0  // what was just closed is what fails, or is closed again
	gainSoon       = 2.5  // so if the same thread had closed it
	gainCaught     = 2    // its place is caught at it elsewhere
	gainUsual      = 1.5  // its place made mistakes about objects of that owner elsewhere
	knownMaker     = 0.26 // what still counts of the affinity of a maker that is known by now

	// heardByUse is the part of a victim's silence that is over when a use fails:
	// it would close the object at last.
	heardByUse = 0.4
	// patience is after how many operations a victim's silence tells.
	patience = 200
	// ownKind is from what affinity on an object is such as the maker closes.
	ownKind = -0.5
	// suspicion is below what affinity a close is looked at that nobody
	// complained of, and worthALook how much more than the best an explanation
	// may cost that is looked at.
	suspicion, worthALook = -1.5, 3
	// ownersAffinity is from what affinity on an operation may be the owner's,
	// so that the close that had ended the object is in doubt.
	ownersAffinity = -2
)

// How much an explanation must be better than the best that has another
// culprit, in the units of costs.
const (
	sureMargin   = 2
	likelyMargin = 1.2
)
