#include "components.h"
#include "recorder.h"

static HANDLE entries[4];
static int entry_count;

FRAME HANDLE LegacyCleanup_AddEvent(void)
{
    TRUTH_FUNCTION();
    HANDLE event = CreateEventW(NULL, TRUE, FALSE, NULL);

    entries[entry_count++ % 4] = event;
    return event;
}

FRAME void LegacyCleanup_CloseEvent(HANDLE event)
{
    TRUTH_FUNCTION();
    CloseHandle(event);
}

/* Not exported, so that only the PDB has its name. */
FRAME static void DrainEntry(int i)
{
    TRUTH_FUNCTION();
    if (entries[i])
        LegacyCleanup_CloseEvent(entries[i]);
}

/* The bug: entries keep the closed handle, and the next run closes it again. */
FRAME void LegacyCleanup_Run(void)
{
    TRUTH_FUNCTION();
    for (int i = 0; i < 4; i++)
        DrainEntry(i);
}

/* What callers must do after each run. */
FRAME void LegacyCleanup_Forget(void)
{
    for (int i = 0; i < 4; i++)
        entries[i] = NULL;
    entry_count = 0;
}
