/* What is true of the operations recorded, as text: README.md has the format. */
#include <stdarg.h>
#include <stdio.h>

#include "record.h"

static DWORD scope_slot = TLS_OUT_OF_INDEXES;

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    (void)instance;
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        scope_slot = TlsAlloc();
    return scope_slot != TLS_OUT_OF_INDEXES;
}

/* These keep the caller's last error: code under test reads it. */
void Truth_Enter(struct truth_scope *scope)
{
    DWORD error = GetLastError();
    scope->outer = TlsGetValue(scope_slot);
    TlsSetValue(scope_slot, scope);
    SetLastError(error);
}

void Truth_Leave(struct truth_scope *scope)
{
    DWORD error = GetLastError();
    TlsSetValue(scope_slot, (void *)scope->outer);
    SetLastError(error);
}

void Truth_Functions(const char *functions[MAX_FUNCTIONS])
{
    DWORD error = GetLastError();
    const struct truth_scope *scope = TlsGetValue(scope_slot);

    for (int i = 0; scope && i < MAX_FUNCTIONS; i++, scope = scope->outer)
        functions[i] = scope->function;
    SetLastError(error);
}

void Truth_Mark(HANDLE handle, enum operation_kind kind, const char *incident, const char *role)
{
    Record_Lock();
    for (DWORD i = operation_count; i-- > 0;) {
        struct operation *operation = &operations[i];
        if (operation->thread == GetCurrentThreadId() && operation->kind == kind &&
            operation->handle == (ULONG_PTR)handle) {
            operation->incident = incident;
            operation->role = role;
            break;
        }
    }
    Record_Unlock();
}

static FILE *out;

static const char *KindName(enum operation_kind kind)
{
    static const char *const names[] = {"", "open", "close", "bad-reference"};
    return names[kind];
}

/* The stream is written newest first. */
static DWORD StoredIndex(DWORD sequence)
{
    return operation_count - 1 - sequence;
}

static const char *FunctionOf(const struct operation *operation)
{
    return operation->functions[0] ? operation->functions[0] : "-";
}

static BOOL Has(const struct operation *operation, const char *incident, const char *role)
{
    return operation->role && !strcmp(operation->incident, incident) &&
           !strcmp(operation->role, role);
}

/* name=<stored indices>, oldest first, and how many there are. */
static DWORD WriteIndices(const char *incident, const char *role, const char *name)
{
    DWORD count = 0;
    for (DWORD i = 0; i < operation_count; i++)
        if (Has(&operations[i], incident, role)) {
            if (count++ == 0)
                fprintf(out, "\t%s=", name);
            else
                fprintf(out, ",");
            fprintf(out, "%lu", StoredIndex(i));
        }
    return count;
}

static const struct operation *Newest(const char *incident, const char *role)
{
    for (DWORD i = operation_count; i-- > 0;)
        if (Has(&operations[i], incident, role))
            return &operations[i];
    return NULL;
}

static void WriteFunction(const char *incident, const char *role, const char *name)
{
    const struct operation *operation = Newest(incident, role);
    if (operation)
        fprintf(out, "\t%s=%s", name, FunctionOf(operation));
}

static void WriteMisuse(const char *incident)
{
    const struct operation *culprit = Newest(incident, "culprit");

    if (!culprit)
        return;
    fprintf(out, "incident\tkind=%s", incident);
    WriteIndices(incident, "culprit", "culprit");
    WriteIndices(incident, "first_open", "first_open");
    WriteIndices(incident, "first_close", "first_close");
    WriteIndices(incident, "victim", "victim");
    WriteIndices(incident, "cascade_victim", "cascade_victim");
    WriteIndices(incident, "related", "related");
    fprintf(out, "\thandle=0x%lx", (DWORD)culprit->handle);
    WriteFunction(incident, "culprit", "culprit_function");
    WriteFunction(incident, "first_close", "first_close_function");
    WriteFunction(incident, "victim", "victim_function");
    fprintf(out, "\n");
}

static void WriteLeak(void)
{
    const struct operation *newest = Newest("leak", "open");

    if (!newest)
        return;
    fprintf(out, "incident\tkind=leak\tsite_function=%s", FunctionOf(newest));
    DWORD count = WriteIndices("leak", "open", "opens");
    fprintf(out, "\tcount=%lu\n", count);
}

static void WriteTable(const char *tag, const struct handle_table *table)
{
    for (DWORD i = 0; i < table->count; i++)
        fprintf(out, "%s\thandle=0x%lx\n", tag, (DWORD)table->handles[i]);
}

static void WriteOperation(DWORD sequence)
{
    const struct operation *operation = &operations[sequence];

    fprintf(out, "operation\tseq=%lu\tindex=%lu\top=%s\thandle=0x%lx\ttid=0x%lx\tfunction=%s", sequence,
            StoredIndex(sequence), KindName(operation->kind), (DWORD)operation->handle,
            operation->thread, FunctionOf(operation));
    for (int i = 1; i < MAX_FUNCTIONS && operation->functions[i]; i++)
        fprintf(out, "%s%s", i == 1 ? "\tcallers=" : ",", operation->functions[i]);
    fprintf(out, "\n");
}

BOOL Truth_Write(const char *path, const char *scenario)
{
    out = fopen(path, "wb");
    if (!out)
        return FALSE;
    fprintf(out, "truth\tversion=1\tscenario=%s\tpid=0x%lx\toperations=%lu\n", scenario,
            GetCurrentProcessId(), operation_count);
    WriteTable("before", &table_before);
    for (DWORD i = 0; i < operation_count; i++)
        WriteOperation(i);
    WriteTable("after", &table_after);
    WriteMisuse("stolen-close");
    WriteMisuse("double-close");
    WriteMisuse("use-after-close");
    WriteLeak();
    return fclose(out) == 0;
}
