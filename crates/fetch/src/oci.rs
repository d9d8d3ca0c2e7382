//! Charts in OCI registries.

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use sealift_oci::{Body, Descriptor, Document, Hint, Manifest, Source as _, verified};
use sealift_reference::{Digest, Repository, Tag, media_type};
use sealift_sprig::semver::Version;

use crate::fetcher::{Fetcher, failed};
use crate::index::constraint;
use crate::limits::{INDEX_CHILDREN, PROVENANCE_BYTES};
use crate::{Error, Fetched, Package};

const SCHEME: &str = "oci://";

/// The type of an archive before it had one of its own.
const LEGACY_CHART: &str = "application/tar+gzip";

/// The type of a provenance file.
pub(crate) const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/// `oci://host/path:tag@digest`, in its parts.
///
/// Mirrors `newReference` in `pkg/registry/reference.go` of Helm 4.2.4: `+` in a tag is `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OciReference {
    /// Host and path; the last part of the path is the name of the chart.
    pub repository: Repository,
    /// As written.
    pub tag: Option<String>,
    /// Of the manifest.
    pub digest: Option<Digest>,
}

impl std::str::FromStr for OciReference {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |why: String| Error::Reference { text: crate::address::shown(text), why };
        let rest = text.strip_prefix(SCHEME);
        let rest = rest.ok_or_else(|| refuse("it does not start with oci://".to_owned()))?;
        let (rest, digest) = match rest.rsplit_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (rest, None),
        };
        let (rest, tag) = match rest.rsplit_once(':') {
            Some((rest, tag)) if !tag.contains('/') => (rest, Some(tag.to_owned())),
            _ => (rest, None),
        };
        Ok(Self {
            repository: rest.parse().map_err(|error| refuse(format!("{error}")))?,
            digest: digest
                .map(str::parse)
                .transpose()
                .map_err(|error| refuse(format!("{error}")))?,
            tag,
        })
    }
}

impl Fetcher {
    pub(crate) async fn registry_chart(
        &self,
        reference: &str,
        version: &str,
    ) -> Result<Fetched, Error> {
        let reference: OciReference = reference.parse()?;
        let what = format!("{SCHEME}{}", reference.repository);
        if self.settings.offline {
            return self.kept_chart(&reference, version);
        }
        let (tag, digest) = self.manifest_digest(&reference, version).await?;
        let chart = self.chart(&reference.repository, &digest, &what).await?;
        let package = self.layer(&reference.repository, &chart.archive, &what).await?;
        let provenance = match chart.provenance.filter(|_| self.wants_provenance()) {
            Some(layer) => {
                let limit = PROVENANCE_BYTES as u64;
                Some(self.blob(&reference.repository, &layer, limit, &what).await?)
            }
            None => None,
        };
        if let Some(cache) = &self.cache {
            for name in [tag.as_deref(), Some(digest.as_str())].into_iter().flatten() {
                cache.keep_name(&kept_name(&reference.repository, name), &package.digest)?;
            }
        }
        let version = tag.map_or_else(|| digest.to_string(), |tag| tag.replace('_', "+"));
        let (source, name) = split(&reference.repository);
        Ok(Fetched { source, name, version, manifest: Some(digest), package, provenance })
    }

    /// Returns tag and digest of the manifest that is meant.
    ///
    /// Mirrors `ValidateReference` in `pkg/registry/client.go` of Helm 4.2.4; a tag that is no version is taken, too, where it
    /// stands in the reference.
    async fn manifest_digest(
        &self,
        reference: &OciReference,
        version: &str,
    ) -> Result<(Option<String>, Digest), Error> {
        let OciReference { repository, tag, digest } = reference;
        let what = format!("{SCHEME}{repository}");
        let written = tag.as_deref().unwrap_or_default();
        if !written.is_empty() && !version.is_empty() && tagged(written) != tagged(version) {
            let (tag, version) = (written.to_owned(), version.to_owned());
            return Err(Error::TwoVersions { what, tag, version });
        }
        let meant = if version.is_empty() { written } else { version };
        if let Some(digest) = digest {
            self.expect_digest(repository, meant, digest).await?;
            return Ok((Some(meant.to_owned()).filter(|meant| !meant.is_empty()), digest.clone()));
        }
        let is_exact = !written.is_empty() || meant.parse::<Version>().is_ok();
        if is_exact && let Some(digest) = self.resolve(repository, meant).await? {
            return Ok((Some(meant.to_owned()), digest));
        }
        let tags = self.versions(repository).await?;
        if !is_exact {
            let constraint = constraint(meant)?;
            let newest = tags.iter().find(|tag| constraint.check(tag)).map(ToString::to_string);
            if let Some(newest) = newest
                && let Some(digest) = self.resolve(repository, &newest).await?
            {
                return Ok((Some(newest), digest));
            }
        }
        let nearest = tags.iter().take(5).map(ToString::to_string).collect();
        Err(Error::NoSuchTag { what, version: meant.to_owned(), nearest })
    }

