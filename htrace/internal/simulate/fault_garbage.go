package simulate

// garbage are values that no open ever returned: fills of memory, pointers,
// file descriptors, values beyond the table.
var garbage = []uint64{
	0xcccc_cccc_cccc_cccc, 0xdddd_dddd_dddd_dddd, 0xfeee_feee_feee_feee, 0xdead_beef,
	0x28d0_dff3_a0, 0x7ff6_1000_4020, 3, 5, 0x14, 0x8000_0002, 0x7fff_f000,
}

// startGarbage uses or closes a value that nobody opened, some times over.
func startGarbage(m *machine, name string) {
	c := m.newComponent("Careless")
	m.pending++
	h := handle{raw: pick(m, garbage)}
	h.object = &object{value: h.value(), component: c}
	start := m.between(5, 90)
	closes := m.chance(50)
	c.spawn("Run", func(t *thread) {
		c.jobs(t, m.rng.IntN(10))
		t.at(start)
		t.fault = name
		for range m.between(1, 4) {
			if closes {
				c.close(t, "Reset", 0, h)
			} else {
				c.use(t, "Poke", 0, h)
			}
			t.idle(15)
		}
		t.fault = ""
		m.pending--
		c.jobs(t, m.rng.IntN(10))
	})
}
