package minidump

import (
	"fmt"

	"github.com/handletrace/handletrace/internal/cursor"
)

// Token is a MINIDUMP_TOKEN_INFO_HEADER and the token's parts: whose rights a
// process or thread had. The SDK describes the header only; the rest is what
// the system's calls for tokens return, with offsets in place of pointers.
type Token struct {
	TokenID      uint32 // of the process or thread
	TokenHandle  uint64
	TokenType    uint32 // 1: primary, 2: impersonation
	User         TokenGroup
	Groups       []TokenGroup
	PrimaryGroup SID
	Privileges   []TokenPrivilege
	Statistics   TokenStatistics
}

// TokenGroup is a SID_AND_ATTRIBUTES.
type TokenGroup struct {
	SID        SID
	Attributes uint32 // SE_GROUP bits
}

// TokenPrivilege is a LUID_AND_ATTRIBUTES.
type TokenPrivilege struct {
	LUID       uint64
	Attributes uint32 // SE_PRIVILEGE bits: 1 enabled by default, 2 enabled
}

// TokenStatistics is a TOKEN_STATISTICS.
type TokenStatistics struct {
	TokenID            uint64
	AuthenticationID   uint64 // of the logon session
	ExpirationTime     FileTime
	TokenType          uint32
	ImpersonationLevel uint32
	DynamicCharged     uint32 // bytes
	DynamicAvailable   uint32 // bytes
	GroupCount         uint32
	PrivilegeCount     uint32
	ModifiedID         uint64
}

const (
	tokenListHeaderSize = 16
	tokenHeaderSize     = 16
)

// Tokens decodes stream 19: the process's token first, then those of threads.
func (f *File) Tokens() ([]Token, error) { return once(f, TokenStream, f.decodeTokens) }

func (f *File) decodeTokens() ([]Token, error) {
	s, err := f.section(TokenStream)
	if err != nil {
		return nil, err
	}
	c, err := f.cursorOf(s)
	if err != nil {
		return nil, err
	}
	c.Skip(4) // the list's size, which the directory has too
	count, header, element := c.Uint32(), c.Uint32(), c.Uint32()
	c.Seek(int(header))
	if c.Err() != nil || header < tokenListHeaderSize {
		return nil, s.fault("a header of %d bytes in a stream of %d, at least %d were expected", header, s.size, tokenListHeaderSize)
	}
	if element < tokenHeaderSize {
		return nil, s.fault("a token's header has %d bytes, at least %d were expected", element, tokenHeaderSize)
	}
	return f.readTokens(s, c, count, element), nil
}

// leastToken is what a token has at least, its parts included; where a header
// is smaller the list may still have plenty of them.
const (
	leastToken     = 256
	plentyOfTokens = 1 << 12
)

func (f *File) readTokens(s section, c *cursor.Cursor, count, element uint32) []Token {
	tokens := make([]Token, 0, min(int(count), max(c.Len()/leastToken, plentyOfTokens), c.Len()/int(element)))
	for i := range count {
		at := s.off + int64(c.Offset())
		size := c.Uint32()
		c.Seek(max(c.Offset()-4, 0))
		b := c.Bytes(int(size))
		if c.Err() != nil || size < element || len(tokens) == cap(tokens) {
			f.warn(s.stream, at, "token %d of %d and those after it are left out: %d bytes are announced, %d are there", i, count, size, c.Len())
			break
		}
		tokens = append(tokens, f.readToken(b, int(element)))
	}
	return tokens
}

// tokenParts read the elements of a token, in the order of their offsets in
// its header.
var tokenParts = []func(*Token, *cursor.Cursor, []byte){
	func(t *Token, c *cursor.Cursor, _ []byte) { t.TokenType = c.Uint32() },
	func(t *Token, c *cursor.Cursor, b []byte) { t.User = readTokenGroup(c, b) },
	readTokenGroups,
	readPrimaryGroup,
	readTokenPrivileges,
	func(t *Token, c *cursor.Cursor, b []byte) {
		if len(b) >= 56 {
			t.Statistics = readTokenStatistics(c)
		}
	},
}

