// Templates: types, values, packs, templates as arguments, members, class values.
namespace t {
struct S { int a; double d; const int *p; int arr[2]; bool operator==(const S &) const = default; };
  union U { int a; char b; };
struct B { int b; virtual void bv(); int bm(int); }; struct B2 { int b2; virtual void b2v(); };
  struct D : B { int c; int m(); static int s; static int sf(char); }; struct MI : B, B2 { int mi; void mim();
  }; struct VI : virtual B { int vi; void vim(); }; struct Un;
struct M { int D::*p; }; struct MF { int (D::*p)(); }; struct P2 { const void *v; const char *c; };
  struct Nest { S s; B *b; bool f; char c; float x; unsigned long long u; long long l; };
  enum E { e0, e1 = 5, e2 = -3 }; enum class EC : short { x = 7 };
constexpr int g = 3; int ga[4]; D gd; int gi; extern const char text[] = "abc"; void fn(int) {}
  template <class T> void tfn(T) {} template <class T> T tv; int operator+(S, int) { return 1; }
template <S s> void f() {} template <U u> void fu() {} template <M m> void fm() {}
  template <MF m> void fmf() {} template <P2 p> void fp2() {} template <Nest n> void fnest() {}
template <double d> void fl() {} template <float d> void ff() {} template <int *p> void fp() {}
  template <int &p> void fr() {} template <auto a> void fa() {} template <decltype(auto) a> void fda() {}
  template <auto... a> void fas() {}
template <typename... T> void ft() {} template <int... T> void fi() {}
  template <class T, T... v> void seq() {} template <class... T> void pack(T...) {}
  template <class... A, class... C> void two(void (*)(A...), void (*)(C...)) {}
template <bool b> void fb() {} template <char c> void fc() {} template <E e> void fe() {}
  template <EC e> void fec() {} template <long long l> void fll() {}
  template <unsigned long long l> void full() {} template <decltype(nullptr) n> void fnull() {}
template <void (*p)(int)> void ffn() {} template <void (&p)(int)> void ffr() {}
  template <class T, int T::*p> void fdm() {} template <class T, void (T::*p)()> void fmm() {}
  template <int (D::*p)()> void fd() {} template <const char *p> void ftext() {}
  template <const char (&p)[4]> void ftextr() {}
template <template <class> class T> void ftt() {} template <template <class...> class T> void fttv() {}
  template <template <auto> class T> void ftta() {}
  template <class> struct Tm { template <class X> struct In { template <class Y> void deep(Y) {} }; };
template <class... T> struct Tv {}; template <auto> struct Ta {}; template <class T> using Al = T *;
  template <class T> using AlM = Tm<T>; template <class T, int N> struct Arr { T v[N]; T &at(int);
  template <int M> Arr<T, M> resize() const; operator T *(); Arr(); template <class U> Arr(U); ~Arr();
  template <class U> Arr &operator=(const Arr<U, N> &); static int count; static T tmp(T);
  friend void fr(Arr) {} };
template <class T, int N> T &Arr<T, N>::at(int i) { return v[i]; }
  template <class T, int N> template <int M> Arr<T, M> Arr<T, N>::resize() const { return Arr<T, M>(); }
  template <class T, int N> Arr<T, N>::operator T *() { return v; }
  template <class T, int N> Arr<T, N>::Arr() {}
  template <class T, int N> template <class U> Arr<T, N>::Arr(U) {}
  template <class T, int N> Arr<T, N>::~Arr() {}
  template <class T, int N> template <class U> Arr<T, N> &Arr<T, N>::operator=(const Arr<U, N> &) {
  return *this; } template <class T, int N> int Arr<T, N>::count;
  template <class T, int N> T Arr<T, N>::tmp(T t) { return t; }
void h() {
  f<S{1, 2.5, &g, {3, 4}}>(); f<S{}>(); fu<U{1}>(); fu<U{.b = 'c'}>(); fm<M{&D::c}>(); fm<M{nullptr}>();
    fmf<MF{&D::m}>(); fmf<MF{}>(); fp2<P2{&gi, text}>(); fp2<P2{}>();
    fnest<Nest{S{1, -2, nullptr, {}}, &gd, true, 'x', 1.5f, ~0ull, -9}>();
  fl<1.5>(); fl<-0.0>(); fl<1e300>(); ff<-2.0f>(); ff<0.1f>(); fp<&ga[2]>(); fp<nullptr>(); fp<ga>();
    fp<&gd.c>(); fp<&gi>(); fr<gd.b>(); fr<ga[1]>(); fr<gi>();
  fa<1>(); fa<-1>(); fa<&D::c>(); fa<&D::m>(); fa<&D::s>(); fa<&D::sf>(); fa<&h>(); fa<nullptr>(); fa<&ga>();
    fa<S{1}>(); fa<1.0>(); fa<'c'>(); fa<true>(); fa<e1>(); fa<EC::x>(); fa<&tfn<int>>(); fa<10ull>();
    fa<(int D::*)nullptr>(); fa<(void (MI::*)()) nullptr>(); fda<(gi)>(); fas<1, 'c', true, &gi>(); fas<>();
  ft<>(); ft<int, char>();
    ft<S, U *, void(int), int[3], const int, int &, S &&, int (*)[2], decltype(nullptr), void (D::*)(),
    const S, volatile U, int[], const char[4], int *const, void() noexcept, void(int) const, int (...),
    void() &&, E>(); ft<Tv<>, Tv<Tv<>, Tv<int>>>(); fi<>(); fi<1, 2>();
    fi<-1, 0, 10, 11, 16, 255, 1000000, -2147483647 - 1>(); seq<char, 'a', 'b'>(); seq<long long, -5>();
    pack(); pack(1, 'c', S(), &gi, 1.5, Tm<int>());
    two<int, char>((void (*)(int, char))nullptr, (void (*)(S))nullptr); two((void (*)())0, (void (*)())0);
  fb<true>(); fb<false>(); fc<'a'>(); fc<'\0'>(); fc<'\xff'>(); fe<e0>(); fe<e1>(); fe<e2>(); fec<EC::x>();
    fll<-1>(); fll<0x7fffffffffffffff>(); fll<-0x7fffffffffffffff - 1>(); full<~0ull>(); fnull<nullptr>();
  ffn<fn>(); ffn<&tfn<int>>(); ffn<nullptr>(); ffr<fn>(); fdm<D, &D::c>(); fdm<MI, &MI::mi>();
    fdm<VI, &VI::vi>(); fdm<D, nullptr>(); fdm<MI, nullptr>(); fmm<MI, &MI::mim>(); fmm<VI, &VI::vim>();
    fmm<B, &B::bv>(); fmm<MI, nullptr>(); fmm<VI, nullptr>(); fmm<B, nullptr>(); fd<&D::m>(); fd<nullptr>();
    ftext<text>(); ftextr<text>();
  ftt<Tm>(); ftt<Al>(); ftt<AlM>(); fttv<Tv>(); ftta<Ta>(); Tm<int>::In<char>().deep(S());
    Tm<Tm<Tm<int>>>::In<Tm<int>>().deep(Tm<Tm<int>>()); Arr<int, 3> a; a.at(1); a.resize<4>(); (int *)a;
    Arr<int, 3> b(1.5); a = b; Arr<char, 3> c; a = c; fr(a); Arr<int, 3>::count++;
    Arr<Arr<S, 2>, 5>::tmp(Arr<Arr<S, 2>, 5>()); tv<int> = 1; tv<Tm<S>>; tv<const char *> = ""; Ta<1>();
    ft<Ta<1>, Ta<'a'>, Ta<&gi>, Ta<&D::m>, Ta<nullptr>, Ta<EC::x>>();
}
template <class T> struct Ref { typedef T type;
  template <class U> void same(T, U, typename Ref<U>::type, Ref<T> *, Ref<U> &, Ref<Ref<T>>) {} };
  void r() { Ref<S>().same(S(), 1, 2, nullptr, *(Ref<int> *)0, Ref<Ref<S>>());
  Ref<Tm<S>>().same(Tm<S>(), Tm<S>(), Tm<S>(), nullptr, *(Ref<Tm<S>> *)0, Ref<Ref<Tm<S>>>()); }
namespace { struct Hidden {}; template <class T> struct HT { void m(T, Hidden, HT<Hidden> *) {} };
  void hidden() { HT<Hidden>().m(Hidden(), Hidden(), nullptr); HT<int>().m(1, Hidden(), nullptr);
  ft<Hidden, HT<HT<Hidden>>>(); } } void callHidden() { hidden(); }
template <class F> void call(F f) { f(); ft<F>(); } void lam() { int k = 1; call([] {}); call([&] { k++; });
  call([=]() mutable { call([=] { (void)k; }); }); struct L { void operator()() {} }; call(L());
  auto g = []<class T>(T t) { ft<T>(); }; g(1); g(L()); }
template <int N> struct Fact { static const int value = N * Fact<N - 1>::value;
  static void go() { Fact<N - 1>::go(); } }; template <> struct Fact<0> { static const int value = 1;
  static void go() {} }; void fact() { Fact<12>::go(); }
template <class A, class C, class D_, class E_, class F, class G, class H, class I, class J, class K, class L,
  class M_> struct Twelve { void m(A, C *, D_ **, E_ &, F &&, G, H, I, J, K, L, M_, A, C *, M_, L, K) {} };
  void twelve() { S s; int i;
  Twelve<int, char, short, S, U, Tm<int>, Tv<int, char>, E, EC, double, Tm<Tm<int>>, Ta<3>>().m(1, 0, 0, s,
  U(), {}, {}, e0, EC::x, 1, {}, {}, 1, 0, {}, {}, 1); }
template <class T> concept Small = sizeof(T) < 5; template <Small T> void constrained(T) {}
  template <class T> requires Small<T> void required(T) {} auto abbreviated(Small auto x) { return x; }
  void cons() { constrained(1); required('c'); abbreviated(2); }
template <class T> auto deduced(T t) { return t; } decltype(auto) deduced2(int &i) { return (i); }
  auto deduced3() -> int * { return 0; } auto *deduced4() { return &gi; } const auto &deduced5() { return gi;
  } void ded() { deduced(S()); deduced2(gi); deduced3(); deduced4(); deduced5(); }
}
