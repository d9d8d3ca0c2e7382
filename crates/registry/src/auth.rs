//! What is shown to a host so that it lets us in.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{AUTHORIZATION, CONTENT_TYPE};
use sealift_oci::StoreErrorKind;
use sealift_reference::Repository;
use tokio::time::Instant;
use url::Url;

use crate::challenge::Challenge;
use crate::client::Guard;
use crate::counts::RequestKind;
use crate::credentials::{Credential, Found};
use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::host::{Base, Host};
use crate::limits::TOKEN_BYTES;
use crate::realm::{Asker, Judgement, judge};
use crate::scope::Scopes;
use crate::secret::Secret;
use crate::token::{self, Ask, Grant};
use crate::travel::{read_body, sensitive};

/// The tokens of one host.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    slots: Mutex<Vec<Arc<Slot>>>,
    planned: Mutex<HashMap<String, Vec<String>>>,
}

/// A token, or the place of one that is being asked for: whoever needs it waits here.
#[derive(Debug)]
struct Slot {
    account: String,
    scopes: Scopes,
    token: tokio::sync::Mutex<Option<Token>>,
}

#[derive(Debug)]
struct Token {
    header: Arc<Secret>,
    until: Instant,
}

/// What goes into the `Authorization` header, and who that is.
#[derive(Clone, Debug)]
pub(crate) struct Pass {
    pub(crate) header: Option<Arc<Secret>>,
    pub(crate) account: String,
    /// Whether there are credentials that the token server may not see.
    pub(crate) kept_back: bool,
}

impl Pass {
    pub(crate) fn anonymous() -> Self {
        Self { header: None, account: "anonymous".to_owned(), kept_back: false }
    }
}

impl Tokens {
    /// Remembers that a repository will be written, and from where it will be mounted: its first token covers all that.
    pub(crate) fn plan(&self, repository: &str, sources: impl Iterator<Item = String>) {
        let mut planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        planned.entry(repository.to_owned()).or_default().extend(sources);
    }

    fn widened(&self, scopes: &Scopes) -> Scopes {
        let planned = self.planned.lock().unwrap_or_else(PoisonError::into_inner);
        let first = scopes.iter().next();
        match first.and_then(|scope| Some((scope, planned.get(&scope.repository)?))) {
            None => scopes.clone(),
            Some((scope, sources)) => {
                let all = scopes.iter().map(|scope| &scope.repository).chain(sources);
                all.fold(Scopes::push(&scope.repository), |wide, source| wide.and_pull(source))
            }
        }
    }

    /// Returns the narrowest place for a token that is wide enough.
    fn slot(&self, account: &str, scopes: &Scopes) -> Arc<Slot> {
        let wanted = self.widened(scopes);
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let known = slots.iter().find(|slot| slot.account == account && slot.scopes.cover(scopes));
        if let Some(slot) = known {
            return Arc::clone(slot);
        }
        let slot = Arc::new(Slot {
            account: account.to_owned(),
            scopes: wanted,
            token: tokio::sync::Mutex::default(),
        });
        slots.push(Arc::clone(&slot));
        slot
    }
}

impl Exchange {
    /// Returns what to show for these rights; `stale` is what the host has just refused.
    pub(crate) async fn pass(
        &self,
        host: &Host,
        base: &Base,
        scopes: &Scopes,
        stale: Option<&Arc<Secret>>,
    ) -> Result<Pass, Failure> {
        let Some(challenge) = host.challenge() else { return Ok(Pass::anonymous()) };
        let found = self.found(host, scopes).await?;
        match (challenge, found.as_deref().map(|found| &*found.credential)) {
            (_, Some(Credential::Registry(token))) => {
                shown(base, Secret::bearer(token), "with a registry token")
            }
            (Challenge::Basic, Some(Credential::Basic { user, password })) => shown(
                base,
                Secret::basic(user, password),
                &format!("as {}", crate::text::shown(user)),
            ),
            (Challenge::Basic, _) => Ok(Pass::anonymous()),
            (Challenge::Bearer { realm, service, .. }, _) => {
                let door = Door { host, base, realm: &realm, service: service.as_deref() };
                self.token(&door, scopes, found.as_deref(), stale).await
            }
        }
    }

    /// Returns user and password as a header, where there are some and they may travel: for what is beside the registry.
    pub(crate) async fn basic(
        &self,
        host: &Host,
        base: &Base,
        scopes: &Scopes,
    ) -> Option<Arc<Secret>> {
        let found = self.found(host, scopes).await.ok()??;
        match &*found.credential {
            Credential::Basic { user, password } => {
                shown(base, Secret::basic(user, password), "").ok()?.header
            }
            _ => None,
        }
    }

    /// Finds the credential for the first of the repositories.
    async fn found(&self, host: &Host, scopes: &Scopes) -> Result<Option<Arc<Found>>, Failure> {
        let path = scopes.iter().next().map_or("-", |scope| scope.repository.as_str());
        // Without a repository only entries for the whole host can fit; no path is shorter than this.
        let repository =
            Repository::new(&host.name, path).or_else(|_| Repository::new(&host.name, "x"));
        let repository =
            repository.map_err(|error| Failure::new(StoreErrorKind::Refused, error.to_string()))?;
        self.keyring.find(&repository).await.map_err(Failure::content)
    }

