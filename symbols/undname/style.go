package undname

// Style is how a decoded name is spelt.
type Style uint8

const (
	// Name is the name without its type: scopes, name and template arguments,
	// as the DbgHelp library spells them with UNDNAME_NAME_ONLY, and so WinDbg
	// and !htrace too: std::vector<int,std::allocator<int> >::push_back.
	Name Style = iota

	// Full is the whole declaration, as LLVM's llvm-undname (version 19,
	// without options) spells it: public: void __cdecl
	// std::vector<int, class std::allocator<int>>::push_back(int const &).
	Full
)

// String returns "name" or "full".
func (s Style) String() string {
	if s == Full {
		return "full"
	}
	return "name"
}
