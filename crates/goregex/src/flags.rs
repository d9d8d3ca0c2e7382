//! The flags that `(?imsU-imsU)` sets.

/// The flags in force at one place of the pattern.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    /// `i`: letters match without regard to case.
    pub(crate) const FOLD: Self = Self(1);
    /// `m`: `^` and `$` match at lines.
    pub(crate) const LINES: Self = Self(2);
    /// `s`: `.` matches a line feed.
    pub(crate) const DOT_ALL: Self = Self(4);
    /// `U`: repetitions are lazy, and greedy with `?`.
    pub(crate) const LAZY: Self = Self(8);

    pub(crate) fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    pub(crate) fn set(&mut self, flag: Self, on: bool) {
        if on {
            self.0 |= flag.0;
        } else {
            self.0 &= !flag.0;
        }
    }

    /// The flag of a letter.
    pub(crate) fn of(letter: char) -> Option<Self> {
        match letter {
            'i' => Some(Self::FOLD),
            'm' => Some(Self::LINES),
            's' => Some(Self::DOT_ALL),
            'U' => Some(Self::LAZY),
            _ => None,
        }
    }
}
