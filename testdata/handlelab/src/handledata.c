/* Stream 12: the handles that are open in the process. */
#include "dumper.h"

#include <stdlib.h>

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

struct basic_information {
    ULONG attributes, access, handle_count, pointer_count;
    ULONG reserved[10];
};

enum { BASIC = 0, NAME = 1, TYPE = 2, SYSTEM_EXTENDED_HANDLES = 64 };

/* Both kinds of information begin with the string. */
static RVA AddObjectString(struct stream_buffer *stream, HANDLE handle, int information)
{
    static union {
        UNICODE_STRING string;
        BYTE room[4096];
    } buffer;

    if (NtQueryObject(handle, information, &buffer, sizeof(buffer), NULL) < 0 ||
        !buffer.string.Length)
        return 0;
    return Stream_AddString(stream, buffer.string.Buffer, buffer.string.Length / sizeof(WCHAR));
}

/* What the system tells of an object: the information types of the format and
 * the system calls that give them. Each refuses objects of other types. */
typedef NTSTATUS NTAPI query_function(HANDLE, int, void *, ULONG, ULONG *);
query_function NtQueryEvent, NtQueryMutant, NtQuerySemaphore, NtQuerySection;

struct section_basic {
    void *base;
    ULONG attributes;
    LARGE_INTEGER size;
};

static const struct {
    ULONG32 type, size;
    query_function *query;
} object_information[] = {
    {MiniThreadInformation1, sizeof(struct thread_basic), (query_function *)NtQueryInformationThread},
    {MiniMutantInformation1, 8, NtQueryMutant},
    {MiniEventInformation1, 8, NtQueryEvent},
    {MiniSectionInformation1, sizeof(struct section_basic), NtQuerySection},
    {MiniSemaphoreInformation1, 8, NtQuerySemaphore},
};

static RVA AddObjectInformation(struct stream_buffer *stream, HANDLE handle)
{
    static const BYTE zeros[4];

    for (size_t i = 0; i < sizeof(object_information) / sizeof(*object_information); i++) {
        ULONG64 bytes[8] = {0};
        ULONG32 size = object_information[i].size, header[3] = {0, object_information[i].type, size};
        RVA at;

        if (object_information[i].query(handle, 0, bytes, size, NULL) < 0)
            continue;
        Stream_Add(stream, zeros, -stream->size & 3);
        at = stream->size;
        Stream_Add(stream, header, sizeof(header));
        Stream_Add(stream, bytes, size);
        return at;
    }
    return 0;
}

static void DescribeObject(HANDLE process, struct handle_descriptor *descriptor,
                           struct stream_buffer *stream)
{
    HANDLE copy;
    struct basic_information basic;

    if (!DuplicateHandle(process, (HANDLE)(ULONG_PTR)descriptor->Handle, GetCurrentProcess(), &copy,
                         0, FALSE, DUPLICATE_SAME_ACCESS))
        return;
    descriptor->TypeNameRva = AddObjectString(stream, copy, TYPE);
    descriptor->ObjectNameRva = AddObjectString(stream, copy, NAME);
    descriptor->ObjectInfoRva = AddObjectInformation(stream, copy);
    if (NtQueryObject(copy, BASIC, &basic, sizeof(basic), NULL) >= 0) {
        descriptor->HandleCount = basic.handle_count - 1; /* without our copy */
        descriptor->PointerCount = basic.pointer_count - 1;
    }
    CloseHandle(copy);
}

BOOL HandleData_Write(HANDLE process, DWORD pid, struct stream_buffer *stream)
{
    enum { SIZE = 4 << 20 };
    struct system_handles *all = malloc(SIZE);
    MINIDUMP_HANDLE_DATA_STREAM header = {.SizeOfHeader = sizeof(header),
                                          .SizeOfDescriptor = sizeof(struct handle_descriptor)};
    MINIDUMP_HANDLE_DATA_STREAM *list = Stream_Add(stream, &header, sizeof(header));
    struct handle_descriptor *descriptors = (void *)(list + 1);

    if (!all || NtQuerySystemInformation(SYSTEM_EXTENDED_HANDLES, all, SIZE, NULL) < 0)
        return FALSE;
    for (ULONG_PTR i = 0; i < all->count; i++) {
        const struct system_handle *handle = &all->handles[i];
        struct handle_descriptor descriptor = {.Handle = handle->handle,
                                                   .Attributes = handle->attributes,
                                                   .GrantedAccess = handle->access};
        if (handle->process != pid)
            continue;
        Stream_Add(stream, &descriptor, sizeof(descriptor));
        list->NumberOfDescriptors++;
    }
    stream->table_size = stream->size;
    for (ULONG32 i = 0; i < list->NumberOfDescriptors; i++)
        DescribeObject(process, &descriptors[i], stream);
    free(all);
    return list->NumberOfDescriptors != 0;
}
