//! How a run ends when it does not end well: what is said, and with which exit code.

use std::process::ExitCode;

use sealift_products::kustomizations::Wanted;

use crate::class;
use crate::elsewhere::{vendored, without_secrets};

/// A failure of a verb: what could not be done, why, and what to do next.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: FailureKind,
    /// Of hostile or broken content.
    pub(crate) class: Option<&'static str>,
    pub(crate) message: String,
    pub(crate) causes: Vec<String>,
    /// What belongs to it and is no cause: what needs it, what differs.
    pub(crate) notes: Vec<String>,
    pub(crate) hints: Vec<String>,
}

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// Some artifacts failed and the rest was finished, hostile content, or something undecided; everything has been said already.
    Reported,
    /// As `Reported`, with a message of its own.
    Partial,
    /// Command line or configuration.
    Usage,
    /// Registry, network, disk.
    Environment,
    /// Whoever read our output is gone; nothing is said.
    ClosedPipe,
}

impl FailureKind {
    /// The exit code, as architecture and `sealift --help` say.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::Reported | Self::Partial => 1,
            Self::Usage => 2,
            Self::Environment => 3,
        }
    }
}

impl From<FailureKind> for ExitCode {
    fn from(kind: FailureKind) -> Self {
        kind.code().into()
    }
}

impl Failure {
    pub(crate) fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            class: None,
            message: message.into(),
            causes: Vec::new(),
            notes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A failure whose report has been printed.
    pub(crate) fn reported() -> Self {
        Self::new(FailureKind::Reported, "")
    }

    pub(crate) fn partial(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Partial, message)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Usage, message)
    }

    pub(crate) fn environment(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Environment, message)
    }

    /// Makes a failure of an error and its causes. Below what a store says lies a stack of transports, of which the ground counts.
    pub(crate) fn of(kind: FailureKind, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut failure = Self::new(kind, error.to_string());
        failure.class = class::of(error);
        let mut error = error;
        while let Some(cause) = error.source() {
            error = if error.is::<sealift_oci::StoreError>() { ground(cause) } else { cause };
            failure.causes.push(error.to_string());
        }
        failure
    }

    /// Adds what needs the thing that failed, as far as it is needed to know whom it hurts.
    pub(crate) fn needed_by<'a>(mut self, origins: impl IntoIterator<Item = &'a String>) -> Self {
        const SHOWN: usize = 3;
        self.notes
            .extend(origins.into_iter().take(SHOWN).map(|origin| format!("needed by {origin}")));
        self
    }

    /// Says which limit it was, where it is one that can be set.
    pub(crate) fn hint_to_raise(self, limit: Option<&str>) -> Self {
        match limit {
            Some(limit) => {
                self.hint(format!("if it is meant to be so, raise the limit: --limit {limit}=N"))
            }
            None => self,
        }
    }

    /// Adds what helps against what stores said, once however often they said it.
    pub(crate) fn hint_against(
        self,
        kinds: impl IntoIterator<Item = sealift_oci::StoreErrorKind>,
    ) -> Self {
        let denied = kinds.into_iter().any(|kind| kind == sealift_oci::StoreErrorKind::Denied);
        if denied {
            self.hint("`sealift login HOST` stores the credentials of a registry")
        } else {
            self
        }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// The last of the causes.
fn ground<'a>(
    error: &'a (dyn std::error::Error + 'static),
) -> &'a (dyn std::error::Error + 'static) {
    std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error)
}

/// An error while printing: a closed pipe ends the run in silence.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::BrokenPipe => Self::new(FailureKind::ClosedPipe, ""),
            _ => Self::of(FailureKind::Environment, &error),
        }
    }
}

/// A file of ours that breaks its format; the line stands below.
impl From<sealift_inventory::FormatError> for Failure {
    fn from(error: sealift_inventory::FormatError) -> Self {
        Self::usage(format!("{error:#}"))
    }
}

/// A file that the operator named.
impl From<sealift_files::Error> for Failure {
    fn from(error: sealift_files::Error) -> Self {
        let kind = match &error {
            error if error.is_not_found() => FailureKind::Usage,
            error if error.is_content() => FailureKind::Partial,
            _ => FailureKind::Environment,
        };
        Self::of(kind, &error)
    }
}

