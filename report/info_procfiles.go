package report

import "github.com/handletrace/handletrace/minidump"

// linuxFile is a section of a copy of a text file of the system.
func linuxFile(key, title string, stream minidump.StreamType, read func(*minidump.File) (string, error), set func(*Info, *string)) one[string] {
	return one[string]{
		infoPlace: shows(key, title, stream),
		read: func(f *minidump.File) (*string, error) {
			s, err := read(f)
			if err != nil || s == "" {
				return nil, err
			}
			return &s, nil
		},
		set:   set,
		write: func(t *infoText, s *string) { t.block(*s) },
	}
}

var linuxCPUInfoSection = linuxFile("linux_cpu_info", "/proc/cpuinfo", minidump.LinuxCPUInfoStream,
	(*minidump.File).LinuxCPUInfo, func(i *Info, s *string) { i.LinuxCPUInfo = *s })

var linuxProcStatusSection = linuxFile("linux_proc_status", "/proc/PID/status", minidump.LinuxProcStatusStream,
	(*minidump.File).LinuxProcStatus, func(i *Info, s *string) { i.LinuxProcStatus = *s })

var linuxLSBReleaseSection = linuxFile("linux_lsb_release", "/etc/lsb-release", minidump.LinuxLSBReleaseStream,
	(*minidump.File).LinuxLSBRelease, func(i *Info, s *string) { i.LinuxLSBRelease = *s })

var linuxCmdLineSection = many[string]{
	infoPlace: shows("linux_cmd_line", "Arguments", minidump.LinuxCmdLineStream),
	read: func(f *minidump.File) (rows[string], error) {
		list, err := f.LinuxCmdLine()
		return rowsOf(list), err
	},
	set:   func(i *Info, list []string) { i.LinuxCmdLine = list },
	write: func(t *infoText, r rows[string]) { each(t, r, func(_ int, s *string) { t.line(*s) }) },
}

var linuxEnvironSection = many[string]{
	infoPlace: shows("linux_environ", "Environment", minidump.LinuxEnvironStream),
	read: func(f *minidump.File) (rows[string], error) {
		list, err := f.LinuxEnviron()
		return rowsOf(list), err
	},
	set: func(i *Info, list []string) { i.LinuxEnviron = list },
	write: func(t *infoText, r rows[string]) {
		if !t.all {
			t.line("--all shows the variables, which may be private")
			return
		}
		each(t, r, func(_ int, s *string) { t.line(*s) })
	},
}
