//! Which bytes a request asks for, or brings.

/// What a `Range` header asks of content of a known length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// 206: this many bytes from an offset.
    Part { offset: u64, length: u64 },
    /// 416.
    Unsatisfiable,
    /// 200: no range, one that is not understood, or several.
    Whole,
}

/// Reads `bytes=500-1499`, `bytes=500-`, `bytes=-500`. An end before the start is answered with 416, as the official suite asks
/// (RFC 9110 would ignore it).
pub(crate) fn asked(header: Option<&str>, size_bytes: u64) -> Asked {
    let Some(ranges) = header.and_then(|header| header.trim().strip_prefix("bytes=")) else {
        return Asked::Whole;
    };
    let Some((first, last)) = ranges.trim().split_once('-') else { return Asked::Whole };
    let (first, last) = (number(first), number(last));
    let (start, end) = match (first, last) {
        (Number::Is(first), Number::Is(last)) => (first, last),
        (Number::Is(first), Number::Absent) => (first, u64::MAX),
        (Number::Absent, Number::Is(0)) => return Asked::Unsatisfiable,
        (Number::Absent, Number::Is(length)) => (size_bytes.saturating_sub(length), u64::MAX),
        _ => return Asked::Whole,
    };
    if start >= size_bytes || end < start {
        return Asked::Unsatisfiable;
    }
    Asked::Part { offset: start, length: end.min(size_bytes - 1) - start + 1 }
}

/// Reads the `Content-Range` of a chunk: `0-1023`, both ends counted. `None` when it is no range.
pub(crate) fn chunk(header: &str) -> Option<(u64, u64)> {
    // Some clients write it as HTTP does elsewhere.
    let header = header.trim();
    let header =
        header.strip_prefix("bytes ").or_else(|| header.strip_prefix("bytes=")).unwrap_or(header);
    let (first, last) = header.split('/').next()?.split_once('-')?;
    match (number(first), number(last)) {
        (Number::Is(first), Number::Is(last)) if first <= last => Some((first, last)),
        _ => None,
    }
}

enum Number {
    Absent,
    Is(u64),
    Wrong,
}

/// Digits only: `+5` and ` 5` are no numbers here. One too large is one beyond every end.
fn number(text: &str) -> Number {
    match text {
        "" => Number::Absent,
        text if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Number::Is(text.parse().unwrap_or(u64::MAX))
        }
        _ => Number::Wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_a_thousand_bytes() {
        let part = |offset, length| Asked::Part { offset, length };
        for (header, want) in [
            ("bytes=0-0", part(0, 1)),
            ("bytes=500-", part(500, 500)),
            ("bytes=500-1499", part(500, 500)),
            ("bytes=-500", part(500, 500)),
            ("bytes=-5000", part(0, 1000)),
            ("bytes=999-99999999999999999999999", part(999, 1)),
            ("bytes=1000-", Asked::Unsatisfiable),
            ("bytes=500-0", Asked::Unsatisfiable),
            ("bytes=-0", Asked::Unsatisfiable),
            ("bytes=0-1,5-6", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("lines=1-2", Asked::Whole),
        ] {
            assert_eq!(asked(Some(header), 1000), want, "{header}");
        }
        assert_eq!(asked(None, 1000), Asked::Whole);
        assert_eq!(asked(Some("bytes=0-"), 0), Asked::Unsatisfiable);
    }

    #[test]
    fn ranges_of_chunks() {
        for (header, want) in [
            ("0-1023", Some((0, 1023))),
            ("5-5", Some((5, 5))),
            ("bytes 0-9/10", Some((0, 9))),
            ("9-0", None),
            ("0-", None),
            ("x", None),
        ] {
            assert_eq!(chunk(header), want, "{header}");
        }
    }
}
