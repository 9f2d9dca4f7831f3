package minidump
import ("testing";"os";"time";"fmt";"syscall";"encoding/binary";"runtime/debug")
func guarded(data []byte, off int64) (v uint64, ok bool) {
	old := debug.SetPanicOnFault(true)
	defer rec(old,&ok)
	return binary.LittleEndian.Uint64(data[off:]), true
}
func rec(old bool, ok *bool){ debug.SetPanicOnFault(old); if r:=recover(); r!=nil { *ok=false } }
//go:noinline
func guarded2(data []byte, off int64) (v uint64, ok bool) {
	old := debug.SetPanicOnFault(true)
	defer func(){ if !ok { if r:=recover(); r!=nil { debug.SetPanicOnFault(old) } } }()
	v= binary.LittleEndian.Uint64(data[off:])
	ok=true
	debug.SetPanicOnFault(old)
	return
}
//go:noinline
func unguarded(data []byte, off int64) (v uint64, ok bool) {
	return binary.LittleEndian.Uint64(data[off:]), true
}
func TestZZMicro(t *testing.T){ if os.Getenv("ZZM")=="" {t.Skip()}
 f,_:=Open("/tmp/mdbench/a.dmp"); m,_:=f.Memory()
 ff,_:=os.Open("/tmp/mdbench/a.dmp"); st,_:=ff.Stat()
 data,_:=syscall.Mmap(int(ff.Fd()),0,int(st.Size()),syscall.PROT_READ,syscall.MAP_SHARED)
 s:=m.segs
 a:=make([]uint64,1000000); x:=uint64(88172645463325252)
 next:=func()uint64{x^=x<<13;x^=x>>7;x^=x<<17;return x}
 for i:=range a { q:=s[next()%uint64(len(s))]; a[i]=q.start+next()%(q.size/8)*8 }
 offs:=make([]int64,len(a))
 run:=func(name string, g func()uint64){ t0:=time.Now(); v:=g(); fmt.Println(name,time.Since(t0),v) }
 for range 3 {
 run("offset", func()uint64{sum:=uint64(0); for i,v:=range a { o,_:=m.index.offset(v,8); offs[i]=o; sum+=uint64(o)}; return sum})
 run("load guarded", func()uint64{sum:=uint64(0); for _,o:=range offs { v,_:=guarded(data,o); sum+=v}; return sum})
 run("load guarded2", func()uint64{sum:=uint64(0); for _,o:=range offs { v,_:=guarded2(data,o); sum+=v}; return sum})
 run("load unguarded", func()uint64{sum:=uint64(0); for _,o:=range offs { v,_:=unguarded(data,o); sum+=v}; return sum})
 run("same page guarded", func()uint64{sum:=uint64(0); for range offs { v,_:=guarded(data,64); sum+=v}; return sum})
 run("offset+unguarded", func()uint64{sum:=uint64(0); for _,v:=range a { o,_:=m.index.offset(v,8); w,_:=unguarded(data,o); sum+=w}; return sum})
 run("offset+guarded2", func()uint64{sum:=uint64(0); for _,v:=range a { o,_:=m.index.offset(v,8); w,_:=guarded2(data,o); sum+=w}; return sum})
 run("offset+guarded", func()uint64{sum:=uint64(0); for _,v:=range a { o,_:=m.index.offset(v,8); w,_:=guarded(data,o); sum+=w}; return sum})
 run("m.Uint64", func()uint64{sum:=uint64(0); for _,v:=range a { w,_:=m.Uint64(v); sum+=w}; return sum})
 }
}
