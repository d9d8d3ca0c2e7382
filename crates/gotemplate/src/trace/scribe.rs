//! Writes the record of one template while it is executed.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::record::{Piece, Record, Scope};
use super::{Read, Recorder, Trace};
use crate::budget::Budget;
use crate::parse::node::Pos;
use crate::value::Str;

/// The most pieces, and the most reads, of one record; what comes after has none.
const MOST: usize = 1 << 20;

/// Writes the record of one template: what its own nodes do, together with all that
/// they call.
#[derive(Debug)]
pub(crate) struct Scribe {
    recorder: Rc<Recorder>,
    record: Record,
    /// What the record carries.
    carried: BTreeSet<Read>,
    /// What changes of watched maps came from.
    changing: Vec<Read>,
    has_changes: bool,
    scope: Option<u32>,
    /// The number of changes of maps that functions returned, when last looked at.
    changes: u64,
}

impl Scribe {
    /// Returns one for the template that begins to be executed.
    pub(crate) fn new(trace: &Trace, budget: &Budget) -> Self {
        let recorder = Rc::clone(&trace.recorder);
        recorder.take_reads();
        recorder.take_changed();
        let mut scribe = Self {
            recorder,
            record: Record::default(),
            carried: BTreeSet::new(),
            changing: Vec::new(),
            has_changes: false,
            scope: None,
            changes: budget.meter().changes(),
        };
        scribe.carry(&trace.carried);
        scribe
    }

    /// Says which text the template stands in.
    pub(crate) fn begin(&mut self, text: &Str) {
        self.record.set_text(text);
    }

    /// Ends the record.
    pub(crate) fn finish(self, trace: &mut Trace) -> Record {
        trace.has_changes |= self.has_changes;
        let known: BTreeSet<_> = trace.carried.iter().cloned().collect();
        trace.carried.extend(self.changing.into_iter().filter(|read| !known.contains(read)));
        self.record
    }

    /// Writes down a text that was printed.
    pub(crate) fn text(&mut self, pos: Pos, output: std::ops::Range<usize>) {
        self.piece(Piece { pos, is_text: true, ..self.here(output) });
    }

    /// Writes down what an action printed, and what was read for it. One that printed
    /// nothing, or set a variable, is there for what comes after it.
    pub(crate) fn action(
        &mut self,
        pos: Pos,
        output: std::ops::Range<usize>,
        sets: bool,
        budget: &Budget,
    ) {
        let is_silent = output.is_empty();
        let reads = self.take_reads();
        let own = self.record.add_reads(&reads, MOST);
        let carries = self.takes_changes(&reads, budget) || sets || is_silent;
        if !(is_silent && reads.is_empty()) {
            self.piece(Piece { pos, own, ..self.here(output) });
        }
        if carries {
            self.carry_all(&reads);
        }
    }

    /// Begins the body of a condition or loop, whose pipeline was just evaluated.
    ///
    /// Of one that `leaks`, what comes after it may differ by whether it was executed.
    pub(crate) fn enter(
        &mut self,
        pos: Pos,
        at: usize,
        leaks: bool,
        budget: &Budget,
    ) -> Option<u32> {
        let reads = self.take_reads();
        let own = self.record.add_reads(&reads, MOST);
        if self.takes_changes(&reads, budget) || leaks {
            self.carry_all(&reads);
        }
        if !reads.is_empty() {
            self.piece(Piece { pos, own: own.clone(), ..self.here(at..at) });
        }
        let outer = self.scope;
        if !own.is_empty() {
            self.scope = self.record.add_scope(Scope { outer, own });
        }
        outer
    }

    /// Ends the body.
    pub(crate) fn leave(&mut self, outer: Option<u32>) {
        self.scope = outer;
    }

    fn here(&self, output: std::ops::Range<usize>) -> Piece {
        let carried = self.record.carried();
        Piece { output, pos: 0, is_text: false, own: 0..0, scope: self.scope, carried }
    }

    fn piece(&mut self, piece: Piece) {
        self.record.add(piece, MOST);
    }

    fn take_reads(&self) -> Vec<Read> {
        self.recorder.take_reads().into_iter().collect()
    }

    /// Returns whether maps were changed that were there before, since it was last asked.
    fn takes_changes(&mut self, reads: &[Read], budget: &Budget) -> bool {
        if self.recorder.take_changed() {
            self.has_changes = true;
            self.changing.extend(reads.iter().cloned());
            self.changing.extend(self.record.around(self.scope).cloned());
            self.changing.extend(self.carried.iter().cloned());
        }
        let before = std::mem::replace(&mut self.changes, budget.meter().changes());
        self.changes != before
    }

    /// Carries reads, and those of the conditions around, to all that is printed after.
    fn carry_all(&mut self, reads: &[Read]) {
        let around: Vec<_> = self.record.around(self.scope).cloned().collect();
        self.carry(reads);
        self.carry(&around);
    }

    fn carry(&mut self, reads: &[Read]) {
        for read in reads {
            if self.carried.insert(read.clone()) {
                self.record.carry(read.clone());
            }
        }
    }
}
