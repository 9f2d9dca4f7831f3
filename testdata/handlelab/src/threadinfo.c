/* Stream 17: times, start addresses and affinities of the threads. */
#include "dumper.h"

#include <tlhelp32.h>

enum { THREAD_BASIC = 0, THREAD_START_ADDRESS = 9 };

static ULONG64 Join(FILETIME time)
{
    return (ULONG64)time.dwHighDateTime << 32 | time.dwLowDateTime;
}

static BOOL Describe(DWORD id, MINIDUMP_THREAD_INFO *info)
{
    HANDLE thread = OpenThread(THREAD_QUERY_INFORMATION, FALSE, id);
    FILETIME created, exited, kernel, user;
    struct thread_basic basic;
    void *start = NULL;
    BOOL ok;

    info->ThreadId = id;
    ok = thread && GetThreadTimes(thread, &created, &exited, &kernel, &user) &&
         NtQueryInformationThread(thread, THREAD_BASIC, &basic, sizeof(basic), NULL) >= 0 &&
         NtQueryInformationThread(thread, THREAD_START_ADDRESS, &start, sizeof(start), NULL) >= 0;
    if (ok) {
        info->ExitStatus = (ULONG32)basic.exit_status;
        info->CreateTime = Join(created);
        info->KernelTime = Join(kernel);
        info->UserTime = Join(user);
        info->StartAddress = (ULONG_PTR)start;
        info->Affinity = basic.affinity;
    } else {
        info->DumpFlags = MINIDUMP_THREAD_INFO_INVALID_INFO;
    }
    CloseHandle(thread);
    return ok;
}

BOOL ThreadInfo_Write(DWORD pid, struct stream_buffer *stream)
{
    MINIDUMP_THREAD_INFO_LIST header = {.SizeOfHeader = sizeof(header),
                                        .SizeOfEntry = sizeof(MINIDUMP_THREAD_INFO)};
    MINIDUMP_THREAD_INFO_LIST *list = Stream_Add(stream, &header, sizeof(header));
    THREADENTRY32 entry = {.dwSize = sizeof(entry)};
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    BOOL more = Thread32First(snapshot, &entry), ok = TRUE;

    for (; more; more = Thread32Next(snapshot, &entry)) {
        MINIDUMP_THREAD_INFO info = {0};
        if (entry.th32OwnerProcessID != pid)
            continue;
        ok = Describe(entry.th32ThreadID, &info) && ok;
        Stream_Add(stream, &info, sizeof(info));
        list->NumberOfEntries++;
    }
    CloseHandle(snapshot);
    stream->table_size = stream->size;
    return ok && list->NumberOfEntries;
}
