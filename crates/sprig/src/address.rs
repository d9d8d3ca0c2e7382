//! IP addresses as Go's `netip.ParseAddr` reads them.

use crate::url::quoted;

/// An IP address, as far as somebody asks what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Address<'t> {
    /// Four decimals.
    V4,
    /// Eight groups of hexadecimal digits.
    V6 {
        /// What follows a `%`; nothing where there is none.
        zone: &'t [u8],
    },
}

/// Reads an IP address.
///
/// # Errors
///
/// Go's.
pub fn parse_address(text: &[u8]) -> Result<Address<'_>, String> {
    Reader { whole: text }.read()
}

struct Reader<'t> {
    whole: &'t [u8],
}

impl<'t> Reader<'t> {
    fn wrong<T>(&self, reason: &str, at: &[u8]) -> Result<T, String> {
        let place = if at.is_empty() { String::new() } else { format!(" (at {})", quoted(at)) };
        Err(format!("ParseAddr({}): {reason}{place}", quoted(self.whole)))
    }

    fn read(&self) -> Result<Address<'t>, String> {
        match self.whole.iter().find(|byte| b".:%".contains(byte)) {
            Some(b'.') => self.four(self.whole).map(|()| Address::V4),
            Some(b':') => self.eight().map(|zone| Address::V6 { zone }),
            Some(_) => self.wrong("missing IPv6 address", b""),
            None => self.wrong("unable to parse IP", b""),
        }
    }

    /// Reads four decimals.
    fn four(&self, text: &[u8]) -> Result<(), String> {
        let (mut value, mut length, mut fields) = (0, 0, 0);
        for (place, byte) in text.iter().enumerate() {
            match byte {
                b'0'..=b'9' if length == 1 && value == 0 => {
                    return self.wrong("IPv4 field has octet with leading zero", b"");
                }
                b'0'..=b'9' => {
                    value = value * 10 + u32::from(byte - b'0');
                    length += 1;
                    if value > 255 {
                        return self.wrong("IPv4 field has value >255", b"");
                    }
                }
                b'.' => {
                    if place == 0 || place == text.len() - 1 || text[place - 1] == b'.' {
                        let reason = "IPv4 field must have at least one digit";
                        return self.wrong(reason, &text[place..]);
                    }
                    if fields == 3 {
                        return self.wrong("IPv4 address too long", b"");
                    }
                    fields += 1;
                    (value, length) = (0, 0);
                }
                _ => return self.wrong("unexpected character", &text[place..]),
            }
        }
        if fields < 3 { self.wrong("IPv4 address too short", b"") } else { Ok(()) }
    }

    /// Reads groups of hexadecimal digits with colons between them, and returns the zone.
    fn eight(&self) -> Result<&'t [u8], String> {
        let (mut rest, zone) = self.zone()?;
        let mut has_gap = rest.starts_with(b"::");
        if has_gap {
            rest = &rest[2..];
            if rest.is_empty() {
                return Ok(zone);
            }
        }
        let mut bytes = 0;
        while bytes < 16 {
            let behind = self.group(rest)?;
            if behind.starts_with(b".") {
                self.embedded(rest, bytes, has_gap)?;
                rest = &[];
                bytes += 4;
                break;
            }
            bytes += 2;
            rest = behind;
            if rest.is_empty() {
                break;
            }
            rest = self.colon(rest)?;
            if let Some(behind) = rest.strip_prefix(b":") {
                if has_gap {
                    return self.wrong("multiple :: in address", rest);
                }
                has_gap = true;
                rest = behind;
                if rest.is_empty() {
                    break;
                }
            }
        }
        if !rest.is_empty() {
            return self.wrong("trailing garbage after address", rest);
        }
        self.whole_length(bytes, has_gap).map(|()| zone)
    }

    fn whole_length(&self, bytes: usize, has_gap: bool) -> Result<(), String> {
        match (bytes < 16, has_gap) {
            (true, false) => self.wrong("address string too short", b""),
            (false, true) => self.wrong("the :: must expand to at least one field of zeros", b""),
            _ => Ok(()),
        }
    }

    /// Returns what is before a `%`, and the zone behind it.
    fn zone(&self) -> Result<(&'t [u8], &'t [u8]), String> {
        let Some(at) = self.whole.iter().position(|&byte| byte == b'%') else {
            return Ok((self.whole, &[]));
        };
        let zone = &self.whole[at + 1..];
        if zone.is_empty() {
            return self.wrong("zone must be a non-empty string", b"");
        }
        Ok((&self.whole[..at], zone))
    }

    /// Reads a group, and returns what is behind it.
    fn group<'r>(&self, rest: &'r [u8]) -> Result<&'r [u8], String> {
        let length = rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        match length {
            0 => self.wrong("each colon-separated field must have at least one digit", rest),
            1..=4 => Ok(&rest[length..]),
            _ => self.wrong("each group must have 4 or less digits", rest),
        }
    }

    fn colon<'r>(&self, rest: &'r [u8]) -> Result<&'r [u8], String> {
        match rest {
            [b':'] => self.wrong("colon must be followed by more characters", rest),
            [b':', behind @ ..] => Ok(behind),
            _ => self.wrong("unexpected character, want colon", rest),
        }
    }

    fn embedded(&self, rest: &[u8], bytes: usize, has_gap: bool) -> Result<(), String> {
        if !has_gap && bytes != 12 {
            let reason = "embedded IPv4 address must replace the final 2 fields of the address";
            return self.wrong(reason, rest);
        }
        if bytes + 4 > 16 {
            let reason = "too many hex fields to fit an embedded IPv4 at the end of the address";
            return self.wrong(reason, rest);
        }
        self.four(rest)
    }
}
