/* The streams of the minidump that only the process itself can know: its
 * handle operations and the DLLs it has unloaded. They are handed to the
 * dumper in a file of blocks {type, table size, size} and bytes. */
#include "record.h"

#include <avrfsdk.h>
#include <dbghelp.h>

BYTE *OperationStream(DWORD *size)
{
    MINIDUMP_HANDLE_OPERATION_LIST *list;
    AVRF_HANDLE_OPERATION *entry;

    *size = sizeof(*list) + operation_count * sizeof(*entry);
    list = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, *size);
    if (!list)
        return NULL;
    list->SizeOfHeader = sizeof(*list);
    list->SizeOfEntry = sizeof(*entry);
    list->NumberOfEntries = operation_count;
    entry = (AVRF_HANDLE_OPERATION *)(list + 1);
    for (DWORD i = operation_count; i-- > 0; entry++) { /* newest first */
        entry->Handle = operations[i].handle;
        entry->ProcessId = operations[i].process;
        entry->ThreadId = operations[i].thread;
        entry->OperationType = operations[i].kind;
        entry->BackTraceInformation.Depth = operations[i].depth;
        for (DWORD j = 0; j < operations[i].depth; j++)
            entry->BackTraceInformation.ReturnAddresses[j] = (ULONG_PTR)operations[i].stack[j];
    }
    return (BYTE *)list;
}

/* Microsoft's documented RTL_UNLOAD_EVENT_TRACE. */
struct unload_event {
    void *base;
    SIZE_T size;
    ULONG sequence, time_stamp, check_sum;
    WCHAR name[32];
};

enum { UNLOAD_EVENTS = 16 };

/* A table of modules and, behind it, their names, whose RVAs count from the
 * stream's start until the dumper knows where that is. */
BYTE *UnloadedStream(DWORD *size, DWORD *table_size)
{
    typedef struct unload_event *trace_function(void);
    trace_function *trace = (trace_function *)(void *)GetProcAddress(
        GetModuleHandleA("ntdll.dll"), "RtlGetUnloadEventTrace");
    struct unload_event *events = trace ? trace() : NULL;
    MINIDUMP_UNLOADED_MODULE_LIST *list;
    MINIDUMP_UNLOADED_MODULE *module;
    BYTE *string;

    *size = sizeof(*list) + UNLOAD_EVENTS * (sizeof(*module) + 8 + sizeof(events->name));
    list = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, *size);
    if (!list)
        return NULL;
    list->SizeOfHeader = sizeof(*list);
    list->SizeOfEntry = sizeof(*module);
    module = (MINIDUMP_UNLOADED_MODULE *)(list + 1);
    for (int i = 0; events && i < UNLOAD_EVENTS && events[i].base; i++)
        list->NumberOfEntries++;
    string = (BYTE *)(module + list->NumberOfEntries);
    *table_size = (DWORD)(string - (BYTE *)list);
    for (DWORD i = 0; i < list->NumberOfEntries; i++, module++) {
        ULONG32 length = 0;
        while (length < 32 && events[i].name[length])
            length++;
        length *= sizeof(WCHAR);
        module->BaseOfImage = (ULONG_PTR)events[i].base;
        module->SizeOfImage = (ULONG32)events[i].size;
        module->CheckSum = events[i].check_sum;
        module->TimeDateStamp = events[i].time_stamp;
        module->ModuleNameRva = (RVA)(string - (BYTE *)list);
        memcpy(string, &length, sizeof(length));
        memcpy(string + sizeof(length), events[i].name, length);
        string += (sizeof(length) + length + sizeof(WCHAR) + 3) & ~3u;
    }
    *size = (DWORD)(string - (BYTE *)list);
    return (BYTE *)list;
}

static BOOL WriteBlock(HANDLE file, ULONG32 type, BYTE *bytes, DWORD size, DWORD table_size)
{
    ULONG32 header[3] = {type, table_size, size};
    DWORD written;
    BOOL ok = bytes && WriteFile(file, header, sizeof(header), &written, NULL) &&
              WriteFile(file, bytes, size, &written, NULL);
    HeapFree(GetProcessHeap(), 0, bytes);
    return ok;
}

BOOL Recorder_WriteStreams(const char *path)
{
    DWORD size = 0, table = 0;
    BYTE *bytes;
    BOOL ok;
    HANDLE file = CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

    if (file == INVALID_HANDLE_VALUE)
        return FALSE;
    bytes = OperationStream(&size);
    ok = WriteBlock(file, HandleOperationListStream, bytes, size, size);
    bytes = UnloadedStream(&size, &table);
    ok = WriteBlock(file, UnloadedModuleListStream, bytes, size, table) && ok;
    CloseHandle(file);
    return ok;
}
