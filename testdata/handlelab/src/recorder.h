/* recorder.dll: records the handle operations of this process as the Windows
 * kernel does while handle tracing is enabled, and remembers which function
 * of the lab made each one. */
#ifndef RECORDER_H
#define RECORDER_H

#include <windows.h>

#ifdef BUILDING_RECORDER
#define RECORDER_API __declspec(dllexport)
#else
#define RECORDER_API __declspec(dllimport)
#endif

/* The kernel records at most 16 frames of an operation. */
#define KERNEL_FRAMES 16

enum operation_kind { OP_OPEN = 1, OP_CLOSE = 2, OP_BADREF = 3 };

/* Recorder_Start is `!htrace -enable`: handles that exist already stay
 * unknown. Recorder_Stop also takes the hooks out again, so that a dump shows
 * ntdll as it is. */
RECORDER_API BOOL Recorder_Start(void);
RECORDER_API void Recorder_Stop(void);

/* Writes the streams only this process can know (18, 14) for the dumper. */
RECORDER_API BOOL Recorder_WriteStreams(const char *path);

/* Whether the handle table at the start, with the recorded operations applied,
 * is the handle table at the stop: nothing was missed. */
RECORDER_API BOOL Recorder_IsComplete(void);

/* The truth: who made an operation, and which of them are bugs. It is told by
 * the code that stages the bugs and never worked out from the trace. */
struct truth_scope {
    const char *function;
    const struct truth_scope *outer; /* of the function that called this one */
};
RECORDER_API void Truth_Enter(struct truth_scope *scope);
RECORDER_API void Truth_Leave(struct truth_scope *scope);

/* Gives this thread's newest operation of that kind on that handle a role in
 * an incident. */
RECORDER_API void Truth_Mark(HANDLE handle, enum operation_kind kind,
                             const char *incident, const char *role);
RECORDER_API BOOL Truth_Write(const char *path, const char *scenario);

/* First line of every function of the lab that touches handles. */
#define TRUTH_FUNCTION()                                                         \
    __attribute__((cleanup(Truth_Leave))) struct truth_scope truth_scope = {__func__, 0}; \
    Truth_Enter(&truth_scope)

#endif
