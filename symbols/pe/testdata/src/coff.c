/* A library of x86 whose functions have every kind of COFF symbol. */

#define NOINLINE __attribute__((noinline))

static volatile int sink;

static NOINLINE int hidden(int a) { return sink + a; }
NOINLINE int __attribute__((stdcall)) std2(int a, int b) { return hidden(a) * b; }
NOINLINE int __attribute__((fastcall)) fast2(int a, int b) { return hidden(a) - b; }
NOINLINE __attribute__((weak)) int feeble(int a) { return std2(a, 1) ^ a; }
NOINLINE int a_function_with_a_name_too_long_for_its_record(int a) { return fast2(a, feeble(a)); }

/* Without a type, as assemblers leave it, and with a label inside. */
__asm__(".text\n.globl _bare\n_bare:\n nop\nlabel_inside:\n nop\n ret\n");
