package symbols

import "strings"

// withoutParameters takes off the parameters of a C++ name that was demangled
// for a Breakpad file, ns::f(int, char*) const, so that one function has one
// name, whatever names it: PDBs and DWARF have none. What is no list of
// parameters stays: operator(), (anonymous namespace), lambdas, and all names
// whose parentheses are not clear, as of functions that return a function.
func withoutParameters(name string) string {
	name, clone := cutClone(name)
	list, ok := strings.CutSuffix(withoutQualifiers(name), ")")
	if !ok {
		return name + clone
	}
	open := openingParenthesis(list)
	if open < 0 {
		return name + clone
	}
	bare := strings.TrimRight(list[:open], " ")
	if bare == "" || !mayHaveParameters(bare, list[open+1:]) {
		return name + clone
	}
	return withoutResult(bare) + clone
}

// cutClone parts a name from what demanglers write behind the parameters for a
// part or copy that the compiler made: [clone .cold] or (.cold).
func cutClone(name string) (string, string) {
	for _, mark := range []string{" [clone ", " (."} {
		if i := strings.Index(name, mark); i > 0 {
			return name[:i], name[i:]
		}
	}
	return name, ""
}

// qualifiers may follow the parameters of a method.
var qualifiers = []string{"&", "const", "volatile", "noexcept", "__ptr64", " "}

func withoutQualifiers(name string) string {
	for {
		before := name
		for _, q := range qualifiers {
			name = strings.TrimSuffix(name, q)
		}
		if name == before {
			return name
		}
	}
}

// openingParenthesis returns the place of the parenthesis that the one behind
// the text closes, or -1.
func openingParenthesis(text string) int {
	depth := 1
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case ')':
			depth++
		case '(':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// mayHaveParameters reports whether what stands in parentheses behind a name
// can be its parameters.
func mayHaveParameters(name, inside string) bool {
	switch {
	case strings.Count(name, "(") != strings.Count(name, ")"):
		return false // a parenthesis in a literal
	case inside == "" && isWord(name, "operator"):
		return false // the name of the operator
	case strings.HasSuffix(name, ")"):
		return isWord(strings.TrimSuffix(name, "()"), "operator")
	}
	return inside != "anonymous namespace" && !isLambda(name)
}

// isWord reports whether a name ends with a word that no letter stands before.
func isWord(name, last string) bool {
	before, ok := strings.CutSuffix(name, last)
	return ok && (before == "" || strings.ContainsAny(before[len(before)-1:], ": "))
}

// isLambda reports whether a name ends with 'lambda' or 'lambda2', whose
// parameters are a part of it.
func isLambda(name string) bool {
	quoted, ok := strings.CutSuffix(strings.TrimRight(strings.TrimSuffix(name, "'"), "0123456789"), "'lambda")
	return ok && strings.HasSuffix(name, "'") && !strings.HasSuffix(quoted, "`")
}

// withoutResult takes off the type that names of templates of the Itanium ABI
// begin with, void ns::f<int>, where it is plain what that is.
func withoutResult(name string) string {
	if !strings.HasSuffix(name, ">") || strings.ContainsAny(name, "`{'") || strings.Contains(name, "operator") || strings.Contains(name, " to ") {
		return name
	}
	depth := 0
	for i := len(name) - 1; i >= 0; i-- {
		switch name[i] {
		case '>', ')':
			depth++
		case '<', '(':
			depth--
		case ' ':
			if depth == 0 {
				return name[i+1:]
			}
		}
	}
	return name
}
