//! What needs artifacts: products, charts, manifests, lists.

use std::str::FromStr;

use sealift_reference::{Digest, ParseError, Reference};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::format::parsed;
use crate::{Naming, Paths};

/// One thing that needs artifacts, with its own naming if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "FileSource"))]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// The names at the target, where they are not those of the shipment.
    pub naming: Option<Naming>,
}

/// The kinds of sources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Charmed Kubeflow, by its bundle.
    CharmedKubeflow(CharmedKubeflowSource),
    /// deployKF, by its generator package.
    Deploykf(DeploykfSource),
    /// A Helm chart.
    Helm(HelmSource),
    /// Files that list images, one a line.
    ImageList(Paths),
    /// Images by name.
    Images(Vec<Reference>),
    /// The Kubermatic Kubernetes Platform, by its release.
    Kkp(KkpSource),
    /// Folders with a kustomization.
    Kustomize(Paths),
    /// Files of Kubernetes objects.
    Manifests(Paths),
    /// A file to carry along.
    Package(PackageSource),
}

impl SourceKind {
    /// Returns the key that a shipment file uses.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::CharmedKubeflow(_) => "charmedKubeflow",
            Self::Deploykf(_) => "deploykf",
            Self::Helm(_) => "helm",
            Self::ImageList(_) => "imageList",
            Self::Images(_) => "images",
            Self::Kkp(_) => "kkp",
            Self::Kustomize(_) => "kustomize",
            Self::Manifests(_) => "manifests",
            Self::Package(_) => "package",
        }
    }
}

/// deployKF.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeploykfSource {
    /// The generator package, `deploykf-0.1.5-generator.zip`: a file or an address.
    pub package: String,
    /// Files of values, later ones win.
    #[serde(default)]
    pub values: Vec<String>,
}

/// The Kubermatic Kubernetes Platform.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KkpSource {
    /// The unpacked release, `kubermatic-ce-v2.31.0/`.
    pub release: String,
    /// The file with the `KubermaticConfiguration`.
    #[serde(default)]
    pub config: Option<String>,
    /// The file of values for the release's charts.
    #[serde(default)]
    pub helm_values: Option<String>,
    /// Cloud providers whose images are wanted; empty for all.
    #[serde(default)]
    pub providers: Vec<String>,
}

/// Charmed Kubeflow.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CharmedKubeflowSource {
    /// The bundle file.
    pub bundle: String,
    /// The folder of downloaded charms.
    #[serde(default)]
    pub charms: Option<String>,
}

/// A Helm chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HelmSource {
    /// A name in `repository`, a folder, a `.tgz`, or `oci://…`.
    pub chart: String,
    /// The URL of a chart repository.
    #[serde(default)]
    pub repository: Option<String>,
    /// The version.
    #[serde(default)]
    pub version: Option<String>,
    /// The namespace to render for.
    #[serde(default)]
    pub namespace: Option<String>,
    /// The name of the release to render for.
    #[serde(default)]
    pub release: Option<String>,
    /// Files of values, later ones win.
    #[serde(default)]
    pub values: Vec<String>,
    /// As `--set`, later ones win.
    #[serde(default)]
    pub set: Vec<String>,
    /// The version of Kubernetes that templates see.
    #[serde(default)]
    pub kube_version: Option<String>,
    /// The API versions that templates see besides the usual ones.
    #[serde(default)]
    pub api_versions: Vec<String>,
    /// Whether custom resource definitions are rendered too.
    #[serde(default)]
    pub include_crds: bool,
    /// The Helm that is mirrored; the newest unless said.
    #[serde(default)]
    pub profile: HelmProfile,
}

/// A release of Helm whose behaviour is mirrored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum HelmProfile {
    /// Helm 3.21.4.
    #[serde(rename = "helm-3.21.4")]
    Helm3,
    /// Helm 4.2.4.
    #[default]
    #[serde(rename = "helm-4.2.4")]
    Helm4,
}

