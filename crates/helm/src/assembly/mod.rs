//! Texts to manifests and hooks, in the order of installation, and to what `helm template` prints.
//!
//! Mirrors `pkg/release/v1/util`, `renderResources` of `pkg/action/action.go` and `pkg/cmd/template.go` of
//! Helm 4.2.4, and their counterparts of 3.21.4; what differs is data of the profile's rules.

mod crds;
mod document;
mod head;
mod hook;
mod order;
mod show_only;
mod space;
mod split;

pub use crds::crds;
pub use document::{Document, Source};
pub use head::HeadError;
pub use hook::Event;
pub use show_only::{NotShown, show_only};

use crate::Profile;
use crate::engine::Rendered;
use hook::Role;

/// The file that is printed for people and never installed.
const NOTES: &str = "NOTES.txt";

/// What a chart rendered to, in the order of installation.
#[derive(Clone, Debug, Default)]
pub struct Manifests {
    /// What is installed.
    pub objects: Vec<Document>,
    /// What is run around the installation, tests included.
    pub hooks: Vec<Document>,
    /// What Helm leaves out, since it knows no such hook.
    pub unknown_hooks: Vec<Document>,
}

/// Why a rendered text is no manifests.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("YAML parse error on {path}: {error}")]
pub struct ManifestError {
    /// The template file.
    pub path: String,
    /// The line of the rendered text where the document begins, from 1.
    pub line: u32,
    /// What is wrong with it.
    pub error: HeadError,
}

/// Sorts what templates gave into manifests and hooks.
///
/// `rendered` is in the order of paths; notes are passed over.
///
/// # Errors
///
/// The first document that is no YAML, or has no head of an object.
pub fn manifests(rendered: &[Rendered], profile: Profile) -> Result<Manifests, ManifestError> {
    let rules = profile.rules();
    let mut manifests = Manifests::default();
    for file in rendered.iter().filter(|file| !file.path.ends_with(NOTES)) {
        let source = Source::new(file);
        for range in split::documents(source.text.as_bytes(), rules) {
            let document = Document::read(&source, range, rules)?;
            match document.role() {
                Role::Object => manifests.objects.push(document),
                Role::Hook => manifests.hooks.push(document),
                Role::UnknownHook => manifests.unknown_hooks.push(document),
            }
        }
    }
    order::install(&mut manifests.objects, rules);
    order::install(&mut manifests.hooks, rules);
    Ok(manifests)
}

/// Returns what is printed when documents cannot be read: `--debug`.
#[must_use]
pub fn unsorted(rendered: &[Rendered]) -> Vec<u8> {
    let mut out = Vec::new();
    for file in rendered.iter().filter(|file| !file.path.ends_with(NOTES)) {
        if !space::is_blank(file.text.as_bytes()) {
            document::write(&mut out, &file.path, file.text.as_bytes());
        }
    }
    out
}

/// What is printed of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Hooks are left out.
    pub no_hooks: bool,
    /// Tests are left out.
    pub skip_tests: bool,
}

impl Manifests {
    /// Returns what `helm template` prints, with custom resource definitions in front.
    #[must_use]
    pub fn text(&self, crds: &[Document], choice: Choice) -> Vec<u8> {
        let mut out = Vec::new();
        for document in crds.iter().chain(&self.objects) {
            document.write(&mut out);
        }
        let mut out = space::trim(&out).to_vec();
        out.push(b'\n');
        for hook in self.chosen_hooks(choice) {
            hook.write(&mut out);
        }
        out
    }

    /// Returns the hooks that are printed.
    pub fn chosen_hooks(&self, choice: Choice) -> impl Iterator<Item = &Document> {
        let is_chosen = move |hook: &&Document| !(choice.skip_tests && hook.is_test());
        self.hooks.iter().filter(move |_| !choice.no_hooks).filter(is_chosen)
    }
}
