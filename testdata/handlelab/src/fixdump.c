/* The last touches on a written dump: where a user stream lies is known only
 * now, so only now its RVAs can be right. */
#include "dumper.h"

static BYTE *Map(const char *path)
{
    BYTE *view;
    HANDLE file = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    HANDLE mapping = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, NULL);

    view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);
    CloseHandle(mapping);
    CloseHandle(file);
    return view;
}

static MINIDUMP_DIRECTORY *FindStream(BYTE *dump, ULONG32 type)
{
    const MINIDUMP_HEADER *header = (void *)dump;
    MINIDUMP_DIRECTORY *directory = (void *)(dump + header->StreamDirectoryRva);

    for (ULONG32 i = 0; i < header->NumberOfStreams; i++)
        if (directory[i].StreamType == type)
            return &directory[i];
    return NULL;
}

static void Move(RVA *rva, RVA by)
{
    if (*rva)
        *rva += by;
}

static void MoveHandleData(BYTE *stream, RVA by)
{
    const MINIDUMP_HANDLE_DATA_STREAM *list = (void *)stream;
    struct handle_descriptor *descriptors = (void *)(list + 1);

    for (ULONG32 i = 0; i < list->NumberOfDescriptors; i++) {
        Move(&descriptors[i].TypeNameRva, by);
        Move(&descriptors[i].ObjectNameRva, by);
        Move(&descriptors[i].ObjectInfoRva, by); /* no chains: NextInfoRva is 0 */
    }
}

static void MoveUnloadedModules(BYTE *stream, RVA by)
{
    const MINIDUMP_UNLOADED_MODULE_LIST *list = (void *)stream;
    MINIDUMP_UNLOADED_MODULE *modules = (void *)(list + 1);

    for (ULONG32 i = 0; i < list->NumberOfEntries; i++)
        Move(&modules[i].ModuleNameRva, by);
}

static void SetCodeView(BYTE *dump, RVA origin, const struct codeview *records, int count)
{
    const MINIDUMP_DIRECTORY *directory = FindStream(dump, ModuleListStream);
    MINIDUMP_MODULE_LIST *list = (void *)(dump + directory->Location.Rva);

    for (ULONG32 i = 0; i < list->NumberOfModules; i++)
        for (int j = 0; j < count; j++)
            if (list->Modules[i].BaseOfImage == records[j].base)
                list->Modules[i].CvRecord =
                    (MINIDUMP_LOCATION_DESCRIPTOR){records[j].size, origin + records[j].offset};
}

BOOL Fix_Dump(const char *path, const struct stream_buffer *streams, int count,
              ULONG32 codeview_stream, const struct codeview *records, int record_count)
{
    BYTE *dump = Map(path);

    if (!dump)
        return FALSE;
    for (int i = 0; i < count; i++) {
        MINIDUMP_DIRECTORY *directory = FindStream(dump, streams[i].type);
        if (!directory)
            return FALSE;
        RVA rva = directory->Location.Rva;
        if (streams[i].type == HandleDataStream)
            MoveHandleData(dump + rva, rva);
        if (streams[i].type == UnloadedModuleListStream)
            MoveUnloadedModules(dump + rva, rva);
        if (streams[i].type == codeview_stream)
            SetCodeView(dump, rva, records, record_count);
        directory->Location.DataSize = streams[i].table_size;
    }
    return UnmapViewOfFile(dump);
}
