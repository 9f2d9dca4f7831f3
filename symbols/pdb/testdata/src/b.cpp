#include "shapes.h"

extern "C" volatile int sink = 1;
extern "C" int _fltused = 0;

// The linker folds these into one.
extern "C" NOINLINE int fold_one(int a) {
  sink = a;
  return a + 100;
}
extern "C" NOINLINE int fold_two(int a) {
  sink = a;
  return a + 100;
}
namespace other {
NOINLINE int fold_three(int a) {
  sink = a;
  return a + 100;
}
} // namespace other

static NOINLINE int local(int a) {
  int r = 0;
  for (int i = 0; i < a; i++) {
    if (i & 1)
      r += ns::leaf(i);
    else
      r -= ns::mid(i);
  }
  return r;
}

// One function's code from several files.
static NOINLINE int patched(int a) {
  sink = a;
#line 1000 "generated/table.inc"
  sink = a + 1;
  sink = a + 2;
#line 43 "b.cpp"
  return sink + a;
}

#define STEP(n) sink = a * n; if (sink == n) a += ns::leaf(n);
#define STEPS(n) STEP(n) STEP(n + 1) STEP(n + 2) STEP(n + 3) STEP(n + 4) STEP(n + 5) STEP(n + 6) STEP(n + 7)

// Long enough for its records to be worth keeping decoded.
NOINLINE int lengthy(int a) {
  STEPS(0)
  STEPS(10)
  STEPS(20)
  STEPS(30)
  STEPS(40)
  STEPS(50)
  STEPS(60)
  STEPS(70)
  STEPS(80)
  STEPS(90)
  return a;
}

extern "C" int b_entry(int n) {
  int (*volatile f1)(int) = fold_one;
  int (*volatile f2)(int) = fold_two;
  int (*volatile f3)(int) = other::fold_three;
  return f1(n) + f2(n) + f3(n) + local(n) + patched(n) + lengthy(n);
}

extern "C" void *memset(void *to, int c, decltype(sizeof 0) n) {
  for (volatile char *p = (volatile char *)to; n; n--)
    *p++ = (char)c;
  return to;
}
