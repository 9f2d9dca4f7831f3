#include "components.h"
#include "recorder.h"

/* A peer without a name is always ready. */
FRAME BOOL ConnectionPool_Acquire(struct connection *connection, const WCHAR *peer)
{
    TRUTH_FUNCTION();
    connection->slots = CreateSemaphoreW(NULL, 0, 4, NULL);
    connection->ready = peer ? OpenEventW(EVENT_ALL_ACCESS, FALSE, peer)
                             : CreateEventW(NULL, FALSE, FALSE, NULL);
    if (!connection->ready)
        SafeClose(&connection->slots); /* the error path */
    return connection->slots != NULL;
}

FRAME BOOL ConnectionPool_Use(struct connection *connection)
{
    TRUTH_FUNCTION();
    return SetEvent(connection->ready) && ReleaseSemaphore(connection->slots, 1, NULL);
}

FRAME void ConnectionPool_Release(struct connection *connection)
{
    TRUTH_FUNCTION();
    SafeClose(&connection->ready);
    SafeClose(&connection->slots);
}

FRAME void ConnectionPool_Shutdown(struct connection *idle, int count)
{
    TRUTH_FUNCTION();
    for (int i = 0; i < count; i++) {
        SafeClose(&idle[i].ready);
        SafeClose(&idle[i].slots);
    }
}
