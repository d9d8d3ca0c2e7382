//! Texts to manifests and hooks, in the order of installation, and to what `helm template` prints.
//!
//! Mirrors `pkg/release/v1/util`, `renderResources` of `pkg/action/action.go` and `pkg/cmd/template.go` of
//! Helm 4.2.4, and their counterparts of 3.21.4; what differs is data of the profile's rules.

mod crds;
mod document;
mod head;
mod heads;
mod hook;
mod order;
mod show_only;
mod space;
mod split;

use std::rc::Rc;

pub use crds::crds;
pub use document::{Document, Source};
pub use head::HeadError;
pub use hook::Event;
pub use show_only::{NotShown, show_only};

use sealift_sprig::Host;

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
/// `rendered` is in the order of paths; notes are passed over. Where there is much to read, the host may do that by two threads.
///
/// # Errors
///
/// The first document that is no YAML, or has no head of an object.
pub fn manifests(
    rendered: &[Rendered],
    profile: Profile,
    host: &dyn Host,
) -> Result<Manifests, ManifestError> {
    let rules = profile.rules();
    let mut manifests = Manifests::default();
    let mut parts = Vec::new();
    for file in rendered.iter().filter(|file| !file.path.ends_with(NOTES)) {
        let source = Source::new(file);
        let ranges = split::documents(source.text.as_bytes(), rules);
        parts.extend(ranges.into_iter().map(|range| (Rc::clone(&source), range)));
    }
    let texts: Vec<_> =
        parts.iter().map(|(source, range)| &source.text.as_bytes()[range.clone()]).collect();
    let heads = heads::read(&texts, rules, host);
    for ((source, range), head) in parts.iter().zip(heads) {
        let document = Document::new(source, range.clone(), head)?;
        match document.role() {
            Role::Object => manifests.objects.push(document),
            Role::Hook => manifests.hooks.push(document),
            Role::UnknownHook => manifests.unknown_hooks.push(document),
        }
    }
    order::install(&mut manifests.objects, rules);
    order::install(&mut manifests.hooks, rules);
    Ok(manifests)
}

/// Returns what is printed when documents cannot be read: `--debug`.
#[must_use]
pub fn unsorted(rendered: &[Rendered]) -> Vec<u8> {
    let files = rendered.iter().filter(|file| !file.path.ends_with(NOTES));
    let texts = files.map(|file| (&file.path, file.text.as_bytes()));
    let texts = texts.filter(|(_, text)| !space::is_blank(text));
    texts.flat_map(|(path, text)| document::pieces(path, text)).collect::<Vec<_>>().concat()
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
    /// Returns the pieces of what `helm template` prints, with custom resource definitions in front.
    #[must_use]
    pub fn pieces<'m>(&'m self, crds: &'m [Document], choice: Choice) -> Vec<&'m [u8]> {
        let objects = crds.iter().chain(&self.objects);
        let mut pieces: Vec<_> = objects.flat_map(Document::pieces).collect();
        space::trim_pieces(&mut pieces);
        pieces.push(b"\n");
        pieces.extend(self.chosen_hooks(choice).flat_map(Document::pieces));
        pieces
    }

    /// Returns the hooks that are printed.
    pub fn chosen_hooks(&self, choice: Choice) -> impl Iterator<Item = &Document> {
        let is_chosen = move |hook: &&Document| !(choice.skip_tests && hook.is_test());
        self.hooks.iter().filter(move |_| !choice.no_hooks).filter(is_chosen)
    }
}
