//! The heads of all documents.

use sealift_sprig::Host;

use super::head::{Head, HeadError};
use crate::profile::Rules;

/// Bytes of all documents from which on half of them are read meanwhile: 64 KiB take 0.8 ms, and a thread 0.1 ms.
const SHARED_BYTES: usize = 64 << 10;

/// Reads the head of each text, in their order.
pub(super) fn read(
    texts: &[&[u8]],
    rules: &Rules,
    host: &dyn Host,
) -> Vec<Result<Head, HeadError>> {
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    if bytes < SHARED_BYTES {
        return each(texts, rules);
    }
    let (one, other) = texts.split_at(half(texts, bytes));
    let (mut heads, mut others) = (Vec::new(), Vec::new());
    host.both(&mut || heads = each(one, rules), &mut || others = each(other, rules));
    heads.append(&mut others);
    heads
}

fn each(texts: &[&[u8]], rules: &Rules) -> Vec<Result<Head, HeadError>> {
    texts.iter().map(|text| Head::read(text, rules)).collect()
}

/// Returns how many texts come before the middle of all bytes, the one in which it is included.
fn half(texts: &[&[u8]], bytes: usize) -> usize {
    let mut before = 0;
    texts
        .iter()
        .take_while(|text| {
            let is_before = before < bytes / 2;
            before += text.len();
            is_before
        })
        .count()
}

#[cfg(test)]
mod tests {
    use sealift_sprig::{Certificate, CertificateRequest, KeyKind, Moment};

    use super::*;
    use crate::{FixedHost, Profile};

    /// A host that begins with the other thing, and has nothing else.
    struct OtherFirst;

    impl Host for OtherFirst {
        fn now(&self) -> Moment {
            Moment::default()
        }

        fn random(&self, _: &mut [u8]) {}

        fn private_key(&self, _: KeyKind) -> Result<String, String> {
            Err(String::new())
        }

        fn certificate(&self, _: &CertificateRequest) -> Result<Certificate, String> {
            Err(String::new())
        }

        fn both(&self, one: &mut dyn FnMut(), other: &mut (dyn FnMut() + Send)) {
            other();
            one();
        }
    }

    #[test]
    fn halves_are_what_is_read_at_once() {
        let rules = Profile::Helm4_2_4.rules();
        let texts: Vec<_> = (0..3000)
            .map(|n| match n % 7 {
                3 => format!("kind: [{n}]\n"),
                5 => format!("a: {n}\n b: c\n"),
                _ => format!("kind: K{n}\ndata: {}\n", "x".repeat(n % 100)),
            })
            .collect();
        let texts: Vec<_> = texts.iter().map(String::as_bytes).collect();
        assert!(texts.concat().len() > SHARED_BYTES);
        for host in [&OtherFirst as &dyn Host, &FixedHost::default()] {
            assert_eq!(read(&texts, rules, host), each(&texts, rules));
        }
    }

    #[test]
    fn texts_are_parted_in_the_middle_of_their_bytes() {
        let table: [(&[&[u8]], usize); 4] = [
            (&[b"aaaa", b"b", b"c", b"dd"], 1),
            (&[b"a", b"b", b"cccc"], 3),
            (&[b"aaaa"], 1),
            (&[b"", b"a", b"b"], 2),
        ];
        for (texts, want) in table {
            assert_eq!(half(texts, texts.concat().len()), want, "{texts:?}");
        }
    }
}
