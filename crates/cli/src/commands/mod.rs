//! One file per verb.

mod completions;
mod demo;
mod diff;
mod handoff;
mod helm;
mod init;
mod kustomize;
mod lock;
mod login;
mod mirror;
mod scan;
mod serve;
mod verify;
mod why;

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::Runtime;

pub(crate) use login::password_from_stdin;

use crate::args::Verb;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::ui::Ui;

/// What every verb is given.
pub(crate) struct Context {
    pub(crate) ui: Ui,
    pub(crate) environment: Environment,
    /// Started by whoever needs it: a chart on this machine is rendered without.
    runtime: OnceLock<Runtime>,
}

impl Context {
    pub(crate) fn new(ui: Ui, environment: Environment) -> Self {
        Self { ui, environment, runtime: OnceLock::new() }
    }

    /// Starts the threads that ask registries and disks, if they are not started yet.
    pub(crate) fn start(&self) -> Result<(), Failure> {
        if self.runtime.get().is_none() {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .map_err(|error| Failure::environment(format!("cannot start threads: {error}")))?;
            // Whoever was faster has started the same.
            let _there = self.runtime.set(runtime);
        }
        Ok(())
    }

    fn runtime(&self) -> &Runtime {
        self.runtime.get().expect("a verb starts what it needs")
    }

    /// Runs a future to its end on the threads of this run.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime().block_on(future)
    }

    /// Starts a future on the threads of this run.
    pub(crate) fn spawn<F>(&self, future: F) -> tokio::task::JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.runtime().spawn(future)
    }
}

pub(crate) fn run(context: &Context, verb: Verb) -> Result<(), Failure> {
    if !matches!(verb, Verb::Helm(_) | Verb::Kustomize(_)) {
        context.start()?;
    }
    match verb {
        Verb::Init(args) => init::run(context, &args),
        Verb::Scan(args) => scan::run(context, &args),
        Verb::Why(args) => why::run(context, &args),
        Verb::Lock(args) => lock::run(context, &args),
        Verb::Diff(args) => diff::run(context, &args),
        Verb::Mirror(args) => mirror::run(context, &args),
        Verb::Verify(args) => verify::run(context, &args),
        Verb::Handoff(args) => handoff::run(context, &args),
        Verb::Serve(args) => serve::run(context, &args),
        Verb::Helm(args) => helm::run(context, &args),
        Verb::Kustomize(args) => kustomize::run(context, &args),
        Verb::Login(args) => login::login(context, &args),
        Verb::Logout(args) => login::logout(context, &args),
        Verb::Completions(args) => completions::run(context, &args),
        Verb::Demo(args) => demo::run(context, &args),
    }
}
