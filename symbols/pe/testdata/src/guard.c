/* A library whose load configuration lists the functions that may be called
   through pointers: the guard table of /guard:cf. */

extern char __guard_fids_table[], __guard_fids_count[], __guard_flags[];

/* IMAGE_LOAD_CONFIG_DIRECTORY: its size, and the fields that lld fills in. */
#define FIELDS (sizeof(void *) == 8 ? 19 : 23)
#define TABLE (sizeof(void *) == 8 ? 16 : 20)
const void *const _load_config_used[FIELDS] = {
    [0] = (void *)(sizeof(void *) == 8 ? 148 : 92),
    [TABLE] = __guard_fids_table,
    [TABLE + 1] = __guard_fids_count,
    [TABLE + 2] = __guard_flags,
};

/* What calls through pointers go by. */
const void *const __guard_check_icall_fptr = 0;
const void *const __guard_dispatch_icall_fptr = 0;

#define NOINLINE __attribute__((noinline))
static volatile int sink;

/* Where their code is absent, nothing but the table tells these apart. */
NOINLINE int Exported(int a) { return sink + a; }
NOINLINE int hidden(int a) { return sink - a; }
NOINLINE int hidden2(int a) { return sink ^ a; }

int (*volatile Pointers[])(int) = {hidden, hidden2};
int Last(int a) { return Pointers[a & 1](a); }
