//! Layers that their manifest places outside of the registry (`urls` of a descriptor).

use std::sync::Arc;

use sealift_oci::{Blob, BlobStream, StoreError, StoreErrorKind};
use sealift_reference::Repository;
use url::Url;

use crate::address::{Origin, Reach, literal_reach};
use crate::exchange::{Exchange, Opened};
use crate::failure::Failure;
use crate::host::Host;
use crate::payload::Payload;
use crate::registry::{Place, Registry};
use crate::request::Request;

impl Registry {
    /// Opens a blob at an address that a manifest of `repository` names, from an offset in bytes on. Whoever calls this has been
    /// told by the operator that the host of the address may be asked: no credentials go there, and hash and length are checked
    /// by the reader as always.
    ///
    /// # Errors
    ///
    /// As for a blob; [`StoreErrorKind::Refused`] for an address that is neither HTTPS nor on this machine.
    pub async fn foreign_blob(
        &self,
        repository: &Repository,
        url: &str,
        blob: &Blob,
        offset: u64,
    ) -> Result<BlobStream, StoreError> {
        let parsed: Url = url.parse().map_err(|_| {
            let message = format!("an address outside of {repository} cannot be read");
            StoreError::new(StoreErrorKind::Refused, message)
        })?;
        let origin = allowed(&parsed).map_err(|why| {
            let message = format!("the address {} {why}", crate::text::shown_url(&parsed));
            StoreError::new(StoreErrorKind::Refused, message)
        })?;
        let exchange = Arc::clone(&self.exchange);
        let host = exchange.site(origin, &parsed);
        let place = Place { exchange, host, repository: repository.clone() };
        place.foreign_blob(parsed, blob, offset).await
    }
}

/// Returns the origin of an address that may be asked, or why it may not.
fn allowed(url: &Url) -> Result<Origin, &'static str> {
    let origin = Origin::of(url).ok_or("is neither http nor https")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user or password");
    }
    if !origin.is_https() && literal_reach(url) != Some(Reach::Loopback) {
        return Err("is not HTTPS");
    }
    Ok(origin)
}

/// Returns the host of an address, with its port where one is written: what an operator allows to be asked.
#[must_use]
pub fn foreign_host(url: &str) -> Option<String> {
    let parsed: Url = url.parse().ok()?;
    Origin::of(&parsed).map(|_| crate::text::authority(&parsed))
}

impl Exchange {
    /// As [`Exchange::open`], without credentials and without any answer to a challenge.
    pub(crate) async fn open_anonymously(
        &self,
        host: &Host,
        request: &Request,
        url: &Url,
    ) -> Result<Opened, Failure> {
        let permit = host.permit(request.kind).await;
        let (mut response, at) = self.travel(host, request, &Payload::Empty, (url, None)).await?;
        if response.status().is_success() {
            host.went_well(request.kind);
            return Ok(Opened { response, url: at, permit });
        }
        let status = response.status().as_u16();
        let body = crate::travel::read_start(&mut response, &self.timing).await;
        Err(Failure::status(status, response.headers(), &body, false))
    }
}
