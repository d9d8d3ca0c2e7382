//! Hooks: what is run around an installation.

/// The annotation that makes a hook.
pub(super) const ANNOTATION: &str = "helm.sh/hook";

/// A moment at which a hook is run: `pkg/release/v1/hook.go` of Helm 4.2.4.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// `post-delete`.
    PostDelete,
    /// `post-install`.
    PostInstall,
    /// `post-rollback`.
    PostRollback,
    /// `post-upgrade`.
    PostUpgrade,
    /// `pre-delete`.
    PreDelete,
    /// `pre-install`.
    PreInstall,
    /// `pre-rollback`.
    PreRollback,
    /// `pre-upgrade`.
    PreUpgrade,
    /// `test`, and `test-success` of Helm 2.
    Test,
}

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Hook,
    Object,
    /// A hook of which an event is unknown. Helm leaves it out.
    UnknownHook,
}

impl Event {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "post-delete" => Self::PostDelete,
            "post-install" => Self::PostInstall,
            "post-rollback" => Self::PostRollback,
            "post-upgrade" => Self::PostUpgrade,
            "pre-delete" => Self::PreDelete,
            "pre-install" => Self::PreInstall,
            "pre-rollback" => Self::PreRollback,
            "pre-upgrade" => Self::PreUpgrade,
            "test" | "test-success" => Self::Test,
            _ => return None,
        })
    }
}

/// Reads the value of the annotation: events with commas between them; `None` when one is unknown.
pub(super) fn events(annotation: &str) -> Option<Vec<Event>> {
    annotation.split(',').map(|event| Event::named(&event.trim().to_lowercase())).collect()
}
