/* What a plain C program needs for the reads of BenchmarkWords: it maps the
 * dump, sorts the ranges of Memory64List, and looks every word up by binary
 * search. It prints the time of two passes, in nanoseconds of its own
 * processor time.
 *
 *	cc -O2 -o words words.c && ./words large.dmp
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

struct range { uint64_t start, size, off; };

static int by_start(const void *a, const void *b) {
	uint64_t x = ((const struct range *)a)->start, y = ((const struct range *)b)->start;
	return x < y ? -1 : x > y;
}

static uint64_t seed = 88172645463325252u;

static uint64_t next(void) {
	seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
	return seed;
}

static uint64_t now(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint32_t u32(const uint8_t *p) { uint32_t v; memcpy(&v, p, 4); return v; }
static uint64_t u64(const uint8_t *p) { uint64_t v; memcpy(&v, p, 8); return v; }

int main(int argc, char **argv) {
	enum { words = 1000000 };
	struct stat st;
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	if (fd < 0 || fstat(fd, &st)) return 2;
	const uint8_t *file = mmap(0, st.st_size, PROT_READ, MAP_SHARED, fd, 0), *list = 0;
	if (file == MAP_FAILED) return 2;
	for (uint32_t i = 0; i < u32(file + 8); i++) {
		const uint8_t *d = file + u32(file + 12) + 12 * i;
		if (u32(d) == 9) list = file + u32(d + 8);
	}
	if (!list) return 2;
	uint64_t n = u64(list), off = u64(list + 8);
	struct range *r = malloc(n * sizeof *r);
	for (uint64_t i = 0; i < n; i++) {
		r[i] = (struct range){u64(list + 16 + 16 * i), u64(list + 24 + 16 * i), off};
		off += r[i].size;
	}
	qsort(r, n, sizeof *r, by_start);
	uint64_t *addr = malloc(words * sizeof *addr), sum = 0;
	for (int i = 0; i < words; i++) {
		struct range *q = &r[next() % n];
		addr[i] = q->start + next() % (q->size / 8) * 8;
	}
	for (int pass = 0; pass < 2; pass++) {
		uint64_t begin = now();
		for (int i = 0; i < words; i++) {
			uint64_t lo = 0, hi = n;
			while (lo < hi) {
				uint64_t mid = (lo + hi) / 2;
				if (r[mid].start <= addr[i]) lo = mid + 1; else hi = mid;
			}
			uint64_t at = lo ? addr[i] - r[lo - 1].start : 0;
			if (lo && r[lo - 1].size >= 8 && at <= r[lo - 1].size - 8) sum += u64(file + r[lo - 1].off + at);
		}
		printf("%llu\n", (unsigned long long)(now() - begin));
	}
	return sum == 1;
}