/// A file to carry along.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PackageSource {
    /// Where it is downloaded; without user and password.
    #[serde(deserialize_with = "package_url")]
    pub url: String,
    /// Of its bytes; the lock records it in any case.
    #[serde(default, with = "parsed::hex_option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub sha256: Option<Digest>,
}

impl PackageSource {
    /// Returns the name of the file: the last part of the path of its URL.
    #[must_use]
    pub fn name(&self) -> &str {
        let path = self.url.split(['?', '#']).next().unwrap_or(&self.url);
        path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
    }
}

fn package_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let url = String::deserialize(deserializer)?;
    let wrong = |message: &str| D::Error::custom(format!("`{}`: {message}", without_user(&url)));
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let (authority, path) = rest.and_then(|rest| rest.split_once('/')).unwrap_or_default();
    if authority.is_empty()
        || path.split(['?', '#']).next().is_none_or(|path| path.trim_end_matches('/').is_empty())
    {
        return Err(wrong("a package is `https://host/…/file`"));
    }
    if authority.contains('@') {
        return Err(wrong(
            "no user and password in a file: credentials come from docker and podman files",
        ));
    }
    Ok(url)
}

/// Errors are printed: what stands before `@` may be a password.
fn without_user(url: &str) -> String {
    match url.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.rsplit('@').next().unwrap_or(rest)),
        None => url.to_owned(),
    }
}

/// Parses an image as an input: `docker://` and `oci://` before it are taken off.
///
/// # Errors
///
/// As parsing a [`Reference`].
pub fn input_reference(text: &str) -> Result<Reference, ParseError> {
    let bare = text.strip_prefix("docker://").or_else(|| text.strip_prefix("oci://"));
    Reference::from_str(bare.unwrap_or(text))
}

/// An image as an input names it.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct InputImage(#[cfg_attr(feature = "schema", schemars(with = "String"))] Reference);

impl FromStr for InputImage {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        input_reference(text).map(Self)
    }
}

/// A source as it is written: one of the first keys, and perhaps `naming`.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FileSource {
    deploykf: Option<DeploykfSource>,
    kkp: Option<KkpSource>,
    charmed_kubeflow: Option<CharmedKubeflowSource>,
    helm: Option<HelmSource>,
    kustomize: Option<Paths>,
    manifests: Option<Paths>,
    #[serde(default, deserialize_with = "images")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<String>>"))]
    images: Option<Vec<Reference>>,
    image_list: Option<Paths>,
    package: Option<PackageSource>,
    naming: Option<Naming>,
}

fn images<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Reference>>, D::Error> {
    let images: Vec<InputImage> = parsed::list::deserialize(deserializer)?;
    Ok(Some(images.into_iter().map(|image| image.0).collect()))
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let file = FileSource::deserialize(deserializer)?;
        let kinds = [
            file.deploykf.map(SourceKind::Deploykf),
            file.kkp.map(SourceKind::Kkp),
            file.charmed_kubeflow.map(SourceKind::CharmedKubeflow),
            file.helm.map(SourceKind::Helm),
            file.kustomize.map(SourceKind::Kustomize),
            file.manifests.map(SourceKind::Manifests),
            file.images.map(SourceKind::Images),
            file.image_list.map(SourceKind::ImageList),
            file.package.map(SourceKind::Package),
        ];
        let mut kinds = kinds.into_iter().flatten();
        match (kinds.next(), kinds.next()) {
            (Some(kind), None) => Ok(Self { kind, naming: file.naming }),
            (Some(first), Some(second)) => {
                let (first, second) = (first.key(), second.key());
                Err(D::Error::custom(format!(
                    "a source is one thing; this one is `{first}` and `{second}`"
                )))
            }
            (None, _) => Err(D::Error::custom(
                "a source is one of deploykf, kkp, charmedKubeflow, helm, kustomize, manifests, images, imageList, package",
            )),
        }
    }
}
