/* What the lab does, and which bugs it commits on purpose. */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <windows.h>

enum bugs {
    STOLEN_CLOSE = 1,
    CASCADE = 2, /* the stolen close goes on to hurt a third party */
    DOUBLE_CLOSE = 4,
    USE_AFTER_CLOSE = 8,
    LEAK = 16,
    SHUTDOWN = 32, /* no bug: ends with the shutdown's closers */
};

/* FALSE if the bugs did not come out as staged. */
BOOL Scenario_Run(unsigned bugs);

#endif
