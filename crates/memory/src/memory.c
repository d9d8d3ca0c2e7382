// Copying, filling and comparing bytes, with the instructions that each x86-64 processor has.
//
// Short lengths are most calls: they are done with two or more moves of a power of two that may overlap in the middle, without
// a loop. Each of them is read whole before anything is written, so that `memmove` can share them.

#include <stddef.h>
#include <stdint.h>

typedef uint16_t u16 __attribute__((may_alias, aligned(1)));
typedef uint32_t u32 __attribute__((may_alias, aligned(1)));
typedef uint64_t u64 __attribute__((may_alias, aligned(1)));
typedef char v16 __attribute__((vector_size(16), may_alias, aligned(1)));

// The longest that is copied without a loop.
#define SHORT 128
// From here on the instruction that repeats is as fast as a loop, and faster in caches.
#define LONG 2048

#define AT(type, place) (*(type *)(place))
#define READ(type, place) (*(const type *)(place))

static inline __attribute__((always_inline)) void copy_short(unsigned char *to, const unsigned char *from, size_t n) {
    if (n >= 16) {
        if (n > 64) {
            v16 a = READ(v16, from), b = READ(v16, from + 16), c = READ(v16, from + 32), d = READ(v16, from + 48);
            v16 e = READ(v16, from + n - 64), f = READ(v16, from + n - 48);
            v16 g = READ(v16, from + n - 32), h = READ(v16, from + n - 16);
            AT(v16, to) = a, AT(v16, to + 16) = b, AT(v16, to + 32) = c, AT(v16, to + 48) = d;
            AT(v16, to + n - 64) = e, AT(v16, to + n - 48) = f;
            AT(v16, to + n - 32) = g, AT(v16, to + n - 16) = h;
        } else if (n > 32) {
            v16 a = READ(v16, from), b = READ(v16, from + 16);
            v16 c = READ(v16, from + n - 32), d = READ(v16, from + n - 16);
            AT(v16, to) = a, AT(v16, to + 16) = b;
            AT(v16, to + n - 32) = c, AT(v16, to + n - 16) = d;
        } else {
            v16 a = READ(v16, from), b = READ(v16, from + n - 16);
            AT(v16, to) = a, AT(v16, to + n - 16) = b;
        }
    } else if (n >= 8) {
        uint64_t a = READ(u64, from), b = READ(u64, from + n - 8);
        AT(u64, to) = a, AT(u64, to + n - 8) = b;
    } else if (n >= 4) {
        uint32_t a = READ(u32, from), b = READ(u32, from + n - 4);
        AT(u32, to) = a, AT(u32, to + n - 4) = b;
    } else if (n >= 2) {
        uint16_t a = READ(u16, from), b = READ(u16, from + n - 2);
        AT(u16, to) = a, AT(u16, to + n - 2) = b;
    } else if (n == 1) {
        *to = *from;
    }
}

struct block {
    v16 a, b, c, d;
};

static inline struct block read_block(const unsigned char *from) {
    return (struct block){READ(v16, from), READ(v16, from + 16), READ(v16, from + 32), READ(v16, from + 48)};
}

static inline void write_block(unsigned char *to, struct block block) {
    AT(v16, to) = block.a, AT(v16, to + 16) = block.b;
    AT(v16, to + 32) = block.c, AT(v16, to + 48) = block.d;
}

// More than 64 bytes, of which the first may lie in what is written only when it was read before.
static inline void copy_up(unsigned char *to, const unsigned char *from, size_t n) {
    struct block last = read_block(from + n - 64);
    for (size_t at = 0; at < n - 64; at += 64) {
        write_block(to + at, read_block(from + at));
    }
    write_block(to + n - 64, last);
}

// The same from the end on.
static inline void copy_down(unsigned char *to, const unsigned char *from, size_t n) {
    struct block first = read_block(from);
    for (size_t end = n; end > 64; end -= 64) {
        write_block(to + end - 64, read_block(from + end - 64));
    }
    write_block(to, first);
}

void *memcpy(void *restrict to, const void *restrict from, size_t n) {
    unsigned char *there = to;
    const unsigned char *here = from;
    if (n <= SHORT) {
        copy_short(there, here, n);
    } else if (n < LONG) {
        copy_up(there, here, n);
    } else {
        // Written in whole lines of the cache.
        size_t odd = 64 - ((uintptr_t)there & 63);
        write_block(there, read_block(here));
        write_block(there + n - 64, read_block(here + n - 64));
        there += odd, here += odd;
        size_t words = (n - odd) / 8;
        __asm__ volatile("rep movsq" : "+D"(there), "+S"(here), "+c"(words) : : "memory");
    }
    return to;
}

void *memmove(void *to, const void *from, size_t n) {
    if (n <= SHORT) {
        copy_short(to, from, n);
    } else if ((uintptr_t)to - (uintptr_t)from >= n) {
        // What is written first was read before, or is never read.
        if ((uintptr_t)from - (uintptr_t)to >= n) {
            return memcpy(to, from, n);
        }
        copy_up(to, from, n);
    } else {
        copy_down(to, from, n);
    }
    return to;
}

void *memset(void *to, int byte, size_t n) {
    unsigned char *there = to;
    uint64_t word = (unsigned char)byte * 0x0101010101010101u;
    if (n >= LONG) {
        AT(u64, there + n - 8) = word;
        unsigned char *end = there;
        size_t words = n / 8;
        __asm__ volatile("rep stosq" : "+D"(end), "+c"(words) : "a"(word) : "memory");
    } else if (n >= 16) {
        v16 many = (v16)(__attribute__((vector_size(16))) uint64_t){word, word};
        for (size_t at = 0; at < n - 16; at += 16) {
            AT(v16, there + at) = many;
        }
        AT(v16, there + n - 16) = many;
    } else if (n >= 8) {
        AT(u64, there) = word, AT(u64, there + n - 8) = word;
    } else if (n >= 4) {
        AT(u32, there) = (uint32_t)word, AT(u32, there + n - 4) = (uint32_t)word;
    } else if (n >= 2) {
        AT(u16, there) = (uint16_t)word, AT(u16, there + n - 2) = (uint16_t)word;
    } else if (n == 1) {
        *there = (unsigned char)byte;
    }
    return to;
}

// Compares numbers that were read from memory as their bytes stand there.
static inline int order(uint64_t one, uint64_t other) {
    one = __builtin_bswap64(one), other = __builtin_bswap64(other);
    return (one > other) - (one < other);
}

int memcmp(const void *one, const void *other, size_t n) {
    const unsigned char *here = one, *there = other;
    if (n >= 16) {
        for (size_t at = 0;; at = at + 32 > n ? n - 16 : at + 16) {
            v16 same = (v16)(READ(v16, here + at) == READ(v16, there + at));
            unsigned differ = 0xffff ^ (unsigned)__builtin_ia32_pmovmskb128(same);
            if (differ) {
                at += (size_t)__builtin_ctz(differ);
                return here[at] - there[at];
            }
            if (at + 16 == n) {
                return 0;
            }
        }
    }
    if (n >= 8) {
        int first = order(READ(u64, here), READ(u64, there));
        return first ? first : order(READ(u64, here + n - 8), READ(u64, there + n - 8));
    }
    if (n >= 4) {
        int first = order(READ(u32, here), READ(u32, there));
        return first ? first : order(READ(u32, here + n - 4), READ(u32, there + n - 4));
    }
    for (size_t at = 0; at < n; at++) {
        if (here[at] != there[at]) {
            return here[at] - there[at];
        }
    }
    return 0;
}

int bcmp(const void *one, const void *other, size_t n) {
    return memcmp(one, other, n);
}
