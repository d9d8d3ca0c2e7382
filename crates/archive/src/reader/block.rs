//! One header block of 512 bytes.

use super::error::Ambiguity;
use super::head::shown;

pub(super) const BLOCK: usize = 512;

/// A header whose checksum is right.
pub(super) struct Block<'b>(&'b [u8; BLOCK]);

/// The format of a header: it decides where a name stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    /// GNU: no prefix.
    Gnu,
    /// POSIX: a prefix of 155 bytes before the name.
    Ustar,
    /// Before there was a magic: only a name.
    V7,
}

impl<'b> Block<'b> {
    /// Returns the header, or what is wrong with the block.
    pub(super) fn new(bytes: &'b [u8; BLOCK]) -> Result<Self, &'static str> {
        let at = |index: usize, byte: u8| if (148..156).contains(&index) { b' ' } else { byte };
        let sum: u64 =
            bytes.iter().enumerate().map(|(index, &byte)| u64::from(at(index, byte))).sum();
        match octal(&bytes[148..156]) {
            Some(written) if written == sum => Ok(Self(bytes)),
            _ => Err("wrong checksum"),
        }
    }

    pub(super) fn kind(&self) -> u8 {
        self.0[156]
    }

    /// The bytes of the name with its prefix.
    pub(super) fn name(&self) -> Result<Vec<u8>, Ambiguity> {
        let name = text(&self.0[..100]);
        let prefix = match self.format()? {
            Format::Ustar => text(&self.0[345..500]),
            Format::Gnu | Format::V7 => b"",
        };
        Ok(if prefix.is_empty() { name.to_vec() } else { [prefix, name].join(&b'/') })
    }

    /// The name as messages show it.
    pub(super) fn shown(&self) -> String {
        shown(&self.name().unwrap_or_default())
    }

    pub(super) fn link(&self) -> String {
        String::from_utf8_lossy(text(&self.0[157..257])).into_owned()
    }

    /// Where a link leads. Another reader would make something else of bytes that are no text.
    pub(super) fn target(&self) -> Result<String, Ambiguity> {
        String::from_utf8(text(&self.0[157..257]).to_vec()).map_err(|_| Ambiguity::Target)
    }

    /// An empty size is zero to some readers and an error to others.
    pub(super) fn size_bytes(&self) -> Result<u64, Ambiguity> {
        let field = &self.0[124..136];
        let is_empty = field.iter().all(|&byte| byte == b' ' || byte == 0);
        number(field).filter(|_| !is_empty).ok_or(Ambiguity::Number)
    }

    pub(super) fn mode(&self) -> Result<u64, Ambiguity> {
        number(&self.0[100..108]).ok_or(Ambiguity::Number)
    }

    /// Checks what is not used, but what another reader may stumble over or take for something else.
    pub(super) fn check(&self) -> Result<(), Ambiguity> {
        let format = self.format()?;
        // Some readers know an extension by its type alone, others by the format that has it.
        match (self.kind(), format) {
            (b'L', Format::Ustar | Format::V7) | (b'x' | b'g', Format::V7) => {
                return Err(Ambiguity::Type);
            }
            _ => {}
        }
        let mut numbers = vec![108..116, 116..124, 329..337, 337..345];
        if format == Format::Gnu {
            numbers.extend([345..357, 357..369]);
        }
        let is_number = |range| number(&self.0[range]).is_some();
        if !numbers.into_iter().all(is_number) || !is_time(&self.0[136..148]) {
            return Err(Ambiguity::Number);
        }
        Ok(())
    }

    /// Nothing may stand where a format has nothing: another reader may look there (star, old Go).
    fn format(&self) -> Result<Format, Ambiguity> {
        let (format, unused) = match &self.0[257..265] {
            b"ustar\x0000" => (Format::Ustar, 500..BLOCK),
            b"ustar  \0" => (Format::Gnu, 369..BLOCK),
            // GNU tar writes the numbers of a device, which are zero, even there.
            _ if self.0[257..329].iter().any(|&byte| byte != 0) => return Err(Ambiguity::Header),
            _ => (Format::V7, 345..BLOCK),
        };
        if self.0[unused].iter().any(|&byte| byte != 0) {
            return Err(Ambiguity::Header);
        }
        Ok(format)
    }
}

/// Up to the first NUL.
fn text(field: &[u8]) -> &[u8] {
    field.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// Octal digits, or a binary number of which the first bit is set. Empty is zero.
fn number(field: &[u8]) -> Option<u64> {
    let [0x80, rest @ ..] = field else { return octal(field) };
    let (high, low) = rest.split_at(rest.len().saturating_sub(8));
    if high.iter().any(|&byte| byte != 0) {
        return None;
    }
    let value = low.iter().fold(0, |value: u64, &byte| (value << 8) | u64::from(byte));
    i64::try_from(value).is_ok().then_some(value)
}

/// Blanks, digits, then nothing but blanks and NULs.
fn octal(field: &[u8]) -> Option<u64> {
    let blanks = field.iter().take_while(|&&byte| byte == b' ').count();
    let (digits, rest) = field[blanks..]
        .split_at(field[blanks..].iter().take_while(|&&byte| matches!(byte, b'0'..=b'7')).count());
    if rest.iter().any(|&byte| byte != b' ' && byte != 0) {
        return None;
    }
    digits
        .iter()
        .try_fold(0_u64, |value, &digit| value.checked_mul(8)?.checked_add(u64::from(digit - b'0')))
}

/// A time may lie before 1970, which GNU tar writes as a negative binary number.
fn is_time(field: &[u8]) -> bool {
    field.starts_with(&[0xff]) || number(field).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_octal_or_binary_and_nothing_else() {
        assert_eq!(number(b"00000000017\0"), Some(15));
        assert_eq!(number(b"  17 \0"), Some(15));
        assert_eq!(number(b"\0\0\0\0"), Some(0));
        assert_eq!(number(&[0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]), Some(8 << 30));
        for wrong in [&b"18\0"[..], b"1\x002", b"+1", b"0x1", b"1 2", &[0xff; 12], &[0x81, 0, 0, 0]]
        {
            assert_eq!(number(wrong), None, "{wrong:?}");
        }
        assert_eq!(number(&[0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0]), None, "2⁶³");
    }
}
