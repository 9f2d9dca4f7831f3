extern volatile int sink;

#ifdef __i386__
__attribute__((noinline)) int __stdcall std_call(int a, int b) { sink = a; return a - b; }
__attribute__((noinline)) int __fastcall fast_call(int a, int b) { sink = b; return a * b; }
#else
__attribute__((noinline)) int std_call(int a, int b) { sink = a; return a - b; }
__attribute__((noinline)) int fast_call(int a, int b) { sink = b; return a * b; }
#endif

int asm_function(int a);

int c_entry(int a, int b) {
  int r = std_call(a, b) + fast_call(b, a);
#ifdef __x86_64__
  r += asm_function(a);
#endif
  return r + sink;
}
