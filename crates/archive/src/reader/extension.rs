//! What stands before an entry and changes it: pax records and GNU's long names.

use super::error::{Ambiguity, Key};

/// What an extension says of the entry after it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Extension {
    pub(super) path: Option<Vec<u8>>,
    pub(super) size_bytes: Option<u64>,
}

impl Extension {
    /// Reads the content of a pax header.
    ///
    /// Records are `LENGTH key=value\n`. Only `path` and `size` change an entry; what only describes a file is passed over, and all else
    /// that POSIX or GNU gave a meaning is refused.
    pub(super) fn pax(records: &[u8]) -> Result<Self, Ambiguity> {
        let mut extension = Self::default();
        let mut rest = records;
        while !rest.is_empty() {
            let (record, after) = split(rest).ok_or(Ambiguity::Records)?;
            rest = after;
            extension.add(record)?;
        }
        Ok(extension)
    }

    /// Reads the content of GNU's long name: a name, and at most one NUL at its end.
    pub(super) fn long_name(content: &[u8]) -> Result<Self, Ambiguity> {
        let name = content.strip_suffix(b"\0").unwrap_or(content);
        if name.contains(&0) {
            return Err(Ambiguity::Nul);
        }
        Ok(Self { path: Some(name.to_vec()), size_bytes: None })
    }

    fn add(&mut self, (key, value): (&[u8], &[u8])) -> Result<(), Ambiguity> {
        let refused = Err(Ambiguity::Refused(Key::of(key)));
        match key {
            b"path" | b"size" if value.is_empty() => refused,
            b"path" if self.path.is_some() => refused,
            b"path" if value.contains(&0) => Err(Ambiguity::Nul),
            b"path" => {
                self.path = Some(value.to_vec());
                Ok(())
            }
            b"size" if self.size_bytes.is_some() => refused,
            b"size" => {
                self.size_bytes = Some(decimal(value).ok_or(Ambiguity::Number)?);
                Ok(())
            }
            _ if key.starts_with(b"GNU.sparse.") => Err(Ambiguity::Sparse),
            _ if only_describes(key) => Ok(()),
            _ => refused,
        }
    }
}

/// Returns the last comment of a global header, as `git archive` writes it; no other key may be there.
pub(super) fn comment(records: &[u8]) -> Result<Option<String>, Ambiguity> {
    let mut rest = records;
    let mut comment = None;
    while !rest.is_empty() {
        let ((key, value), after) = split(rest).ok_or(Ambiguity::Records)?;
        rest = after;
        if key != b"comment" {
            return Err(Ambiguity::Global(Key::of(key)));
        }
        comment = Some(String::from_utf8_lossy(value).into_owned());
    }
    Ok(comment)
}

/// Owners, times and comments, and what vendors add: attributes of Linux and macOS.
fn only_describes(key: &[u8]) -> bool {
    const KEYS: [&[u8]; 8] =
        [b"atime", b"ctime", b"mtime", b"uid", b"gid", b"uname", b"gname", b"comment"];
    const PREFIXES: [&[u8]; 3] = [b"SCHILY.", b"LIBARCHIVE.", b"RHT."];
    KEYS.contains(&key)
        || (PREFIXES.iter().any(|prefix| key.starts_with(prefix)) && key != b"SCHILY.realsize")
}

type Record<'r> = (&'r [u8], &'r [u8]);

/// Cuts off the first record.
fn split(records: &[u8]) -> Option<(Record<'_>, &[u8])> {
    let digits = records.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let length = usize::try_from(decimal(&records[..digits])?).ok()?;
    let (record, rest) = records.split_at_checked(length)?;
    let record = record.get(digits..)?.strip_prefix(b" ")?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|&byte| byte == b'=').filter(|&at| at > 0)?;
    let (key, value) = record.split_at(equals);
    (!key.contains(&0)).then_some(((key, &value[1..]), rest))
}

/// Digits without a zero before them.
fn decimal(digits: &[u8]) -> Option<u64> {
    if digits.len() > 1 && digits[0] == b'0' || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_end_where_they_say() {
        let extension = Extension::pax(b"9 path=a\n13 size=1234\n").expect("records");
        assert_eq!(extension.path.as_deref(), Some(&b"a"[..]));
        for wrong in [
            &b"9 path=a"[..],
            b"8 path=a\n",
            b"99 path=a\n",
            b"09 path=a\n",
            b"+9 path=a\n",
            b"9path=a\n\n",
            b"5 =a\n",
            b"7 path\n",
            b"\n",
            b"0",
            b"18446744073709551616 a=b\n",
            b"9 path=a\n\0",
        ] {
            let error = Extension::pax(wrong).expect_err("malformed");
            assert_eq!(error, Ambiguity::Records, "{:?}", String::from_utf8_lossy(wrong));
        }
    }

    #[test]
    fn a_size_is_a_decimal_number() {
        for wrong in [&b"9 size=x\n"[..], b"11 size=01\n", b"11 size=-1\n", b"12 size=0x1\n"] {
            assert_eq!(Extension::pax(wrong), Err(Ambiguity::Number));
        }
    }
}
