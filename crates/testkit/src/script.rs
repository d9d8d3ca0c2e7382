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

    /// The length of the body by its header.
    fn announced(&self) -> u64 {
        self.header("content-length").and_then(|text| text.parse().ok()).unwrap_or_default()
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
    least_body: Option<u64>,
    least_busy: usize,
    left: Option<usize>,
    used: bool,
    reply: Reply,
}

impl Entry {
    /// Makes a rule for a method and a target; a target without `?` fits any query, and a `*` in it any text. The
    /// method `*` fits all.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            if_state: None,
            set_state: None,
            if_header: Vec::new(),
            least_body: None,
            least_busy: 0,
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

    /// Fits only requests with this header; the name is in lower case, and the value `*` is any.
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

    /// Fits only requests that announce a body of more bytes.
    #[must_use]
    pub fn if_body_over(mut self, bytes: u64) -> Self {
        self.least_body = Some(bytes + 1);
        self
    }

    /// Fits only while so many other requests are being answered.
    #[must_use]
    pub fn if_busy(mut self, others: usize) -> Self {
        self.least_busy = others;
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

    fn fits(&self, request: &Recorded, (state, busy): (&str, usize)) -> bool {
        busy >= self.least_busy
            && self.left != Some(0)
            && (self.method == request.method || self.method == "*")
            && self.fits_target(request)
            && self.if_state.as_ref().is_none_or(|wanted| wanted == state)
            && self.least_body.is_none_or(|least| request.announced() >= least)
            && self.if_header.iter().all(|(name, value)| match value.as_deref() {
                Some("*") => request.header(name).is_some(),
                value => request.header(name) == value,
            })
    }

    fn fits_target(&self, request: &Recorded) -> bool {
        let query_counts = self.target.contains('?');
        match self.target.split_once('*') {
            Some(_) if query_counts || self.target.ends_with('*') => {
                is_like(&self.target, &request.target)
            }
            Some(_) => {
                is_like(&self.target, &request.target) || is_like(&self.target, request.path())
            }
            None if query_counts => self.target == request.target,
            None => self.target == request.path(),
        }
    }

    fn spend(&mut self) -> Reply {
        self.left = self.left.map(|left| left - 1);
        self.used = true;
        self.reply.clone()
    }
}

/// Compares a text with a pattern in which `*` stands for any text.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<_> = parts.collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// The rules of a server; the first that fits answers. What fits none is answered with 418.
#[derive(Clone, Debug, Default)]
pub struct Script {
    entries: Vec<Entry>,
    state: String,
    pub(crate) behind: Option<String>,
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

    /// Passes what fits no rule on to the server at this address, for which this one stands; see [`Reply::passed`].
    #[must_use]
    pub fn otherwise(mut self, address: &str) -> Self {
        self.behind = Some(address.to_owned());
        self
    }

    pub(crate) fn answer(&mut self, request: &Recorded, busy: usize) -> Option<Reply> {
        let state = self.state.clone();
        let entry = self.entries.iter_mut().find(|entry| entry.fits(request, (&state, busy)))?;
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

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, fits) in [
            ("*", "", true),
            ("/a/*", "/a/b/c", true),
            ("/a/*/c", "/a/b/c", true),
            ("/a/*/c", "/a/b/d", false),
            ("/a/*b*", "/a/xby", true),
            ("/a/*b*c", "/a/bc", true),
            ("/a/*c", "/a", false),
        ] {
            assert_eq!(is_like(pattern, text), fits, "{pattern} {text}");
        }
    }
}
