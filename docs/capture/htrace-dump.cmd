@echo off
rem Writes a full dump with the handle table and the handle trace:
rem   htrace-dump.cmd PID FILE
rem Takes procdump.exe where it is in the PATH, and cdb.exe otherwise. The
rem process goes on running.
setlocal
if "%~2"=="" (
  echo usage: %~n0 PID FILE
  exit /b 2
)
set procdump=
for %%p in (procdump.exe) do set procdump=%%~$PATH:p
if not "%procdump%"=="" (
  procdump.exe -accepteula -ma %~1 "%~2"
) else (
  cdb.exe -pv -p %~1 -c ".dump /ma \"%~2\"; qd"
)
if exist "%~2" exit /b 0
exit /b 1
