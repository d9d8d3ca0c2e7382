//! What helps against a refusal.

use sealift_oci::copy::Side;
use sealift_oci::{StoreError, StoreErrorKind};
use sealift_reference::Repository;

/// The code of a registry in which repositories are made before they are used, as in ECR.
const REPOSITORY_UNKNOWN: &str = "NAME_UNKNOWN";

/// Whether it is the repository that has to be made, whatever is true of its project.
pub(super) fn is_of_repository(error: &StoreError) -> bool {
    error.kind == StoreErrorKind::NotFound && error.message.contains(REPOSITORY_UNKNOWN)
}

/// What helps: against what is said of a whole project, or of one repository in it.
pub(super) fn hints(
    side: Side,
    repository: &Repository,
    error: &StoreError,
    is_project: bool,
) -> Vec<String> {
    let (host, path) = (repository.host(), repository.path());
    let project = path.split('/').next().unwrap_or(path);
    let login = format!("sealift login {host}");
    match (side, error.kind) {
        (_, StoreErrorKind::Credential) => vec![format!(
            "credentials go by https only, and to no token server but that of {host}: `trustRealm` in sealift.yaml names another"
        )],
        (Side::Source, _) => vec![format!("`{login}` stores credentials that may read {path}")],
        (Side::Target, StoreErrorKind::NotFound) if is_of_repository(error) => vec![format!(
            "{host} wants repositories to be made first; at ECR: aws ecr create-repository --repository-name {path}"
        )],
        (Side::Target, StoreErrorKind::NotFound) => vec![format!(
            "make the project `{project}` at {host} first, or choose one that is there: --to {host}/PROJECT"
        )],
        (Side::Target, StoreErrorKind::ReadOnly) => {
            vec![format!(
                "{host} takes no pushes: switch its read-only mode off, or name the registry behind it"
            )]
        }
        (Side::Target, _) => vec![format!(
            "`{login}` stores credentials; the account needs the right to push to `{}`",
            if is_project { project } else { path }
        )],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_own_advice() {
        use StoreErrorKind as Kind;
        let advice = |side, repository: &str, kind, said: &str| {
            let error = StoreError::new(kind, said);
            hints(side, &repository.parse().expect("a repository"), &error, true).join("")
        };
        let hint = |side, repository: &str, kind| advice(side, repository, kind, "no");
        let ecr =
            advice(Side::Target, "1.dkr.ecr.example/ml/x", Kind::NotFound, "404 NAME_UNKNOWN");
        assert!(ecr.ends_with("aws ecr create-repository --repository-name ml/x"), "{ecr}");
        assert!(
            hint(Side::Target, "r.corp/ml/x", Kind::NotFound).contains("project `ml` at r.corp")
        );
        assert!(hint(Side::Target, "r.corp/ml/x", Kind::Denied).contains("`sealift login r.corp`"));
        assert!(hint(Side::Target, "r.corp/ml/x", Kind::ReadOnly).contains("read-only"));
        for side in [Side::Source, Side::Target] {
            let kept_back = hint(side, "r.corp/ml/x", Kind::Credential);
            assert!(
                kept_back.contains("trustRealm") && !kept_back.contains("login"),
                "{kept_back}"
            );
        }
        assert!(
            hint(Side::Source, "ghcr.io/a/b", Kind::Denied).contains("`sealift login ghcr.io`")
        );
    }
}
