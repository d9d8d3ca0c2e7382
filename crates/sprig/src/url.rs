//! Go's `net/url`, as far as Sprig uses it.

use crate::address::{Address, parse_address};

/// The parts of a URL, as bytes that were `%`-encoded or not.
#[derive(Debug, Default)]
pub struct Url {
    pub(crate) scheme: String,
    pub(crate) opaque: Vec<u8>,
    pub(crate) user: Option<User>,
    pub(crate) host: Vec<u8>,
    pub(crate) path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    pub(crate) fragment: Vec<u8>,
}

/// A user, and a password if there is a colon for one.
#[derive(Debug)]
pub(crate) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

/// What a text is a part of, which decides about its characters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Fragment,
    Host,
    Path,
    Segment,
    User,
    Zone,
}

impl Part {
    /// Returns whether a byte stands for itself.
    fn allows(self, byte: u8) -> bool {
        let special: &[u8] = match self {
            Self::Host | Self::Zone => b"!$&'()*+,;=:[]<>\"",
            Self::Path => b"$&+,/:;=@",
            Self::Segment => b"$&+:=@",
            Self::User => b"$&+,;=",
            Self::Fragment => b"$&+,/:;=?@!()*",
        };
        byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || special.contains(&byte)
    }

    pub(crate) fn escape(self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        for &byte in text {
            if self.allows(byte) {
                out.push(byte);
            } else {
                out.extend_from_slice(format!("%{byte:02X}").as_bytes());
            }
        }
        out
    }

    fn unescape(self, text: &[u8]) -> Result<Vec<u8>, String> {
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            let is_host = matches!(self, Self::Host | Self::Zone);
            if byte == b'%' {
                out.push(self.escaped(&text[at..])?);
                at += 3;
                continue;
            }
            if is_host && byte.is_ascii() && !self.allows(byte) {
                return Err(format!("invalid character {} in host name", quoted(&[byte])));
            }
            out.push(byte);
            at += 1;
        }
        Ok(out)
    }

    /// Returns the byte that `%xx` at the start of a text stands for.
    fn escaped(self, text: &[u8]) -> Result<u8, String> {
        let wrong =
            |text: &[u8]| Err(format!("invalid URL escape {}", quoted(&text[..text.len().min(3)])));
        let digits = text.get(1..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let Some(Ok(byte)) = digits.map(|digits| u8::from_str_radix(digits, 16)) else {
            return wrong(text);
        };
        let is_wrong = match self {
            Self::Host => byte < 0x80,
            Self::Zone => byte != b' ' && !Self::Host.allows(byte),
            _ => false,
        };
        if is_wrong && byte != b'%' { wrong(text) } else { Ok(byte) }
    }
}

/// Returns a text as `strconv.Quote` writes it.
pub(crate) fn quoted(text: &[u8]) -> String {
    let text = sealift_gotemplate::Value::from(sealift_gotemplate::Str::from(text));
    let most = usize::MAX;
    sealift_gotemplate::sprintf(&"%q".into(), &[text], most)
        .map_or_else(|limit| limit.to_string(), |quoted| quoted.to_string())
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| byte == at) {
        Some(place) => (&text[..place], Some(&text[place + 1..])),
        None => (text, None),
    }
}

/// Returns a text as one segment of a path: Go's `PathEscape`.
#[must_use]
pub fn escape_path(text: &[u8]) -> Vec<u8> {
    Part::Segment.escape(text)
}

/// Returns a text without `%xx`: Go's `PathUnescape`.
///
/// # Errors
///
/// Go's.
pub fn unescape_path(text: &[u8]) -> Result<Vec<u8>, String> {
    Part::Segment.unescape(text)
}

impl Url {
    /// Returns the scheme in small letters; nothing for a relative URL.
    #[must_use]
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns the host with its port, without `%xx`.
    #[must_use]
    pub fn host(&self) -> &[u8] {
        &self.host
    }

