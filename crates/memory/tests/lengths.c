// Compares the functions with loops of one byte each, for lengths at which they change their ways, and all ways to overlap.

#include <stddef.h>
#include <stdio.h>

void *tested_memcpy(void *restrict to, const void *restrict from, size_t n);
void *tested_memmove(void *to, const void *from, size_t n);
void *tested_memset(void *to, int byte, size_t n);
int tested_memcmp(const void *one, const void *other, size_t n);
int tested_bcmp(const void *one, const void *other, size_t n);

#define ROOM 16384
#define START 4096
#define MOST 4500

static unsigned char tested[ROOM], wanted[ROOM], source[ROOM];
static unsigned state = 1;

static unsigned char next(void) {
    state = state * 1103515245u + 12345u;
    return (unsigned char)(state >> 16);
}

static void fill(void) {
    for (size_t at = 0; at < ROOM; at++) {
        tested[at] = wanted[at] = next();
        source[at] = next();
    }
}

static int fail(const char *what, size_t n, long shift) {
    printf("%s of %zu bytes, %ld\n", what, n, shift);
    return 1;
}

static int same(void) {
    for (size_t at = 0; at < ROOM; at++) {
        if (tested[at] != wanted[at]) {
            return 0;
        }
    }
    return 1;
}

static int copies(size_t n, size_t odd) {
    fill();
    for (size_t at = 0; at < n; at++) {
        wanted[START + odd + at] = source[at];
    }
    void *to = tested_memcpy(tested + START + odd, source, n);
    return to == tested + START + odd && same() ? 0 : fail("memcpy", n, (long)odd);
}

static int moves(size_t n, long shift) {
    fill();
    for (size_t at = 0; at < n; at++) {
        source[at] = wanted[START + at];
    }
    for (size_t at = 0; at < n; at++) {
        wanted[START + shift + (long)at] = source[at];
    }
    void *to = tested_memmove(tested + START + shift, tested + START, n);
    return to == tested + START + shift && same() ? 0 : fail("memmove", n, shift);
}

static int fills(size_t n, size_t odd, int byte) {
    fill();
    for (size_t at = 0; at < n; at++) {
        wanted[START + odd + at] = (unsigned char)byte;
    }
    void *to = tested_memset(tested + START + odd, byte, n);
    return to == tested + START + odd && same() ? 0 : fail("memset", n, byte);
}

static int sign(int number) {
    return (number > 0) - (number < 0);
}

static int compares(size_t n, size_t at, int by) {
    fill();
    unsigned char *one = tested + START, *other = wanted + START;
    // What stands beyond the end does not count.
    one[n] = 1, other[n] = 2;
    if (at < n) {
        other[at] = (unsigned char)(one[at] + by);
        if (at + 1 < n) {
            other[at + 1] = (unsigned char)(one[at + 1] + 3);
        }
    }
    int expected = at < n ? sign((int)one[at] - (int)other[at]) : 0;
    int found = sign(tested_memcmp(one, other, n));
    int differs = tested_bcmp(one, other, n) != 0;
    return found == expected && differs == (expected != 0) ? 0 : fail("memcmp", n, (long)at);
}

int main(void) {
    static const long shifts[] = {-4000, -129, -128, -65, -64, -63, -17, -16, -8, -1, 0, 1, 3, 8, 15, 16, 31, 63, 64, 65, 100, 127, 129, 1000, 4000};
    int failed = 0;
    for (size_t n = 0; n <= MOST; n += n < 300 || (n > 1980 && n < 2180) ? 1 : 37) {
        for (size_t odd = 0; odd < 64; odd += 13) {
            failed += copies(n, odd) + fills(n, odd, (int)odd) + fills(n, odd, -1 - (int)odd);
        }
        for (size_t each = 0; each < sizeof shifts / sizeof *shifts; each++) {
            failed += moves(n, shifts[each]);
        }
        for (size_t at = 0; at <= n; at += n < 70 || at + 40 > n ? 1 : 29) {
            failed += compares(n, at, 1) + compares(n, at, 128) + compares(n, at, 255);
        }
        if (failed) {
            return 1;
        }
    }
    return 0;
}
