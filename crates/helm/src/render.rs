//! A chart and values to what `helm template` prints.

use std::borrow::Cow;
use std::rc::Rc;

use sealift_gotemplate::{Limits, Map};
use sealift_sprig::Host;

use crate::assembly::{self, Choice, Document, ManifestError, Manifests, NotShown};
use crate::capabilities::IncompatibleKubeVersion;
use crate::chart::{CheckError, check_dependencies, check_installable};
use crate::engine::{Engine, EngineError, Rendered};
use crate::release::NameError;
use crate::values::{self, SchemaLimits, coalesce, process_dependencies};
use crate::{Capabilities, Chart, Profile, Release};

/// What a chart is rendered for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The release of Helm that is mirrored.
    pub profile: Profile,
    /// `.Release`.
    pub release: Release,
    /// `.Capabilities`.
    pub capabilities: Capabilities,
    /// Custom resource definitions are printed, too.
    pub include_crds: bool,
    /// What is left out.
    pub choice: Choice,
    /// Paths of templates, as patterns: only what they gave is printed. Empty for all.
    pub show_only: Vec<String>,
    /// Values are not checked against schemas.
    pub skips_schema: bool,
    /// What templates may cost.
    pub limits: Limits,
    /// What checking values against schemas may cost.
    pub schema_limits: SchemaLimits,
    /// Each text tells which lines of its template gave it.
    pub is_traced: bool,
}

/// What a chart rendered to.
#[derive(Clone, Debug)]
pub struct Output {
    /// The chart as it was rendered: without what is disabled, with aliases.
    pub chart: Chart,
    /// Every template's text, in the order of paths.
    pub rendered: Vec<Rendered>,
    /// Manifests and hooks in the order of installation.
    pub manifests: Manifests,
    /// Custom resource definitions, of which no template knows.
    pub crds: Vec<Document>,
}

/// Why a chart is not rendered, in Helm's words.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The chart is not one that can be installed.
    #[error(transparent)]
    Kind(CheckError),
    /// Charts that it depends on are not in it.
    #[error("{advice}: {missing}")]
    Dependencies {
        /// What the release of Helm says to do.
        advice: &'static str,
        /// The charts.
        missing: CheckError,
    },
    /// No release can be called so.
    #[error("{}{error}", if *.is_checked { "release name check failed: " } else { "" })]
    Name {
        /// Why not.
        error: NameError,
        /// Whether the release of Helm says what it did.
        is_checked: bool,
    },
    /// Conditions, tags or imports cannot be made out.
    #[error("chart dependencies processing failed: {0}")]
    Processing(#[source] values::Error),
    /// Values cannot be made one.
    #[error(transparent)]
    Values(#[from] values::Error),
    /// The chart is not for this version of Kubernetes.
    #[error(transparent)]
    KubeVersion(#[from] IncompatibleKubeVersion),
    /// A template cannot be rendered.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// What a template gave is no manifest.
    #[error("{error}")]
    Manifest {
        /// Where, and what is wrong.
        error: Box<ManifestError>,
        /// What Helm prints with `--debug`.
        text: Vec<u8>,
    },
    /// A pattern of [`Settings::show_only`] matches nothing.
    #[error(transparent)]
    NotShown(#[from] NotShown),
}

impl Settings {
    /// Returns what Helm assumes when nothing is said.
    #[must_use]
    pub fn new(profile: Profile, capabilities: Capabilities) -> Self {
        Self {
            profile,
            release: Release::default(),
            capabilities,
            include_crds: false,
            choice: Choice::default(),
            show_only: Vec::new(),
            skips_schema: false,
            limits: Limits::default(),
            schema_limits: SchemaLimits::default(),
            is_traced: false,
        }
    }
}

/// Renders a chart: mirrors `runInstall` in `pkg/cmd/install.go` and `RunWithContext` in `pkg/action/install.go` of
/// Helm 4.2.4.
///
/// `user` are the values of the user; what Helm warns of is added to `warnings`, in its words. With the default limits this takes a stack of up to 256 MiB.
///
/// # Errors
///
/// [`RenderError`], where Helm fails as well or a limit is exceeded.
pub fn render(
    chart: &Chart,
    user: &Map,
    settings: &Settings,
    host: &Rc<dyn Host>,
    warnings: &mut Vec<String>,
) -> Result<Output, RenderError> {
    let profile = settings.profile;
    check_installable(chart).map_err(RenderError::Kind)?;
    let advice = profile.rules().missing_dependencies;
    check_dependencies(chart).map_err(|missing| RenderError::Dependencies { advice, missing })?;
    settings.release.check_name().map_err(|error| RenderError::Name {
        error,
        is_checked: profile.rules().says_name_check,
    })?;
    let processed = process_dependencies(chart, user, profile).map_err(RenderError::Processing)?;
    warnings.extend(processed.warnings);
    let coalesced = coalesce(&processed.chart, user, profile)?;
    warnings.extend(coalesced.warnings);
    if !settings.skips_schema {
        warnings.extend(values::validate(
            &processed.chart,
            &coalesced.values,
            &settings.schema_limits,
        )?);
    }
    settings.capabilities.check(&processed.chart.metadata.kube_version)?;
    let engine = Engine::new(profile, Rc::clone(host)).limits(settings.limits);
    let (chart, values) = (&processed.chart, &coalesced.values);
    let (release, capabilities) = (&settings.release, &settings.capabilities);
    let rendered = if settings.is_traced {
        engine.render_traced(chart, values, release, capabilities)?.rendered
    } else {
        engine.render(chart, values, release, capabilities)?
    };
    let manifests = assembly::manifests(&rendered, profile, &**host).map_err(|error| {
        RenderError::Manifest { error: Box::new(error), text: assembly::unsorted(&rendered) }
    })?;
    let crds = assembly::crds(&processed.chart);
    Ok(Output { chart: processed.chart, rendered, manifests, crds })
}

impl Output {
    /// Returns what `helm template` prints.
    ///
    /// # Errors
    ///
    /// When a pattern of [`Settings::show_only`] matches nothing.
    pub fn text(&self, settings: &Settings) -> Result<Vec<u8>, NotShown> {
        self.pieces(settings).map(|pieces| pieces.concat())
    }

    /// Returns the pieces of [`text`](Self::text), most of which are not copied.
    ///
    /// # Errors
    ///
    /// As [`text`](Self::text).
    pub fn pieces(&self, settings: &Settings) -> Result<Vec<Cow<'_, [u8]>>, NotShown> {
        let crds = if settings.include_crds { &self.crds[..] } else { &[] };
        let pieces = self.manifests.pieces(crds, settings.choice);
        if settings.show_only.is_empty() {
            return Ok(pieces.into_iter().map(Cow::Borrowed).collect());
        }
        let shown = assembly::show_only(&pieces.concat(), &settings.show_only, settings.profile)?;
        Ok(vec![Cow::Owned(shown)])
    }
}

impl Output {
    /// Returns what `helm template --output-dir` writes: for each document its path and its text; documents of one
    /// path follow each other in its file.
    #[must_use]
    pub fn files(&self, settings: &Settings) -> Vec<(String, Vec<u8>)> {
        let crds = if settings.include_crds { &self.crds[..] } else { &[] };
        let hooks = self.manifests.chosen_hooks(settings.choice);
        let all = crds.iter().chain(&self.manifests.objects).chain(hooks);
        all.map(|document| (document.source().path.clone(), document.printed())).collect()
    }
}
