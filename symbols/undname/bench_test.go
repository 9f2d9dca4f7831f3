package undname_test

import (
	"testing"

	"github.com/handletrace/handletrace/symbols/undname"
)

var benchmarkNames = []struct{ name, decorated string }{
	{"plain", "?CloseSession@SessionPool@app@@QEAA_NPEAX@Z"},
	{"destructor", "??1?$vector@HV?$allocator@H@std@@@std@@QEAA@XZ"},
	{"map", "??A?$map@V?$basic_string@DU?$char_traits@D@std@@V?$allocator@D@2@@std@@HU?$less@V?$basic_string@DU?$char_traits@D@std@@V?$allocator@D@2@@std@@@2@V?$allocator@U?$pair@$$CBV?$basic_string@DU?$char_traits@D@std@@V?$allocator@D@2@@std@@H@std@@@2@@std@@QEAAAEAHAEBV?$basic_string@DU?$char_traits@D@std@@V?$allocator@D@2@@1@@Z"},
	{"string", "??_C@_0BE@JPFBPCBP@handle?5is?5closed?$CB?6?$AA@"},
}

func BenchmarkUndecorate(b *testing.B) {
	for _, style := range []undname.Style{undname.Name, undname.Full} {
		for _, n := range benchmarkNames {
			b.Run(style.String()+"/"+n.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := undname.Undecorate(n.decorated, style); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkAppendUndecorated(b *testing.B) {
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if buf, err = undname.AppendUndecorated(buf[:0], benchmarkNames[0].decorated, undname.Name); err != nil {
			b.Fatal(err)
		}
	}
}
