package pe
import ("testing";"fmt";"os";"path/filepath";"slices")
func TestZZ(t *testing.T){
 fs,_:=filepath.Glob(os.Getenv("ZZ"))
 for _,f:=range fs { m,err:=Open(f); if err!=nil{continue}
  x,err:=m.Exports(); if err!=nil{continue}
  seq,err:=m.Symbols(); if err!=nil{continue}
  var fn []uint32
  for s,_:=range seq { if s.Type&0x20!=0 { if r,ok:=s.RVA(m.sections);ok{fn=append(fn,r)}}}
  slices.Sort(fn); fn=slices.Compact(fn)
  rules:=codeBordersOf[m.Machine]
  for i,r:=range fn[:max(0,len(fn)-1)] { if _,ok:=x.At(r);!ok{continue}
    n:=fn[i+1]-r; if n>0x10000 {continue}
    b:=make([]byte,n+16); m.ReadAt(b,int64(r))
    for to:=uint32(1);to<n;to++ { if rules.hasBorder(b,r,r+to,false) { fmt.Printf("FALSE % x | % x\n", b[max(0,int(to)-20):to], b[to:to+12]); break}}
  }
 }
}
