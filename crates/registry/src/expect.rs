//! Whether a large body asks before its first byte (`Expect: 100-continue`).
//!
//! That a host says to go on does not reach us through the HTTP client: only its refusal does, or the end of the wait. So the
//! question costs a wait wherever it is answered well, and is asked only after a body was refused in its middle, once.

use crate::host::Host;
use crate::limits::EXPECT_BYTES;
use crate::payload::{Payload, Piece};

/// What is known about asking a host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Question {
    /// No body was refused in its middle since the last one that waited for nothing.
    #[default]
    Needless,
    /// A body was refused in its middle: the next one asks.
    Worthwhile,
    /// The host takes no such question (417), or refuses in the middle though it was asked.
    Vain,
}

/// Returns whether a body is worth a question before its first byte.
pub(crate) fn asks(host: &Host, payload: &Payload<'_>) -> bool {
    let large = matches!(payload, Payload::Content(piece) if piece.length >= EXPECT_BYTES);
    large && host.facts().question == Question::Worthwhile
}

/// Notes what came of a body that asked or did not: `status` is that of the answer, if there was one.
pub(crate) fn learn(host: &Host, piece: &Piece<'_>, asked: bool, status: Option<u16>) {
    let mut facts = host.facts();
    facts.question = after(facts.question, asked, (piece.sent_bytes(), piece.length), status);
}

fn after(
    known: Question,
    asked: bool,
    (sent_bytes, length): (u64, u64),
    status: Option<u16>,
) -> Question {
    let begun = sent_bytes > 0;
    let cut = sent_bytes < length && status.is_some_and(|status| !(200..300).contains(&status));
    match (known, asked) {
        (Question::Vain, _) => Question::Vain,
        (_, true) if status == Some(417) || (begun && cut) => Question::Vain,
        (_, true) if begun => Question::Needless,
        (_, false) if cut => Question::Worthwhile,
        _ => known,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_asked_after_a_refusal_in_the_middle_and_no_more_once_it_brought_nothing() {
        use Question::{Needless, Vain, Worthwhile};
        let table = [
            (Needless, false, 10, Some(201), Needless),
            (Needless, false, 10, Some(403), Needless),
            (Needless, false, 4, Some(403), Worthwhile),
            (Needless, false, 4, None, Needless),
            (Worthwhile, true, 0, Some(403), Worthwhile),
            (Worthwhile, true, 0, None, Worthwhile),
            (Worthwhile, true, 0, Some(417), Vain),
            (Worthwhile, true, 4, Some(403), Vain),
            (Worthwhile, true, 10, Some(201), Needless),
            (Worthwhile, true, 10, Some(403), Needless),
            (Worthwhile, true, 4, None, Needless),
            (Vain, false, 4, Some(403), Vain),
            (Vain, true, 10, Some(201), Vain),
        ];
        for (known, asked, sent, status, want) in table {
            let got = after(known, asked, (sent, 10), status);
            assert_eq!(got, want, "{known:?} {asked} {sent} {status:?}");
        }
    }
}
