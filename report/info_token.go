package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoToken is whose rights a process or a thread had.
type InfoToken struct {
	ID                uint32          `json:"id"`
	Handle            string          `json:"handle"`
	Type              string          `json:"type"`
	User              *InfoSID        `json:"user,omitempty"`
	PrimaryGroup      string          `json:"primary_group,omitempty"`
	Groups            []InfoSID       `json:"groups,omitempty"`
	GroupsLeftOut     int             `json:"groups_left_out,omitempty"`
	Privileges        []InfoPrivilege `json:"privileges,omitempty"`
	PrivilegesLeftOut int             `json:"privileges_left_out,omitempty"`
	Statistics        InfoValues      `json:"statistics"`
}

// InfoSID is a security identifier with its attributes.
type InfoSID struct {
	SID            string   `json:"sid"`
	Name           string   `json:"name,omitempty"`
	Attributes     string   `json:"attributes"`
	AttributeNames []string `json:"attribute_names,omitempty"`
}

// InfoPrivilege is a privilege with its attributes.
type InfoPrivilege struct {
	LUID           string   `json:"luid"`
	Name           string   `json:"name"`
	Attributes     string   `json:"attributes"`
	AttributeNames []string `json:"attribute_names,omitempty"`
}

var tokensSection = many[InfoToken]{
	infoPlace: shows("tokens", "Tokens", minidump.TokenStream),
	read: func(f *minidump.File) (rows[InfoToken], error) {
		list, err := f.Tokens()
		return rowsFrom(list, infoToken), err
	},
	set: func(i *Info, list []InfoToken) { i.Tokens = list },
	write: func(t *infoText, r rows[InfoToken]) {
		each(t, r, func(_ int, v *InfoToken) {
			t.sub(fmt.Sprintf("token of %#x, %s", v.ID, v.Type), func() { v.write(t) })
		})
	},
}

// maxTokenEntries is more groups or privileges than Windows lets a token have;
// those of a hostile file may all be the same one.
const maxTokenEntries = 4096

func infoToken(t *minidump.Token) InfoToken {
	info := InfoToken{
		ID: t.TokenID, Handle: hex(t.TokenHandle), Type: tokenType(t.TokenType), PrimaryGroup: t.PrimaryGroup.String(),
		Statistics: tokenStatistics(&t.Statistics),
	}
	if t.User.SID != nil {
		user := infoSID(&t.User)
		info.User = &user
	}
	groups := t.Groups[:min(len(t.Groups), maxTokenEntries)]
	for i := range groups {
		info.Groups = append(info.Groups, infoSID(&groups[i]))
	}
	info.GroupsLeftOut = len(t.Groups) - len(groups)
	privileges := t.Privileges[:min(len(t.Privileges), maxTokenEntries)]
	info.PrivilegesLeftOut = len(t.Privileges) - len(privileges)
	for i := range privileges {
		p := &privileges[i]
		info.Privileges = append(info.Privileges, InfoPrivilege{hex(p.LUID), p.Name(), hex(p.Attributes), bitNames(p.Attributes, privilegeAttributes)})
	}
	return info
}

func tokenType(v uint32) string {
	switch v {
	case 1:
		return "primary"
	case 2:
		return "impersonation"
	}
	return fmt.Sprintf("type %d", v)
}

func tokenStatistics(s *minidump.TokenStatistics) InfoValues {
	values := valuesOf(s, func(name string) valueKind {
		switch name {
		case "TokenID", "AuthenticationID", "ModifiedID":
			return hexValue
		case "DynamicCharged", "DynamicAvailable":
			return bytesValue
		case "ExpirationTime":
			return noValue
		}
		return plainValue
	})
	// The system's word for never is beyond every date.
	if t := s.ExpirationTime; t != 0 && t < 1<<63-1 {
		values = append(values, InfoValue{Name: "expiration_time", Value: moment(t.Time())})
	}
	return values
}

func infoSID(g *minidump.TokenGroup) InfoSID {
	sid := g.SID.String()
	return InfoSID{sid, sidName(sid), hex(g.Attributes), bitNames(g.Attributes, groupAttributes)}
}

var groupAttributes = []bitName{
	{0x1, "mandatory"}, {0x2, "enabled by default"}, {0x4, "enabled"}, {0x8, "owner"}, {0x10, "use for deny only"},
	{0x20, "integrity"}, {0x40, "integrity enabled"}, {0xc0000000, "logon id"}, {0x20000000, "resource"},
}

var privilegeAttributes = []bitName{
	{0x1, "enabled by default"}, {0x2, "enabled"}, {0x4, "removed"}, {0x80000000, "used for access"},
}

func (v *InfoToken) write(t *infoText) {
	t.field("handle", v.Handle)
	if v.User != nil {
		t.field("user", withName(v.User.SID, v.User.Name))
		t.field("user attributes", withName(v.User.Attributes, joined(v.User.AttributeNames)))
	}
	t.field("primary group", withName(v.PrimaryGroup, sidName(v.PrimaryGroup)))
	v.Statistics.write(t)
	if len(v.Groups) > 0 {
		t.sub("groups", func() { table(t, rowsOf(v.Groups), sidColumns, nil) })
	}
	t.field("groups left out", decimal(v.GroupsLeftOut))
	if len(v.Privileges) > 0 {
		t.sub("privileges", func() { table(t, rowsOf(v.Privileges), privilegeColumns, nil) })
	}
	t.field("privileges left out", decimal(v.PrivilegesLeftOut))
}

var sidColumns = []column[InfoSID]{
	text("sid", func(s *InfoSID) string { return s.SID }),
	text("name", func(s *InfoSID) string { return s.Name }),
	text("attributes", func(s *InfoSID) string { return withName(s.Attributes, joined(s.AttributeNames)) }),
}

var privilegeColumns = []column[InfoPrivilege]{
	text("privilege", func(p *InfoPrivilege) string { return p.Name }),
	number("luid", func(p *InfoPrivilege) string { return p.LUID }),
	text("attributes", func(p *InfoPrivilege) string { return withName(p.Attributes, joined(p.AttributeNames)) }),
}
