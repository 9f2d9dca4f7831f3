#include "workers.h"

#include "common.h"

struct worker_state {
    const WCHAR *name;
    HANDLE thread, go, done;
    task *run;
    void *argument;
};

static struct worker_state workers[WORKER_COUNT] = {
    [LEGACY] = {.name = L"LegacyCleanup"}, [SESSION] = {.name = L"SessionStore"},
    [POOL_1] = {.name = L"PoolWorker1"},   [POOL_2] = {.name = L"PoolWorker2"},
    [SETTINGS] = {.name = L"SettingsPoller"}, [BROKER] = {.name = L"Broker"},
};

static HANDLE stop; /* never set: the workers die with the process */

FRAME static DWORD WINAPI WorkerMain(void *parameter)
{
    struct worker_state *worker = parameter;
    HANDLE events[2] = {worker->go, stop};

    while (WaitForMultipleObjects(2, events, FALSE, INFINITE) == WAIT_OBJECT_0) {
        worker->run(worker->argument);
        SetEvent(worker->done);
    }
    return 0;
}

/* mingw's headers do not declare SetThreadDescription yet. */
static BOOL NameThread(HANDLE thread, const WCHAR *name)
{
    typedef HRESULT WINAPI set_description(HANDLE, PCWSTR);
    set_description *set = (set_description *)(void *)GetProcAddress(
        GetModuleHandleA("kernel32.dll"), "SetThreadDescription");
    return set && SUCCEEDED(set(thread, name));
}

BOOL Workers_Start(void)
{
    stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    for (int i = 0; i < WORKER_COUNT; i++) {
        struct worker_state *worker = &workers[i];
        worker->go = CreateEventW(NULL, FALSE, FALSE, NULL);
        worker->done = CreateEventW(NULL, FALSE, FALSE, NULL);
        worker->thread = CreateThread(NULL, 0, WorkerMain, worker, 0, NULL);
        if (!worker->thread || !NameThread(worker->thread, worker->name))
            return FALSE;
    }
    return TRUE;
}

void Workers_Run(enum worker which, task *run, void *argument)
{
    struct worker_state *worker = &workers[which];

    worker->run = run;
    worker->argument = argument;
    SetEvent(worker->go);
    WaitForSingleObject(worker->done, INFINITE);
}
