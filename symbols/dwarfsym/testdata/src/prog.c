#include "prog.h"

#define NOINLINE __attribute__((noinline))

static NOINLINE int hidden(int n) { return mid(n) + 1; }

NOINLINE int __attribute__((stdcall)) std2(int a, int b) { return hidden(a) * b; }

NOINLINE int branchy(int n) {
  if (n > 10) {
    return mid(n) + hidden(n);
  }
  return leaf(n);
}

/* Cold code is moved away from the rest of its function. */
extern void fail(int n) __attribute__((cold, noinline));
void fail(int n) { hidden(n); }

NOINLINE int checked(int n) {
  if (__builtin_expect(n < 0, 0)) {
    fail(n);
    fail(mid(n));
    return -1;
  }
  return leaf(n) + 1;
}

int entry(void) { return std2(1, 2) + branchy(12) + checked(3); }
