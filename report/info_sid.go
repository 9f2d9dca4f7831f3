package report

import "strings"

// sidName returns the name of a well-known security identifier, in English, or
// nothing. Those of a machine or domain are known by their last number.
func sidName(sid string) string {
	if name, ok := sidNames[sid]; ok {
		return name
	}
	if strings.HasPrefix(sid, "S-1-5-5-") {
		return "logon session"
	}
	if strings.HasPrefix(sid, "S-1-5-21-") {
		return accountNames[sid[strings.LastIndexByte(sid, '-')+1:]]
	}
	return ""
}

// sidNames are of "Well-known SIDs" of the Windows documentation.
var sidNames = map[string]string{
	"S-1-0-0":      "Nobody",
	"S-1-1-0":      "Everyone",
	"S-1-2-0":      "Local",
	"S-1-2-1":      "Console Logon",
	"S-1-3-0":      "Creator Owner",
	"S-1-5-2":      "Network",
	"S-1-5-3":      "Batch",
	"S-1-5-4":      "Interactive",
	"S-1-5-6":      "Service",
	"S-1-5-7":      "Anonymous",
	"S-1-5-11":     "Authenticated Users",
	"S-1-5-12":     "Restricted Code",
	"S-1-5-13":     "Terminal Server Users",
	"S-1-5-14":     "Remote Interactive Logon",
	"S-1-5-15":     "This Organization",
	"S-1-5-18":     "Local System",
	"S-1-5-19":     "Local Service",
	"S-1-5-20":     "Network Service",
	"S-1-5-32-544": "Administrators",
	"S-1-5-32-545": "Users",
	"S-1-5-32-546": "Guests",
	"S-1-5-32-547": "Power Users",
	"S-1-5-32-551": "Backup Operators",
	"S-1-5-32-555": "Remote Desktop Users",
	"S-1-5-32-558": "Performance Monitor Users",
	"S-1-5-32-559": "Performance Log Users",
	"S-1-5-32-562": "Distributed COM Users",
	"S-1-5-32-568": "IIS_IUSRS",
	"S-1-5-32-573": "Event Log Readers",
	"S-1-5-64-10":  "NTLM Authentication",
	"S-1-5-80-0":   "All Services",
	"S-1-5-113":    "Local account",
	"S-1-5-114":    "Local account and member of Administrators group",
	"S-1-15-2-1":   "All Application Packages",
	"S-1-16-0":     "Untrusted Mandatory Level",
	"S-1-16-4096":  "Low Mandatory Level",
	"S-1-16-8192":  "Medium Mandatory Level",
	"S-1-16-8448":  "Medium Plus Mandatory Level",
	"S-1-16-12288": "High Mandatory Level",
	"S-1-16-16384": "System Mandatory Level",
	"S-1-18-1":     "Authentication authority asserted identity",
}

// accountNames are the accounts of every machine or domain, by their last
// number.
var accountNames = map[string]string{
	"500": "Administrator", "501": "Guest", "512": "Domain Admins", "513": "Domain Users", "515": "Domain Computers",
}
