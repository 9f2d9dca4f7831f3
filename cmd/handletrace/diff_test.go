package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/handletrace/handletrace/minidump/minidumptest"
)

// A later dump of the same run shows what was opened since and is still open,
// by place.
func TestDiff(t *testing.T) {
	var before []minidumptest.HandleOperation
	for i := range uint64(20) {
		h := 0x100 + 4*i
		before = append(before, operation(opened, h, 7, 0x1000, 0x2000))
		if i > 0 {
			before = append(before, operation(closed, h, 7, 0x1100, 0x2000))
		}
	}
	after := slices.Clone(before)
	for i := range uint64(3) {
		after = append(after, operation(opened, 0x400+4*i, 8, 0x1200, 0x2000))
	}
	after = append(after, operation(closed, 0x100, 7, 0x1100, 0x2000))
	dump := func(ops []minidumptest.HandleOperation, handles ...uint64) string {
		b := built(ops...)
		b.AddModule(minidumptest.Module{Base: 0x1000, Size: 0x2000, Name: `C:\app\app.exe`})
		for _, h := range handles {
			b.AddHandle(minidumptest.Handle{Value: h, Type: "Event"})
		}
		return written(t, "d.dmp", b.Bytes())
	}
	older, newer := dump(before, 0x100), dump(after, 0x400, 0x404, 0x408)
	args := []string{"--order", "oldest-first", older, newer}
	out := command(t, exitClean, append([]string{"diff"}, args...)...)
	expect(t, out,
		"they share 39 operations, and 4 came",
		"Opened since and still open: 3 objects. Open before and closed since: 1.",
		"+3  app+0x200",
		"0 open before, 3 now, 3 of them opened since",
		"The newest open: #41 open of 0x408 by thread 0x8",
		"+2  Event (1 before, 3 now)",
	)
	var r struct {
		Schema                string
		Shared, Since, Closed int
		Opened                []struct {
			Handle, Type string
			Open         jsonOperation
		}
		Sites []struct {
			Place            string
			Old, New, Opened int
		}
		Types []struct {
			Type     string
			Old, New int
		}
		New struct{ Trace struct{ Operations int } }
	}
	if err := json.Unmarshal([]byte(command(t, exitClean, append([]string{"diff", "--format", "json"}, args...)...)), &r); err != nil {
		t.Fatal(err)
	}
	if r.Schema != "handletrace-diff/v1" || r.Shared != 39 || r.Since != 4 || r.Closed != 1 || len(r.Opened) != 3 || r.Opened[0].Handle != "0x400" || r.Opened[0].Type != "Event" ||
		len(r.Sites) != 2 || r.Sites[0].New != 3 || r.Types[0].New != 3 || r.New.Trace.Operations != 43 {
		t.Errorf("%+v", r)
	}
	expect(t, command(t, exitClean, "diff", dump(before, 0x100, 0x900), older), "caveat (old): 1 handle is in the handle table and opened without a record.")
	expect(t, command(t, exitClean, "diff", older, older), "No place in the code has more objects open than before.")
	commandBoth(t, exitFailed, "diff", older)
	commandBoth(t, exitFailed, "diff", older, t.TempDir())
}
