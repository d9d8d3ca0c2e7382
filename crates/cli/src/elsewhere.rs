//! What kustomizations name elsewhere: repositories and files of web servers.

use sealift_fetch::{Fetcher, Limits};
use sealift_files::Links;
use sealift_helm::Profile;
use sealift_products::kustomizations::{BuildError, Elsewhere as Got, Wanted};

use crate::args::{RegistryArgs, quoted};
use crate::chart_source::{Charts, Network};
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};

/// Gets what is elsewhere; nobody is asked before something is.
pub(crate) struct Elsewhere<'a> {
    charts: Charts<'a>,
    fetcher: Option<Fetcher>,
}

impl<'a> Elsewhere<'a> {
    pub(crate) fn new(context: &'a Context, registry: &'a RegistryArgs, network: Network) -> Self {
        let charts = Charts {
            context,
            registry,
            shipment: None,
            profile: Profile::default(),
            links: Links::Inside,
            limits: Limits::default(),
            verify: false,
            network,
        };
        Self { charts, fetcher: None }
    }

    /// Gets one thing, and says which one it was: a branch may be another tomorrow.
    pub(crate) fn get(&mut self, wanted: &Wanted) -> Result<Got, Failure> {
        let fetcher = match self.fetcher.take() {
            Some(fetcher) => fetcher,
            None => self.charts.fetcher()?,
        };
        let fetcher = self.fetcher.insert(fetcher);
        let context = self.charts.context;
        let got = context.block_on(wanted.get(fetcher))?;
        if let Some(pin) = wanted.pin(&got) {
            context.ui.note(&format!("read {}", pin.name));
        }
        Ok(got)
    }
}

/// Why a kustomization gives nothing, and what to do.
pub(crate) fn failure(error: BuildError<Failure>) -> Failure {
    match error {
        BuildError::Build(error) => Failure::of(FailureKind::Partial, &error),
        BuildError::File(error) => error.into(),
        BuildError::Get { wanted, error } => {
            let message = format!("cannot get what a kustomization names: {wanted}");
            let mut failure = error;
            failure.causes.insert(0, std::mem::replace(&mut failure.message, message));
            failure.hint(vendored(&wanted))
        }
        BuildError::TooMuch(limit) => Failure::partial(format!(
            "a kustomization names more than {limit} repositories and files of web servers"
        )),
        _ => Failure::partial("the kustomization cannot be built"),
    }
}

/// How to put a copy beside the kustomization, with programs that the operator has.
fn vendored(wanted: &Wanted) -> String {
    match wanted {
        Wanted::Repository(spec) => {
            let reference = if spec.reference.is_empty() { "HEAD" } else { &spec.reference };
            let (address, reference) = (quoted(&spec.clone_spec()), quoted(reference));
            format!(
                "or put a copy beside the kustomization and name that folder instead: git init vendored && git -C vendored fetch --depth 1 -- {address} {reference} && git -C vendored checkout FETCH_HEAD"
            )
        }
        Wanted::WebFile(url) => format!(
            "or put a copy beside the kustomization and name that file instead: curl -fL -o vendored.yaml -- {}",
            quoted(url)
        ),
    }
}
