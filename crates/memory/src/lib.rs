//! `memcpy`, `memmove`, `memset`, `memcmp` and `bcmp` for static programs on x86-64, in place of musl's.
//!
//! The compiler calls these functions wherever bytes are copied or compared. musl's take some 30 cycles to copy three bytes, as
//! they begin with an instruction that repeats, and compare one byte at a time; templates print in pieces of three bytes.
//! The functions are in C (`src/memory.c`), since the compiler of Rust makes calls of these functions out of their own loops.
//!
//! Whoever links this crate has them: there is nothing to call. For other targets it is empty.
