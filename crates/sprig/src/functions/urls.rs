//! URLs.

use sealift_gotemplate::{Context, Map, Str, Value};

use crate::table::{Dict, Result, Table};
use crate::url::{Url, User};
use crate::values::kind_name;

pub(super) fn insert(table: &mut Table<'_>) {
    table.one("urlParse", parse);
    table.one("urlJoin", join);
}

fn parse(_: &mut Context<'_>, text: Str) -> Result<Dict> {
    let url =
        Url::parse(text.as_bytes()).map_err(|error| format!("unable to parse url: {error}"))?;
    let map = Map::new();
    let set = |key: &str, part: &[u8]| {
        map.insert(key, text.derive(part));
    };
    set("scheme", url.scheme.as_bytes());
    set("host", &url.host);
    set("hostname", url.hostname());
    set("path", &url.path);
    set("query", &url.query);
    set("opaque", &url.opaque);
    set("fragment", &url.fragment);
    set("userinfo", &url.user.as_ref().map(User::write).unwrap_or_default());
    Ok(Dict(Some(map)))
}

fn join(context: &mut Context<'_>, dict: Dict) -> Result<Str> {
    let part = |key: &str| part(&dict, key);
    let mut url = Url {
        scheme: String::from_utf8_lossy(&part("scheme")?).into_owned(),
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
        user: None,
    };
    let user = part("userinfo")?;
    if !user.is_empty() {
        let text = [b"proto://", &*user, b"@host"].concat();
        let parsed = Url::parse(&text);
        url.user =
            parsed.map_err(|error| format!("unable to parse userinfo in dict: {error}"))?.user;
    }
    let len = [&url.host, &url.path, &url.query, &url.fragment]
        .iter()
        .map(|part| part.len())
        .sum::<usize>();
    context.budget().check_string(len.saturating_mul(3))?;
    Ok(Str::from(url.write()))
}

fn part(dict: &Dict, key: &str) -> Result<Vec<u8>> {
    match dict.0.as_ref().and_then(|map| map.get(key)) {
        None => Ok(Vec::new()),
        Some(Value::Str(text)) => Ok(text.as_bytes().to_vec()),
        Some(Value::Nil) => {
            Err("runtime error: invalid memory address or nil pointer dereference".into())
        }
        Some(other) => {
            let kind = kind_name(&other);
            Err(format!("unable to parse {key} key, must be of type string, but {kind} found")
                .into())
        }
    }
}
