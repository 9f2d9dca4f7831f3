#include "components.h"
#include "recorder.h"

/* Not exported, so that only the PDB has its name. */
FRAME static HANDLE OpenStoreFile(const WCHAR *path)
{
    TRUTH_FUNCTION();
    return CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ, NULL, OPEN_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL, NULL);
}

FRAME HANDLE SessionStore_Open(const WCHAR *path)
{
    TRUTH_FUNCTION();
    HANDLE file = OpenStoreFile(path);
    return file == INVALID_HANDLE_VALUE ? NULL : file;
}

FRAME BOOL SessionStore_Write(HANDLE file, const char *text)
{
    TRUTH_FUNCTION();
    DWORD written;
    return WriteFile(file, text, (DWORD)lstrlenA(text), &written, NULL);
}

FRAME BOOL SessionStore_Close(HANDLE file)
{
    TRUTH_FUNCTION();
    return CloseHandle(file);
}
