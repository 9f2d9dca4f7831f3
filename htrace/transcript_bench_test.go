package htrace

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// repeatedText returns the lines of text again and again until there are size bytes.
func repeatedText(text []byte, size int) io.Reader {
	readers := make([]io.Reader, 0, size/len(text)+1)
	for n := 0; n < size; n += len(text) {
		readers = append(readers, bytes.NewReader(text))
	}
	return io.MultiReader(readers...)
}

func benchmarkRead(b *testing.B, text []byte) {
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadTranscript(bytes.NewReader(text), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadTranscript(b *testing.B) {
	for _, form := range textForms {
		text := makeTextTrace(40_000, 1, form.digits == 16).text(form)
		b.Run(form.name, func(b *testing.B) { benchmarkRead(b, text) })
	}
	text := makeTextTrace(40_000, 1, true).text(textForms[1])
	for _, d := range []string{"quoted twice", "CRLF", "HTML", "UTF-16 LE", "comments"} {
		for _, dress := range dresses {
			if dress.name == d {
				dressed := dress.wear(text)
				b.Run(strings.ReplaceAll(d, " ", "-"), func(b *testing.B) { benchmarkRead(b, dressed) })
			}
		}
	}
}

// BenchmarkReadTranscriptNoise reads a log of which next to nothing is of
// !htrace.
func BenchmarkReadTranscriptNoise(b *testing.B) {
	noise := strings.Repeat("eax=7ffde000 ebx=00000000 ecx=00000000 edx=7798b412 esi=00000000 edi=00000000\n"+
		"ModLoad: 00400000 00420000   C:\\Windows\\system32\\test1.dll\n"+
		"0012ff7c 00401657 test1!CServer::GetToken+0x47 [c:\\src\\test1\\server.cpp @ 99]\n"+
		"0:000> k\n"+
		"  HandleCount      131\n", 100_000)
	benchmarkRead(b, append([]byte(noise), makeTextTrace(10, 1, false).text(textForms[0])...))
}

// BenchmarkReadTranscriptLarge reads 500 MB, of one print after another.
func BenchmarkReadTranscriptLarge(b *testing.B) {
	const size = 500 << 20
	text := makeTextTrace(100_000, 1, true).text(textForms[1])
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadTranscript(repeatedText(text, size), Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
