@echo off
rem Switches handle tracing on in a running process:  htrace-on.cmd PID [ENTRIES]
rem ENTRIES is how many operations are kept, a power of two up to 0x20000.
rem Needs cdb.exe of the Debugging Tools for Windows in the PATH, and the
rem rights to debug the process.
setlocal
if "%~1"=="" (
  echo usage: %~n0 PID [ENTRIES]
  exit /b 2
)
set entries=%~2
if "%entries%"=="" set entries=0x10000
cdb.exe -p %~1 -c "!htrace -enable %entries%; qd"
exit /b %errorlevel%
