//! What kustomizations name elsewhere: repositories and files of web servers.

use sealift_fetch::{Fetcher, Limits};
use sealift_files::Links;
use sealift_helm::Profile;
use sealift_inventory::Shipment;
use sealift_products::Error;
use sealift_products::kustomizations::{Elsewhere as Got, Wanted};

use crate::args::{RegistryArgs, quoted};
use crate::chart_source::{Charts, Network};
use crate::commands::Context;

/// Gets what is elsewhere; nobody is asked before something is.
pub(crate) struct Elsewhere<'a> {
    charts: Charts<'a>,
    fetcher: Option<Fetcher>,
}

impl<'a> Elsewhere<'a> {
    pub(crate) fn new(
        context: &'a Context,
        registry: &'a RegistryArgs,
        shipment: Option<&'a Shipment>,
        network: Network,
    ) -> Self {
        let charts = Charts {
            context,
            registry,
            shipment,
            profile: Profile::default(),
            links: Links::Inside,
            limits: Limits::default(),
            verify: false,
            network,
        };
        Self { charts, fetcher: None }
    }

    /// Gets one thing, and says which one it was: a branch may be another tomorrow.
    pub(crate) fn found(&mut self, wanted: &Wanted) -> Result<Got, Error> {
        let fetcher = match self.fetcher.take() {
            Some(fetcher) => fetcher,
            None => self
                .charts
                .fetcher()
                .map_err(|failure| Error::NoFetcher { why: failure.message })?,
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

/// How to put a copy beside the kustomization, with programs that the operator has.
pub(crate) fn vendored(wanted: &Wanted) -> String {
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
