package htrace

// values numbers the handle values of a trace, so that what is known of each
// can stand in a slice.
type values struct {
	of   []int32  // the number of each operation's value, or none for a pseudo handle
	list []uint64 // the values by number
}

// smallValue bounds the values that are looked up in a slice: processes seldom
// have more handles than that, and Windows gives out low values first.
const smallValue = 1 << 20

// numberValues numbers the values of operations in the order of their first use.
func numberValues(ops []Operation) values {
	v := values{of: make([]int32, len(ops))}
	small := make([]int32, 0, 1<<10) // the number, counted from one, by value without its tag bits
	large := make(map[uint64]int32)
	for i := range ops {
		value := ops[i].Value()
		if isPseudo(ops[i].Handle) {
			v.of[i] = none
			continue
		}
		if value >= smallValue {
			n, ok := large[value]
			if !ok {
				n = v.add(value)
				large[value] = n
			}
			v.of[i] = n
			continue
		}
		k := value / (tagBits + 1)
		for uint64(len(small)) <= k {
			small = append(small, 0)
		}
		if small[k] == 0 {
			small[k] = v.add(value) + 1
		}
		v.of[i] = small[k] - 1
	}
	return v
}

func (v *values) add(value uint64) int32 {
	v.list = append(v.list, value)
	return int32(len(v.list) - 1)
}
