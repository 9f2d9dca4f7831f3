/* Code that is inlined from a header. */
#ifdef __cplusplus
#define ALWAYS __attribute__((always_inline)) inline
#else
#define ALWAYS static __attribute__((always_inline)) inline
#endif

ALWAYS int leaf(int n) {
  volatile int v = n;
  return v * 3;
}

ALWAYS int mid(int n) {
  int sum = leaf(n + 1);
  sum += leaf(n + 2);
  return sum;
}
