/* Threads that take turns: one runs a task while the scenario waits for it,
 * so the order of all operations is the same in each run. */
#ifndef WORKERS_H
#define WORKERS_H

#include <windows.h>

typedef void task(void *argument);

enum worker { LEGACY, SESSION, POOL_1, POOL_2, SETTINGS, BROKER, WORKER_COUNT };

BOOL Workers_Start(void);
void Workers_Run(enum worker worker, task *run, void *argument);

#endif
