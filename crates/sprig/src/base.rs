//! Base 64 and base 32 as Go's `encoding` writes and reads them.

/// An alphabet, padded with `=`.
pub(crate) struct Base {
    name: &'static str,
    alphabet: &'static [u8],
    bits: u32,
    /// Characters of a group, which is a whole number of bytes.
    group: usize,
}

pub(crate) static BASE64: Base = Base {
    name: "base64",
    alphabet: b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
    bits: 6,
    group: 4,
};

pub(crate) static BASE32: Base =
    Base { name: "base32", alphabet: b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5, group: 8 };

impl Base {
    fn bytes_of_group(&self) -> usize {
        self.group * self.bits as usize / 8
    }

    pub(crate) fn encoded_len(&self, len: usize) -> usize {
        len.div_ceil(self.bytes_of_group()).saturating_mul(self.group)
    }

    pub(crate) fn encode(&self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.encoded_len(bytes.len()));
        for part in bytes.chunks(self.bytes_of_group()) {
            let mut bits = 0_u64;
            for place in 0..self.bytes_of_group() {
                bits = bits << 8 | u64::from(part.get(place).copied().unwrap_or(0));
            }
            let written = (part.len() * 8).div_ceil(self.bits as usize);
            for place in 0..self.group {
                let shift = self.bits as usize * (self.group - 1 - place);
                let index =
                    usize::from((bits >> shift).to_le_bytes()[0]) & (self.alphabet.len() - 1);
                out.push(if place < written { self.alphabet[index] } else { b'=' });
            }
        }
        out
    }

    /// Reads a text; line ends in it do not matter.
    pub(crate) fn decode(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        let is_line_end = |byte: u8| byte == b'\n' || byte == b'\r';
        let places: Vec<(usize, u8)> =
            text.iter().copied().enumerate().filter(|&(_, byte)| !is_line_end(byte)).collect();
        let mut out = Vec::with_capacity(places.len() * self.bits as usize / 8);
        for (number, group) in places.chunks(self.group).enumerate() {
            let known = |&(_, byte): &(usize, u8)| self.alphabet.contains(&byte);
            let len = group.iter().take_while(|byte| known(byte)).count();
            if len < self.group {
                let start = number * self.group;
                let wrong = if self.bits == 6 {
                    wrong_in_base64(&places[start..], len, text.len())
                } else {
                    wrong_in_base32(&places[start..], len).map(|index| start + index)
                };
                if let Some(place) = wrong {
                    return Err(format!("illegal {} data at input byte {place}", self.name));
                }
                self.decode_group(group, len, &mut out);
                break;
            }
            self.decode_group(group, len, &mut out);
        }
        Ok(out)
    }

    fn decode_group(&self, group: &[(usize, u8)], len: usize, out: &mut Vec<u8>) {
        let mut bits = 0_u64;
        for index in 0..self.group {
            let character = group.get(index).filter(|_| index < len).map(|&(_, byte)| byte);
            let value = character.and_then(|byte| self.alphabet.iter().position(|&c| c == byte));
            bits = bits << self.bits | value.unwrap_or(0) as u64;
        }
        let bytes = bits.to_be_bytes();
        let whole = &bytes[8 - self.bytes_of_group()..];
        out.extend_from_slice(&whole[..len * self.bits as usize / 8]);
    }
}

/// Returns the place of what is wrong behind the last `len` characters of a text.
fn wrong_in_base64(rest: &[(usize, u8)], len: usize, end: usize) -> Option<usize> {
    let Some(&(place, next)) = rest.get(len) else { return Some(end - len) };
    if next != b'=' || len < 2 {
        return Some(place);
    }
    let more = if len == 2 {
        match rest.get(3) {
            None => return Some(end),
            Some((_, b'=')) => rest.get(4),
            Some((place, _)) => return Some(place - 1),
        }
    } else {
        rest.get(4)
    };
    more.map(|&(place, _)| place)
}

/// Returns which character is wrong behind the last `len` of a text, line ends not counted.
/// What follows the padding does not matter.
fn wrong_in_base32(rest: &[(usize, u8)], len: usize) -> Option<usize> {
    let Some(&(_, next)) = rest.get(len) else { return Some(0) };
    let behind = rest.len() - len - 1;
    if next != b'=' || len < 2 || behind >= 8 {
        return Some(len);
    }
    if behind + len < 7 {
        return Some(rest.len());
    }
    let padding = rest.iter().skip(len + 1).take(7 - len);
    if let Some(wrong) = padding.clone().position(|&(_, byte)| byte != b'=') {
        return Some(len + wrong);
    }
    matches!(len, 1 | 3 | 6).then_some(len)
}
