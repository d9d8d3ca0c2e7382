//! The heads of all documents.

use std::panic::resume_unwind;
use std::thread;

use super::head::{Head, HeadError};
use crate::profile::Rules;

/// Bytes of all documents from which on a second thread reads half of them: 64 KiB take 0.8 ms, and a thread 0.1 ms.
const SHARED_BYTES: usize = 64 << 10;

/// Reads the head of each text, in their order.
pub(super) fn read(texts: &[&[u8]], rules: &Rules) -> Vec<Result<Head, HeadError>> {
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    if bytes < SHARED_BYTES {
        return each(texts, rules);
    }
    let (ours, theirs) = texts.split_at(half(texts, bytes));
    thread::scope(|scope| {
        let other = thread::Builder::new().spawn_scoped(scope, || each(theirs, rules));
        let mut heads = each(ours, rules);
        heads.extend(match other {
            Ok(other) => other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            // Where the system gives no thread, it takes longer.
            Err(_) => each(theirs, rules),
        });
        heads
    })
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
    use super::*;
    use crate::Profile;

    #[test]
    fn two_threads_read_what_one_reads() {
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
        assert_eq!(read(&texts, rules), each(&texts, rules));
    }

    /// A thread has less stack than the command line.
    #[test]
    fn a_second_thread_reads_what_is_nested_as_deeply_as_may_be() {
        let rules = Profile::Helm4_2_4.rules();
        let deep = format!("kind: Deep\na: {}{}\n", "[".repeat(990), "]".repeat(990));
        let wide = format!("kind: Wide\ndata: {}\n", "x".repeat(SHARED_BYTES));
        let heads = read(&[wide.as_bytes(), deep.as_bytes()], rules);
        let kinds: Vec<_> =
            heads.into_iter().map(|head| head.map(|head| head.kind).unwrap_or_default()).collect();
        assert_eq!(kinds, ["Wide", "Deep"]);
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
