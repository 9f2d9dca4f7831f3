// Package htrace analyses handle traces: the list of opens, closes and bad
// references of handles that Windows records while handle tracing is on
// (Application Verifier, !htrace -enable), with the call stack of each.
//
// Windows gives the value of a closed handle to the next object at once, so a
// second close of the same value may close somebody else's object, who then
// fails far away and is blamed. [Analyze] rebuilds the life of every object,
// and names the operation at fault, the close that was right and the open of
// the object that was hit.
//
// A trace comes from stream 18 of a minidump ([FromDump]), from the text that
// !htrace prints ([ReadTranscript]) or from operations of one's own ([New]). The package needs no symbols: it tells places in the
// code apart by their addresses. With a [Code], findings name them too.
package htrace
