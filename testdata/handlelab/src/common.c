#include "components.h"

/* Not a scenario function of its own: what it closes is its caller's doing. */
FRAME void SafeClose(HANDLE *handle)
{
    if (!*handle)
        return;
    CloseHandle(*handle);
    *handle = NULL;
}
