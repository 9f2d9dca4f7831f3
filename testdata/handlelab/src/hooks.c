/* Hooks on the system-call stubs of ntdll, in memory. Every way to a handle
 * ends in one of these stubs, so the recorder sees what a kernel would see,
 * whoever asks: the lab, the loader or a DLL of Wine. */
#include <winternl.h>

#include "record.h"

#define STATUS_INVALID_HANDLE_VALUE ((NTSTATUS)0xC0000008)
#define NONE 0xff

enum hook_flags {
    CLOSES = 1,        /* success closes the handle that comes in */
    DUPLICATES = 2,    /* NtDuplicateObject, a law unto itself */
    BLOCKS = 4,        /* must not be called with the lock held */
    IN_ATTRIBUTES = 8, /* the handle that comes in is a root directory */
};

struct hook {
    const char *name;
    BYTE in, out; /* indices of the arguments, or NONE */
    BYTE flags;
    BYTE *stub;
    void *original; /* the stub's first bytes, and a jump to the others */
    void *system_return;
    BYTE saved[16];
};

/* name, number of arguments, argument with the handle used, with the handle
 * made, flags */
#define HOOKS(X)                                        \
    X(NtClose, 1, 0, NONE, CLOSES)                      \
    X(NtDuplicateObject, 7, 1, 3, DUPLICATES)           \
    X(NtCreateFile, 11, 2, 0, IN_ATTRIBUTES)            \
    X(NtOpenFile, 6, 2, 0, IN_ATTRIBUTES)               \
    X(NtCreateNamedPipeFile, 14, 2, 0, IN_ATTRIBUTES)   \
    X(NtCreateMailslotFile, 8, 2, 0, IN_ATTRIBUTES)     \
    X(NtCreateEvent, 5, 2, 0, IN_ATTRIBUTES)            \
    X(NtOpenEvent, 3, 2, 0, IN_ATTRIBUTES)              \
    X(NtCreateKeyedEvent, 4, 2, 0, IN_ATTRIBUTES)       \
    X(NtOpenKeyedEvent, 3, 2, 0, IN_ATTRIBUTES)         \
    X(NtCreateSemaphore, 5, 2, 0, IN_ATTRIBUTES)        \
    X(NtOpenSemaphore, 3, 2, 0, IN_ATTRIBUTES)          \
    X(NtCreateMutant, 4, 2, 0, IN_ATTRIBUTES)           \
    X(NtOpenMutant, 3, 2, 0, IN_ATTRIBUTES)             \
    X(NtCreateTimer, 4, 2, 0, IN_ATTRIBUTES)            \
    X(NtOpenTimer, 3, 2, 0, IN_ATTRIBUTES)              \
    X(NtCreateSection, 7, 6, 0, 0)                      \
    X(NtOpenSection, 3, 2, 0, IN_ATTRIBUTES)            \
    X(NtCreateIoCompletion, 4, 2, 0, IN_ATTRIBUTES)     \
    X(NtOpenIoCompletion, 3, 2, 0, IN_ATTRIBUTES)       \
    X(NtCreateJobObject, 3, 2, 0, IN_ATTRIBUTES)        \
    X(NtOpenJobObject, 3, 2, 0, IN_ATTRIBUTES)          \
    X(NtCreateThreadEx, 11, 3, 0, 0)                    \
    X(NtOpenThread, 4, NONE, 0, 0)                      \
    X(NtOpenProcess, 4, NONE, 0, 0)                     \
    X(NtOpenProcessToken, 3, 0, 2, 0)                   \
    X(NtOpenProcessTokenEx, 4, 0, 3, 0)                 \
    X(NtOpenThreadToken, 4, 0, 3, 0)                    \
    X(NtOpenThreadTokenEx, 5, 0, 4, 0)                  \
    X(NtDuplicateToken, 6, 0, 5, 0)                     \
    X(NtFilterToken, 6, 0, 5, 0)                        \
    X(NtCreateKey, 7, 2, 0, IN_ATTRIBUTES)              \
    X(NtOpenKey, 3, 2, 0, IN_ATTRIBUTES)                \
    X(NtOpenKeyEx, 4, 2, 0, IN_ATTRIBUTES)              \
    X(NtCreateDirectoryObject, 3, 2, 0, IN_ATTRIBUTES)  \
    X(NtOpenDirectoryObject, 3, 2, 0, IN_ATTRIBUTES)    \
    X(NtCreateSymbolicLinkObject, 4, 2, 0, IN_ATTRIBUTES) \
    X(NtOpenSymbolicLinkObject, 3, 2, 0, IN_ATTRIBUTES) \
    X(NtSetEvent, 2, 0, NONE, 0)                        \
    X(NtResetEvent, 2, 0, NONE, 0)                      \
    X(NtPulseEvent, 2, 0, NONE, 0)                      \
    X(NtReleaseSemaphore, 3, 0, NONE, 0)                \
    X(NtReleaseMutant, 2, 0, NONE, 0)                   \
    X(NtWriteFile, 9, 0, NONE, BLOCKS)                  \
    X(NtReadFile, 9, 0, NONE, BLOCKS)                   \
    X(NtFlushBuffersFile, 2, 0, NONE, BLOCKS)           \
    X(NtWaitForSingleObject, 3, 0, NONE, BLOCKS)        \
    X(NtQueryInformationFile, 5, 0, NONE, 0)            \
    X(NtSetInformationFile, 5, 0, NONE, 0)              \
    X(NtQueryValueKey, 6, 0, NONE, 0)                   \
    X(NtSetValueKey, 6, 0, NONE, 0)                     \
    X(NtQueryObject, 5, 0, NONE, 0)                     \
    X(NtMapViewOfSection, 10, 0, NONE, 0)

