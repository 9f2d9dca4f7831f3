// Inlined from several sources, so that call chains cross files.
#pragma once
#define INLINE static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))

extern "C" volatile int sink;

namespace ns {

INLINE int leaf(int a) {
  int k = a * 3;
  sink = k;
  return k + 1;
}

INLINE int mid(int a) {
  if (a > 10)
    sink = leaf(a);
  else
    sink = leaf(a - 1);
  return leaf(a) + a;
}

template <typename T, int N> struct Ring {
  T items[N];
  unsigned head;

  __attribute__((always_inline)) T &next() {
    head = (head + 1) % N;
    sink = (int)head;
    return items[head];
  }
  NOINLINE T sum() {
    T s = 0;
    for (int i = 0; i < N; i++)
      s += next() + (T)mid(i);
    return s;
  }
};

struct Base {
  virtual int area(int scale) = 0;
  virtual ~Base();
  static NOINLINE int count(int n) { return mid(n) + 7; }
};

} // namespace ns
