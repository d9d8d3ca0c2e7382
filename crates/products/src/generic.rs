//! Manifests, charts, kustomizations, images and image lists: what any platform can be given as.

use std::path::Path;

use sealift_archive::{GzipLimits, gunzip_bounded};
use sealift_discover::{Limits, Scan};
use sealift_inventory::{
    Artifact, Class, Confidence, Finding, Input, Inventory, Origin, Shipment, SourceKind, Step,
    input_reference,
};
use sealift_reference::{Digest, Reference};

use crate::charts::{CarriedChart, ChartLimits};
use crate::kustomizations::Objects;
use crate::limits::{LIST_LINES, LIST_MISTAKES, SETTABLE, SHOWN_CHARACTERS};
use crate::{Error, Inputs, charts};

/// What the sources of a shipment came to.
#[derive(Debug)]
pub struct Gathered {
    /// Everything found, before decisions.
    pub inventory: Inventory,
    /// Objects looked at.
    pub objects: usize,
    /// The files that were read, in the order of the shipment, without the shipment itself.
    pub inputs: Vec<Input>,
    /// The inputs that failed, when the rest was finished.
    pub failures: Vec<Error>,
    /// What rendering charts warned of.
    pub warnings: Vec<String>,
    /// The charts themselves, in the order of the shipment.
    pub charts: Vec<CarriedChart>,
}

/// What happens after an input that cannot be scanned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// Nothing more is scanned.
    #[default]
    Stop,
    /// The other inputs are scanned, and the failures returned with them.
    KeepGoing,
}

/// Finds everything that the sources of a shipment need. `name` is the file of the shipment, for origins.
///
/// # Errors
///
/// The first input that cannot be scanned, with [`OnFailure::Stop`]; always [`Error::NoSources`], and what this version
/// does not support.
pub fn gather(
    shipment: &Shipment,
    name: &str,
    inputs: &dyn Inputs,
    on_failure: OnFailure,
) -> Result<Gathered, Error> {
    refuse_unsupported(shipment)?;
    if shipment.sources.is_empty() {
        return Err(Error::NoSources);
    }
    let limits = limits(shipment);
    let mut gathering = Gathering {
        inputs,
        limits: &limits,
        chart_limits: ChartLimits::of(&shipment.limits),
        scan: Scan::new(&limits),
        findings: Vec::new(),
        read: Vec::new(),
        on_failure,
        failures: Vec::new(),
        warnings: Vec::new(),
        charts: Vec::new(),
        objects: Objects::default(),
    };
    for (index, source) in shipment.sources.iter().enumerate() {
        gathering.source(&source.kind, index, name)?;
    }
    Ok(gathering.finish())
}

/// Returns the names of the files that [`gather`] would read now.
///
/// # Errors
///
/// [`Error::File`], also when a pattern matches nothing any more.
pub fn files(shipment: &Shipment, inputs: &dyn Inputs) -> Result<Vec<String>, Error> {
    let mut names = Vec::new();
    for source in &shipment.sources {
        if let SourceKind::ImageList(paths) | SourceKind::Manifests(paths) = &source.kind {
            names.extend(expand(inputs, &paths.0)?);
        }
    }
    Ok(names)
}

/// What later versions read is refused, never passed over: a budget that is set and not kept would be worse than none.
fn refuse_unsupported(shipment: &Shipment) -> Result<(), Error> {
    check_limits(&shipment.limits)?;
    let unsupported = |what: &str| Err(Error::Unsupported { what: what.to_owned() });
    match shipment {
        Shipment { nodes: Some(_), .. } => unsupported("nodes"),
        Shipment { rules, .. } if !rules.is_empty() => unsupported("rules"),
        _ => Ok(()),
    }
}

