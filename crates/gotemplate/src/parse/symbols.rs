//! Names of variables, by number.

use std::cell::RefCell;

use super::node::Symbol;
use crate::names::Names;
use crate::value::Str;

/// The number of `$`.
pub(crate) const DOLLAR: Symbol = 0;

/// Gives the same number to the same name.
#[derive(Clone, Debug)]
pub(crate) struct Symbols(RefCell<Names<Str, Symbol>>);

impl Symbols {
    pub(crate) fn new() -> Self {
        Self(RefCell::new(Names::from_iter([(Str::from("$"), DOLLAR)])))
    }

    pub(crate) fn number(&self, name: &[u8]) -> Symbol {
        let mut numbers = self.0.borrow_mut();
        if let Some(number) = numbers.get(name) {
            return *number;
        }
        let number = Symbol::try_from(numbers.len()).expect("a text is shorter than 4 GiB");
        numbers.insert(Str::from(name), number);
        number
    }
}