enum hook_index {
#define INDEX(name, count, in, out, flags) INDEX_##name,
    HOOKS(INDEX)
#undef INDEX
    HOOK_COUNT
};

static struct hook hooks[HOOK_COUNT] = {
#define ENTRY(name, count, in, out, flags) {#name, in, out, flags, 0, 0, 0, {0}},
    HOOKS(ENTRY)
#undef ENTRY
};

/* The stack as the kernel would record it: on top the return address of the
 * system call itself, then the stub's callers. The recorder's own frames are
 * skipped by looking for the address the stub returns to, since how many of
 * them there are is the compiler's business. */
__attribute__((noinline)) static void
CaptureStack(const struct hook *hook, void *caller, struct stack *stack)
{
    void *frames[KERNEL_FRAMES + 8];
    USHORT i = 0, n = RtlCaptureStackBackTrace(0, KERNEL_FRAMES + 8, frames, NULL);

    stack->depth = 0;
    stack->frames[stack->depth++] = hook->system_return;
    while (i < n && frames[i] != caller)
        i++;
    if (i == n)
        stack->frames[stack->depth++] = caller;
    for (; i < n && stack->depth < KERNEL_FRAMES; i++)
        stack->frames[stack->depth++] = frames[i];
}

static HANDLE HandleUsed(const struct hook *hook, const ULONG_PTR *args)
{
    if (hook->in == NONE)
        return NULL;
    if (hook->flags & IN_ATTRIBUTES) {
        const OBJECT_ATTRIBUTES *attributes = (void *)args[hook->in];
        return attributes ? attributes->RootDirectory : NULL;
    }
    return (HANDLE)args[hook->in];
}

/* -1 and below are pseudo handles: this process, this thread, its tokens. */
static BOOL IsReal(HANDLE handle)
{
    return handle && (LONG_PTR)handle > 0;
}

static BOOL IsThisProcess(HANDLE process)
{
    return process == GetCurrentProcess() || GetProcessId(process) == GetCurrentProcessId();
}

/* Wine makes the duplicate before it closes the source, or leaves the entry in
 * place where a duplicate would be the same: then the value is closed first. */
static void RecordDuplicate(const ULONG_PTR *args, NTSTATUS status, const struct stack *stack)
{
    HANDLE source = (HANDLE)args[1], *made = (HANDLE *)args[3];
    BOOL from_here = IsThisProcess((HANDLE)args[0]) && IsReal(source);
    BOOL opens = status >= 0 && made && IsThisProcess((HANDLE)args[2]);
    BOOL closes = status >= 0 && from_here && (args[6] & DUPLICATE_CLOSE_SOURCE);
    BOOL in_place = opens && closes && *made == source;

    if (status == STATUS_INVALID_HANDLE_VALUE && from_here)
        Record_Add(source, OP_BADREF, stack);
    if (in_place)
        Record_Add(source, OP_CLOSE, stack);
    if (opens)
        Record_Add(*made, OP_OPEN, stack);
    if (closes && !in_place)
        Record_Add(source, OP_CLOSE, stack);
}