    /// Reads a URL.
    ///
    /// # Errors
    ///
    /// Go's.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let (before, fragment) = cut(text, b'#');
        let about = |text: &[u8], error: &str| format!("parse {}: {error}", quoted(text));
        let mut url = Self::parse_whole(before).map_err(|error| about(before, &error))?;
        if let Some(fragment) = fragment {
            let fragment = Part::Fragment.unescape(fragment);
            url.fragment = fragment.map_err(|error| about(text, &error))?;
        }
        Ok(url)
    }

    fn parse_whole(text: &[u8]) -> Result<Self, String> {
        if text.iter().any(|&byte| byte < b' ' || byte == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        if text == b"*" {
            return Ok(Self { path: text.to_vec(), ..Self::default() });
        }
        let (scheme, rest) = scheme(text)?;
        let (rest, query) = cut(rest, b'?');
        let query = query.unwrap_or_default().to_vec();
        let scheme = String::from_utf8_lossy(scheme).to_ascii_lowercase();
        let mut url = Self { scheme, query, ..Self::default() };
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        let mut path = rest;
        if let Some(authority) = rest.strip_prefix(b"//")
            && (!url.scheme.is_empty() || !authority.starts_with(b"/"))
        {
            let end = authority.iter().position(|&byte| byte == b'/').unwrap_or(authority.len());
            path = &authority[end..];
            url.read_authority(&authority[..end])?;
        }
        url.path = Part::Path.unescape(path)?;
        Ok(url)
    }

    fn read_authority(&mut self, authority: &[u8]) -> Result<(), String> {
        let at = authority.iter().rposition(|&byte| byte == b'@');
        let host = at.map_or(authority, |at| &authority[at + 1..]);
        self.host = parse_host(&self.scheme, host)?;
        if let Some(at) = at {
            self.user = Some(User::parse(&authority[..at])?);
        }
        Ok(())
    }

    /// Returns the path as it is written when nobody wrote it otherwise.
    #[must_use]
    pub fn escaped_path(&self) -> Vec<u8> {
        Part::Path.escape(&self.path)
    }

    /// Returns the host without its port.
    #[must_use]
    pub fn hostname(&self) -> &[u8] {
        let host = &*self.host;
        let colon = host.iter().rposition(|&byte| byte == b':');
        let host = match colon {
            Some(colon) if is_port(&host[colon..]) => &host[..colon],
            _ => host,
        };
        host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]")).unwrap_or(host)
    }

    /// Writes the URL.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(self.scheme.as_bytes());
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(Part::Fragment.escape(&self.fragment));
        }
        out
    }

    fn write_hierarchy(&self, out: &mut Vec<u8>) {
        let has_host = !self.host.is_empty() || self.user.is_some();
        if has_host || !self.scheme.is_empty() && !self.path.is_empty() {
            out.extend_from_slice(b"//");
        }
        if let Some(user) = &self.user {
            out.extend(user.write());
            out.push(b'@');
        }
        out.extend(Part::Host.escape(&self.host));
        let is_star = self.path == b"*";
        let path = if is_star { self.path.clone() } else { Part::Path.escape(&self.path) };
        if !path.is_empty() && path[0] != b'/' && !self.host.is_empty() {
            out.push(b'/');
        }
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }
}

fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (place, &byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if place > 0 => {}
            b':' if place == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..place], &text[place + 1..])),
            _ => break,
        }
    }
    Ok((&[], text))
}

fn is_port(text: &[u8]) -> bool {
    text.is_empty() || text[0] == b':' && text[1..].iter().all(u8::is_ascii_digit)
}

fn parse_host(scheme: &str, host: &[u8]) -> Result<Vec<u8>, String> {
    match host.iter().rposition(|&byte| byte == b'[') {
        Some(0) => return parse_literal(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    let first = host.iter().position(|&byte| byte == b':');
    let last = host.iter().rposition(|&byte| byte == b':');
    let colon = if scheme == "http" || scheme == "https" { first } else { last };
    if let Some(colon) = colon {
        check_port(&host[colon..])?;
    }
    Part::Host.unescape(host)
}

fn check_port(port: &[u8]) -> Result<(), String> {
    if is_port(port) {
        return Ok(());
    }
    Err(format!("invalid port {} after host", quoted(port)))
}

/// Reads `[::1%25eth0]:80`.
fn parse_literal(host: &[u8]) -> Result<Vec<u8>, String> {
    let Some(end) = host.iter().rposition(|&byte| byte == b']') else {
        return Err("missing ']' in host".to_owned());
    };
    check_port(&host[end + 1..])?;
    let name = &host[1..end];
    let zone = name.windows(3).position(|part| part == b"%25").unwrap_or(name.len());
    let mut address = Part::Host.unescape(&name[..zone])?;
    address.extend(Part::Zone.unescape(&name[zone..])?);
    match parse_address(&address) {
        Ok(Address::V6 { .. }) => {}
        Ok(Address::V4) => return Err("invalid IP-literal".to_owned()),
        Err(error) => return Err(format!("invalid host: {error}")),
    }
    Ok([b"[", &*address, b"]", &host[end + 1..]].concat())
}

impl User {
    fn parse(text: &[u8]) -> Result<Self, String> {
        let is_allowed =
            |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(byte);
        if !text.iter().all(is_allowed) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        let (name, password) = cut(text, b':');
        let password = password.map(|password| Part::User.unescape(password));
        Ok(Self { name: Part::User.unescape(name)?, password: password.transpose()? })
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = Part::User.escape(&self.name);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(Part::User.escape(password));
        }
        out
    }
}
