//! Which naming rule names which image: a source may have its own.

use std::collections::BTreeMap;

use sealift_inventory::{
    Entry, Inventory, Naming, NamingRules, Origin, Shipment, SourceKind, Step,
};

use crate::charts::CarriedChart;
use crate::{Error, Inputs};

/// Returns the rule of each image of an inventory: that of the source that needs it, else the shipment's.
///
/// # Errors
///
/// [`Error::TwoNamings`] when two sources need one image and name it differently; [`Error::File`].
pub fn naming_rules(
    shipment: &Shipment,
    inputs: &dyn Inputs,
    inventory: &Inventory,
    charts: &[CarriedChart],
) -> Result<NamingRules, Error> {
    let mut rules = NamingRules::from(shipment.naming.clone());
    if shipment.sources.iter().all(|source| source.naming.is_none()) {
        return Ok(rules);
    }
    let files = files(shipment, inputs)?;
    for entry in inventory.artifacts() {
        let Some(image) = entry.artifact.reference() else { continue };
        let naming = naming_of(entry, shipment, &Owners { files: &files, charts })?;
        if *naming != shipment.naming {
            rules.own.insert(image.clone(), naming.clone());
        }
    }
    Ok(rules)
}

/// The number of the source that each file belongs to; of the first, where there are several.
fn files(shipment: &Shipment, inputs: &dyn Inputs) -> Result<BTreeMap<String, usize>, Error> {
    let mut files = BTreeMap::new();
    for (index, source) in shipment.sources.iter().enumerate() {
        if let SourceKind::ImageList(paths) | SourceKind::Manifests(paths) = &source.kind {
            for path in &paths.0 {
                for name in inputs.expand(path)? {
                    files.entry(name).or_insert(index);
                }
            }
        }
    }
    Ok(files)
}

fn naming_of<'a>(
    entry: &Entry,
    shipment: &'a Shipment,
    owners: &Owners<'_>,
) -> Result<&'a Naming, Error> {
    let mut chosen: Option<(usize, &Naming)> = None;
    let sources = entry.findings.iter().flat_map(|finding| owners.sources_of(&finding.origin));
    for index in sources {
        let own = shipment.sources.get(index).and_then(|source| source.naming.as_ref());
        let naming = own.unwrap_or(&shipment.naming);
        match chosen {
            Some((first, other)) if other != naming => {
                let image = entry.artifact.name();
                return Err(Error::TwoNamings { image, first, second: index });
            }
            _ => chosen = Some((index, naming)),
        }
    }
    Ok(chosen.map_or(&shipment.naming, |(_, naming)| naming))
}

/// What belongs to which source.
struct Owners<'a> {
    files: &'a BTreeMap<String, usize>,
    charts: &'a [CarriedChart],
}

impl Owners<'_> {
    /// The numbers of the sources that an origin begins with: `.sources[2].images[0]` of the shipment, a file of a
    /// source, or a chart, which several may have.
    fn sources_of(&self, origin: &Origin) -> Vec<usize> {
        match origin.steps() {
            [Step::File { .. }, Step::Key(key), ..] if key.starts_with(".sources[") => {
                numbered(key).into_iter().collect()
            }
            [Step::File { path, .. }, ..] => self.files.get(path).copied().into_iter().collect(),
            [Step::Chart { name, version }, ..] => self
                .charts
                .iter()
                .filter(|chart| chart.is(name, version))
                .map(|chart| chart.source)
                .collect(),
            _ => Vec::new(),
        }
    }
}

fn numbered(key: &str) -> Option<usize> {
    key.strip_prefix(".sources[")?.split(']').next()?.parse().ok()
}
