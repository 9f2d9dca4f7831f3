#include "components.h"
#include "recorder.h"

FRAME BOOL ReportWriter_Write(const WCHAR *path)
{
    TRUTH_FUNCTION();
    HANDLE file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                              FILE_ATTRIBUTE_NORMAL, NULL);
    HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, 0, 4096, NULL);
    char *view = MapViewOfFile(mapping, FILE_MAP_WRITE, 0, 0, 0);

    if (view) {
        lstrcpyA(view, "report");
        UnmapViewOfFile(view);
    }
    CloseHandle(mapping);
    CloseHandle(file);
    return DeleteFileW(path);
}
