//! What differs each time.

use std::rc::Rc;

use sealift_gotemplate::{Context, Str};

use crate::base::BASE64;
use crate::host::Host;
use crate::table::{Result, Table};
use crate::text::runes;

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const DIGITS: &[u8] = b"0123456789";

pub(super) fn insert(table: &mut Table<'_>, host: &Rc<dyn Host>) {
    let letters_and_digits = [LETTERS, DIGITS].concat();
    let printable: Vec<u8> = (b' '..=b'~').collect();
    for (name, alphabet) in [
        ("randAlphaNum", letters_and_digits),
        ("randAlpha", LETTERS.to_vec()),
        ("randNumeric", DIGITS.to_vec()),
        ("randAscii", printable),
    ] {
        let host = Rc::clone(host);
        table.one(name, move |context, count: i64| text(context, &*host, count, &alphabet));
    }
    let random = Rc::clone(host);
    table.one("randBytes", move |context, count: i64| bytes(context, &*random, count));
    let random = Rc::clone(host);
    table.two("randInt", move |_, least: i64, end: i64| {
        match u64::try_from(end.wrapping_sub(least)) {
            Ok(count) if count > 0 => {
                Ok(least.wrapping_add(i64::try_from(below(&*random, count)).unwrap_or(0)))
            }
            _ => Err("invalid argument to Intn".into()),
        }
    });
    let random = Rc::clone(host);
    table.none("uuidv4", move |_| Ok(Str::from(uuid(&*random))));
    let random = Rc::clone(host);
    table.one("shuffle", move |context, text: Str| {
        context.spend(text.len() as u64)?;
        let mut all: Vec<char> = runes(text.as_bytes()).map(|rune| rune.character).collect();
        for last in (1..all.len()).rev() {
            let other = below(&*random, last as u64 + 1);
            all.swap(last, usize::try_from(other).unwrap_or(last));
        }
        Ok(text.derive(all.into_iter().collect::<String>()))
    });
}

/// Returns a number less than another, each as likely as any, unless the host is one that
/// gives the same again and again.
fn below(host: &dyn Host, end: u64) -> u64 {
    const TRIES: usize = 64;
    let unfair = (u64::MAX % end + 1) % end;
    let mut number = 0;
    for _ in 0..TRIES {
        let mut bytes = [0; 8];
        host.random(&mut bytes);
        number = u64::from_le_bytes(bytes);
        if number <= u64::MAX - unfair {
            break;
        }
    }
    number % end
}

fn text(context: &Context<'_>, host: &dyn Host, count: i64, alphabet: &[u8]) -> Result<Str> {
    // Sprig drops the error about a negative number.
    let count = usize::try_from(count).unwrap_or(0);
    context.budget().check_string(count)?;
    context.spend(count as u64)?;
    let end = alphabet.len() as u64;
    let one = |_| alphabet[usize::try_from(below(host, end)).unwrap_or(0)];
    Ok(Str::from((0..count).map(one).collect::<Vec<u8>>()))
}

fn bytes(context: &Context<'_>, host: &dyn Host, count: i64) -> Result<Str> {
    let Ok(count) = usize::try_from(count) else {
        return Err("runtime error: makeslice: len out of range".into());
    };
    context.budget().check_string(BASE64.encoded_len(count))?;
    context.spend(count as u64)?;
    let mut bytes = vec![0; count];
    host.random(&mut bytes);
    Ok(Str::from(BASE64.encode(&bytes)))
}

fn uuid(host: &dyn Host) -> String {
    let mut bytes = [0; 16];
    host.random(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = format!("{:032x}", u128::from_be_bytes(bytes));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
