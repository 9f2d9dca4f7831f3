// Command prog has functions that are inlined, generic, closures and methods.
package main

import "os"

type stack[T any] struct{ items []T }

func (s *stack[T]) push(v T) { s.items = append(s.items, v) }

func square(n int) int { return n * n }

func sum(n int) int {
	if n < 0 {
		panic("negative")
	}
	return square(n) + square(n+1)
}

type adder interface{ add(n int) int }

type total struct{ n int }

func (t total) add(n int) int { return t.n + sum(n) }

//go:noinline
func run(a adder, n int) int {
	var s stack[int]
	f := func() int { return a.add(n) + sum(len(s.items)) }
	for i := range n {
		s.push(f() + i)
	}
	defer func() {
		if r := recover(); r != nil {
			println("recovered")
		}
	}()
	return s.items[n-1] + sum(-n)
}

func main() {
	println(run(total{len(os.Args)}, 3), run(&total{2}, 4))
}
