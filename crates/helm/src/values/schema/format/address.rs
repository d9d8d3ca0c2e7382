//! IP addresses.

use sealift_sprig::{Address, parse_address};

use super::{Check, fail};
use crate::values::integer::atoi;

pub(super) fn ipv4(text: &str) -> Check {
    let groups: Vec<_> = text.split('.').collect();
    if groups.len() != 4 {
        return fail("expected four decimals");
    }
    for group in groups {
        if group.len() > 1 && group.starts_with('0') {
            return fail("leading zeros");
        }
        if !(0..=255).contains(&atoi(group)?) {
            return fail("decimal must be between 0 and 255");
        }
    }
    Ok(())
}

pub(super) fn ipv6(text: &str) -> Check {
    ipv6_bytes(text.as_bytes())
}

pub(super) fn ipv6_bytes(text: &[u8]) -> Check {
    if !text.contains(&b':') {
        return fail("missing colon");
    }
    match parse_address(text)? {
        Address::V6 { zone } if !zone.is_empty() => fail("zone id is not a part of ipv6 address"),
        _ => Ok(()),
    }
}
