@echo off
rem Switches handle tracing off in a running process:  htrace-off.cmd PID
setlocal
if "%~1"=="" (
  echo usage: %~n0 PID
  exit /b 2
)
cdb.exe -p %~1 -c "!htrace -disable; qd"
exit /b %errorlevel%