static void RecordCall(const struct hook *hook, const ULONG_PTR *args, NTSTATUS status,
                       const struct stack *stack)
{
    HANDLE used = HandleUsed(hook, args);

    if (hook->flags & DUPLICATES)
        RecordDuplicate(args, status, stack);
    else if (status == STATUS_INVALID_HANDLE_VALUE && IsReal(used))
        Record_Add(used, OP_BADREF, stack);
    else if (status >= 0 && (hook->flags & CLOSES) && IsReal(used))
        Record_Add(used, OP_CLOSE, stack);
    else if (status >= 0 && hook->out != NONE)
        Record_Add(*(HANDLE *)args[hook->out], OP_OPEN, stack);
}

typedef NTSTATUS call_function(void *original, const ULONG_PTR *args);

/* The lock spans the system call and the record, so that the order of records
 * is the order of events: else a value could be handed out again before its
 * close is on record. The stack is taken before the lock, because walking it
 * may need the loader's lock. */
static NTSTATUS RunHook(const struct hook *hook, const ULONG_PTR *args, void *caller,
                        call_function *call)
{
    struct stack stack;
    NTSTATUS status;

    if (!Record_IsOn())
        return call(hook->original, args);
    CaptureStack(hook, caller, &stack);
    if (hook->flags & BLOCKS) {
        status = call(hook->original, args);
        Record_Lock();
    } else {
        Record_Lock();
        status = call(hook->original, args);
    }
    RecordCall(hook, args, status, &stack);
    Record_Unlock();
    return status;
}

/* stdcall pops its own arguments, so each count of arguments needs its type. */
typedef ULONG_PTR W;
#define PARAMS_1 W a
#define PARAMS_2 PARAMS_1, W b
#define PARAMS_3 PARAMS_2, W c
#define PARAMS_4 PARAMS_3, W d
#define PARAMS_5 PARAMS_4, W e
#define PARAMS_6 PARAMS_5, W f
#define PARAMS_7 PARAMS_6, W g
#define PARAMS_8 PARAMS_7, W h
#define PARAMS_9 PARAMS_8, W i
#define PARAMS_10 PARAMS_9, W j
#define PARAMS_11 PARAMS_10, W k
#define PARAMS_14 PARAMS_11, W l, W m, W n
#define ARGS_1 a
#define ARGS_2 ARGS_1, b
#define ARGS_3 ARGS_2, c
#define ARGS_4 ARGS_3, d
#define ARGS_5 ARGS_4, e
#define ARGS_6 ARGS_5, f
#define ARGS_7 ARGS_6, g
#define ARGS_8 ARGS_7, h
#define ARGS_9 ARGS_8, i
#define ARGS_10 ARGS_9, j
#define ARGS_11 ARGS_10, k
#define ARGS_14 ARGS_11, l, m, n
#define SPREAD_1 p[0]
#define SPREAD_2 SPREAD_1, p[1]
#define SPREAD_3 SPREAD_2, p[2]
#define SPREAD_4 SPREAD_3, p[3]
#define SPREAD_5 SPREAD_4, p[4]
#define SPREAD_6 SPREAD_5, p[5]
#define SPREAD_7 SPREAD_6, p[6]
#define SPREAD_8 SPREAD_7, p[7]
#define SPREAD_9 SPREAD_8, p[8]
#define SPREAD_10 SPREAD_9, p[9]
#define SPREAD_11 SPREAD_10, p[10]
#define SPREAD_14 SPREAD_11, p[11], p[12], p[13]

