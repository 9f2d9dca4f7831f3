/* The components of the lab, one DLL each. Each bug is a mistake that real
 * programs make; whether it bites depends on how the scenario calls them. */
#ifndef COMPONENTS_H
#define COMPONENTS_H

#include "common.h"

/* common.dll: the closer that several components share. */
API void SafeClose(HANDLE *handle);

/* legacy.dll: closes its events, and forgets that it has done so unless told. */
API HANDLE LegacyCleanup_AddEvent(void);
API void LegacyCleanup_Run(void);
API void LegacyCleanup_CloseEvent(HANDLE event);
API void LegacyCleanup_Forget(void);

/* session.dll: an honest owner of files. */
API HANDLE SessionStore_Open(const WCHAR *path);
API BOOL SessionStore_Write(HANDLE file, const char *text);
API BOOL SessionStore_Close(HANDLE file);

/* pool.dll: an honest owner of pairs of objects. */
struct connection {
    HANDLE slots, ready;
};
API BOOL ConnectionPool_Acquire(struct connection *connection, const WCHAR *peer);
API BOOL ConnectionPool_Use(struct connection *connection);
API void ConnectionPool_Release(struct connection *connection);
API void ConnectionPool_Shutdown(struct connection *idle, int count);

/* jobs.dll: one thread opens, another closes. */
struct job {
    HANDLE done, done_for_worker;
};
API BOOL JobQueue_Post(struct job *job);
API BOOL JobQueue_Complete(struct job *job);
API HANDLE JobQueue_Transfer(HANDLE event);
API void JobQueue_Collect(struct job *job);

/* settings.dll: forgets its key where a value is missing. */
API HKEY SettingsPoller_Poll(const WCHAR *value);
API DWORD SettingsPoller_Refresh(void);

/* broker.dll: Disconnect closes the channel, Shutdown does so again. */
API HANDLE Broker_Connect(void);
API void Broker_Disconnect(void);
API void Broker_Shutdown(void);

/* telemetry.dll: Flush does not know of Stop. */
API HANDLE Telemetry_Start(void);
API BOOL Telemetry_Flush(void);
API void Telemetry_Stop(void);

/* reports.dll: files and file mappings. */
API BOOL ReportWriter_Write(const WCHAR *path);

/* plugin.dll: loaded for one call and unloaded again. */
typedef void plugin_run(void);

#endif