    async fn token(
        &self,
        door: &Door<'_>,
        scopes: &Scopes,
        found: Option<&Found>,
        stale: Option<&Arc<Secret>>,
    ) -> Result<Pass, Failure> {
        let realm = door.base.url.join(door.realm);
        let realm = realm.map_err(|_| {
            Failure::new(StoreErrorKind::Protocol, "the address of its token server cannot be read")
        })?;
        let asker = Asker {
            host: &door.host.name,
            origin: &door.base.origin,
            reach: self.reach(door.host, door.base).await,
        };
        let judgement = judge(asker, &realm, &self.trusted_realms)
            .map_err(|why| Failure::new(StoreErrorKind::Credential, why))?;
        let trusted = found.filter(|_| judgement == Judgement::Trusted);
        let kept_back = trusted.is_none() && found.is_some();
        let account = account(trusted, kept_back, &realm, &door.host.name);
        let slot = door.host.tokens.slot(trusted.map_or("", |found| found.key.as_str()), scopes);
        let mut token = slot.token.lock().await;
        if let Some(token) = &*token
            && token.until > Instant::now()
            && !stale.is_some_and(|stale| Arc::ptr_eq(stale, &token.header))
        {
            return Ok(Pass { header: Some(Arc::clone(&token.header)), account, kept_back });
        }
        let ask =
            token::ask(&realm, door.service, &slot.scopes, trusted.map(|found| &*found.credential));
        let grant = self.grant(door, ask).await?;
        let header = Arc::new(Secret::bearer(&grant.token));
        *token = Some(Token { header: Arc::clone(&header), until: Instant::now() + grant.use_for });
        Ok(Pass { header: Some(header), account, kept_back })
    }

    /// Asks the token server; a server without forms is asked by query.
    async fn grant(&self, door: &Door<'_>, ask: Ask) -> Result<Grant, Failure> {
        let by_query = match &ask {
            Ask::Post { url, .. } => Some(Ask::Get { url: url.clone(), authorization: None }),
            Ask::Get { .. } => None,
        };
        match (self.ask(door, ask).await, by_query) {
            (Err(failure), Some(ask)) if failure.is_status(&[404, 405]) => {
                self.ask(door, ask).await
            }
            (answer, _) => answer,
        }
    }

    async fn ask(&self, door: &Door<'_>, ask: Ask) -> Result<Grant, Failure> {
        let (Ask::Get { url, .. } | Ask::Post { url, .. }) = &ask;
        let own = door.base.holds(url);
        let guard =
            if own { Guard::None } else { Guard::Token(self.reach(door.host, door.base).await) };
        let client = self
            .clients
            .of(url, own.then_some(door.host.name.as_str()), guard)
            .map_err(Failure::content)?;
        let server = crate::text::authority(url);
        let builder = match &ask {
            Ask::Get { url, authorization: None } => client.get(url.clone()),
            Ask::Get { url, authorization: Some(header) } => {
                client.get(url.clone()).header(AUTHORIZATION, sensitive(header)?)
            }
            Ask::Post { url, form } => client
                .post(url.clone())
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.expose().to_owned()),
        };
        self.counter.request(&door.host.name, RequestKind::Token);
        let within = |failure: Failure| Failure {
            detail: format!("token server {server}: {}", failure.detail),
            ..failure
        };
        let mut response = self.headers_in_time(builder, &server).await.map_err(within)?;
        let status = response.status().as_u16();
        let body = read_body(&mut response, TOKEN_BYTES, &self.timing).await.map_err(within)?;
        match status {
            200..=299 => token::read(&body),
            _ => Err(within(Failure::status(status, response.headers(), &body, false))),
        }
    }
}

/// The way in that a host offered.
struct Door<'a> {
    host: &'a Host,
    base: &'a Base,
    realm: &'a str,
    service: Option<&'a str>,
}

/// Lets a secret out to the host itself, if the wire keeps it.
fn shown(base: &Base, header: Secret, account: &str) -> Result<Pass, Failure> {
    if !base.origin.keeps_secrets() {
        return Err(Failure::new(
            StoreErrorKind::Credential,
            "it asks for credentials, which do not travel over plain HTTP",
        ));
    }
    Ok(Pass { header: Some(Arc::new(header)), account: account.to_owned(), kept_back: false })
}

fn account(trusted: Option<&Found>, kept_back: bool, realm: &Url, host: &str) -> String {
    match trusted.map(|found| &*found.credential) {
        Some(Credential::Basic { user, .. }) => format!("as {}", crate::text::shown(user)),
        Some(_) => "with an identity token".to_owned(),
        None if kept_back => {
            let realm = crate::text::authority(realm);
            format!(
                "anonymous: the token server {realm} is not trusted with the credentials for {host}, see `trustRealm`"
            )
        }
        None => "anonymous".to_owned(),
    }
}
