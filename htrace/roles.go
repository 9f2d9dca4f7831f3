package htrace

import (
	"slices"
	"strings"
)

// role says how much a module's frames tell about who is responsible.
type role uint8

const (
	// application code is responsible for what it does.
	application role = iota
	// library code of the system or of a language's runtime acts for others.
	library
	// plumbing lies under every operation on a handle.
	plumbing
)

// plumbingModules carry every handle call, or watch it.
var plumbingModules = set(
	"ntdll", "kernel32", "kernelbase", "wow64", "wow64cpu", "wow64win", "wow64base", "wow64con", "wowarmhw", "xtajit",
	"verifier", "vfbasics", "vrfcore", "vfcompat", "vfluapriv", "vfnet", "vfntlmless", "vfprint", "vfprintpthelper", "vfnws", "vfwwdm",
	"ntoskrnl", "ntkrnlmp", "ntkrnlpa", "ntkrpamp", "nt", "hal", "win32k", "win32kbase", "win32kfull",
)

// libraryModules are called by applications to open and close handles for
// them. A module in a folder of the system counts as one too.
var libraryModules = set(
	"advapi32", "sechost", "rpcrt4", "combase", "ole32", "oleaut32", "user32", "gdi32", "gdi32full", "win32u", "imm32", "msctf",
	"shell32", "shlwapi", "shcore", "windows.storage", "propsys", "comctl32", "comdlg32", "uxtheme", "dwmapi", "winmm", "winspool",
	"ws2.32", "mswsock", "wsock32", "iphlpapi", "dnsapi", "nsi", "winhttp", "wininet", "urlmon", "webio", "fwpuclnt",
	"crypt32", "cryptbase", "cryptsp", "bcrypt", "bcryptprimitives", "ncrypt", "rsaenh", "schannel", "sspicli", "wintrust", "msasn1",
	"setupapi", "cfgmgr32", "devobj", "psapi", "powrprof", "profapi", "userenv", "version", "wtsapi32", "netapi32", "netutils", "wkscli",
	"srvcli", "samcli", "wldap32", "wevtapi", "cabinet", "fltlib", "apphelp", "kernel.appcore", "clbcatq", "dbghelp", "dbgcore",
	"ucrtbase", "ucrtbased", "vcruntime140", "vcruntime140.1", "vcruntime140d", "msvcp.win", "concrt140", "vcomp140",
	"libgcc.s.seh-1", "libgcc.s.dw2-1", "libstdc++-6", "libwinpthread-1", "libc++", "libunwind", "tbb12", "vcamp140",
	"clr", "coreclr", "clrjit", "mscorwks", "mscorsvr", "mscorlib", "mscorlib.ni", "mscoree", "mscoreei", "clrgc", "hostpolicy", "hostfxr",
	"system.private.corelib", "system.ni", "system.core.ni",
)

// libraryPrefixes are runtimes whose file names carry a version.
var libraryPrefixes = []string{"msvcr", "msvcp", "mfc1", "mfc4", "mfc7", "mfc8", "mfc9", "mfcm", "atl1", "atl7", "atl8", "atl9", "api-ms-win-", "ext-ms-"}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

// moduleKey returns the name under which a module is looked up, given without
// folder and extension. Debuggers print a dot as an underscore.
func moduleKey(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", ".") }

// modulePatterns are module names, as far as a * at their end.
type modulePatterns struct {
	names    map[string]bool
	prefixes []string
}

func newModulePatterns(words []string) modulePatterns {
	p := modulePatterns{names: make(map[string]bool)}
	for _, w := range words {
		if prefix, ok := strings.CutSuffix(moduleKey(w), "*"); ok {
			p.prefixes = append(p.prefixes, prefix)
		} else {
			p.names[prefix] = true
		}
	}
	return p
}

func (p *modulePatterns) match(key string) bool {
	return p.names[key] || slices.ContainsFunc(p.prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) })
}

// roleOfModule tells a module's role by its key and by whether it lies in a
// folder of the system.
func roleOfModule(name string, system bool) role {
	switch {
	case plumbingModules[name]:
		return plumbing
	case libraryModules[name]:
		return library
	}
	for _, p := range libraryPrefixes {
		if strings.HasPrefix(name, p) {
			return library
		}
	}
	if system {
		return library
	}
	return application
}
