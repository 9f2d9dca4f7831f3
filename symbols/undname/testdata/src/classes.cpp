// Special members, operators, inheritance, thunks, RTTI, statics, locals.
typedef decltype(sizeof(0)) size_t;
void *operator new(size_t n) { return 0; } void *operator new[](size_t n) { return 0; }
  void operator delete(void *) noexcept {} void operator delete[](void *) noexcept {}
void operator delete(void *, size_t) noexcept {} void operator delete[](void *, size_t) noexcept {}
void *operator new(size_t, void *p) { return p; }
namespace std { struct type_info; enum class align_val_t : size_t {}; struct strong_ordering { int v; }; }
void *operator new(size_t, std::align_val_t) { return 0; }
struct A {
  A(); A(const A &); A(A &&) noexcept; explicit A(int); virtual ~A(); A &operator=(const A &);
    A &operator=(A &&);
  virtual void f(); virtual int g(int) const; int a;
};
A::A() {} A::A(const A &) {} A::A(A &&) noexcept {} A::A(int) {} A::~A() {}
  A &A::operator=(const A &) { return *this; } A &A::operator=(A &&) { return *this; } void A::f() {}
  int A::g(int) const { return 0; }
typedef void (*Callback)(int);
struct Ops {
  int v; Ops operator+(const Ops &) const; Ops operator-(const Ops &) const; Ops operator*(int) const;
    Ops operator/(int) const; Ops operator%(int) const;
  Ops operator+() const; Ops operator-() const; Ops &operator*(); Ops *operator&(); Ops operator~() const;
    bool operator!() const;
  Ops &operator++(); Ops operator++(int); Ops &operator--(); Ops operator--(int); Ops *operator->();
    int Ops::*operator->*(int);
  Ops &operator+=(int); Ops &operator-=(int); Ops &operator*=(int); Ops &operator/=(int);
    Ops &operator%=(int); Ops &operator<<=(int); Ops &operator>>=(int); Ops &operator&=(int);
    Ops &operator|=(int); Ops &operator^=(int);
  Ops operator<<(int) const; Ops operator>>(int) const; Ops operator&(int) const; Ops operator|(int) const;
    Ops operator^(int) const;
  bool operator&&(int) const; bool operator||(int) const; bool operator==(const Ops &) const;
    bool operator!=(int) const; bool operator<(int) const; bool operator>(int) const;
    bool operator<=(int) const; bool operator>=(int) const;
  std::strong_ordering operator<=>(const Ops &) const; int operator,(int) const; int operator[](int) const;
    int operator()(int, char) const; int operator co_await() const;
  operator int() const; operator const char *() const; operator bool &(); operator A() const;
    explicit operator A *(); operator Callback() const; template <class T> operator T *();
    template <class T> operator T() const;
  static void *operator new(size_t); static void operator delete(void *); static void *operator new[](size_t);
    static void operator delete[](void *);
};
Ops Ops::operator+(const Ops &) const { return *this; } Ops Ops::operator-(const Ops &) const { return *this;
  } Ops Ops::operator*(int) const { return *this; } Ops Ops::operator/(int) const { return *this; }
  Ops Ops::operator%(int) const { return *this; }
Ops Ops::operator+() const { return *this; } Ops Ops::operator-() const { return *this; }
  Ops &Ops::operator*() { return *this; } Ops *Ops::operator&() { return this; }
  Ops Ops::operator~() const { return *this; } bool Ops::operator!() const { return false; }
Ops &Ops::operator++() { return *this; } Ops Ops::operator++(int) { return *this; }
  Ops &Ops::operator--() { return *this; } Ops Ops::operator--(int) { return *this; }
  Ops *Ops::operator->() { return this; } int Ops::*Ops::operator->*(int) { return 0; }
Ops &Ops::operator+=(int) { return *this; } Ops &Ops::operator-=(int) { return *this; }
  Ops &Ops::operator*=(int) { return *this; } Ops &Ops::operator/=(int) { return *this; }
  Ops &Ops::operator%=(int) { return *this; } Ops &Ops::operator<<=(int) { return *this; }
  Ops &Ops::operator>>=(int) { return *this; } Ops &Ops::operator&=(int) { return *this; }
  Ops &Ops::operator|=(int) { return *this; } Ops &Ops::operator^=(int) { return *this; }
Ops Ops::operator<<(int) const { return *this; } Ops Ops::operator>>(int) const { return *this; }
  Ops Ops::operator&(int) const { return *this; } Ops Ops::operator|(int) const { return *this; }
  Ops Ops::operator^(int) const { return *this; }
