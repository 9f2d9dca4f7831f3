/* Inside recorder.dll: the operations recorded so far. */
#ifndef RECORD_H
#define RECORD_H

#include "recorder.h"

enum { MAX_FUNCTIONS = 4 };

struct operation {
    ULONG_PTR handle;
    DWORD process;
    DWORD thread;
    enum operation_kind kind;
    DWORD depth;
    void *stack[KERNEL_FRAMES];
    /* Functions of the lab, innermost first; NULL outside of it. */
    const char *functions[MAX_FUNCTIONS];
    const char *incident; /* NULL: healthy */
    const char *role;
};

/* Large enough for every scenario: a lost operation would be a lie. */
#define MAX_OPERATIONS 1024
#define MAX_HANDLES 1024

struct handle_table {
    DWORD count;
    ULONG_PTR handles[MAX_HANDLES];
};

extern struct operation operations[MAX_OPERATIONS];
extern DWORD operation_count;
extern struct handle_table table_before, table_after;

struct stack {
    DWORD depth;
    void *frames[KERNEL_FRAMES];
};

BOOL Hooks_Install(void);
void Hooks_Remove(void);

BOOL Record_IsOn(void);
void Record_Lock(void);
void Record_Unlock(void);
/* With the lock held. */
void Record_Add(HANDLE handle, enum operation_kind kind, const struct stack *stack);

void Truth_Functions(const char *functions[MAX_FUNCTIONS]);

/* The streams' bytes; the caller frees them with HeapFree. */
BYTE *OperationStream(DWORD *size);
BYTE *UnloadedStream(DWORD *size, DWORD *table_size);

#endif
