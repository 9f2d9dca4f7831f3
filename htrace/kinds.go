package htrace

// objectKind is a kind of kernel object, as far as the names of system calls
// tell. Zero is unknown.
type objectKind uint8

const (
	anyObject objectKind = iota
	eventObject
	fileObject
	sectionObject
	mutantObject
	semaphoreObject
	processObject
	threadObject
	keyObject
	tokenObject
	timerObject
	portObject
	jobObject
	directoryObject
	completionObject
	objectKinds
)

// openedKinds are the kinds of objects that system calls hand out. The names
// are without Nt or Zw.
var openedKinds = map[string]objectKind{
	"CreateEvent": eventObject, "OpenEvent": eventObject,
	"CreateFile": fileObject, "OpenFile": fileObject, "CreateNamedPipeFile": fileObject, "CreateMailslotFile": fileObject,
	"CreateSection": sectionObject, "CreateSectionEx": sectionObject, "OpenSection": sectionObject,
	"CreateMutant": mutantObject, "OpenMutant": mutantObject,
	"CreateSemaphore": semaphoreObject, "OpenSemaphore": semaphoreObject,
	"CreateProcess": processObject, "CreateProcessEx": processObject, "OpenProcess": processObject,
	"CreateThread": threadObject, "CreateThreadEx": threadObject, "OpenThread": threadObject,
	"CreateKey": keyObject, "OpenKey": keyObject, "OpenKeyEx": keyObject, "CreateKeyTransacted": keyObject, "OpenKeyTransacted": keyObject, "OpenKeyTransactedEx": keyObject,
	"OpenProcessToken": tokenObject, "OpenProcessTokenEx": tokenObject, "OpenThreadToken": tokenObject, "OpenThreadTokenEx": tokenObject, "DuplicateToken": tokenObject, "CreateToken": tokenObject, "FilterToken": tokenObject,
	"CreateTimer": timerObject, "CreateTimer2": timerObject, "OpenTimer": timerObject,
	"ConnectPort": portObject, "AlpcConnectPort": portObject, "AlpcConnectPortEx": portObject, "AlpcCreatePort": portObject, "AlpcAcceptConnectPort": portObject, "CreatePort": portObject,
	"CreateJobObject": jobObject, "OpenJobObject": jobObject,
	"CreateDirectoryObject": directoryObject, "CreateDirectoryObjectEx": directoryObject, "OpenDirectoryObject": directoryObject,
	"CreateIoCompletion": completionObject, "OpenIoCompletion": completionObject,
}

// usedKinds are the kinds of objects that system calls take.
var usedKinds = map[string]objectKind{
	"SetEvent": eventObject, "ResetEvent": eventObject, "ClearEvent": eventObject, "PulseEvent": eventObject, "SetEventBoostPriority": eventObject, "QueryEvent": eventObject,
	"ReadFile": fileObject, "WriteFile": fileObject, "ReadFileScatter": fileObject, "WriteFileGather": fileObject, "QueryInformationFile": fileObject, "SetInformationFile": fileObject,
	"DeviceIoControlFile": fileObject, "FsControlFile": fileObject, "FlushBuffersFile": fileObject, "QueryVolumeInformationFile": fileObject, "QueryDirectoryFile": fileObject,
	"QueryDirectoryFileEx": fileObject, "LockFile": fileObject, "UnlockFile": fileObject, "CancelIoFile": fileObject, "CancelIoFileEx": fileObject, "NotifyChangeDirectoryFile": fileObject,
	"MapViewOfSection": sectionObject, "MapViewOfSectionEx": sectionObject, "QuerySection": sectionObject, "ExtendSection": sectionObject,
	"ReleaseMutant": mutantObject, "QueryMutant": mutantObject,
	"ReleaseSemaphore": semaphoreObject, "QuerySemaphore": semaphoreObject,
	"TerminateProcess": processObject, "QueryInformationProcess": processObject, "SetInformationProcess": processObject, "ReadVirtualMemory": processObject, "WriteVirtualMemory": processObject,
	"SuspendProcess": processObject, "ResumeProcess": processObject,
	"ResumeThread": threadObject, "SuspendThread": threadObject, "TerminateThread": threadObject, "QueryInformationThread": threadObject, "SetInformationThread": threadObject, "GetContextThread": threadObject, "SetContextThread": threadObject, "AlertThread": threadObject, "QueueApcThread": threadObject, "QueueApcThreadEx": threadObject,
	"QueryValueKey": keyObject, "SetValueKey": keyObject, "EnumerateKey": keyObject, "EnumerateValueKey": keyObject, "DeleteValueKey": keyObject, "DeleteKey": keyObject, "QueryKey": keyObject, "FlushKey": keyObject, "NotifyChangeKey": keyObject, "QueryMultipleValueKey": keyObject,
	"QueryInformationToken": tokenObject, "SetInformationToken": tokenObject, "AdjustPrivilegesToken": tokenObject, "AdjustGroupsToken": tokenObject, "DuplicateToken": tokenObject, "ImpersonateAnonymousToken": tokenObject,
	"SetTimer": timerObject, "SetTimer2": timerObject, "SetTimerEx": timerObject, "CancelTimer": timerObject, "QueryTimer": timerObject,
	"RequestWaitReplyPort": portObject, "AlpcSendWaitReceivePort": portObject, "AlpcDisconnectPort": portObject,
	"AssignProcessToJobObject": jobObject, "QueryInformationJobObject": jobObject, "SetInformationJobObject": jobObject, "TerminateJobObject": jobObject,
	"QueryDirectoryObject": directoryObject,
	"SetIoCompletion":      completionObject, "SetIoCompletionEx": completionObject, "RemoveIoCompletion": completionObject, "RemoveIoCompletionEx": completionObject,
}

// kindOfCall looks the name of a system call up.
func kindOfCall(table map[string]objectKind, function string) objectKind {
	if isSystemCall(function) {
		return table[function[2:]]
	}
	return anyObject
}
