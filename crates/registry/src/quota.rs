//! How much a project of a registry may still take, where the registry tells it.
//!
//! Nothing in the distribution API says so. Harbor has an API beside it, and is known by the name under which its registry asks
//! for tokens. Mirrors: goharbor/harbor v2, api/v2.0/swagger.yaml, `GET /projects/{project_name}/summary`.

use sealift_reference::Repository;
use serde::Deserialize;

use crate::challenge::Challenge;
use crate::payload::Payload;
use crate::registry::Registry;
use crate::request;
use crate::scope::Scopes;

/// The service of the tokens of Harbor's registry.
const HARBOR: &str = "harbor-registry";

/// The bytes of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// All that it may hold.
    pub limit_bytes: u64,
    /// What it holds.
    pub used_bytes: u64,
}

impl Quota {
    /// Returns what it may still take.
    #[must_use]
    pub fn left_bytes(self) -> u64 {
        self.limit_bytes.saturating_sub(self.used_bytes)
    }
}

#[derive(Debug, Deserialize)]
struct Summary {
    quota: Option<Resources>,
}

#[derive(Debug, Deserialize)]
struct Resources {
    hard: Storage,
    used: Storage,
}

/// Bytes; -1 for a limit that is none.
#[derive(Debug, Deserialize)]
struct Storage {
    storage: i64,
}

impl Registry {
    /// Returns the quota of the project that a repository is in: the first part of its path. `None` where the registry has none,
    /// does not tell, or is of no kind that does; asked by one request where it does. The host must have been asked for something
    /// before.
    pub async fn quota(&self, repository: &Repository) -> Option<Quota> {
        let exchange = &*self.exchange;
        let host = exchange.host(repository.host());
        let is_harbor = matches!(host.challenge(), Some(Challenge::Bearer { service: Some(service), .. }) if service == HARBOR);
        if !is_harbor {
            return None;
        }
        let project = repository.path().split('/').next()?;
        let base = exchange.base(&host).await.ok()?;
        let request = request::quota(project);
        let url = request.place.url(&base.url).ok()?;
        let pass = exchange.basic(&host, base, &Scopes::push(repository.path())).await?;
        let _place = host.permit(request.kind).await;
        let way = (&url, Some(&*pass));
        let (mut response, _) =
            exchange.travel(&host, &request, &Payload::Empty, way).await.ok()?;
        if !response.status().is_success() {
            return None;
        }
        read(&crate::travel::read_start(&mut response, &exchange.timing).await)
    }
}

fn read(body: &[u8]) -> Option<Quota> {
    let Resources { hard, used } = serde_json::from_slice::<Summary>(body).ok()?.quota?;
    let limit_bytes = u64::try_from(hard.storage).ok()?;
    Some(Quota { limit_bytes, used_bytes: u64::try_from(used.storage).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_of_harbor_has_bytes_or_no_limit() {
        let body = br#"{"repo_count":3,"quota":{"hard":{"storage":1000},"used":{"storage":400}}}"#;
        let quota = read(body).unwrap();
        assert_eq!(
            (quota, quota.left_bytes()),
            (Quota { limit_bytes: 1000, used_bytes: 400 }, 600)
        );
        let full = Quota { limit_bytes: 1, used_bytes: 2 };
        assert_eq!(full.left_bytes(), 0);
        for none in [
            &br#"{"quota":{"hard":{"storage":-1},"used":{"storage":400}}}"#[..],
            br#"{"repo_count":3}"#,
            b"<html>",
            b"",
        ] {
            assert_eq!(read(none), None);
        }
    }
}