/// Refuses limits that this version does not keep.
///
/// # Errors
///
/// [`Error::Unsupported`], [`Error::Beyond`].
pub fn check_limits(limits: &sealift_inventory::Limits) -> Result<(), Error> {
    let unknown = |name: &&str| !SETTABLE.contains(name) && !charts::SETTABLE.contains(name);
    if let Some(name) = limits.names().find(unknown) {
        return Err(Error::Unsupported { what: format!("limits.{name}") });
    }
    ChartLimits::of(limits).check()
}

fn limits(shipment: &Shipment) -> Limits {
    let get = |name: &str, usual: usize| {
        shipment
            .limits
            .get(name)
            .map_or(usual, |value| usize::try_from(value).unwrap_or(usize::MAX))
    };
    let mut limits = Limits::default();
    limits.yaml.input_bytes = get("yaml-bytes", limits.yaml.input_bytes);
    limits.yaml.depth = get("yaml-depth", limits.yaml.depth);
    limits.yaml.nodes = get("yaml-nodes", limits.yaml.nodes);
    limits
}

/// The work of [`gather`].
pub(crate) struct Gathering<'a> {
    pub(crate) inputs: &'a dyn Inputs,
    limits: &'a Limits,
    pub(crate) chart_limits: ChartLimits,
    pub(crate) scan: Scan<'a>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) read: Vec<Input>,
    on_failure: OnFailure,
    failures: Vec<Error>,
    pub(crate) warnings: Vec<String>,
    pub(crate) charts: Vec<CarriedChart>,
    /// What kustomizations gave.
    pub(crate) objects: Objects,
}

impl Gathering<'_> {
    /// Finds what one source needs.
    fn source(&mut self, kind: &SourceKind, index: usize, shipment: &str) -> Result<(), Error> {
        match kind {
            SourceKind::Images(images) => {
                for (at, image) in images.iter().enumerate() {
                    let file = Step::File { path: shipment.to_owned(), line: None };
                    let key = Step::Key(format!(".sources[{index}].images[{at}]"));
                    self.findings.push(listed(image.clone(), [file, key].into_iter().collect()));
                }
                Ok(())
            }
            SourceKind::ImageList(paths) => self.each(&paths.0, Self::image_list),
            SourceKind::Manifests(paths) => self.manifests(&paths.0),
            SourceKind::Helm(source) => {
                self.chart(source, index).or_else(|error| self.failed(error))
            }
            SourceKind::Kustomize(paths) => paths.0.iter().try_for_each(|folder| {
                self.kustomization(folder).or_else(|error| self.failed(error))
            }),
            other => Err(Error::Unsupported { what: format!("sources[{index}].{}", other.key()) }),
        }
    }

    /// Scans each file that the patterns stand for.
    fn each(
        &mut self,
        patterns: &[String],
        scan: fn(&mut Self, &str, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let names = match expand(self.inputs, patterns) {
            Ok(names) => names,
            Err(error) => return self.failed(error),
        };
        for name in names {
            let scanned = self.text(&name).and_then(|text| scan(self, &name, &text));
            if let Err(error) = scanned {
                self.failed(error)?;
            }
        }
        Ok(())
    }

    fn failed(&mut self, error: Error) -> Result<(), Error> {
        match self.on_failure {
            OnFailure::Stop => Err(error),
            OnFailure::KeepGoing => {
                self.failures.push(error);
                Ok(())
            }
        }
    }

    /// Reads a file and notes its digest.
    fn text(&mut self, name: &str) -> Result<String, Error> {
        let limit = self.limits.yaml.input_bytes;
        let bytes = self.inputs.read(name, limit as u64)?;
        self.read.push(Input { name: name.to_owned(), digest: Digest::sha256(&bytes) });
        let file = || name.to_owned();
        let bytes = if is_gzip(name) {
            let limits = GzipLimits::output(limit as u64);
            gunzip_bounded(bytes.as_slice(), limits)
                .map_err(|source| Error::Gzip { file: file(), source })?
        } else {
            bytes
        };
        String::from_utf8(bytes)
            .map_err(|error| Error::Utf8 { file: file(), byte: error.utf8_error().valid_up_to() })
    }

    /// Scans manifests, of which each path and each pattern must give some.
    fn manifests(&mut self, patterns: &[String]) -> Result<(), Error> {
        for pattern in patterns {
            let counts = |gathering: &Self| {
                let scan = &gathering.scan;
                (scan.objects(), scan.findings(), gathering.failures.len())
            };
            let before = counts(self);
            self.each(std::slice::from_ref(pattern), Self::manifest)?;
            if before == counts(self) {
                self.failed(Error::Empty { input: pattern.clone() })?;
            }
        }
        Ok(())
    }

    fn manifest(&mut self, name: &str, text: &str) -> Result<(), Error> {
        Ok(self.scan.file(text, name, &Origin::new())?)
    }

    /// Reads a list of images. With [`OnFailure::KeepGoing`], each line that is none is told, and the others count.
    fn image_list(&mut self, name: &str, text: &str) -> Result<(), Error> {
        let (mut images, mut mistakes) = (0, 0);
        for (line, content) in (1_u32..).zip(text.lines()) {
            if line as usize > LIST_LINES {
                return Err(Error::ListLength { file: name.to_owned(), limit: LIST_LINES });
            }
            let image = without_comment(content);
            if image.is_empty() {
                continue;
            }
            match on_line(name, line, image) {
                Ok(finding) => {
                    images += 1;
                    self.findings.push(finding);
                }
                Err(_) if mistakes == LIST_MISTAKES => {
                    let (file, limit) = (name.to_owned(), LIST_MISTAKES);
                    return Err(Error::ListMistakes { file, limit });
                }
                Err(mistake) => {
                    mistakes += 1;
                    self.failed(mistake)?;
                }
            }
        }
        if images + mistakes == 0 {
            return Err(Error::EmptyList { file: name.to_owned() });
        }
        Ok(())
    }

    fn finish(self) -> Gathered {
        let mut discovery = self.scan.finish();
        discovery.findings.iter_mut().for_each(|finding| self.objects.fill(finding));
        Gathered {
            inventory: Inventory::collect(
                discovery.findings.into_iter().chain(self.findings),
                discovery.unresolved,
                discovery.addresses,
            ),
            objects: discovery.objects,
            inputs: self.read,
            failures: self.failures,
            warnings: self.warnings,
            charts: self.charts,
        }
    }
}

