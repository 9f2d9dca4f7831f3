#include "prog.h"

#define NOINLINE __attribute__((noinline))

namespace outer {
namespace {
NOINLINE int local(int n) { return mid(n) + 2; }
}

template <typename T, int N> class Stack {
public:
  NOINLINE void push(T v) { items[size++ % N] = v + scale(v); }
  T top() const { return items[(size - 1) % N]; }
  ALWAYS T scale(T v) { return v * leaf(N); }
  NOINLINE Stack() : size(0) {}
  NOINLINE ~Stack() { size = local(size); }
  NOINLINE Stack &operator+=(T v) { push(v); return *this; }

private:
  T items[N];
  int size;
};

struct Base {
  virtual int run(int n) = 0;
  static NOINLINE int twice(int n) { return 2 * leaf(n); }
};

struct Derived : Base {
  NOINLINE int run(int n) override { return twice(n) + local(n); }
};

template <typename F> NOINLINE int apply(F f, int n) { return f(n) + f(n + 1); }

NOINLINE int lambdas(int n) {
  struct Local {
    static NOINLINE int inside(int n) { return leaf(n) - 1; }
  };
  return apply([n](int m) { return mid(m) + n; }, n) + Local::inside(n);
}
} // namespace outer

extern "C" int entry() {
  outer::Stack<int, 4> s;
  s.push(1);
  s += 2;
  outer::Derived d;
  outer::Base *b = &d;
  return s.top() + b->run(3) + outer::lambdas(4);
}

/* What a program without a runtime needs. */
void operator delete(void *) noexcept {}
extern "C" void __cxa_pure_virtual() {}
extern "C" void *_ZTVN10__cxxabiv117__class_type_infoE[4];
void *_ZTVN10__cxxabiv117__class_type_infoE[4];
extern "C" void *_ZTVN10__cxxabiv120__si_class_type_infoE[4];
void *_ZTVN10__cxxabiv120__si_class_type_infoE[4];
