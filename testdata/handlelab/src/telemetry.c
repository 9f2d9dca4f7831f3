#include "components.h"
#include "recorder.h"

static HANDLE wake;

FRAME HANDLE Telemetry_Start(void)
{
    TRUTH_FUNCTION();
    return wake = CreateEventW(NULL, FALSE, FALSE, L"HandlelabTelemetry");
}

/* The bug: nothing tells it that the event is gone. */
FRAME BOOL Telemetry_Flush(void)
{
    TRUTH_FUNCTION();
    return SetEvent(wake);
}

FRAME void Telemetry_Stop(void)
{
    TRUTH_FUNCTION();
    CloseHandle(wake);
}
