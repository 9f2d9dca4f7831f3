#include "shapes.h"

namespace ns {
Base::~Base() { sink = -1; }
} // namespace ns

void operator delete(void *, unsigned long long) {}
void operator delete(void *, unsigned) {}
void operator delete(void *) {}
extern "C" int _purecall(void) { return 0; }

namespace {

struct Square : ns::Base {
  int side;
  explicit Square(int s) : side(s) {}
  int area(int scale) override { return ns::mid(side) * scale; }
};

struct Circle : ns::Base {
  int radius = 2;
  int area(int scale) override {
    auto twice = [&](int x) {
      sink = x;
      return x * 2 + radius;
    };
    return twice(scale) + twice(radius);
  }
};

template <int N> struct Deep {
  INLINE int go(int a) {
    sink = a;
    int r = Deep<N - 1>::go(a + N);
    sink = r;
    return r ^ N;
  }
};
template <> struct Deep<0> {
  INLINE int go(int a) { return ns::leaf(a); }
};

NOINLINE int hidden(int a) {
  switch (a) {
  case 0: return ns::mid(1);
  case 1: return ns::mid(5) + 4;
  case 2: return sink;
  case 3: return ns::leaf(sink);
  case 4: sink = 9; return 1;
  case 5: return sink * 3;
  default: return Deep<12>::go(a);
  }
}

} // namespace

extern "C" int b_entry(int);
extern "C" int c_entry(int, int);

extern "C" int entry(void) {
  Square s(sink);
  Circle c;
  ns::Base *shapes[2] = {&s, &c};
  ns::Ring<int, 5> ring = {};
  ns::Ring<long long, 3> wide = {};
  int total = 0;
  for (auto *b : shapes)
    total += b->area(3);
  total += ring.sum() + (int)wide.sum();
  total += hidden(total) + ns::Base::count(total);
  return total + b_entry(total) + c_entry(total, 4);
}
