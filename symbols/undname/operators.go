package undname

// An operatorName is what an operator code stands for, in both spellings.
type operatorName struct {
	name string // as Microsoft's tools spell it
	llvm string // as LLVM spells it, where that differs
}

func (o *operatorName) text(s Style) string {
	if s == Full && o.llvm != "" {
		return o.llvm
	}
	return o.name
}

// Three groups of 36 codes, 0 to 9 and A to Z: ?c, ?_c and ?__c. Codes that
// are no plain name (constructors, tables, guards and so on) are left out here
// and read elsewhere.
const (
	groupBasic       = 0
	groupUnder       = 36
	groupDoubleUnder = 72
)

var operators = [3 * 36]operatorName{
	groupBasic + 2:  {name: "operator new"},
	groupBasic + 3:  {name: "operator delete"},
	groupBasic + 4:  {name: "operator="},
	groupBasic + 5:  {name: "operator>>"},
	groupBasic + 6:  {name: "operator<<"},
	groupBasic + 7:  {name: "operator!"},
	groupBasic + 8:  {name: "operator=="},
	groupBasic + 9:  {name: "operator!="},
	groupBasic + 10: {name: "operator[]"},
	groupBasic + 12: {name: "operator->"},
	groupBasic + 13: {name: "operator*"},
	groupBasic + 14: {name: "operator++"},
	groupBasic + 15: {name: "operator--"},
	groupBasic + 16: {name: "operator-"},
	groupBasic + 17: {name: "operator+"},
	groupBasic + 18: {name: "operator&"},
	groupBasic + 19: {name: "operator->*"},
	groupBasic + 20: {name: "operator/"},
	groupBasic + 21: {name: "operator%"},
	groupBasic + 22: {name: "operator<"},
	groupBasic + 23: {name: "operator<="},
	groupBasic + 24: {name: "operator>"},
	groupBasic + 25: {name: "operator>="},
	groupBasic + 26: {name: "operator,"},
	groupBasic + 27: {name: "operator()"},
	groupBasic + 28: {name: "operator~"},
	groupBasic + 29: {name: "operator^"},
	groupBasic + 30: {name: "operator|"},
	groupBasic + 31: {name: "operator&&"},
	groupBasic + 32: {name: "operator||"},
	groupBasic + 33: {name: "operator*="},
	groupBasic + 34: {name: "operator+="},
	groupBasic + 35: {name: "operator-="},

	groupUnder + 0:  {name: "operator/="},
	groupUnder + 1:  {name: "operator%="},
	groupUnder + 2:  {name: "operator>>="},
	groupUnder + 3:  {name: "operator<<="},
	groupUnder + 4:  {name: "operator&="},
	groupUnder + 5:  {name: "operator|="},
	groupUnder + 6:  {name: "operator^="},
	groupUnder + 13: {name: "`vbase destructor'", llvm: "`vbase dtor'"},
	groupUnder + 14: {name: "`vector deleting destructor'", llvm: "`vector deleting dtor'"},
	groupUnder + 15: {name: "`default constructor closure'", llvm: "`default ctor closure'"},
	groupUnder + 16: {name: "`scalar deleting destructor'", llvm: "`scalar deleting dtor'"},
	groupUnder + 17: {name: "`vector constructor iterator'", llvm: "`vector ctor iterator'"},
	groupUnder + 18: {name: "`vector destructor iterator'", llvm: "`vector dtor iterator'"},
	groupUnder + 19: {name: "`vector vbase constructor iterator'", llvm: "`vector vbase ctor iterator'"},
	groupUnder + 20: {name: "`virtual displacement map'"},
	groupUnder + 21: {name: "`eh vector constructor iterator'", llvm: "`eh vector ctor iterator'"},
	groupUnder + 22: {name: "`eh vector destructor iterator'", llvm: "`eh vector dtor iterator'"},
	groupUnder + 23: {name: "`eh vector vbase constructor iterator'", llvm: "`eh vector vbase ctor iterator'"},
	groupUnder + 24: {name: "`copy constructor closure'", llvm: "`copy ctor closure'"},
	groupUnder + 29: {name: "`local vftable constructor closure'", llvm: "`local vftable ctor closure'"},
	groupUnder + 30: {name: "operator new[]"},
	groupUnder + 31: {name: "operator delete[]"},
	groupUnder + 32: {name: "`omni callsig'"},
	groupUnder + 33: {name: "`placement delete closure'"},
	groupUnder + 34: {name: "`placement delete[] closure'"},

	groupDoubleUnder + 10: {name: "`managed vector constructor iterator'", llvm: "`managed vector ctor iterator'"},
	groupDoubleUnder + 11: {name: "`managed vector destructor iterator'", llvm: "`managed vector dtor iterator'"},
	groupDoubleUnder + 12: {name: "`eh vector copy constructor iterator'", llvm: "`EH vector copy ctor iterator'"},
	groupDoubleUnder + 13: {name: "`eh vector vbase copy constructor iterator'", llvm: "`EH vector vbase copy ctor iterator'"},
	groupDoubleUnder + 16: {name: "`vector copy constructor iterator'", llvm: "`vector copy ctor iterator'"},
	groupDoubleUnder + 17: {name: "`vector vbase copy constructor iterator'"},
	groupDoubleUnder + 18: {name: "`managed vector copy constructor iterator'", llvm: "`managed vector vbase copy constructor iterator'"},
	groupDoubleUnder + 21: {name: "operator co_await"},
	groupDoubleUnder + 22: {name: "operator<=>"},
}

// operatorIndex is the place of code c within a group.
func operatorIndex(c byte) (int, bool) {
	switch {
	case isDigit(c):
		return int(c - '0'), true
	case c >= 'A' && c <= 'Z':
		return int(c-'A') + 10, true
	}
	return 0, false
}

// operatorName reads what follows the ? of a special member or operator.
func (p *parser) operatorName() nodeID {
	group := groupBasic
	if p.accept("__") {
		group = groupDoubleUnder
	} else if p.acceptByte('_') {
		group = groupUnder
	}
	c := p.peek()
	switch {
	case group == groupBasic && (c == '0' || c == '1'):
		p.pos++
		return p.add(node{kind: kindStructor, aux: uint16(c - '0')})
	case group == groupBasic && c == 'B':
		p.pos++
		return p.add(node{kind: kindConversion})
	case group == groupDoubleUnder && c == 'K':
		p.pos++
		start, end := p.simple()
		return p.add(node{kind: kindLiteralOp, num: span(start, end)})
	}
	i, ok := operatorIndex(c)
	if !ok || operators[group+i].name == "" {
		return p.fail("unknown operator code")
	}
	p.pos++
	return p.add(node{kind: kindOperator, aux: uint16(group + i)})
}
