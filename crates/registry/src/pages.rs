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
use crate::request;

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
        let mut pages = Pages::default();
        loop {
            let answer = match place.call(&request).await {
                Ok(answer) => answer,
                Err(failure) if failure.is_status(&[404]) => return Ok(None),
                Err(failure) => return Err(place.error(&request, failure)),
            };
            match pages.add(&answer).map_err(|failure| place.error(&request, failure))? {
                Some(url) => request = request::next_page(&request, url),
                None => return Ok(Some(pages.tags)),
            }
        }
    }
}

/// The pages read so far.
#[derive(Default)]
struct Pages {
    tags: BTreeSet<String>,
    seen: BTreeSet<Url>,
    bytes: usize,
}

impl Pages {
    /// Takes a page, and returns where the next one is.
    fn add(&mut self, answer: &Answer) -> Result<Option<Url>, Failure> {
        let refuse = |why: &str| Failure::new(StoreErrorKind::Protocol, why);
        let list: TagList = serde_json::from_slice(&answer.body)
            .map_err(|_| refuse("the answer is no list of tags"))?;
        self.tags.extend(list.tags.unwrap_or_default());
        self.bytes += answer.body.len();
        if self.tags.len() > TAGS || self.bytes > TAG_BYTES {
            return Err(Failure::new(StoreErrorKind::Limit, format!("more than {TAGS} tags")));
        }
        match next(answer)? {
            Some(url) if !self.seen.insert(url.clone()) => {
                Err(refuse("its pages lead in a circle"))
            }
            next => Ok(next),
        }
    }
}

/// Returns the next page from a `Link` header; it must be at the same origin.
pub(crate) fn next(answer: &Answer) -> Result<Option<Url>, Failure> {
    let Some(target) = answer.header("link").and_then(next_target) else { return Ok(None) };
    let refuse = || Failure::new(StoreErrorKind::Redirect, "its next page is at another host");
    let url = answer.url.join(target).map_err(|_| refuse())?;
    if Origin::of(&url) == Origin::of(&answer.url) { Ok(Some(url)) } else { Err(refuse()) }
}

/// Reads `<target>; rel="next"` (RFC 8288).
fn next_target(link: &str) -> Option<&str> {
    let (target, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
    let mut parameters = rest.split(';').map(str::trim);
    parameters.any(|parameter| matches!(parameter, "rel=\"next\"" | "rel=next")).then_some(target)
}
