// Types of all kinds, as parameters, results, variables and template arguments.
typedef decltype(nullptr) nullptr_type;
typedef decltype(sizeof(0)) size_type;
namespace shapes {
struct Point { int x, y; };
class Shape { public: int id; int area(int) const; void move(double) volatile; };
union Either { int i; float f; };
enum Colour { red };
enum class Size : unsigned char { small };
namespace inner { template <class T, class U = T> struct Pair { T first; U second; }; }
}
using namespace shapes;

void scalars(bool, char, signed char, unsigned char, short, unsigned short, int, unsigned, long,
  unsigned long, long long, unsigned long long) {}
void reals(float, double, long double) {}
void characters(wchar_t, char16_t, char32_t) {}
void eight(char8_t, nullptr_type) {}
void named(Point, Shape, Either, Colour, Size) {}
void pointers(int *, const int *, volatile int *, const volatile int *, int **, const char *const *,
  int *const *volatile *) {}
void topLevel(int *const, int *volatile, const int *const volatile, Point *const) {}
void restricted(int *__restrict, const char *__restrict a, int *__restrict *__restrict) {}
void references(int &, const int &, volatile int &, const volatile int &, int *&, int *const &, Shape &,
  const Shape &) {}
void moved(int &&, const int &&, Shape &&, int *&&, const volatile Shape &&) {}
void arrays(int[3], int (*)[3], const int (*)[3], int (&)[4], const char (&)[5], int (*)[2][3], int (&&)[7],
  Point (*)[2], int *(*)[2], volatile int (*)[8]) {}
void unbounded(int (*)[], int (&)[]) {}
void functions(void (*)(), int (*)(int), void (&)(), void (*)(int, ...), int (*(*)(int))(char),
  void (*const)(), void (**)(), void (*const *)(int), void (&&)(long)) {}
void quiet(void (*)() noexcept, int (*)(int) noexcept, int (Shape::*)(int) const noexcept) {}
void members(int Shape::*, const int Shape::*, int (Shape::*)(int) const, void (Shape::*)(double) volatile,
  int Shape::**, int *Shape::*, int (Shape::*Shape::*)(int), int Shape::*const *, Point inner::Pair<int>::*) {}
struct Refs { void l() &; void r() &&; void cl() const &; void cr() const &&; void vl() volatile &;
  void cvn() const volatile && noexcept; void plain() noexcept; };
void Refs::l() & {} void Refs::r() && {} void Refs::cl() const & {} void Refs::cr() const && {}
  void Refs::vl() volatile & {} void Refs::cvn() const volatile && noexcept {} void Refs::plain() noexcept {}
void refMembers(void (Refs::*)() &, void (Refs::*)() &&, void (Refs::*)() const &,
  void (Refs::*)() const volatile && noexcept) {}
void variadic(const char *, ...) {}
void onlyVariadic(...) {}
int *pointerResult() { return 0; } const int constResult() { return 1; }
  const Point constStruct() { return {}; }
const int *const volatilePtr() { return 0; } Shape &refResult(Shape &s) { return s; }
  Point &&rvalue(Point &p) { return (Point &&)p; }
int (*arrayResult())[3] { return 0; } void (*functionResult(int))(char) { return 0; }
  int (*(*deep())(int))(char) { return 0; }
int Shape::*memberResult() { return 0; } int (Shape::*methodResult())(int) const { return 0; }
inner::Pair<int, Shape *> pairResult() { return {}; }
void backrefs(Point *, Shape *, Point *, Shape *, const Point &, const Point &, Either, Either) {}
void manyBackrefs(int *, char *, short *, long *, float *, double *, bool *, wchar_t *, unsigned *,
  unsigned char *, signed char *, signed char *, int *, unsigned char *) {}
void nameBackrefs(inner::Pair<Point, Shape>, inner::Pair<Shape, Point>, inner::Pair<inner::Pair<int>,
  inner::Pair<Point, Point>>) {}
void callbackBackrefs(void (*)(Point *, Shape *), Point *, void (*)(Point *, Shape *), int (*)(Shape *,
  Point *)) {}

int global = 1; const int constGlobal = 2; volatile int volatileGlobal; const volatile int both = 3;
int *gp; const int *gcp; int *const gpc = 0; const int *const gcpc = 0; volatile int *volatile gvv;
  int *__restrict gr;
int ga[4]; int ga2[2][3]; const int gca[2] = {1, 2}; int (*gpa)[4]; const char *gpca[3]; Point gpoint;
  const Shape *gshape;
int &gref = global; const int &gcref = global; int &&grref = 3; int (&garef)[4] = ga;
void (*gf)(int); void (*const gfc)(int) = 0; int (*(*gff)(int))(char); void (*gfa[3])();
  void (&gfr)() = *(void (*)())0;
int Shape::*gm = &Shape::id; int (Shape::*gmf)(int) const; const int Shape::*gmc; int Shape::*const gmcc = 0;
  Point *Shape::*gmp;
Colour gcolour; Size gsize; Either geither; inner::Pair<Point, int> gpair; nullptr_type gnull;
char16_t gc16; char32_t gc32; char8_t gc8; wchar_t gw; bool gb; long double gld;
thread_local int tls = 4; extern "C" { int cVariable = 5; void cFunction(int) {} }
const int *use[] = {&constGlobal, (const int *)&both, gcpc, (const int *)&gpc, gca};
const void *use2[] = {&gfc, &gmcc};
struct Statics { static int pub; static const char *text; protected: static int prot;
  private: static int priv[2]; static Statics *self; public: static const inner::Pair<int> pair; };
int Statics::pub; const char *Statics::text; int Statics::prot; int Statics::priv[2]; Statics *Statics::self;
  const inner::Pair<int> Statics::pair = {1, 2};

#ifdef _M_IX86
void __stdcall std2(int, int) {} void __fastcall fast2(int, int) {} void __vectorcall vec2(int, int) {}
struct Conv { void __cdecl c(); void __stdcall s(); void __fastcall f(); void __thiscall t();
  void __vectorcall v(); };
void Conv::c() {} void Conv::s() {} void Conv::f() {} void Conv::t() {} void Conv::v() {}
void takes(void(__stdcall *)(int), void(__fastcall *)(int), void(__vectorcall *)(int),
  void(__thiscall Conv::*)(), void(__stdcall Conv::*)(int), void(__regcall *)(int)) {}
extern "C" { void __stdcall cstd(int) {} void __fastcall cfast(int) {} void __vectorcall cvec(int) {} }
#else
void __vectorcall vec2(int, int) {} void takes(void(__vectorcall *)(int)) {} void __regcall reg(int) {}
void unaligned(int __unaligned *, const int __unaligned *, int __unaligned *__unaligned *) {}
void sized(int *__ptr32, int *__ptr64) {}
void swift(__attribute__((swiftcall)) void (*)(int), __attribute__((swiftasynccall)) void (*)(int)) {}
void __attribute__((swiftcall)) swiftly(int) {} void __attribute__((swiftasynccall)) swiftAsync(int) {}
__int128 wide(unsigned __int128) { return 0; }
_Float16 half(_Float16 h) { return h; }
#endif
typedef int v4 __attribute__((vector_size(16))); typedef float v8 __attribute__((vector_size(32)));
v4 vectors(v4 a, v8, const v4 *) { return a; }
_Complex float complexFloat(_Complex double) { return 0; }
void blocks(int __attribute__((address_space(1))) *) {}
