package symbols

import (
	"strings"
	"testing"
)

// The names are those that dump_syms writes of PDBs, with its own demangler and
// with LLVM's, and of ELF and DWARF.
var parameterNames = map[string]string{
	"main":                 "main",
	"":                     "",
	"()":                   "()",
	"ns::f(int, char*)":    "ns::f",
	"f()":                  "f",
	"f(void) const":        "f",
	"C::f(int) const &":    "C::f",
	"C::f() volatile&&":    "C::f",
	"C::f() noexcept":      "C::f",
	"C::~C()":              "C::~C",
	"f(int) [clone .cold]": "f [clone .cold]",
	"f(int) (.cold)":       "f (.cold)",
	"operator new(unsigned int, _HeapManager&, int)":     "operator new",
	"operator delete(void *)":                            "operator delete",
	"DName::operator=(DName const&)":                     "DName::operator=",
	"Replicator::operator[](int) const":                  "Replicator::operator[]",
	"X::operator()":                                      "X::operator()",
	"operator()":                                         "operator()",
	"X::operator()()":                                    "X::operator()",
	"X::operator()(void* const) const":                   "X::operator()",
	"X::operator()<char>(char const* const) const":       "X::operator()<char>",
	"P<char,Q>::operator bool() const":                   "P<char,Q>::operator bool",
	"f(int (*)(void (*)(int, double*)))":                 "f",
	"decode<void (__cdecl**)(void)>(void (** const)())":  "decode<void (__cdecl**)(void)>",
	"(anonymous namespace)::f(int)":                      "(anonymous namespace)::f",
	"`anonymous namespace'::f<int>(int)":                 "`anonymous namespace'::f<int>",
	"(anonymous namespace)":                              "(anonymous namespace)",
	"ns::(anonymous namespace)":                          "ns::(anonymous namespace)",
	"f(int)::'lambda'(char)::operator()(char) const":     "f(int)::'lambda'(char)::operator()",
	"f(int)::'lambda2'(char)":                            "f(int)::'lambda2'(char)",
	"f()::{lambda(int)#1}::operator()(int) const":        "f()::{lambda(int)#1}::operator()",
	"f()::{lambda(int)#1}":                               "f()::{lambda(int)#1}",
	"<lambda_02a7>::<lambda_invoker_cdecl>(void* const)": "<lambda_02a7>::<lambda_invoker_cdecl>",
	"C::`scalar deleting destructor'(unsigned int)":      "C::`scalar deleting destructor'",
	"`dynamic initializer for 'x''()":                    "`dynamic initializer for 'x''",
	"void ns::f<int, char>(int)":                         "ns::f<int, char>",
	"std::vector<int> ns::f<(K)1>(int)":                  "ns::f<(K)1>",
	"bool operator< <int>(X<int> const&)":                "bool operator< <int>",
	"virtual thunk to C::f(int)":                         "virtual thunk to C::f",
	"void (*f(int))(char)":                               "void (*f(int))(char)",
	"X::operator void (*)(int)() const":                  "X::operator void (*)(int)() const",
	"f(X<'('>)":                                          "f(X<'('>)",
	"f(X<')'>)":                                          "f(X<')'>)",
	"f(int":                                              "f(int",
	"f)int(":                                             "f)int(",
	// Names of other languages have parentheses too.
	"main.(*T).Method":       "main.(*T).Method",
	"main.(*T).Method.func1": "main.(*T).Method.func1",
	"core::ptr::drop_in_place<alloc::boxed::Box<dyn Fn()>>": "core::ptr::drop_in_place<alloc::boxed::Box<dyn Fn()>>",
	"<(A, B) as core::fmt::Debug>::fmt":                     "<(A, B) as core::fmt::Debug>::fmt",
	"-[NSObject(Category) method:]":                         "-[NSObject(Category) method:]",
}

func TestWithoutParameters(t *testing.T) {
	for name, want := range parameterNames {
		if got := withoutParameters(name); got != want {
			t.Errorf("%s became %s, want %s", name, got, want)
		}
	}
}

// Nothing is made up: what is left is a part of the name with what stands
// behind the parameters.
func FuzzWithoutParameters(f *testing.F) {
	for name := range parameterNames {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		bare, clone := cutClone(name)
		got := withoutParameters(name)
		front, ok := strings.CutSuffix(got, clone)
		if !ok || !strings.Contains(bare, front) || name != "" && got == "" {
			t.Errorf("%q became %q", name, got)
		}
	})
}
