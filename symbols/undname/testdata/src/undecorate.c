// Prints what the system's dbghelp.dll makes of each name on standard input,
// as NAME<TAB>TEXT; the flags are an argument, UNDNAME_NAME_ONLY without one.
// ../wine.tsv holds the names of generate.sh for which Wine 8.0 prints what
// the package's Name style does (Wine cannot decode some, and keeps __ptr64):
//   x86_64-w64-mingw32-gcc -O1 undecorate.c -o undecorate.exe -ldbghelp
//   wine64 undecorate.exe <names.txt
#include <windows.h>
#include <dbghelp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  static char name[1 << 16], text[1 << 18];
  DWORD flags = argc > 1 ? strtoul(argv[1], 0, 0) : UNDNAME_NAME_ONLY;
  while (fgets(name, sizeof name, stdin)) {
    name[strcspn(name, "\r\n")] = 0;
    text[0] = 0;
    UnDecorateSymbolName(name, text, sizeof text - 1, flags);
    printf("%s\t%s\n", name, text);
  }
  return 0;
}
