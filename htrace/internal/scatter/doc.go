// Package scatter makes handle traces whose truth is known, in another way
// than package simulate does: no scripted programs, but random ones.
//
// A program is a random set of resource types over random modules, files and
// functions. Objects of a type come and go by chance, at random places of its
// component, on the threads that its habit allows. A mistake is a further
// operation with a handle whose object has ended, at a random later time; what
// becomes of it, a failure or the death of another object, is left to the
// handle table. Nothing is written for the analyser to find.
//
// The package shares no code with package simulate, so that the analyser is
// not fitted to one author's idea of a program.
package scatter