#define CALL(count)                                            \
    static NTSTATUS Call_##count(void *original, const W *p)   \
    {                                                          \
        typedef NTSTATUS NTAPI function(PARAMS_##count);       \
        return ((function *)original)(SPREAD_##count);         \
    }
CALL(1) CALL(2) CALL(3) CALL(4) CALL(5) CALL(6) CALL(7) CALL(8) CALL(9) CALL(10) CALL(11) CALL(14)

#define HOOK(name, count, in, out, flags)                                        \
    static NTSTATUS NTAPI Hook_##name(PARAMS_##count)                            \
    {                                                                            \
        const W args[] = {ARGS_##count};                                         \
        return RunHook(&hooks[INDEX_##name], args, __builtin_return_address(0),  \
                       Call_##count);                                            \
    }
HOOKS(HOOK)

static void *const hook_functions[HOOK_COUNT] = {
#define FUNCTION(name, count, in, out, flags) (void *)Hook_##name,
    HOOKS(FUNCTION)
#undef FUNCTION
};

#ifdef _WIN64
/* mov r10,rcx; mov eax,id; test byte [0x7ffe0308],1 | jne; syscall; ret */
enum { PROLOGUE = 16, SYSCALL_END = 0x14, JUMP = 14 };

static BOOL IsStub(const BYTE *p)
{
    static const BYTE test[] = {0xf6, 0x04, 0x25, 0x08, 0x03, 0xfe, 0x7f, 0x01};
    return p[0] == 0x4c && p[1] == 0x8b && p[2] == 0xd1 && p[3] == 0xb8 &&
           !memcmp(p + 8, test, sizeof(test)) && p[18] == 0x0f && p[19] == 0x05;
}

static void PutJump(BYTE *at, const void *target)
{
    static const BYTE jump[6] = {0xff, 0x25, 0, 0, 0, 0}; /* jmp [rip+0] */
    memcpy(at, jump, sizeof(jump));
    memcpy(at + sizeof(jump), &target, sizeof(target));
}
#else
/* mov eax,id | mov edx,dispatcher; call edx; ret n */
enum { PROLOGUE = 5, SYSCALL_END = 0xc, JUMP = 5 };

static BOOL IsStub(const BYTE *p)
{
    return p[0] == 0xb8 && p[5] == 0xba && p[10] == 0xff && p[11] == 0xd2;
}

static void PutJump(BYTE *at, const void *target)
{
    INT_PTR distance = (INT_PTR)target - (INT_PTR)(at + JUMP);
    at[0] = 0xe9;
    memcpy(at + 1, &distance, sizeof(distance));
}
#endif

static BOOL WriteCode(BYTE *at, const BYTE *code, SIZE_T size)
{
    DWORD old;
    if (!VirtualProtect(at, size, PAGE_EXECUTE_READWRITE, &old))
        return FALSE;
    memcpy(at, code, size);
    return VirtualProtect(at, size, old, &old);
}

BOOL Hooks_Install(void)
{
    enum { ROOM = 32 };
    HMODULE ntdll = GetModuleHandleA("ntdll.dll");
    BYTE *trampoline = VirtualAlloc(NULL, HOOK_COUNT * ROOM, MEM_COMMIT | MEM_RESERVE,
                                    PAGE_EXECUTE_READWRITE);
    if (!ntdll || !trampoline)
        return FALSE;
    for (int i = 0; i < HOOK_COUNT; i++, trampoline += ROOM) {
        struct hook *hook = &hooks[i];
        BYTE jump[JUMP > 5 ? JUMP : 8];

        hook->stub = (BYTE *)(ULONG_PTR)GetProcAddress(ntdll, hook->name);
        if (!hook->stub || !IsStub(hook->stub))
            return FALSE;
        hook->system_return = hook->stub + SYSCALL_END;
        hook->original = trampoline;
        memcpy(hook->saved, hook->stub, PROLOGUE);
        memcpy(trampoline, hook->stub, PROLOGUE);
        PutJump(trampoline + PROLOGUE, hook->stub + PROLOGUE);
#ifdef _WIN64
        PutJump(jump, hook_functions[i]);
#else
        INT_PTR distance = (INT_PTR)hook_functions[i] - (INT_PTR)(hook->stub + JUMP);
        jump[0] = 0xe9;
        memcpy(jump + 1, &distance, sizeof(distance));
#endif
        if (!WriteCode(hook->stub, jump, JUMP))
            return FALSE;
    }
    return TRUE;
}

void Hooks_Remove(void)
{
    for (int i = 0; i < HOOK_COUNT; i++)
        if (hooks[i].original)
            WriteCode(hooks[i].stub, hooks[i].saved, PROLOGUE);
}
