//! A stack on which templates can nest as deep as their limits allow.

use std::thread;

use super::ChartLimits;

/// Bytes: what the usual budgets of templates, values and schemas need at most (`Limits` of the template engine).
const STACK_BYTES: usize = 256 << 20;

/// Does something on a thread of its own with a stack for the deepest templates that the usual limits allow. A panic goes on in
/// the caller.
///
/// # Errors
///
/// When the system gives no thread.
pub fn on_large_stack<T: Send>(act: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    on_stack_for(&ChartLimits::default(), act)
}

/// As [`on_large_stack`], for limits that were set.
///
/// # Errors
///
/// When the system gives no thread.
pub fn on_stack_for<T: Send>(
    limits: &ChartLimits,
    act: impl FnOnce() -> T + Send,
) -> std::io::Result<T> {
    let bytes = limits.stacks() * STACK_BYTES;
    thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(bytes).spawn_scoped(scope, act)?;
        Ok(started.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
