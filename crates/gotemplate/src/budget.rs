//! What is left of the limits while templates execute.

use std::cell::Cell;
use std::rc::Rc;

use crate::limits::{Limit, Limits};

/// What one rendering has used of its [`Limits`].
///
/// Executions that belong together, such as all templates of a chart, share one.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    steps: Cell<u64>,
    output_bytes: Cell<usize>,
    meter: Rc<Meter>,
    pub(crate) frames: Cell<usize>,
    pub(crate) nesting: Cell<usize>,
}

impl Budget {
    /// Returns a budget of which nothing is used.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            steps: Cell::new(0),
            output_bytes: Cell::new(0),
            meter: Rc::default(),
            frames: Cell::new(0),
            nesting: Cell::new(0),
        }
    }

    /// Returns the limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Returns the steps taken so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps.get()
    }

    /// Takes steps.
    ///
    /// # Errors
    ///
    /// [`Limit::Steps`], when fewer are left.
    pub fn spend(&self, steps: u64) -> Result<(), Limit> {
        self.steps.set(self.steps.get().saturating_add(steps));
        if self.steps.get() > self.limits.steps {
            return Err(Limit::Steps(self.limits.steps));
        }
        Ok(())
    }

    /// Returns whether that many more elements may live: for functions that are
    /// about to make a list whose length an argument says.
    ///
    /// # Errors
    ///
    /// [`Limit::LiveElements`], when there is no room for them.
    pub fn check_elements(&self, more: usize) -> Result<(), Limit> {
        if self.meter.alive.get().saturating_add(more) > self.limits.live_elements {
            return Err(Limit::LiveElements(self.limits.live_elements));
        }
        Ok(())
    }

    /// Returns whether a string may be that long.
    ///
    /// # Errors
    ///
    /// [`Limit::StringBytes`], when it may not.
    pub fn check_string(&self, bytes: usize) -> Result<(), Limit> {
        if bytes > self.limits.string_bytes {
            return Err(Limit::StringBytes(self.limits.string_bytes));
        }
        Ok(())
    }

    /// Takes bytes of output.
    pub(crate) fn spend_output(&self, bytes: usize) -> Result<(), Limit> {
        self.output_bytes.set(self.output_bytes.get().saturating_add(bytes));
        if self.output_bytes.get() > self.limits.output_bytes {
            return Err(Limit::OutputBytes(self.limits.output_bytes));
        }
        Ok(())
    }

    /// Returns how much output there may still be.
    pub(crate) fn output_left(&self) -> usize {
        self.limits.output_bytes.saturating_sub(self.output_bytes.get())
    }

    /// Gives back bytes of an output that became a string.
    pub(crate) fn return_output(&self, bytes: usize) {
        self.output_bytes.set(self.output_bytes.get().saturating_sub(bytes));
    }

    pub(crate) fn meter(&self) -> &Rc<Meter> {
        &self.meter
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

/// Counts the living elements of the lists and maps that are attached to it.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    alive: Cell<usize>,
    /// Changes of maps after they were attached.
    changes: Cell<u64>,
}

impl Meter {
    /// Returns how often maps were changed that functions had returned.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.get()
    }
}

/// The elements that one list or map has on a meter: none until it is attached.
#[derive(Debug, Default)]
pub(crate) struct Charge {
    meter: Option<Rc<Meter>>,
    elements: usize,
}

impl Charge {
    pub(crate) fn is_attached(&self) -> bool {
        self.meter.is_some()
    }

    /// Begins to count on a meter.
    pub(crate) fn attach(&mut self, meter: &Rc<Meter>) {
        self.meter = Some(Rc::clone(meter));
    }

    /// Says that elements were changed, and how many there are now.
    pub(crate) fn change(&mut self, elements: usize) {
        if let Some(meter) = &self.meter {
            meter.changes.set(meter.changes.get().wrapping_add(1));
        }
        self.set(elements);
    }

    /// Says how many elements there are now.
    pub(crate) fn set(&mut self, elements: usize) {
        if let Some(meter) = &self.meter {
            let others = meter.alive.get().saturating_sub(self.elements);
            meter.alive.set(others.saturating_add(elements));
            self.elements = elements;
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.set(0);
    }
}
