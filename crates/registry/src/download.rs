//! Files of web servers, such as chart repositories: the same way, trust and patience as for registries, but no API.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, ETAG};
use http::{HeaderMap, StatusCode};
use sealift_oci::{StoreError, StoreErrorKind};
use url::Url;

use crate::address::Origin;
use crate::credentials::Credential;
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::host::Host;
use crate::pace::Pace;
use crate::payload::Payload;
use crate::registry::Registry;
use crate::request;
use crate::retry::Attempts;
use crate::secret::Secret;
use crate::travel::{read_body_told, read_start};

/// A file to read from a web server.
#[derive(Clone, Copy, Debug)]
pub struct Download<'a> {
    /// Where it is. User and password do not belong here.
    pub url: &'a Url,
    /// Whose content named `url`; `None` where the operator did. What a server names is reached as a redirect of it would be:
    /// not by weaker means, and not further into the site.
    pub sent_by: Option<&'a Url>,
    /// Shown to the origin of `url` and to nobody else.
    pub credential: Option<&'a Credential>,
    /// What [`Downloaded::etag`] was for the content at hand.
    pub etag: Option<&'a str>,
    /// The most that is read.
    pub limit_bytes: usize,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downloaded {
    /// As they came, also where the server says that they are encoded.
    pub bytes: Bytes,
    /// What the server says of the encoding.
    pub encoding: Option<String>,
    /// The name that the server has for this content.
    pub etag: Option<String>,
}

impl Registry {
    /// Reads a file of a web server; `None` where its content is still that of [`Download::etag`]. `progress` is told the
    /// bytes that are there so far; fewer than before mean that it began anew.
    ///
    /// # Errors
    ///
    /// [`StoreErrorKind::NotFound`], [`StoreErrorKind::Denied`], [`StoreErrorKind::Limit`], and as for any request.
    pub async fn download(
        &self,
        download: Download<'_>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<Downloaded>, StoreError> {
        let exchange = &*self.exchange;
        let own = || Host::new(&crate::text::authority(download.url), crate::limits::BODIES);
        let site = download.site(exchange);
        let failed = |failure: Failure| {
            failure.into_store(&own().name, &crate::text::shown(download.url.path()))
        };
        let site = site.map_err(failed)?;
        let mut attempts = Attempts::new();
        loop {
            match exchange.download_once(&site, &download, progress).await {
                Ok(downloaded) => return Ok(downloaded),
                Err(failure) => {
                    exchange.wait(&site, &mut attempts, failure).await.map_err(failed)?;
                }
            }
        }
    }
}

impl Download<'_> {
    /// Returns the host by whose word the file is read, and refuses where that word does not lead.
    fn site(&self, exchange: &Exchange) -> Result<std::sync::Arc<Host>, Failure> {
        let refuse = |why: &str| Failure::new(StoreErrorKind::Refused, why);
        if !self.url.username().is_empty() || self.url.password().is_some() {
            return Err(refuse("user or password in the address"));
        }
        let sender = self.sent_by.unwrap_or(self.url);
        let origin = Origin::of(sender).filter(|_| Origin::of(self.url).is_some());
        let origin = origin.ok_or_else(|| refuse("neither http nor https"))?;
        if origin.is_https() && self.url.scheme() == "http" {
            let why =
                format!("named by {} over HTTPS, but plain HTTP", crate::text::shown_url(sender));
            return Err(Failure::new(StoreErrorKind::Redirect, why));
        }
        Ok(exchange.site(origin, sender))
    }

    fn header(&self) -> Result<Option<Secret>, Failure> {
        let Some(credential) = self.credential else { return Ok(None) };
        if !Origin::of(self.url).is_some_and(|origin| origin.keeps_secrets()) {
            let why = "credentials do not travel over plain HTTP";
            return Err(Failure::new(StoreErrorKind::Credential, why));
        }
        Ok(Some(match credential {
            Credential::Basic { user, password } => Secret::basic(user, password),
            Credential::Identity(token) | Credential::Registry(token) => Secret::bearer(token),
        }))
    }
}

impl Exchange {
    async fn download_once(
        &self,
        site: &Host,
        download: &Download<'_>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Option<Downloaded>, Failure> {
        let request = request::download(download.url, download.etag);
        let _permit = site.permit(request.kind).await;
        self.check_reach(site, download.url).await?;
        let header = download.header()?;
        let way = (download.url, header.as_ref());
        let (mut response, _) = self.travel(site, &request, &Payload::Empty, way).await?;
        if response.status() == StatusCode::NOT_MODIFIED && download.etag.is_some() {
            site.went_well(request.kind);
            return Ok(None);
        }
        if response.status() != StatusCode::OK {
            let body = read_start(&mut response, &self.timing).await;
            let status = response.status().as_u16();
            return Err(refused(status, response.headers(), &body, header.is_some()));
        }
        let told = (Pace::new(self.throttle.clone()), progress);
        let bytes = read_body_told(&mut response, download.limit_bytes, &self.timing, told).await?;
        site.went_well(request.kind);
        let text = |name| response.headers().get(name)?.to_str().ok().map(str::to_owned);
        Ok(Some(Downloaded { bytes, encoding: text(CONTENT_ENCODING), etag: text(ETAG) }))
    }

    /// Refuses a first address that a server gave and may not give; those behind it are checked on the way.
    async fn check_reach(&self, site: &Host, url: &Url) -> Result<(), Failure> {
        if site.base.get().is_some_and(|base| base.holds(url)) {
            return Ok(());
        }
        let reach = self.reach_of(site, url).await;
        crate::redirect::inward(url, reach)
            .map_err(|why| Failure::new(StoreErrorKind::Redirect, why))
    }
}

/// Makes a failure of an answer that is no file; pages that servers make for people are not shown.
fn refused(status: u16, headers: &HeaderMap, body: &[u8], shown: bool) -> Failure {
    let kind = headers.get(http::header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let page = kind.is_some_and(|kind| kind.starts_with("text/html"));
    let mut failure = Failure::status(status, headers, if page { &[] } else { body }, false);
    failure.detail = failure.detail.replace(", not a registry?", "");
    if matches!(status, 401 | 403) {
        let who = if shown { "with the credentials given" } else { "anonymous" };
        failure.detail = format!("no way in ({who}): {}", failure.detail);
    }
    failure
}