fn expand(inputs: &dyn Inputs, patterns: &[String]) -> Result<Vec<String>, Error> {
    let expanded: Result<Vec<_>, _> =
        patterns.iter().map(|pattern| inputs.expand(pattern)).collect();
    Ok(expanded?.into_iter().flatten().collect())
}

/// What someone lists is needed, and there is no doubt about it.
fn listed(image: Reference, origin: Origin) -> Finding {
    let (class, confidence) = (Class::Required, Confidence::Certain);
    Finding { artifact: Artifact::Image(image), origin, set_by: Vec::new(), class, confidence }
}

/// The image on a line of a list.
fn on_line(name: &str, line: u32, image: &str) -> Result<Finding, Error> {
    let reference = input_reference(image).map_err(|source| Error::ListLine {
        file: name.to_owned(),
        line,
        text: without_user(image).chars().take(SHOWN_CHARACTERS).collect(),
        source,
    })?;
    let step = Step::File { path: name.to_owned(), line: Some(line) };
    Ok(listed(reference, [step].into_iter().collect()))
}

fn is_gzip(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "gz")
}

/// Errors are printed: what stands before `@` in an address may be a password.
fn without_user(text: &str) -> String {
    match text.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.rsplit('@').next().unwrap_or(rest)),
        None => text.to_owned(),
    }
}

/// Takes a comment away: `#` at the start of the line or after a space, as a reference holds none.
fn without_comment(line: &str) -> &str {
    let end =
        if line.starts_with('#') { Some(0) } else { line.find(" #").or_else(|| line.find("\t#")) };
    end.map_or(line, |end| &line[..end]).trim_ascii()
}
