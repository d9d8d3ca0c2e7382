//! Charts rendered in this process, as `sealift helm template` renders them.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::Result;
use sealift_helm::chart::LoadOptions;
use sealift_helm::values::{UserValues, ValuesFile};
use sealift_helm::{Capabilities, Chart, Profile, Release, Settings, render};
use sealift_products::charts::on_large_stack;
use sealift_sprig::Host;

use super::facts;
use super::host::OneKey;
use super::wild;

/// A chart with the value sets that it is rendered with.
pub(super) struct Job {
    pub(super) source: Source,
    pub(super) profile: Profile,
    pub(super) release: Release,
    pub(super) kube_version: Option<&'static str>,
    pub(super) include_crds: bool,
    pub(super) sets: Vec<Set>,
}

/// Where a chart is.
pub(super) enum Source {
    Archive(Vec<u8>),
    Folder(Vec<(String, Vec<u8>)>),
}

/// A set of values, and what the real Helm made of it.
pub(super) struct Set {
    /// The name of the case.
    pub(super) case: String,
    pub(super) values: Option<Vec<u8>>,
    pub(super) expected: Expected,
}

/// What the real Helm gave.
pub(super) enum Expected {
    /// Standard output, in which wild tokens are marked.
    Text(String),
    /// A message.
    Error(String),
}

/// How two texts are compared.
pub(super) type Equal = fn(recorded: &str, text: &str) -> bool;

/// Renders all and returns the names of the cases that differ.
pub(super) fn differing(jobs: &[Job], equal: Equal) -> Result<BTreeSet<String>> {
    let next = AtomicUsize::new(0);
    let differing = Mutex::new(BTreeSet::new());
    let work = || {
        let host: Rc<dyn Host> = Rc::new(OneKey::default());
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            for case in job.differing(&host, equal) {
                differing.lock().unwrap_or_else(PoisonError::into_inner).insert(case);
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let started: Vec<_> = (0..threads).map(|_| scope.spawn(|| on_large_stack(work))).collect();
        started.into_iter().try_for_each(|thread| match thread.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })?;
    Ok(differing.into_inner().unwrap_or_else(PoisonError::into_inner))
}

impl Job {
    fn differing(&self, host: &Rc<dyn Host>, equal: Equal) -> Vec<String> {
        let chart = self.load();
        let wrong = self.sets.iter().filter_map(|set| {
            let rendered = match &chart {
                Ok(chart) => self.render(chart, set, host),
                Err(message) => Err(message.clone()),
            };
            let difference = set.expected.difference(rendered.as_deref(), equal)?;
            if super::is_verbose() {
                println!("{}: {difference}", set.case);
            }
            Some(set.case.clone())
        });
        wrong.collect()
    }
}

impl Expected {
    /// Says in what a result differs.
    fn difference(&self, rendered: Result<&str, &String>, equal: Equal) -> Option<String> {
        match (self, rendered) {
            (Self::Text(recorded), Ok(text)) if equal(recorded, text) => None,
            (Self::Text(recorded), Ok(text)) => Some(wild::excerpt(recorded, text)),
            (Self::Text(_), Err(message)) => Some(format!("fails here: {message}")),
            (Self::Error(message), Ok(_)) => Some(format!("renders here; Helm says: {message}")),
            (Self::Error(recorded), Err(message)) => {
                let missing = facts::missing(recorded, message);
                let says = || format!("{missing:?} are missing in: {message}\n  Helm: {recorded}");
                (!missing.is_empty()).then(says)
            }
        }
    }
}

impl Job {
    fn load(&self) -> Result<Chart, String> {
        let options = LoadOptions { profile: self.profile, ..LoadOptions::default() };
        let loaded = match &self.source {
            Source::Archive(bytes) => Chart::from_archive(bytes, &options),
            Source::Folder(files) => Chart::load(files.clone(), &options),
        };
        loaded.map_err(|error| error.to_string())
    }

    fn render(&self, chart: &Chart, set: &Set, host: &Rc<dyn Host>) -> Result<String, String> {
        let bytes = set.values.iter();
        let files = bytes.map(|bytes| ValuesFile { name: set.case.clone(), bytes: bytes.clone() });
        let user = UserValues { files: files.collect(), ..UserValues::default() };
        let no_files = &mut |path: &str| Err(format!("no files here: {path}"));
        let user = user.merge(self.profile, no_files).map_err(|error| error.to_string())?;
        let settings = self.settings()?;
        let mut warnings = Vec::new();
        let output = render(chart, &user, &settings, host, &mut warnings)
            .map_err(|error| format!("{}\n{error}", warnings.join("\n")))?;
        let text = output.text(&settings).map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    fn settings(&self) -> Result<Settings, String> {
        let capabilities = Capabilities::new(self.profile, self.kube_version, &[])
            .map_err(|error| error.to_string())?;
        let mut settings = Settings::new(self.profile, capabilities);
        settings.release = self.release.clone();
        settings.include_crds = self.include_crds;
        Ok(settings)
    }
}
