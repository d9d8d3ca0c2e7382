//! What functions of the host see of the execution.

use crate::budget::Budget;
use crate::error::Error;
use crate::limits::Limit;
use crate::output::Output;
use crate::set::Templates;
use crate::value::{Str, Value};

/// The execution in which a function is called.
#[derive(Debug)]
pub struct Context<'x> {
    pub(super) set: &'x Templates,
    pub(super) budget: &'x Budget,
}

impl Context<'_> {
    /// Returns what is left of the limits.
    #[must_use]
    pub fn budget(&self) -> &Budget {
        self.budget
    }

    /// Returns whether there is a template of that name.
    #[must_use]
    pub fn contains(&self, name: impl AsRef<[u8]>) -> bool {
        self.set.contains(name)
    }

    /// Takes steps, for a function whose work its arguments say.
    ///
    /// # Errors
    ///
    /// [`Limit::Steps`], when fewer are left.
    pub fn spend(&self, steps: u64) -> Result<(), Limit> {
        self.budget.spend(steps)
    }

    /// Executes a template of the set into a string: Helm's `include`.
    ///
    /// # Errors
    ///
    /// When the template cannot be executed to its end, [`Limit::Frames`] included.
    pub fn execute(&mut self, name: impl Into<Str>, data: &Value) -> Result<Str, Error> {
        into_string(self.budget, |out| {
            super::execute(self.set, &name.into(), data, self.budget, out)
        })
    }

    /// Executes a text as a template into a string: Helm's `tpl`.
    ///
    /// The text sees the templates of the set; what it defines is seen while it is
    /// executed only.
    ///
    /// # Errors
    ///
    /// When the text cannot be parsed or executed to its end.
    pub fn execute_text(
        &mut self,
        name: impl Into<Str>,
        text: impl Into<Str>,
        data: &Value,
    ) -> Result<Str, Error> {
        let name = name.into();
        let mut set = self.set.inner();
        // A text that is only white space does not replace a template of its name, as in Go:
        // inside another such text that would be executed again.
        let own = set.add(&name, &text.into())?;
        into_string(self.budget, |out| match own {
            Some(tree) => super::execute_tree(&set, &tree, data, self.budget, out),
            None => super::execute(&set, &name, data, self.budget, out),
        })
    }
}

fn into_string(
    budget: &Budget,
    execute: impl FnOnce(&mut Output) -> Result<(), Error>,
) -> Result<Str, Error> {
    let mut out = Output::of_string(budget.limits().string_bytes);
    let done = execute(&mut out);
    budget.return_output(out.len());
    done?;
    Ok(out.into_str())
}
