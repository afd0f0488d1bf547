@echo off
rem Runs glissade from its sources: builds what changed, then runs the program.
setlocal
set "root=%~dp0"
set "program=%root%src\Glissade.Cli\bin\Release\net10.0\Glissade.Cli.dll"
set "log=%TEMP%\glissade-build-%RANDOM%.log"
where dotnet >nul 2>nul
if errorlevel 1 (
  echo glissade: this needs the .NET 10 SDK, and there is no 'dotnet' on the path: see https://dotnet.microsoft.com/download 1>&2
  exit /b 1
)
if not exist "%program%" echo glissade: building... 1>&2
pushd "%root%"
dotnet build src\Glissade.Cli\Glissade.Cli.csproj -c Release -v minimal --nologo >"%log%" 2>&1
set "result=%errorlevel%"
popd
if not "%result%"=="0" (
  type "%log%" 1>&2
  echo glissade: the build failed 1>&2
  exit /b 1
)
findstr /c:"Reports will lack pictures" "%log%" 1>&2
del "%log%" >nul 2>nul
dotnet "%program%" %*
exit /b %errorlevel%