    /// Fails where a tag names something else than the digest that stands beside it; one that is not there may.
    async fn expect_digest(
        &self,
        repository: &Repository,
        tag: &str,
        digest: &Digest,
    ) -> Result<(), Error> {
        let names = if tag.is_empty() { None } else { self.resolve(repository, tag).await? };
        match names {
            Some(got) if got != *digest => Err(Error::Digest {
                what: format!("{SCHEME}{repository}:{tag}"),
                said: digest.clone(),
                got,
            }),
            _ => Ok(()),
        }
    }

    async fn resolve(&self, repository: &Repository, tag: &str) -> Result<Option<Digest>, Error> {
        let what = format!("{SCHEME}{repository}:{tag}");
        let parsed: Tag = tagged(tag).parse().map_err(|error: sealift_reference::ParseError| {
            Error::Reference { text: what.clone(), why: error.to_string() }
        })?;
        let found = self.registry.resolve(repository, &parsed).await.map_err(failed(what))?;
        Ok(found.map(|found| found.digest))
    }

    /// Returns the tags that are complete versions, the highest first.
    ///
    /// Mirrors `Tags` in `pkg/registry/client.go` of Helm 4.2.4.
    pub(crate) async fn versions(&self, repository: &Repository) -> Result<Vec<Version>, Error> {
        let what = format!("the tags of {SCHEME}{repository}");
        let tags = self.registry.tags(repository).await.map_err(failed(what))?;
        let versions = tags.into_iter().flatten();
        let versions =
            versions.filter_map(|tag| Version::parse_strict(&tag.replace('_', "+")).ok());
        let mut versions: Vec<_> = versions.collect();
        versions.sort_by(|a, b| b.cmp(a));
        Ok(versions)
    }

    async fn chart(
        &self,
        repository: &Repository,
        digest: &Digest,
        what: &str,
    ) -> Result<ChartLayers, Error> {
        let document = self.document(repository, digest, what).await?;
        let manifest = parse(&document, what)?;
        let Body::Index { manifests } = &manifest.body else {
            return ChartLayers::of(&manifest, what);
        };
        let refuse = |why: &str| Error::NotAChart { what: what.to_owned(), why: why.to_owned() };
        if manifests.len() > INDEX_CHILDREN {
            return Err(refuse("it is an index of many things"));
        }
        let mut found = None;
        for child in manifests {
            let document = self.document(repository, &child.digest, what).await?;
            if let Ok(chart) = ChartLayers::of(&parse(&document, what)?, what)
                && found.replace(chart).is_some()
            {
                return Err(refuse("it is an index of several charts"));
            }
        }
        found.ok_or_else(|| refuse("it is an index without a chart"))
    }

    async fn document(
        &self,
        repository: &Repository,
        digest: &Digest,
        what: &str,
    ) -> Result<Document, Error> {
        let found = self.registry.document(repository, digest).await.map_err(failed(what))?;
        found.ok_or_else(|| Error::NoSuchTag {
            what: what.to_owned(),
            version: digest.to_string(),
            nearest: Vec::new(),
        })
    }

    async fn layer(
        &self,
        repository: &Repository,
        layer: &Descriptor,
        what: &str,
    ) -> Result<Package, Error> {
        let limits = &self.settings.limits;
        let kept = self.cache.as_ref().map(|cache| cache.package(&layer.digest, limits));
        if let Some(package) = kept.transpose()?.flatten() {
            self.observer.cached(what);
            return Ok(package);
        }
        let bytes = self.blob(repository, layer, limits.chart.total_bytes, what).await?;
        let package = Package::new(bytes);
        if let Some(cache) = &self.cache {
            cache.keep_package(&package)?;
        }
        Ok(package)
    }

