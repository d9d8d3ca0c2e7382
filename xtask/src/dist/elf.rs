//! The little of ELF that tells a static program from another.

use anyhow::{Context as _, Result, bail};

/// The type of the program header that names the dynamic loader.
const INTERPRETER: usize = 3;

/// Returns the loader that a program asks for; a static one asks for none.
pub(super) fn interpreter(bytes: &[u8]) -> Result<Option<String>> {
    if !bytes.starts_with(b"\x7fELF\x02\x01") {
        bail!("no 64-bit little-endian ELF file");
    }
    let (table, size) = (number(bytes, 32, 8)?, number(bytes, 54, 2)?);
    for index in 0..number(bytes, 56, 2)? {
        let start = index.checked_mul(size).and_then(|offset| table.checked_add(offset));
        let header = start
            .and_then(|start| bytes.get(start..))
            .context("a program header is outside the file")?;
        if number(header, 0, 4)? == INTERPRETER {
            let (start, length) = (number(header, 8, 8)?, number(header, 32, 8)?);
            let end = start.checked_add(length);
            let name = end
                .and_then(|end| bytes.get(start..end))
                .context("the loader's name is outside the file")?;
            return Ok(Some(String::from_utf8_lossy(name).trim_end_matches('\0').to_owned()));
        }
    }
    Ok(None)
}

/// Reads an unsigned little-endian number.
fn number(bytes: &[u8], offset: usize, width: usize) -> Result<usize> {
    let digits = bytes.get(offset..offset + width).context("the file is cut short")?;
    Ok(usize::try_from(
        digits.iter().rev().fold(0_u64, |number, digit| (number << 8) | u64::from(*digit)),
    )?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_test_asks_for_a_loader_and_a_text_is_no_program() {
        let own = fs_err::read(std::env::current_exe().unwrap()).unwrap();
        assert!(interpreter(&own).unwrap().unwrap().contains("ld"), "tests are built for glibc");
        assert!(interpreter(b"#!/bin/sh\n").is_err());
        assert!(interpreter(b"\x7fELF\x02\x01").is_err(), "cut short");
    }
}
