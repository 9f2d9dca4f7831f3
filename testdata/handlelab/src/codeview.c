/* The modules' CodeView records (which PDB belongs to which module), read
 * from their debug directories in the memory of the process. */
#include "dumper.h"

#include <psapi.h>

static BOOL Read(HANDLE process, ULONG_PTR address, void *to, SIZE_T size)
{
    return ReadProcessMemory(process, (void *)address, to, size, NULL);
}

/* The data directory entry of the debug directory, for either kind of image. */
static BOOL ReadDebugDirectory(HANDLE process, ULONG_PTR base, IMAGE_DATA_DIRECTORY *directory)
{
    IMAGE_DOS_HEADER dos;
    IMAGE_NT_HEADERS nt;

    if (!Read(process, base, &dos, sizeof(dos)) || !Read(process, base + dos.e_lfanew, &nt, sizeof(nt)))
        return FALSE;
    *directory = nt.OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_DEBUG];
    return directory->VirtualAddress != 0;
}

static BOOL AddRecord(HANDLE process, ULONG_PTR base, struct stream_buffer *stream,
                      struct codeview *record)
{
    BYTE bytes[512];
    IMAGE_DATA_DIRECTORY directory;
    IMAGE_DEBUG_DIRECTORY entry;

    if (!ReadDebugDirectory(process, base, &directory))
        return FALSE;
    for (DWORD at = 0; at + sizeof(entry) <= directory.Size; at += sizeof(entry)) {
        if (!Read(process, base + directory.VirtualAddress + at, &entry, sizeof(entry)))
            return FALSE;
        if (entry.Type != IMAGE_DEBUG_TYPE_CODEVIEW || entry.SizeOfData > sizeof(bytes) ||
            !Read(process, base + entry.AddressOfRawData, bytes, entry.SizeOfData))
            continue;
        Stream_Add(stream, (BYTE[4]){0}, -stream->size & 3);
        *record = (struct codeview){base, stream->size, entry.SizeOfData};
        Stream_Add(stream, bytes, entry.SizeOfData);
        return TRUE;
    }
    return FALSE;
}

int CodeView_Write(HANDLE process, struct stream_buffer *stream, struct codeview *records)
{
    HMODULE modules[MAX_MODULES];
    DWORD size;
    int count = 0;

    if (!EnumProcessModules(process, modules, sizeof(modules), &size))
        return 0;
    for (DWORD i = 0; i < size / sizeof(*modules) && i < MAX_MODULES; i++)
        if (AddRecord(process, (ULONG_PTR)modules[i], stream, &records[count]))
            count++;
    return count;
}
