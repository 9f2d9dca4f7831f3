#include "components.h"
#include "recorder.h"

/* Not exported, so that only the PDB has its name. */
FRAME static HKEY OpenSettings(void)
{
    TRUTH_FUNCTION();
    HKEY key = NULL;
    RegOpenKeyExW(HKEY_CURRENT_USER, L"Software\\Handlelab", 0, KEY_READ, &key);
    return key;
}

/* Returns the key only for the truth's sake. The bug: without the value it
 * returns early, and the key stays open. */
FRAME HKEY SettingsPoller_Poll(const WCHAR *value)
{
    TRUTH_FUNCTION();
    DWORD data, size = sizeof(data);
    HKEY key = OpenSettings();

    if (RegQueryValueExW(key, value, NULL, NULL, (BYTE *)&data, &size))
        return key;
    RegCloseKey(key);
    return key;
}

FRAME DWORD SettingsPoller_Refresh(void)
{
    TRUTH_FUNCTION();
    DWORD data = 0, size = sizeof(data);
    HKEY key = NULL;

    if (RegCreateKeyExW(HKEY_CURRENT_USER, L"Software\\Handlelab\\Cache", 0, NULL, 0, KEY_ALL_ACCESS,
                        NULL, &key, NULL))
        return 0;
    RegSetValueExW(key, L"Generation", 0, REG_DWORD, (const BYTE *)&data, sizeof(data));
    RegQueryValueExW(key, L"Generation", NULL, NULL, (BYTE *)&data, &size);
    RegCloseKey(key);
    return data;
}
