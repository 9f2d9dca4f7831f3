package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

var processIDSection = one[uint32]{
	infoPlace: shows("process_id", ""),
	read: func(f *minidump.File) (*uint32, error) {
		id, ok := f.ProcessID()
		if !ok || id == 0 {
			return nil, nil
		}
		return &id, nil
	},
	set: func(i *Info, id *uint32) { i.ProcessID = *id },
}

// InfoMisc is what stream 15 says of the process and its machine. Members that
// the writer did not fill are left out.
type InfoMisc struct {
	Size             uint32        `json:"size"`
	Flags            string        `json:"flags"`
	ProcessID        *uint32       `json:"process_id,omitempty"`
	CreateTime       string        `json:"create_time,omitempty"`
	UserSeconds      *uint32       `json:"user_seconds,omitempty"`
	KernelSeconds    *uint32       `json:"kernel_seconds,omitempty"`
	Power            *InfoPower    `json:"processor_power,omitempty"`
	IntegrityLevel   string        `json:"integrity_level,omitempty"`
	IntegrityName    string        `json:"integrity_name,omitempty"`
	ExecuteFlags     string        `json:"execute_flags,omitempty"`
	ProtectedProcess *uint32       `json:"protected_process,omitempty"`
	TimeZone         *InfoTimeZone `json:"time_zone,omitempty"`
	BuildString      string        `json:"build_string,omitempty"`
	DebuggerBuild    string        `json:"debugger_build,omitempty"`
	XState           *InfoXState   `json:"xstate,omitempty"`
	ProcessCookie    string        `json:"process_cookie,omitempty"`
}

// InfoPower is how fast a processor was.
type InfoPower struct {
	MaxMhz           uint32 `json:"max_mhz"`
	CurrentMhz       uint32 `json:"current_mhz"`
	MhzLimit         uint32 `json:"mhz_limit"`
	MaxIdleState     uint32 `json:"max_idle_state"`
	CurrentIdleState uint32 `json:"current_idle_state"`
}

// InfoXState is the extended state of processors that contexts may hold.
type InfoXState struct {
	Size            uint32              `json:"size"`
	ContextSize     uint32              `json:"context_size"`
	EnabledFeatures string              `json:"enabled_features"`
	Features        []InfoXStateFeature `json:"features,omitempty"`
}

// InfoXStateFeature is the place of a component in the XSAVE area.
type InfoXStateFeature struct {
	ID     int    `json:"id"`
	Name   string `json:"name,omitempty"`
	Offset uint32 `json:"offset"`
	Size   uint32 `json:"size"`
}

var miscSection = one[InfoMisc]{
	infoPlace: shows("misc_info", "Process", minidump.MiscInfoStream),
	read:      readInfoMisc,
	set:       func(i *Info, m *InfoMisc) { i.MiscInfo = m },
	write:     (*infoText).misc,
}

func readInfoMisc(f *minidump.File) (*InfoMisc, error) {
	m, err := f.MiscInfo()
	if err != nil {
		return nil, err
	}
	has := func(bit uint32) bool { return m.Flags1&bit != 0 }
	info := &InfoMisc{Size: m.SizeOfInfo, Flags: hex(uint64(m.Flags1)), CreateTime: moment(m.CreateTime()), IntegrityName: m.IntegrityLevel()}
	if m.HasProcessID() {
		info.ProcessID = &m.ProcessID
	}
	if m.HasProcessTimes() {
		info.UserSeconds, info.KernelSeconds = &m.ProcessUserTime, &m.ProcessKernelTime
	}
	if has(minidump.Misc1ProcessorPowerInfo) {
		info.Power = &InfoPower{m.ProcessorMaxMhz, m.ProcessorCurrentMhz, m.ProcessorMhzLimit, m.ProcessorMaxIdleState, m.ProcessorCurrentIdleState}
	}
	if has(minidump.Misc3ProcessIntegrity) {
		info.IntegrityLevel = hex(uint64(m.ProcessIntegrityLevel))
	}
	if has(minidump.Misc3ProcessExecuteFlags) {
		info.ExecuteFlags = hex(uint64(m.ProcessExecuteFlags))
	}
	if has(minidump.Misc3ProtectedProcess) {
		info.ProtectedProcess = &m.ProtectedProcess
	}
	if m.HasTimeZone() {
		info.TimeZone = infoTimeZone(m)
	}
	if m.HasBuildString() {
		info.BuildString, info.DebuggerBuild = m.BuildString, m.DbgBldStr
	}
	if m.XStateData.SizeOfInfo != 0 {
		info.XState = infoXState(&m.XStateData)
	}
	if has(minidump.Misc5ProcessCookie) {
		info.ProcessCookie = hex(uint64(m.ProcessCookie))
	}
	return info, nil
}

func infoXState(x *minidump.XStateConfig) *InfoXState {
	info := &InfoXState{Size: x.SizeOfInfo, ContextSize: x.ContextSize, EnabledFeatures: hex(x.EnabledFeatures)}
	for i, feature := range x.Features {
		if x.EnabledFeatures>>i&1 != 0 {
			info.Features = append(info.Features, InfoXStateFeature{i, xstateName(i), feature.Offset, feature.Size})
		}
	}
	return info
}

// misc writes what is known of the process and the machine.
func (t *infoText) misc(m *InfoMisc) {
	if m.ProcessID != nil {
		t.field("process id", fmt.Sprintf("%d (%#x)", *m.ProcessID, *m.ProcessID))
	}
	t.field("started", m.CreateTime)
	if m.UserSeconds != nil {
		t.field("processor time", fmt.Sprintf("%d s in user mode, %d s in the kernel", *m.UserSeconds, *m.KernelSeconds))
	}
	t.field("integrity level", withName(m.IntegrityLevel, m.IntegrityName))
	t.field("execute flags", m.ExecuteFlags)
	if m.ProtectedProcess != nil {
		t.field("protected process", fmt.Sprint(*m.ProtectedProcess))
	}
	t.field("process cookie", m.ProcessCookie)
	t.field("build of the system", m.BuildString)
	t.field("build of the writer", m.DebuggerBuild)
	if p := m.Power; p != nil {
		t.field("processor clock", fmt.Sprintf("%d MHz of %d, limit %d", p.CurrentMhz, p.MaxMhz, p.MhzLimit))
		t.field("processor idle state", fmt.Sprintf("%d of %d", p.CurrentIdleState, p.MaxIdleState))
	}
	m.TimeZone.write(t)
	t.field("flags", m.Flags+" in "+count(int(m.Size), "byte"))
	if x := m.XState; x != nil {
		t.field("extended state", fmt.Sprintf("%s, contexts of up to %s, described in %s", x.EnabledFeatures, count(int(x.ContextSize), "byte"), count(int(x.Size), "byte")))
		t.inner(func() { table(t, rowsOf(x.Features), xstateColumns, nil) })
	}
}

var xstateColumns = []column[InfoXStateFeature]{
	number("component", func(x *InfoXStateFeature) string { return fmt.Sprint(x.ID) }),
	text("name", func(x *InfoXStateFeature) string { return x.Name }),
	number("offset", func(x *InfoXStateFeature) string { return fmt.Sprint(x.Offset) }),
	number("size", func(x *InfoXStateFeature) string { return fmt.Sprint(x.Size) }),
}
