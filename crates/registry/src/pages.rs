//! Answers that come in pages: tags.

use std::collections::BTreeSet;

use sealift_oci::{StoreError, StoreErrorKind};
use sealift_reference::Repository;
use serde::Deserialize;
use url::Url;

use crate::address::Origin;
use crate::exchange::Answer;
use crate::failure::Failure;
use crate::limits::{TAG_BYTES, TAGS};
use crate::registry::{Place, Registry};
use crate::request::{self, Request};

/// Tags that one page is asked for; ECR refuses more: <https://github.com/google/go-containerregistry/issues/681>.
const PAGE: usize = 1000;

#[derive(Deserialize)]
struct TagList {
    tags: Option<Vec<String>>,
}

impl Registry {
    /// Returns the tags of a repository, sorted, or `None` where the repository is unknown. Mirrors are not asked.
    ///
    /// # Errors
    ///
    /// More than 200,000 tags or 64 MiB; pages that lead in a circle or to another host; as for any request.
    pub async fn tags(
        &self,
        repository: &Repository,
    ) -> Result<Option<BTreeSet<String>>, StoreError> {
        let host = self.exchange.host(repository.host());
        let place = Place { exchange: self.exchange.clone(), host, repository: repository.clone() };
        let mut request = request::tags(repository.path(), PAGE);
        let failed = |request: &Request, failure| Err(place.error(request, failure));
        let (mut tags, mut seen, mut bytes) = (BTreeSet::new(), BTreeSet::new(), 0);
        loop {
            let answer = match place.call(&request).await {
                Ok(answer) => answer,
                Err(failure) if failure.is_status(&[404]) => return Ok(None),
                Err(failure) => return failed(&request, failure),
            };
            bytes += answer.body.len();
            let list: TagList = match serde_json::from_slice(&answer.body) {
                Ok(list) => list,
                Err(_) => {
                    return failed(
                        &request,
                        Failure::new(StoreErrorKind::Protocol, "the answer is no list of tags"),
                    );
                }
            };
            tags.extend(list.tags.unwrap_or_default());
            if tags.len() > TAGS || bytes > TAG_BYTES {
                return failed(
                    &request,
                    Failure::new(StoreErrorKind::Limit, format!("more than {TAGS} tags")),
                );
            }
            match next(&answer) {
                Ok(None) => return Ok(Some(tags)),
                Ok(Some(url)) if seen.insert(url.clone()) => {
                    request = request::next_page(&request, url);
                }
                Ok(Some(_)) => {
                    return failed(
                        &request,
                        Failure::new(StoreErrorKind::Protocol, "its pages lead in a circle"),
                    );
                }
                Err(failure) => return failed(&request, failure),
            }
        }
    }
}

/// Returns the next page from a `Link` header; it must be at the same origin.
pub(crate) fn next(answer: &Answer) -> Result<Option<Url>, Failure> {
    let Some(target) = answer.header("link").and_then(next_target) else { return Ok(None) };
    let refuse = || Failure::new(StoreErrorKind::Protocol, "its next page is at another host");
    let url = answer.url.join(target).map_err(|_| refuse())?;
    if Origin::of(&url) == Origin::of(&answer.url) { Ok(Some(url)) } else { Err(refuse()) }
}

/// Reads `<target>; rel="next"` (RFC 8288).
fn next_target(link: &str) -> Option<&str> {
    let (target, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
    let mut parameters = rest.split(';').map(str::trim);
    parameters.any(|parameter| matches!(parameter, "rel=\"next\"" | "rel=next")).then_some(target)
}
