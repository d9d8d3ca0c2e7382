//! What the server has been told to answer, and to whom.

use bytes::Bytes;

use crate::Reply;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The method, such as `GET`.
    pub method: String,
    /// Path and query, byte for byte.
    pub target: String,
    /// Names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// What arrived of the body.
    pub body: Bytes,
}

impl Recorded {
    /// Returns the first header of this name (in lower case).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns `GET /v2/…`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }

    /// Returns whether a text stands anywhere in target, headers or body.
    #[must_use]
    pub fn holds(&self, text: &str) -> bool {
        self.target.contains(text)
            || self.headers.iter().any(|(_, value)| value.contains(text))
            || self.body.windows(text.len()).any(|window| window == text.as_bytes())
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// One rule of a script: which request, when, how often, and the answer.
#[derive(Clone, Debug)]
pub struct Entry {
    method: String,
    target: String,
    if_state: Option<String>,
    set_state: Option<String>,
    if_header: Vec<(String, Option<String>)>,
    left: Option<usize>,
    used: bool,
    reply: Reply,
}

impl Entry {
    /// Makes a rule for a method and a target; a target without `?` fits any query, and one that ends with `*` any rest.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            if_state: None,
            set_state: None,
            if_header: Vec::new(),
            left: None,
            used: false,
            reply: Reply::status(200),
        }
    }

    /// A rule for GET.
    #[must_use]
    pub fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    /// A rule for HEAD.
    #[must_use]
    pub fn head(target: &str) -> Self {
        Self::new("HEAD", target)
    }

    /// A rule for POST.
    #[must_use]
    pub fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    /// A rule for PUT.
    #[must_use]
    pub fn put(target: &str) -> Self {
        Self::new("PUT", target)
    }

    /// A rule for PATCH.
    #[must_use]
    pub fn patch(target: &str) -> Self {
        Self::new("PATCH", target)
    }

    /// Fits only while the server is in this state; the first state is the empty text.
    #[must_use]
    pub fn if_state(mut self, state: &str) -> Self {
        self.if_state = Some(state.to_owned());
        self
    }

    /// Puts the server into a state when used.
    #[must_use]
    pub fn set_state(mut self, state: &str) -> Self {
        self.set_state = Some(state.to_owned());
        self
    }

    /// Fits only requests with this header; the name is in lower case.
    #[must_use]
    pub fn if_header(mut self, name: &str, value: &str) -> Self {
        self.if_header.push((name.to_owned(), Some(value.to_owned())));
        self
    }

    /// Fits only requests without this header.
    #[must_use]
    pub fn if_no_header(mut self, name: &str) -> Self {
        self.if_header.push((name.to_owned(), None));
        self
    }

    /// Fits only the first `times` requests.
    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.left = Some(times);
        self
    }

    /// Sets the answer; without it the answer is an empty 200.
    #[must_use]
    pub fn reply(mut self, reply: Reply) -> Self {
        self.reply = reply;
        self
    }

    fn fits(&self, request: &Recorded, state: &str) -> bool {
        self.left != Some(0)
            && self.method == request.method
            && self.fits_target(request)
            && self.if_state.as_ref().is_none_or(|wanted| wanted == state)
            && self.if_header.iter().all(|(name, value)| request.header(name) == value.as_deref())
    }

    fn fits_target(&self, request: &Recorded) -> bool {
        match self.target.strip_suffix('*') {
            Some(start) => request.target.starts_with(start),
            None if self.target.contains('?') => self.target == request.target,
            None => self.target == request.path(),
        }
    }

    fn spend(&mut self) -> Reply {
        self.left = self.left.map(|left| left - 1);
        self.used = true;
        self.reply.clone()
    }
}

/// The rules of a server; the first that fits answers. What fits none is answered with 418.
#[derive(Clone, Debug, Default)]
pub struct Script {
    entries: Vec<Entry>,
    state: String,
}

impl Script {
    /// Makes an empty script.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a rule behind the others.
    #[must_use]
    pub fn entry(mut self, entry: Entry) -> Self {
        self.entries.push(entry);
        self
    }

    /// Adds `GET /v2/` → 200, for servers without authentication.
    #[must_use]
    pub fn open(self) -> Self {
        self.entry(Entry::get("/v2/").reply(Reply::status(200).body("{}")))
    }

    pub(crate) fn answer(&mut self, request: &Recorded) -> Option<Reply> {
        let state = self.state.clone();
        let entry = self.entries.iter_mut().find(|entry| entry.fits(request, &state))?;
        if let Some(next) = &entry.set_state {
            self.state.clone_from(next);
        }
        Some(entry.spend())
    }

    pub(crate) fn unused(&self) -> Vec<String> {
        let idle = self.entries.iter().filter(|entry| !entry.used);
        idle.map(|entry| format!("{} {}", entry.method, entry.target)).collect()
    }
}
