/* dumper.exe PID STREAMS OUT */
#include "dumper.h"

#include <stdio.h>
#include <stdlib.h>

enum { STREAM_ROOM = 1 << 20, MAX_STREAMS = 8 };

void *Stream_Add(struct stream_buffer *stream, const void *bytes, DWORD size)
{
    void *at = stream->bytes + stream->size;

    if (stream->room - stream->size < size)
        exit(3);
    memcpy(at, bytes, size);
    stream->size += size;
    return at;
}

RVA Stream_AddString(struct stream_buffer *stream, const WCHAR *text, DWORD characters)
{
    static const BYTE zeros[4];
    RVA at;
    ULONG32 length = characters * sizeof(WCHAR);

    Stream_Add(stream, zeros, -stream->size & 3);
    at = stream->size;
    Stream_Add(stream, &length, sizeof(length));
    Stream_Add(stream, text, length);
    Stream_Add(stream, zeros, sizeof(WCHAR));
    return at;
}

static struct stream_buffer NewStream(ULONG32 type)
{
    struct stream_buffer stream = {.type = type, .room = STREAM_ROOM};
    stream.bytes = calloc(1, STREAM_ROOM);
    if (!stream.bytes)
        exit(3);
    return stream;
}

/* The streams the process has written of itself: {type, table size, size},
 * bytes, and so on. */
static int ReadStreams(const char *path, struct stream_buffer *streams)
{
    ULONG32 header[3];
    int count = 0;
    FILE *file = fopen(path, "rb");

    while (file && fread(header, sizeof(header), 1, file) == 1) {
        struct stream_buffer stream = NewStream(header[0]);
        if (header[2] > stream.room || fread(stream.bytes, header[2], 1, file) != 1)
            exit(3);
        stream.table_size = header[1];
        stream.size = header[2];
        streams[count++] = stream;
    }
    if (file)
        fclose(file);
    return count;
}

static BOOL WriteDump(HANDLE process, DWORD pid, const char *path,
                      const struct stream_buffer *streams, int count)
{
    MINIDUMP_USER_STREAM user[MAX_STREAMS];
    MINIDUMP_USER_STREAM_INFORMATION information = {(ULONG)count, user};
    BOOL ok;
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

    for (int i = 0; i < count; i++)
        user[i] = (MINIDUMP_USER_STREAM){streams[i].type, streams[i].size, streams[i].bytes};
    ok = MiniDumpWriteDump(process, pid, file,
                           MiniDumpWithFullMemory | MiniDumpWithHandleData |
                               MiniDumpWithUnloadedModules | MiniDumpWithFullMemoryInfo |
                               MiniDumpWithThreadInfo,
                           NULL, &information, NULL);
    CloseHandle(file);
    return ok;
}

static void WaitForTurn(void)
{
    HANDLE now = OpenEventA(SYNCHRONIZE, FALSE, "HandlelabDumpNow");
    WaitForSingleObject(now, INFINITE);
    CloseHandle(now);
}

int main(int argc, char **argv)
{
    static struct codeview records[MAX_MODULES];
    struct stream_buffer streams[MAX_STREAMS];
    int count, record_count;
    DWORD pid;
    HANDLE process;

    if (argc != 4)
        return puts("usage: dumper PID STREAMS OUT"), 2;
    WaitForTurn();
    pid = strtoul(argv[1], NULL, 10);
    process = OpenProcess(PROCESS_ALL_ACCESS, FALSE, pid);
    count = ReadStreams(argv[2], streams);
    if (!process || count != 2)
        return puts("dumper: no process or no streams"), 1;

    struct stream_buffer *handles = &streams[count++];
    *handles = NewStream(HandleDataStream);
    if (!HandleData_Write(process, pid, handles))
        return puts("dumper: no handle data"), 1;
    record_count = CodeView_Write(process, handles, records);

    streams[count] = NewStream(MemoryInfoListStream);
    if (!MemoryInfo_Write(process, &streams[count++]))
        return puts("dumper: no memory information"), 1;
    streams[count] = NewStream(ThreadInfoListStream);
    if (!ThreadInfo_Write(pid, &streams[count++]))
        return puts("dumper: no thread information"), 1;

    if (!WriteDump(process, pid, argv[3], streams, count))
        return puts("dumper: MiniDumpWriteDump failed"), 1;
    if (!Fix_Dump(argv[3], streams, count, HandleDataStream, records, record_count))
        return puts("dumper: cannot finish the dump"), 1;
    return 0;
}