    async fn blob(
        &self,
        repository: &Repository,
        layer: &Descriptor,
        limit: u64,
        what: &str,
    ) -> Result<Bytes, Error> {
        if layer.size_bytes > limit {
            return Err(Error::Limit { what: what.to_owned(), limit, got: layer.size_bytes });
        }
        let blob = layer.blob();
        let stream = self.registry.blob(repository, &blob, 0).await.map_err(failed(what))?;
        let mut stream = verified(stream, &blob);
        let mut bytes = BytesMut::new();
        while let Some(piece) = stream.next().await {
            bytes.extend_from_slice(&piece.map_err(failed(what))?);
            self.observer.received(what, bytes.len() as u64);
        }
        Ok(bytes.freeze())
    }

    /// Returns what a name stood for when a registry was last asked.
    fn kept_chart(&self, reference: &OciReference, version: &str) -> Result<Fetched, Error> {
        let OciReference { repository, tag, digest } = reference;
        let tag = Some(version).filter(|version| !version.is_empty()).or(tag.as_deref());
        let name = digest.as_ref().map(Digest::as_str).or(tag).unwrap_or_default();
        let what = format!("{SCHEME}{repository} {name}").trim_end().to_owned();
        let missing = || Error::Offline { what: what.clone() };
        let cache = self.cache.as_ref().ok_or_else(missing)?;
        let known = cache.named(&kept_name(repository, name))?.ok_or_else(missing)?;
        let package = cache.package(&known, &self.settings.limits)?.ok_or_else(missing)?;
        self.observer.cached(&what);
        let (source, chart) = split(repository);
        let version = tag.unwrap_or(name).replace('_', "+");
        Ok(Fetched { source, name: chart, version, manifest: None, package, provenance: None })
    }
}

/// What a manifest of a chart names.
#[derive(Debug)]
struct ChartLayers {
    archive: Descriptor,
    provenance: Option<Descriptor>,
}

impl ChartLayers {
    /// Mirrors `processChartPull` in `pkg/registry/client.go` of Helm 4.2.4, which takes the last of several layers.
    fn of(manifest: &Manifest, what: &str) -> Result<Self, Error> {
        let refuse = |why: String| Error::NotAChart { what: what.to_owned(), why };
        let Body::Image { config, layers } = &manifest.body else {
            return Err(refuse(format!("it is `{}`", manifest.media_type)));
        };
        if config.media_type.as_str() != media_type::HELM_CONFIG {
            return Err(refuse(format!("its config is `{}`", config.media_type)));
        }
        let of = |types: &[&str]| {
            let mut found =
                layers.iter().filter(|layer| types.contains(&layer.media_type.as_str()));
            let first = found.next().cloned();
            if found.next().is_some() {
                Err(refuse(format!("it has two layers of `{}`", types[0])))
            } else {
                Ok(first)
            }
        };
        let archive = of(&[media_type::HELM_CHART, LEGACY_CHART])?;
        let archive =
            archive.ok_or_else(|| refuse("it has no layer with an archive".to_owned()))?;
        Ok(Self { archive, provenance: of(&[PROVENANCE])? })
    }
}

fn parse(document: &Document, what: &str) -> Result<Manifest, Error> {
    let hint = Hint { descriptor: Some(&document.media_type), content_type: None };
    Manifest::parse(&document.bytes, hint)
        .map_err(|source| Error::Manifest { what: what.to_owned(), source })
}

/// Returns a version as a tag.
pub(crate) fn tagged(version: &str) -> String {
    version.replace('+', "_")
}

/// Returns the part of a repository above its last part, as `Chart.yaml` names it, and the last part.
fn split(repository: &Repository) -> (String, String) {
    let path = repository.path();
    let (above, name) = path
        .rsplit_once('/')
        .map_or((String::new(), path), |(above, name)| (format!("/{above}"), name));
    (format!("{SCHEME}{}{above}", repository.host()), name.to_owned())
}

fn kept_name(repository: &Repository, name: &str) -> String {
    format!("{SCHEME}{repository} {}", tagged(name))
}