impl From<sealift_serve::Error> for Failure {
    fn from(error: sealift_serve::Error) -> Self {
        let kind = if matches!(error, sealift_serve::Error::Open { .. }) {
            FailureKind::Usage
        } else {
            FailureKind::Environment
        };
        Self::of(kind, &error)
    }
}

/// A chart that cannot be had.
impl From<sealift_fetch::Error> for Failure {
    fn from(error: sealift_fetch::Error) -> Self {
        let limit = error.limit();
        if let sealift_fetch::Error::File(error) = error {
            return Self::from(error).hint_to_raise(limit);
        }
        let store = std::error::Error::source(&error)
            .and_then(|source| source.downcast_ref::<sealift_oci::StoreError>());
        let kind = store.map_or(FailureKind::Partial, |store| store_kind(store.kind));
        let mut failure = Self::of(kind, &error);
        failure.class = failure.class.or(error.class());
        failure.hints.extend(error.hint().map(str::to_owned));
        failure.hint_to_raise(limit)
    }
}

/// Charts that a chart needs and that cannot be had: where nobody answers, they can be carried there by hand.
fn dependencies(chart: &str, source: sealift_fetch::Error) -> Failure {
    let message = format!("cannot get the charts that `{chart}` needs; nothing was written");
    let mut failure = Failure::from(source);
    failure.causes.insert(0, std::mem::replace(&mut failure.message, message));
    if failure.kind == FailureKind::Environment {
        failure = failure.hint(format!(
            "where their repositories cannot be reached, put their archives into {chart}/charts"
        ));
    }
    failure
}

/// What a kustomization names elsewhere and cannot be had: it can be put beside it.
fn named(folder: &str, wanted: &Wanted, source: sealift_products::Error) -> Failure {
    let message = format!("the kustomization `{folder}` names {wanted}, which cannot be had");
    let is_unknown = matches!(
        source,
        sealift_products::Error::Fetch(sealift_fetch::Error::Offline { .. })
            | sealift_products::Error::NotHere
    );
    let mut failure = Failure::from(source);
    if is_unknown {
        failure.class = Some("remote");
    }
    failure.causes.insert(0, std::mem::replace(&mut failure.message, message));
    failure.hints.extend(vendored(wanted));
    failure
}

/// A kustomization that cannot be built: messages repeat what it says.
fn kustomization(error: &sealift_products::Error) -> Failure {
    let mut failure = Failure::of(FailureKind::Partial, error);
    failure.message = without_secrets(&failure.message);
    failure.causes = failure.causes.iter().map(|cause| without_secrets(cause)).collect();
    failure
}

/// An input of a shipment.
impl From<sealift_products::Error> for Failure {
    fn from(error: sealift_products::Error) -> Self {
        use sealift_products::Error;
        let limit = match &error {
            Error::File(sealift_files::Error::Limit { unit: "bytes", .. }) => Some("yaml-bytes"),
            Error::Discover(error) => error.limit(),
            _ => None,
        };
        let failure = match error {
            Error::File(error) => error.into(),
            Error::Fetch(error) => error.into(),
            Error::Dependencies { chart, source } => dependencies(&chart, *source),
            Error::Named { folder, wanted, source } => named(&folder, &wanted, *source),
            Error::Chart { chart, error } => crate::render_failure::of_source(&chart, &error),
            error @ Error::Secret { .. } => Self::of(FailureKind::Partial, &error)
                .hint("`sealift kustomize build` says why, and shows what is in it"),
            Error::Empty { input } if input == "-" => Self::partial("there is no object on stdin")
                .hint("the program before the pipe may have failed"),
            error @ Error::Kustomization { .. } => kustomization(&error),
            error if error.is_content() => Self::of(FailureKind::Partial, &error),
            error => Self::of(FailureKind::Usage, &error),
        };
        failure.hint_to_raise(limit)
    }
}

/// A registry.
impl From<sealift_oci::StoreError> for Failure {
    fn from(error: sealift_oci::StoreError) -> Self {
        Self::of(store_kind(error.kind), &error)
    }
}

/// What the exit code says of a failure at a store: wrong bytes are hostile content, all else is the world around us.
pub(crate) fn store_kind(kind: sealift_oci::StoreErrorKind) -> FailureKind {
    use sealift_oci::StoreErrorKind as Kind;
    match kind {
        Kind::Digest | Kind::Length | Kind::Limit => FailureKind::Partial,
        _ => FailureKind::Environment,
    }
}