bool Ops::operator&&(int) const { return 0; } bool Ops::operator||(int) const { return 0; }
  bool Ops::operator==(const Ops &) const { return 0; } bool Ops::operator!=(int) const { return 0; }
  bool Ops::operator<(int) const { return 0; } bool Ops::operator>(int) const { return 0; }
  bool Ops::operator<=(int) const { return 0; } bool Ops::operator>=(int) const { return 0; }
std::strong_ordering Ops::operator<=>(const Ops &) const { return {}; }
  int Ops::operator,(int) const { return 0; } int Ops::operator[](int) const { return 0; }
  int Ops::operator()(int, char) const { return 0; } int Ops::operator co_await() const { return 0; }
Ops::operator int() const { return 0; } Ops::operator const char *() const { return 0; }
  Ops::operator bool &() { return *(bool *)0; } Ops::operator A() const { return A(); }
  Ops::operator A *() { return 0; } Ops::operator Callback() const { return 0; }
  template <class T> Ops::operator T *() { return 0; }
  template <class T> Ops::operator T() const { return T(); }
template Ops::operator double *(); template Ops::operator long() const;
void *Ops::operator new(size_t) { return 0; } void Ops::operator delete(void *) {}
  void *Ops::operator new[](size_t) { return 0; } void Ops::operator delete[](void *) {}
int operator""_km(unsigned long long) { return 1; } int operator""_s(const char *, size_t) { return 1; }
  template <char... C> int operator""_c() { return sizeof...(C); } int lit() { return 12_km + "a"_s + 34_c; }
Ops operator+(int, const Ops &o) { return o; } bool operator<(const A &, const Ops &) { return false; }
  template <class T> bool operator==(const T &, const A &) { return true; }
  template bool operator==(const Ops &, const A &);
template <class T> T operator<<(T t, const A &) { return t; } template int operator<<(int, const A &);

struct B { virtual ~B(); virtual void h(); virtual B *self(); int b; }; B::~B() {} void B::h() {}
  B *B::self() { return this; }
struct C : A, B { C(); ~C() override; void f() override; void h() override; C *self() override; int c; };
  C::C() {} C::~C() {} void C::f() {} void C::h() {} C *C::self() { return this; }
struct V : virtual A { V(); ~V() override; void f() override; int v; }; V::V() {} V::~V() {} void V::f() {}
struct W : virtual B, virtual A { W(); ~W() override; void h() override; W *self() override; }; W::W() {}
  W::~W() {} void W::h() {} W *W::self() { return this; }
struct X : V, W { X(); ~X() override; void f() override; void h() override; X *self() override; }; X::X() {}
  X::~X() {} void X::f() {} void X::h() {} X *X::self() { return this; }
struct Y : X, C { Y(); void f() override; void h() override; Y *self() override; }; Y::Y() {} void Y::f() {}
  void Y::h() {} Y *Y::self() { return this; }
class Access { private: virtual void pv(); void p(); static void ps(); protected: virtual void tv(); void t();
  static void ts(); public: virtual void uv(); void u(); static void us(); };
void Access::pv() {} void Access::p() {} void Access::ps() {} void Access::tv() {} void Access::t() {}
  void Access::ts() {} void Access::uv() {} void Access::u() {} void Access::us() {}
class Access2 { int x; protected: virtual void tv(); private: virtual void pv(); public: virtual ~Access2();
  }; Access2::~Access2() {} void Access2::tv() {} void Access2::pv() {}
class Access3 : virtual Access2, virtual A { protected: void tv() override; private: void pv() override;
  public: Access3(); ~Access3(); }; Access3::Access3() {} Access3::~Access3() {} void Access3::tv() {}
  void Access3::pv() {}
template <class T> struct TB { virtual ~TB() {} virtual T get() { return T(); } };
  struct TD : TB<int>, TB<char *>, virtual TB<A> { int get2(); }; int TD::get2() { return 0; } TD td;
void news() { new A[3]; delete[] new A[2]; new C; A *p = new X; delete p; delete[] p; C *b = new Y; delete b;
  }
void (A::*virt())() { return &A::f; } void (B::*virt2())() { return &B::h; }
  int (A::*virt3())(int) const { return &A::g; }
void casts(A *a) { dynamic_cast<X *>(a); dynamic_cast<void *>(a); }
void catches() { try { throw C(); } catch (A &) { } catch (B *) { } catch (int) { } catch (const char *) { }
  catch (...) { } }
