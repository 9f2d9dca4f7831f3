/* A library with every kind of export, for x64, x86, ARM64 and ARM. The order
   of the functions is the order in the image. */

int Counter = 7; /* exported as data */
static volatile int sink;

#define NOINLINE __attribute__((noinline))

/* Not a leaf: it calls through a pointer. Exported as NtThing and ZwThing. */
int NtThing(int (*f)(int), int a) { return f(a) + f(a + 1); }

/* Not exported: its addresses must not be named NtThing. */
NOINLINE int hidden(int (*f)(int), int a) { return f(a) * f(a + 2) + sink; }

/* A leaf, and one that is not exported behind it. */
int Leaf(int a) {
  sink = a;
  return sink + 1;
}
NOINLINE int hiddenLeaf(int a) {
  sink = a * 3;
  return sink ^ a;
}

/* Exported by ordinal 7 alone. */
int ByOrdinal(int (*f)(int), int a) { return f(hidden(f, a)) - f(hiddenLeaf(a)); }

/* The last, so that something exported follows what is not. */
int Zulu(int (*f)(int)) { return f(NtThing(f, Counter)) + 1; }
