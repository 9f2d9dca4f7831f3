/* dumper.exe: writes a full minidump of another process with the streams that
 * dbghelp of Windows would write and Wine's does not. */
#ifndef DUMPER_H
#define DUMPER_H

#include <windows.h>

#include <dbghelp.h>
#include <winternl.h>

/* MINIDUMP_HANDLE_DESCRIPTOR_2, which mingw's headers lack. */
#pragma pack(push, 4)
struct handle_descriptor {
    ULONG64 Handle;
    RVA TypeNameRva;
    RVA ObjectNameRva;
    ULONG32 Attributes;
    ULONG32 GrantedAccess;
    ULONG32 HandleCount;
    ULONG32 PointerCount;
    RVA ObjectInfoRva;
    ULONG32 Reserved0;
};
#pragma pack(pop)

/* THREAD_BASIC_INFORMATION */
struct thread_basic {
    LONG exit_status;
    void *teb;
    CLIENT_ID client;
    ULONG_PTR affinity;
    LONG priority, base_priority;
};

/* A stream under construction. Its RVAs count from its start until the dump
 * is written; behind the table lie the strings and records that they name,
 * and the directory is to show the table only. */
struct stream_buffer {
    ULONG32 type;
    BYTE *bytes;
    DWORD size, room;
    DWORD table_size;
};

void *Stream_Add(struct stream_buffer *stream, const void *bytes, DWORD size);
/* Adds a MINIDUMP_STRING and returns where it is. */
RVA Stream_AddString(struct stream_buffer *stream, const WCHAR *text, DWORD characters);

/* The CodeView record of a module, inside the handle stream's tail. */
struct codeview {
    ULONG64 base;
    RVA offset;
    DWORD size;
};

enum { MAX_MODULES = 64 };

BOOL HandleData_Write(HANDLE process, DWORD pid, struct stream_buffer *stream);
BOOL MemoryInfo_Write(HANDLE process, struct stream_buffer *stream);
BOOL ThreadInfo_Write(DWORD pid, struct stream_buffer *stream);
int CodeView_Write(HANDLE process, struct stream_buffer *stream, struct codeview *records);

/* Makes the RVAs of the written dump count from the file's start, and gives
 * the modules their CodeView records. */
BOOL Fix_Dump(const char *path, const struct stream_buffer *streams, int count,
              ULONG32 codeview_stream, const struct codeview *records, int record_count);

#endif
