//! From what was typed, or what a shipment names, to a chart: a folder, an archive, a repository, a registry.

use std::path::Path;

use sealift_files::Links;
use sealift_inventory::HelmSource;
use sealift_products::charts::{GotChart, local};
use sealift_products::{Error, Inputs, Local};

use crate::args::{ChartArgs, RegistryArgs};
use crate::commands::Context;
use crate::failure::Failure;

/// Gets the chart that an argument names, as Helm's `LocateChart` looks for it.
pub(crate) fn locate(
    context: &Context,
    chart: &str,
    args: &ChartArgs,
    registry: &RegistryArgs,
) -> Result<GotChart, Failure> {
    let path = Path::new(chart);
    if args.repo.is_none() && !chart.contains("://") && sealift_files::exists(path)? {
        let links = if args.follow_links { Links::Everywhere } else { Links::Inside };
        return Ok(local(path, chart, links)?);
    }
    let _elsewhere = (context, registry);
    Err(Failure::partial(format!("there is no chart `{chart}`")))
}

/// The files of a shipment, and charts from wherever they are.
pub(crate) struct Everywhere<'a> {
    pub(crate) local: &'a Local,
    pub(crate) context: &'a Context,
    pub(crate) registry: &'a RegistryArgs,
}

impl Inputs for Everywhere<'_> {
    fn read(&self, name: &str, limit_bytes: u64) -> Result<Vec<u8>, Error> {
        self.local.read(name, limit_bytes)
    }

    fn expand(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.local.expand(pattern)
    }

    fn chart(&self, source: &HelmSource) -> Result<GotChart, Error> {
        self.local.chart(source)
    }
}
