// Package html writes what an analysis found as one HTML file, which needs no
// network and no server: the findings with their stacks side by side, and a
// timeline of the lives of all objects under every handle value, coloured by
// who opened them.
//
// The findings are plain HTML; the timeline is drawn by a script in the file.
// The page's content security policy allows that script and style sheet alone,
// by their hashes, so that a name from a dump can do nothing.
package html
