//! A stack on which templates can nest as deep as their limits allow.

use std::thread;

/// Bytes: what the budgets of templates, values and schemas need at most (`Limits` of the template engine).
const STACK_BYTES: usize = 256 << 20;

/// Does something on a thread of its own with a stack for the deepest templates that the limits allow. A panic goes on in
/// the caller.
///
/// # Errors
///
/// When the system gives no thread.
pub fn on_large_stack<T: Send>(act: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    thread::scope(|scope| {
        let started = thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, act)?;
        Ok(started.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}
