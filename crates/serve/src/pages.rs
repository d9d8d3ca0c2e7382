//! Lists: tags, repositories, referrers.

use http::header::{HeaderName, HeaderValue, LINK};
use http::{Response, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sealift_reference::{Digest, MediaType, media_type};
use serde_json::json;

use crate::body::{self, Body};
use crate::fault::Fault;
use crate::handle::State;
use crate::limits::PAGE;
use crate::query;
use crate::route::Name;
use crate::store::Page;

const FILTERS_APPLIED: HeaderName = HeaderName::from_static("oci-filters-applied");

/// The ping, which tells a client that it may talk to this server.
pub(crate) fn ping() -> Response<Body> {
    body::full(StatusCode::OK, "application/json", "{}")
}

/// What a person sees who opens the address.
pub(crate) fn root(state: &State) -> Response<Body> {
    let repositories = state.store.look(|table| table.names("", usize::MAX).names.len());
    let text = format!(
        "sealift: an OCI registry with {repositories} repositories\nThe list is at /v2/_catalog.\n"
    );
    body::full(StatusCode::OK, "text/plain; charset=utf-8", text)
}

pub(crate) fn catalog(state: &State, query: &str) -> Result<Response<Body>, Fault> {
    let (last, limit) = position(query)?;
    let page = state.store.look(|table| table.names(&last, limit));
    Ok(paged("/v2/_catalog", &page, limit, &json!({"repositories": page.names})))
}

pub(crate) fn tags(state: &State, name: &Name, query: &str) -> Result<Response<Body>, Fault> {
    let (last, limit) = position(query)?;
    let page = state.store.look(|table| table.tags(name, &last, limit));
    let page = page.ok_or_else(|| Fault::name_unknown(name.as_str()))?;
    let path = format!("/v2/{}/tags/list", name.as_str());
    Ok(paged(&path, &page, limit, &json!({"name": name.as_str(), "tags": page.names})))
}

/// An empty list for what nobody refers to, and for repositories that are not there.
pub(crate) fn referrers(
    state: &State,
    name: &Name,
    subject: &Digest,
    query: &str,
) -> Response<Body> {
    let wanted = query::get(query, "artifactType").filter(|wanted| !wanted.is_empty());
    let is_wanted =
        |kind: Option<&str>| wanted.as_deref().is_none_or(|wanted| kind == Some(wanted));
    let manifests: Vec<_> = state.store.look(|table| {
        let all = table.referrers(name, subject).into_iter();
        let some = all.filter(|descriptor| {
            is_wanted(descriptor.artifact_type.as_ref().map(MediaType::as_str))
        });
        some.map(sealift_oci::Descriptor::to_json).collect()
    });
    let index =
        json!({"schemaVersion": 2, "mediaType": media_type::OCI_INDEX, "manifests": manifests});
    let mut response = body::full(StatusCode::OK, media_type::OCI_INDEX, index.to_string());
    if wanted.is_some() {
        response.headers_mut().insert(FILTERS_APPLIED, HeaderValue::from_static("artifactType"));
    }
    response
}

/// Reads `n` and `last`. More than a page is a page; what is no number is refused.
fn position(query: &str) -> Result<(String, usize), Fault> {
    let last = query::get(query, "last").unwrap_or_default().into_owned();
    let Some(n) = query::get(query, "n") else { return Ok((last, PAGE)) };
    let number: Option<i64> = Some(&n)
        .filter(|n| n.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|n| n.parse().ok());
    let number = number.ok_or_else(|| {
        Fault::new(
            StatusCode::BAD_REQUEST,
            "PAGINATION_NUMBER_INVALID",
            format!("{n:?} is no number of entries"),
        )
    })?;
    Ok((last, usize::try_from(number).map_or(PAGE, |number| number.min(PAGE))))
}

fn paged(path: &str, page: &Page, limit: usize, document: &serde_json::Value) -> Response<Body> {
    let mut response = body::json(StatusCode::OK, document);
    if let (true, Some(last)) = (page.more, page.names.last()) {
        let last = utf8_percent_encode(last, NON_ALPHANUMERIC);
        let link = format!("<{path}?n={limit}&last={last}>; rel=\"next\"");
        response.headers_mut().insert(LINK, HeaderValue::from_str(&link).expect("names are ASCII"));
    }
    response
}
