/* common.dll: what several components share. */
#ifndef COMMON_H
#define COMMON_H

#include <windows.h>

#ifdef BUILDING_COMPONENT
#define API __declspec(dllexport)
#else
#define API __declspec(dllimport)
#endif

/* Kept out of line, so that they have a frame of their own in the stacks. */
#define FRAME __attribute__((noinline))

#endif
