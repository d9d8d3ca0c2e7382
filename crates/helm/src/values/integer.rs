//! Whole numbers out of text, in Go's words.

use super::printed;

/// Reads a number as `strconv.Atoi` does.
///
/// # Errors
///
/// Go's: what is too large is so before what follows it is looked at.
pub(crate) fn atoi(text: &str) -> Result<i64, String> {
    let is_negative = text.starts_with('-');
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text).as_bytes();
    let wrong = |reason| format!("strconv.Atoi: parsing {}: {reason}", printed("%q", &text.into()));
    let (syntax, range) = ("invalid syntax", "value out of range");
    if digits.is_empty() {
        return Err(wrong(syntax));
    }
    let mut size: u64 = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return Err(wrong(syntax));
        }
        let next = size.checked_mul(10).and_then(|size| size.checked_add(u64::from(digit - b'0')));
        size = next.ok_or_else(|| wrong(range))?;
    }
    let size = i128::from(size);
    i64::try_from(if is_negative { -size } else { size }).map_err(|_| wrong(range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_go_reads_them() {
        let (syntax, range) = (Err("invalid syntax"), Err("value out of range"));
        let table = [
            ("0", Ok(0)),
            ("+007", Ok(7)),
            ("-9223372036854775808", Ok(i64::MIN)),
            ("9223372036854775808", range),
            ("9223372036854775808x", syntax),
            ("99999999999999999999x", range),
            ("", syntax),
            ("-", syntax),
            ("1_0", syntax),
        ];
        for (text, wanted) in table {
            let wanted = wanted
                .map_err(|reason: &str| format!("strconv.Atoi: parsing \"{text}\": {reason}"));
            assert_eq!(atoi(text), wanted);
        }
    }
}