func (f *File) readToken(b []byte, header int) Token {
	c := cursor.New(b[:header], f.order)
	c.Skip(4)
	t := Token{TokenID: c.Uint32(), TokenHandle: c.Uint64()}
	for _, read := range tokenParts {
		off, size := uint64(c.Uint32()), uint64(c.Uint32())
		if c.Err() != nil {
			break
		}
		if size == 0 || off+size > uint64(len(b)) {
			continue
		}
		part := b[off : off+size]
		read(&t, cursor.New(part, f.order), part)
	}
	return t
}

func readTokenGroup(c *cursor.Cursor, b []byte) TokenGroup {
	off, attributes := c.Uint32(), c.Uint32()
	return TokenGroup{sidAt(b[min(int64(off), int64(len(b))):]), attributes}
}

func readTokenGroups(t *Token, c *cursor.Cursor, b []byte) {
	// Each has its SID in the part too; a few may share one.
	count := min(c.Uint32(), uint32(c.Len()/8), uint32(max(c.Len()/(8+leastSID), plentyOf)))
	t.Groups = make([]TokenGroup, count)
	for i := range t.Groups {
		t.Groups[i] = readTokenGroup(c, b)
	}
}

// readPrimaryGroup takes the SID behind the offset where the offset leads to
// none: 64-bit writers store 8 and put the SID at 4.
func readPrimaryGroup(t *Token, c *cursor.Cursor, b []byte) {
	off := c.Uint32()
	for _, at := range []int64{int64(c.Offset()), int64(off)} {
		if sid := sidAt(b[min(at, int64(len(b))):]); sid != nil {
			t.PrimaryGroup = sid
			return
		}
	}
}

func readTokenPrivileges(t *Token, c *cursor.Cursor, _ []byte) {
	count := min(c.Uint32(), uint32(c.Len()/12))
	t.Privileges = make([]TokenPrivilege, count)
	for i := range t.Privileges {
		t.Privileges[i] = TokenPrivilege{c.Uint64(), c.Uint32()}
	}
}

func readTokenStatistics(c *cursor.Cursor) TokenStatistics {
	return TokenStatistics{
		TokenID: c.Uint64(), AuthenticationID: c.Uint64(), ExpirationTime: FileTime(c.Uint64()),
		TokenType: c.Uint32(), ImpersonationLevel: c.Uint32(), DynamicCharged: c.Uint32(), DynamicAvailable: c.Uint32(),
		GroupCount: c.Uint32(), PrivilegeCount: c.Uint32(), ModifiedID: c.Uint64(),
	}
}

// privilegeNames are in the order of the well-known LUIDs, from 2 on.
var privilegeNames = []string{
	"SeCreateTokenPrivilege", "SeAssignPrimaryTokenPrivilege", "SeLockMemoryPrivilege", "SeIncreaseQuotaPrivilege",
	"SeMachineAccountPrivilege", "SeTcbPrivilege", "SeSecurityPrivilege", "SeTakeOwnershipPrivilege",
	"SeLoadDriverPrivilege", "SeSystemProfilePrivilege", "SeSystemtimePrivilege", "SeProfileSingleProcessPrivilege",
	"SeIncreaseBasePriorityPrivilege", "SeCreatePagefilePrivilege", "SeCreatePermanentPrivilege", "SeBackupPrivilege",
	"SeRestorePrivilege", "SeShutdownPrivilege", "SeDebugPrivilege", "SeAuditPrivilege",
	"SeSystemEnvironmentPrivilege", "SeChangeNotifyPrivilege", "SeRemoteShutdownPrivilege", "SeUndockPrivilege",
	"SeSyncAgentPrivilege", "SeEnableDelegationPrivilege", "SeManageVolumePrivilege", "SeImpersonatePrivilege",
	"SeCreateGlobalPrivilege", "SeTrustedCredManAccessPrivilege", "SeRelabelPrivilege", "SeIncreaseWorkingSetPrivilege",
	"SeTimeZonePrivilege", "SeCreateSymbolicLinkPrivilege", "SeDelegateSessionUserImpersonatePrivilege",
}

// Name returns the privilege's name, or its number where it is not well known.
func (p TokenPrivilege) Name() string {
	if i := p.LUID - 2; p.LUID >= 2 && i < uint64(len(privilegeNames)) {
		return privilegeNames[i]
	}
	return fmt.Sprintf("privilege %#x", p.LUID)
}