void throws(int i) { if (i == 1) throw 1; if (i == 2) throw "x"; if (i == 3) throw (const A *)0;
  if (i == 4) throw Y(); if (i == 5) throw nullptr; if (i == 6) throw (void (*)())0; }

A first(1); A second[2]; static A third; namespace ns { A fourth; struct S { static A fifth;
  template <class T> static A sixth; }; A S::fifth; template <class T> A S::sixth; template A S::sixth<int>; }
  template <class T> struct TS { static A seventh; }; template <class T> A TS<T>::seventh;
  template struct TS<ns::S>; template <class T> A eighth; template A eighth<char>; thread_local A ninth;
  inline A tenth; A *useTenth() { return &tenth; }
int locals(int n) { static A one; static int two = n; static thread_local A three; { static A four;
  { static int five = n * 2; two += five; } } struct Local { int m() { static A six; return 1; }
  virtual void v() {} }; Local l; l.v(); return two + l.m(); }
inline int inlineLocals(int n) { static A one(n); static int two = n; static thread_local A three;
  { static A four(n); } struct Local { static int s() { static A x(1); static A y(2); return 1; }
  struct Deep { virtual int d() { static int z = s(); return z; } }; }; Local::Deep d;
  return Local::s() + d.d() + two; }
int callInline() { return inlineLocals(1); }
template <class T> int templateLocals(T t) { static T s = t; static A a(1); struct L { T t;
  T get() { static T q = t; return q; } }; return (int)L{s}.get(); } template int templateLocals(int);
  template int templateLocals(double);
struct Method { int m(int n) { static A s(n); enum E { e1 }; struct I { void operator()(E) {} }; I()(e1);
  return 1; } Method() { static A c(1); } ~Method() { static A d(2); } operator int() { static A e(3);
  return 1; } Method &operator=(int) { static A f(4); return *this; } }; int callMethod() { Method m; m = 1;
  return m.m(2) + m; }
extern "C" inline int externLocals() { static A s(1); static int k = lit(); return k; }
  extern "C" int callExtern() { return externLocals(); }
namespace { struct Anon { virtual ~Anon() {} int x; void m(Anon *) {} }; int anonVar;
  void anonFunction(Anon, Anon *) {} namespace nested { struct Deep : Anon { void d(Anon &, Deep &) {} }; }
  template <class T> T anonTemplate(T t, Anon) { return t; } }
int callAnon() { Anon a; a.m(&a); anonFunction(a, &a); nested::Deep d; d.d(a, d); anonTemplate(d, a);
  anonTemplate(1, a); return anonVar++; }
inline namespace v1 { void inlined(int) {} } namespace x::y::z { void deepNamespace(ns::S) {} }
int lambdas(int n) { auto a = [](int x) { return x; }; auto b = [n](auto x) { return x + n; };
  auto c = [=]() mutable { static int s = n; return [=] { return s + n; }(); }; int (*p)(int) = a;
  return a(1) + b(2) + b('c') + c() + p(3); }
inline auto globalLambda = [](int x) { return [](auto y) { static A s(1); return y; }(x); };
  int callGlobal() { return globalLambda(1); }
template <class F> int apply(F f) { return f(1); } int applied() { int k = 2;
  return apply([](int x) { return x; }) + apply([&](int x) { return x + k; }); }
  struct InClass { int i = apply([](int x) { return x * 2; }); static int d(int v = [] { return 1;
  }()) { return v; } }; int inClass() { return InClass().i + InClass::d(); }
const char *strings() { static const char *all[] = {"", "a", "hello, world\n",
  "\t\"quoted\"\\\a\b\f\r\v\x01\x7f\xe1\xff", "exactly thirty one characters!!",
  "exactly thirty-two characters!!!",
  "a string that is much longer than thirty-two characters, so that it is cut", "nul\0inside", "?A@B$C",
  "1234567890'-/:;,. "}; return all[0]; }
const wchar_t *wides() { static const wchar_t *all[] = {L"", L"a", L"wide text\n",
  L"exactly thirty one characters!!", L"exactly thirty-two characters!!!",
  L"a wide string that is much longer than thirty-two characters", L"\x263a\xe9\x3b1", L"nul\0inside"};
  return all[0]; }
const char16_t *u16() { static const char16_t *all[] = {u"", u"a", u"sixteen",
  u"a longer string of sixteen-bit characters", u"\x263a\xe9"}; return all[0]; }
  const char32_t *u32() { static const char32_t *all[] = {U"", U"a", U"thirty-two",
  U"a longer string of thirty-two-bit characters", U"\x1f600"}; return all[0]; }
  const char8_t *u8() { return u8"utf-8 \u263a"; }
