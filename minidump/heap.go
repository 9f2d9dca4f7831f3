package minidump

// numberHeap is a heap of numbers, the least first. The standard library's heap
// would box every one.
type numberHeap []uint32

func (h *numberHeap) push(v uint32) {
	*h = append(*h, v)
	a := *h
	for i := len(a) - 1; i > 0; {
		parent := (i - 1) / 2
		if a[parent] <= a[i] {
			return
		}
		a[parent], a[i] = a[i], a[parent]
		i = parent
	}
}

func (h *numberHeap) pop() {
	a := *h
	n := len(a) - 1
	a[0] = a[n]
	a = a[:n]
	*h = a
	for i := 0; ; {
		least, left := i, 2*i+1
		for _, child := range [2]int{left, left + 1} {
			if child < n && a[child] < a[least] {
				least = child
			}
		}
		if least == i {
			return
		}
		a[i], a[least] = a[least], a[i]
		i = least
	}
}
