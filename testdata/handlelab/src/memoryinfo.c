/* Stream 16: the regions of the address space. */
#include "dumper.h"

BOOL MemoryInfo_Write(HANDLE process, struct stream_buffer *stream)
{
    MINIDUMP_MEMORY_INFO_LIST header = {.SizeOfHeader = sizeof(header),
                                        .SizeOfEntry = sizeof(MINIDUMP_MEMORY_INFO)};
    MINIDUMP_MEMORY_INFO_LIST *list = Stream_Add(stream, &header, sizeof(header));
    MEMORY_BASIC_INFORMATION region;
    BYTE *at = NULL;

    while (VirtualQueryEx(process, at, &region, sizeof(region)) == sizeof(region)) {
        MINIDUMP_MEMORY_INFO info = {
            .BaseAddress = (ULONG_PTR)region.BaseAddress,
            .AllocationBase = (ULONG_PTR)region.AllocationBase,
            .AllocationProtect = region.AllocationProtect,
            .RegionSize = region.RegionSize,
            .State = region.State,
            .Protect = region.Protect,
            .Type = region.Type,
        };
        Stream_Add(stream, &info, sizeof(info));
        list->NumberOfEntries++;
        at = (BYTE *)region.BaseAddress + region.RegionSize;
        if (at < (BYTE *)region.BaseAddress)
            break;
    }
    stream->table_size = stream->size;
    return list->NumberOfEntries != 0;
}
