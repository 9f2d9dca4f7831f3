#include "components.h"
#include "recorder.h"

FRAME BOOL JobQueue_Post(struct job *job)
{
    TRUTH_FUNCTION();
    HANDLE self = GetCurrentProcess();

    job->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    return DuplicateHandle(self, job->done, self, &job->done_for_worker, EVENT_MODIFY_STATE, FALSE, 0);
}

/* By the worker: its duplicate was made by the thread that posted the job. */
FRAME BOOL JobQueue_Complete(struct job *job)
{
    TRUTH_FUNCTION();
    BOOL ok = SetEvent(job->done_for_worker);

    SafeClose(&job->done_for_worker);
    return ok;
}

/* A duplicate that may do less, in place of the source. */
FRAME HANDLE JobQueue_Transfer(HANDLE event)
{
    TRUTH_FUNCTION();
    HANDLE self = GetCurrentProcess(), moved = NULL;

    DuplicateHandle(self, event, self, &moved, SYNCHRONIZE, FALSE, DUPLICATE_CLOSE_SOURCE);
    return moved;
}

FRAME void JobQueue_Collect(struct job *job)
{
    TRUTH_FUNCTION();
    SafeClose(&job->done);
}
