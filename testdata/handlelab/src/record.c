/* The operations recorded, in the order in which they happened, and the check
 * that none is missing. */
#include <winternl.h>

#include "record.h"

struct operation operations[MAX_OPERATIONS];
DWORD operation_count;
struct handle_table table_before, table_after;

static SRWLOCK lock = SRWLOCK_INIT;
static volatile LONG is_on;

BOOL Record_IsOn(void)
{
    return is_on;
}

void Record_Lock(void)
{
    AcquireSRWLockExclusive(&lock);
}

void Record_Unlock(void)
{
    ReleaseSRWLockExclusive(&lock);
}

void Record_Add(HANDLE handle, enum operation_kind kind, const struct stack *stack)
{
    struct operation *operation;

    if (!is_on || operation_count == MAX_OPERATIONS)
        return;
    operation = &operations[operation_count++];
    operation->handle = (ULONG_PTR)handle;
    operation->process = GetCurrentProcessId();
    operation->thread = GetCurrentThreadId();
    operation->kind = kind;
    operation->depth = stack->depth;
    memcpy(operation->stack, stack->frames, sizeof(stack->frames));
    Truth_Functions(operation->functions);
}

struct system_handle {
    void *object;
    ULONG_PTR process;
    ULONG_PTR handle;
    ULONG access;
    USHORT back_trace, type;
    ULONG attributes, reserved;
};

struct system_handles {
    ULONG_PTR count, reserved;
    struct system_handle handles[];
};

static BOOL ReadTable(struct handle_table *table)
{
    enum { SYSTEM_EXTENDED_HANDLES = 64, SIZE = 4 << 20 };
    struct system_handles *all = VirtualAlloc(NULL, SIZE, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    NTSTATUS status = NtQuerySystemInformation(SYSTEM_EXTENDED_HANDLES, all, SIZE, NULL);

    table->count = 0;
    for (ULONG_PTR i = 0; status >= 0 && i < all->count; i++)
        if (all->handles[i].process == GetCurrentProcessId() && table->count < MAX_HANDLES)
            table->handles[table->count++] = all->handles[i].handle;
    VirtualFree(all, 0, MEM_RELEASE);
    return status >= 0;
}

static DWORD Find(const struct handle_table *table, ULONG_PTR handle)
{
    DWORD i = 0;
    while (i < table->count && table->handles[i] != handle)
        i++;
    return i;
}

BOOL Recorder_Start(void)
{
    if (!Hooks_Install() || !ReadTable(&table_before))
        return FALSE;
    is_on = TRUE;
    return TRUE;
}

void Recorder_Stop(void)
{
    Record_Lock();
    is_on = FALSE;
    Record_Unlock();
    Hooks_Remove();
    ReadTable(&table_after);
}

BOOL Recorder_IsComplete(void)
{
    static struct handle_table table;

    table = table_before;
    for (DWORD i = 0; i < operation_count; i++) {
        const struct operation *operation = &operations[i];
        DWORD at = Find(&table, operation->handle);
        BOOL is_open = at < table.count;

        if (is_open != (operation->kind == OP_CLOSE))
            return FALSE;
        if (operation->kind == OP_CLOSE)
            table.handles[at] = table.handles[--table.count];
        if (operation->kind == OP_OPEN && table.count < MAX_HANDLES)
            table.handles[table.count++] = operation->handle;
    }
    if (table.count != table_after.count)
        return FALSE;
    for (DWORD i = 0; i < table.count; i++)
        if (Find(&table_after, table.handles[i]) == table_after.count)
            return FALSE;
    return operation_count < MAX_OPERATIONS;
}
