#include "scenario.h"

#include <stdio.h>

#include "components.h"
#include "recorder.h"
#include "workers.h"

enum { ROUNDS = 24 };

static struct connection connections[2]; /* one of each pool worker */
static struct connection idle;           /* kept for reuse until the shutdown */
static struct job job;
static HANDLE session_file, legacy_event, channel, wake, app_log;
static BOOL failed;

static void Expect(BOOL condition, const char *what)
{
    if (condition)
        return;
    printf("handlelab: not as staged: %s\n", what);
    failed = TRUE;
}

/* What the turn being taken is in an incident. Bugs run through the same tasks
 * as healthy traffic, so that their stacks do not give them away. */
static struct {
    const char *incident, *role;
    BOOL fails;
} stage;

static void Mark(HANDLE handle, enum operation_kind kind)
{
    if (stage.incident)
        Truth_Mark(handle, kind, stage.incident, stage.role);
}

static void Stage(const char *incident, const char *role, enum worker worker, task *run,
                  void *argument)
{
    stage.incident = incident;
    stage.role = role;
    Workers_Run(worker, run, argument);
    stage.incident = NULL;
}

/* The same for a turn in which the API must fail. */
static void StageFailure(const char *incident, const char *role, enum worker worker, task *run,
                         void *argument)
{
    stage.fails = TRUE;
    Stage(incident, role, worker, run, argument);
    stage.fails = FALSE;
}

/* Tasks of the workers: what a thread does in one turn. */

static void AcquireConnection(void *argument)
{
    struct connection *connection = argument;
    Expect(ConnectionPool_Acquire(connection, NULL), "acquire");
    Mark(connection->slots, OP_OPEN);
}

static void UseConnection(void *argument)
{
    struct connection *connection = argument;
    Expect(ConnectionPool_Use(connection) != stage.fails, "use");
    Mark(connection->slots, OP_BADREF);
}

static void ReleaseConnection(void *argument)
{
    struct connection *connection = argument;
    HANDLE slots = connection->slots;
    ConnectionPool_Release(connection);
    Mark(slots, OP_BADREF);
}

static void AcquireFromMissingPeer(void *connection)
{
    Expect(!ConnectionPool_Acquire(connection, L"HandlelabNoSuchPeer"), "missing peer");
}

static void PostJob(void *argument)
{
    Expect(JobQueue_Post(argument), "post");
}

static void CompleteJob(void *argument)
{
    Expect(JobQueue_Complete(argument), "complete");
}

static void TransferAndCollectJob(void *argument)
{
    struct job *moved = argument;
    moved->done = JobQueue_Transfer(moved->done);
    JobQueue_Collect(moved);
}

static void CollectJob(void *argument)
{
    JobQueue_Collect(argument);
}

static void OpenSession(void *path)
{
    session_file = SessionStore_Open(path);
    Expect(session_file != NULL, "open session");
    Mark(session_file, OP_OPEN);
}

static void WriteSession(void *text)
{
    Expect(SessionStore_Write(session_file, text) != stage.fails, "write session");
    Mark(session_file, OP_BADREF);
}

static void CloseSession(void *unused)
{
    (void)unused;
    Expect(SessionStore_Close(session_file) != stage.fails, "close session");
    Mark(session_file, stage.fails ? OP_BADREF : OP_CLOSE);
}

static void AddLegacyEvent(void *unused)
{
    (void)unused;
    legacy_event = LegacyCleanup_AddEvent();
    Mark(legacy_event, OP_OPEN);
}

static void RunLegacyCleanup(void *unused)
{
    (void)unused;
    LegacyCleanup_Run();
    Mark(legacy_event, OP_CLOSE);
}

static void ForgetLegacyEvents(void *unused)
{
    (void)unused;
    LegacyCleanup_Forget();
}

static void PollSettings(void *value)
{
    HKEY key = SettingsPoller_Poll(value);
    Expect(key != NULL, "poll");
    Mark(key, OP_OPEN);
}

static void RefreshSettings(void *unused)
{
    (void)unused;
    SettingsPoller_Refresh();
}

static void ConnectBroker(void *unused)
{
    (void)unused;
    channel = Broker_Connect();
    Mark(channel, OP_OPEN);
}

static void DisconnectBroker(void *unused)
{
    (void)unused;
    Broker_Disconnect();
    Mark(channel, OP_CLOSE);
}

