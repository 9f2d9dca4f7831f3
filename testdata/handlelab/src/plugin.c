#include "components.h"

/* Its frames lie in no loaded module by the time of the dump. */
API FRAME void Plugin_Run(void)
{
    /* Not __func__: that string is unloaded with this DLL. */
    HANDLE semaphore = CreateSemaphoreW(NULL, 1, 1, NULL);
    CloseHandle(semaphore);
}
