package report

import (
	"fmt"

	"github.com/handletrace/handletrace/minidump"
)

// InfoThreadEx is a thread of an Itanium.
type InfoThreadEx struct {
	InfoThreadEntry
	BackingStoreBase string `json:"backing_store_base"`
	BackingStoreSize uint32 `json:"backing_store_size"`
}

var threadsExSection = many[InfoThreadEx]{
	infoPlace: shows("threads_ex", "Threads with backing stores", minidump.ThreadExListStream),
	read: func(f *minidump.File) (rows[InfoThreadEx], error) {
		threads, err := f.ThreadExList()
		if err != nil {
			return rows[InfoThreadEx]{}, err
		}
		r, _ := newThreadReader(f)
		return rowsFrom(threads, func(t *minidump.ThreadEx) InfoThreadEx {
			return InfoThreadEx{r.entry(&t.Thread), hex(t.BackingStore.StartOfMemoryRange), t.BackingStore.Memory.DataSize}
		}), nil
	},
	set: func(i *Info, list []InfoThreadEx) { i.ThreadsEx = list },
	write: func(t *infoText, r rows[InfoThreadEx]) {
		table(t, r, []column[InfoThreadEx]{
			number("id", func(t *InfoThreadEx) string { return fmt.Sprintf("%#x", t.ID) }),
			text("name", func(t *InfoThreadEx) string { return t.Name }),
			number("priority", func(t *InfoThreadEx) string { return fmt.Sprint(t.Priority) }),
			number("suspended", func(t *InfoThreadEx) string { return decimal(t.SuspendCount) }),
			text("backing store", func(t *InfoThreadEx) string { return t.BackingStoreBase }),
			number("bytes", func(t *InfoThreadEx) string { return grouped(uint64(t.BackingStoreSize)) }),
		}, func(t *InfoThreadEx) []string { return t.lines() })
	},
}

// InfoThreadInfo is an entry of stream 17 that belongs to no thread of the
// thread list, as those of threads that had ended do.
type InfoThreadInfo struct {
	ThreadID uint32 `json:"thread_id"`
	InfoThreadTimes
}

var otherThreadInfosSection = many[InfoThreadInfo]{
	infoPlace: shows("other_thread_infos", "Threads that are not in the thread list"),
	read: func(f *minidump.File) (rows[InfoThreadInfo], error) {
		infos, _ := f.ThreadInfoList() // the threads' own section tells what is wrong
		l := newLocator(f)
		listed := listedThreads(f)
		var others []*minidump.ThreadInfo
		for i := range infos {
			if !listed.take(infos[i].ThreadID) {
				others = append(others, &infos[i])
			}
		}
		return rowsFrom(others, func(i **minidump.ThreadInfo) InfoThreadInfo {
			return InfoThreadInfo{(*i).ThreadID, *infoThreadTimes(*i, l)}
		}), nil
	},
	set: func(i *Info, list []InfoThreadInfo) { i.OtherThreadInfos = list },
	write: func(t *infoText, r rows[InfoThreadInfo]) {
		table(t, r, []column[InfoThreadInfo]{
			number("id", func(i *InfoThreadInfo) string { return fmt.Sprintf("%#x", i.ThreadID) }),
			text("start address", func(i *InfoThreadInfo) string { return withName(i.StartAddress, i.StartLocation) }),
			text("flags", func(i *InfoThreadInfo) string { return withName(i.DumpFlags, joined(i.FlagNames)) }),
		}, func(i *InfoThreadInfo) []string { return i.lines() })
	},
}

// InfoThreadName is a name of stream 24 that belongs to no thread of the
// thread list.
type InfoThreadName struct {
	ThreadID uint32 `json:"thread_id"`
	Name     string `json:"name"`
}

var otherThreadNamesSection = many[InfoThreadName]{
	infoPlace: shows("other_thread_names", "Names of threads that are not in the thread list"),
	read: func(f *minidump.File) (rows[InfoThreadName], error) {
		names, _ := f.ThreadNames() // the threads' own section tells what is wrong
		listed := listedThreads(f)
		var list []InfoThreadName
		for _, n := range names {
			if !listed.take(n.ThreadID) {
				list = append(list, InfoThreadName(n))
			}
		}
		return rowsOf(list), nil
	},
	set: func(i *Info, list []InfoThreadName) { i.OtherThreadNames = list },
	write: func(t *infoText, r rows[InfoThreadName]) {
		table(t, r, []column[InfoThreadName]{
			number("id", func(n *InfoThreadName) string { return fmt.Sprintf("%#x", n.ThreadID) }),
			text("name", func(n *InfoThreadName) string { return n.Name }),
		}, nil)
	},
}

// threadSet is the threads of the list that nothing was shown for yet.
type threadSet map[uint32]bool

func listedThreads(f *minidump.File) threadSet {
	set := threadSet{}
	threads, _ := f.Threads()
	for i := range threads {
		set[threads[i].ThreadID] = true
	}
	ex, _ := f.ThreadExList()
	for i := range ex {
		set[ex[i].ThreadID] = true
	}
	return set
}

// take reports whether the thread is in the set, and takes it out: the list
// shows the first entry of a thread.
func (s threadSet) take(id uint32) bool {
	ok := s[id]
	delete(s, id)
	return ok
}