static void ShutDownBroker(void *unused)
{
    (void)unused;
    Broker_Shutdown();
    Mark(channel, OP_BADREF);
}

static void StartTelemetry(void *unused)
{
    (void)unused;
    wake = Telemetry_Start();
    Mark(wake, OP_OPEN);
}

static void FlushTelemetry(void *unused)
{
    (void)unused;
    Expect(Telemetry_Flush() != stage.fails, "flush");
    Mark(wake, OP_BADREF);
}

static void StopTelemetry(void *unused)
{
    (void)unused;
    Telemetry_Stop();
    Mark(wake, OP_CLOSE);
}

static void WriteReport(void *path)
{
    Expect(ReportWriter_Write(path), "report");
}

static DWORD WINAPI ShortLivedThread(void *unused)
{
    (void)unused;
    return 0;
}

static void RunShortLivedThread(void *unused)
{
    TRUTH_FUNCTION();
    (void)unused;
    HANDLE thread = CreateThread(NULL, 0, ShortLivedThread, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
}

static void RunPlugin(void *unused)
{
    TRUTH_FUNCTION();
    (void)unused;
    HMODULE plugin = LoadLibraryW(L"plugin.dll");
    plugin_run *run = (plugin_run *)(void *)GetProcAddress(plugin, "Plugin_Run");
    Expect(run != NULL, "plugin");
    if (run)
        run();
    FreeLibrary(plugin);
}

static void OpenAppLog(void *unused)
{
    TRUTH_FUNCTION();
    (void)unused;
    app_log = CreateFileW(L"handlelab.log", GENERIC_WRITE, FILE_SHARE_READ, NULL, CREATE_ALWAYS, 0, NULL);
}

static void CloseAppLog(void *unused)
{
    TRUTH_FUNCTION();
    (void)unused;
    SafeClose(&app_log);
}

/* Traffic that several rounds share. */

static void RunPool(void)
{
    Workers_Run(POOL_1, AcquireConnection, &connections[0]);
    Workers_Run(POOL_2, AcquireConnection, &connections[1]);
    Workers_Run(POOL_1, UseConnection, &connections[0]);
    Workers_Run(POOL_2, UseConnection, &connections[1]);
    Workers_Run(POOL_1, ReleaseConnection, &connections[0]);
    Workers_Run(POOL_2, ReleaseConnection, &connections[1]);
}

static void RunJob(task *collect)
{
    Workers_Run(POOL_1, PostJob, &job);
    Workers_Run(POOL_2, CompleteJob, &job);
    Workers_Run(POOL_1, collect, &job);
}

static void RunSession(void)
{
    Workers_Run(SESSION, OpenSession, L"session.dat");
    RunPool();
    Workers_Run(SESSION, WriteSession, "session");
    Workers_Run(SESSION, CloseSession, NULL);
}

static void RunLegacy(void)
{
    Workers_Run(LEGACY, AddLegacyEvent, NULL);
    RunJob(CollectJob);
    Workers_Run(LEGACY, RunLegacyCleanup, NULL);
    Workers_Run(LEGACY, ForgetLegacyEvents, NULL);
}

static void RunBroker(void)
{
    Workers_Run(BROKER, ConnectBroker, NULL);
    Workers_Run(POOL_1, AcquireConnection, &connections[0]);
    Workers_Run(POOL_1, ReleaseConnection, &connections[0]);
    Workers_Run(BROKER, ShutDownBroker, NULL);
}

static void RunTelemetry(void)
{
    Workers_Run(BROKER, StartTelemetry, NULL);
    Workers_Run(BROKER, FlushTelemetry, NULL);
    Workers_Run(BROKER, StopTelemetry, NULL);
}

/* The bugs. */

/* Between the event's close and the victim's open nobody opens anything, so
 * that the file gets the event's value: Wine hands out the lowest free one. */
static void StealClose(unsigned bugs)
{
    static const char *const stolen = "stolen-close";

    Stage(stolen, "first_open", LEGACY, AddLegacyEvent, NULL);
    RunPool();
    Stage(stolen, "first_close", LEGACY, RunLegacyCleanup, NULL);
    Stage(stolen, "victim", SESSION, OpenSession, L"session.dat");
    Expect(session_file == legacy_event, "the session's file has the event's value");
    RunPool();
    Workers_Run(SESSION, WriteSession, "session");
    RunJob(CollectJob);
    Stage(stolen, "culprit", LEGACY, RunLegacyCleanup, NULL);
    if (bugs & CASCADE) {
        Stage(stolen, "cascade_victim", POOL_1, AcquireConnection, &connections[0]);
        Expect(connections[0].slots == session_file, "the connection has the file's value");
        Stage(stolen, "related", SESSION, CloseSession, NULL);
        StageFailure(stolen, "related", POOL_1, UseConnection, &connections[0]);
        StageFailure(stolen, "related", POOL_1, ReleaseConnection, &connections[0]);
    } else {
        StageFailure(stolen, "related", SESSION, WriteSession, "session");
        StageFailure(stolen, "related", SESSION, CloseSession, NULL);
    }
    Workers_Run(LEGACY, ForgetLegacyEvents, NULL);
}

/* The value stays free between the two closes; other values do not rest. */
static void CloseTwice(void)
{
    static const char *const twice = "double-close";

    Stage(twice, "first_open", BROKER, ConnectBroker, NULL);
    Workers_Run(POOL_1, AcquireConnection, &connections[0]);
    Stage(twice, "first_close", BROKER, DisconnectBroker, NULL);
    Workers_Run(POOL_1, ReleaseConnection, &connections[0]);
    StageFailure(twice, "culprit", BROKER, ShutDownBroker, NULL);
}

static void UseAfterClose(void)
{
    static const char *const after = "use-after-close";

    Stage(after, "first_open", BROKER, StartTelemetry, NULL);
    Workers_Run(POOL_2, AcquireConnection, &connections[1]);
    Workers_Run(BROKER, FlushTelemetry, NULL);
    Stage(after, "first_close", BROKER, StopTelemetry, NULL);
    Workers_Run(POOL_2, ReleaseConnection, &connections[1]);
    StageFailure(after, "culprit", BROKER, FlushTelemetry, NULL);
}

static void RunRound(int round, unsigned bugs)
{
    if (bugs & LEAK)
        Stage("leak", "open", SETTINGS, PollSettings, L"NoSuchValue");
    else
        Workers_Run(SETTINGS, PollSettings, L"Interval");
    RunPool();
    if (round % 2 == 0)
        RunSession();
    if (round % 3 == 0)
        RunJob(round % 2 ? TransferAndCollectJob : CollectJob);
    if (round % 4 == 1)
        RunLegacy();
    if (round % 5 == 2)
        Workers_Run(POOL_2, WriteReport, L"report.dat");
    if (round % 6 == 3)
        RunBroker();
    if (round % 6 == 4)
        RunTelemetry();
    if (round % 7 == 5)
        Workers_Run(SETTINGS, RefreshSettings, NULL);
    if (round % 8 == 6)
        Workers_Run(BROKER, RunShortLivedThread, NULL);
}

static void ShutDown(void)
{
    ConnectionPool_Shutdown(&idle, 1);
    CloseAppLog(NULL);
}

static void PrepareSettings(void)
{
    TRUTH_FUNCTION();
    DWORD interval = 30;
    HKEY key;

    if (RegCreateKeyExW(HKEY_CURRENT_USER, L"Software\\Handlelab", 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                        &key, NULL))
        return;
    RegSetValueExW(key, L"Interval", 0, REG_DWORD, (const BYTE *)&interval, sizeof(interval));
    RegCloseKey(key);
}

BOOL Scenario_Run(unsigned bugs)
{
    PrepareSettings();
    Workers_Run(POOL_1, OpenAppLog, NULL);
    Workers_Run(POOL_1, AcquireConnection, &idle);
    for (int round = 0; round < ROUNDS; round++) {
        RunRound(round, bugs);
        if (round == 7)
            Workers_Run(POOL_2, AcquireFromMissingPeer, &connections[1]);
        if (round == 8 && (bugs & USE_AFTER_CLOSE))
            UseAfterClose();
        if (round == 11)
            Workers_Run(BROKER, RunPlugin, NULL);
        if (round == 13 && (bugs & STOLEN_CLOSE))
            StealClose(bugs);
        if (round == 18 && (bugs & DOUBLE_CLOSE))
            CloseTwice();
    }
    if (bugs & SHUTDOWN)
        ShutDown();
    return !failed;
}
