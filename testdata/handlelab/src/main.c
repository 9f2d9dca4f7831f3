/* handlelab.exe SCENARIO: runs it with handle tracing, then writes
 * SCENARIO.truth.txt and, through dumper.exe, SCENARIO.dmp. */
#include <stdio.h>
#include <string.h>

#include "recorder.h"
#include "scenario.h"
#include "workers.h"

static const struct {
    const char *name;
    unsigned bugs;
} scenarios[] = {
    {"story", STOLEN_CLOSE | DOUBLE_CLOSE | USE_AFTER_CLOSE | LEAK},
    {"cascade", STOLEN_CLOSE | CASCADE},
    {"healthy", SHUTDOWN},
};

/* The dump is written by another process, so that each thread of this one has
 * a context. It is started before the recording, so that its handles are no
 * riddle in the trace, and waits for its turn. */
static HANDLE dumper, dump_now;

static BOOL StartDumper(const char *streams, const char *dump)
{
    char command[128];
    STARTUPINFOA startup = {.cb = sizeof(startup)};
    PROCESS_INFORMATION process;

    dump_now = CreateEventA(NULL, TRUE, FALSE, "HandlelabDumpNow");
    snprintf(command, sizeof(command), "dumper.exe %lu %s %s", GetCurrentProcessId(), streams, dump);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return FALSE;
    CloseHandle(process.hThread);
    dumper = process.hProcess;
    return TRUE;
}

static BOOL WriteDump(void)
{
    DWORD status = 1;

    SetEvent(dump_now);
    WaitForSingleObject(dumper, INFINITE);
    GetExitCodeProcess(dumper, &status);
    return status == 0;
}

static BOOL Run(const char *name, unsigned bugs)
{
    char truth[64], streams[64], dump[64];

    snprintf(truth, sizeof(truth), "%s.truth.txt", name);
    snprintf(streams, sizeof(streams), "%s.streams", name);
    snprintf(dump, sizeof(dump), "%s.dmp", name);
    if (!StartDumper(streams, dump) || !Workers_Start() || !Recorder_Start())
        return puts("handlelab: cannot start"), FALSE;
    if (!Scenario_Run(bugs))
        return puts("handlelab: a bug did not come out as staged"), FALSE;
    Recorder_Stop();
    if (!Recorder_IsComplete())
        puts("handlelab: the record is not complete");
    if (!Recorder_WriteStreams(streams) || !WriteDump())
        return puts("handlelab: cannot write the dump"), FALSE;
    /* Not before the dump: its memory need not hold the answers. */
    if (!Truth_Write(truth, name))
        return puts("handlelab: cannot write the truth"), FALSE;
    return Recorder_IsComplete();
}

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(*scenarios); i++)
        if (!strcmp(argv[1], scenarios[i].name))
            return Run(scenarios[i].name, scenarios[i].bugs) ? 0 : 1;
    puts("usage: handlelab story|cascade|healthy");
    return 2;
}
