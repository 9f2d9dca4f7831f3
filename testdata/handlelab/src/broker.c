#include "components.h"
#include "recorder.h"

static HANDLE channel;

FRAME HANDLE Broker_Connect(void)
{
    TRUTH_FUNCTION();
    return channel = CreateMutexW(NULL, FALSE, L"HandlelabBroker");
}

/* Not exported, so that only the PDB has its name. */
FRAME static void CloseChannel(void)
{
    TRUTH_FUNCTION();
    CloseHandle(channel);
}

/* The bug: the channel is closed, but not set to NULL. */
FRAME void Broker_Disconnect(void)
{
    TRUTH_FUNCTION();
    CloseChannel();
}

FRAME void Broker_Shutdown(void)
{
    TRUTH_FUNCTION();
    if (channel)
        CloseChannel();
    channel = NULL;
}
