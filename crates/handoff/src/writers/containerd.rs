//! `containerd/certs.d/<host>/hosts.toml`: where nodes really ask when an image names a source host.
//!
//! Mirrors `core/remotes/docker/config/hosts.go` of containerd 301026e: `server` is asked when every `[host]` said no, so the
//! mirror stands there and nothing outside is ever asked; a URL with a path gets `/v2` appended unless `override_path` is set;
//! an unknown capability makes the whole file void (and the outside asked), so only those of 1.5 and later are named.

use sealift_archive::ArchivePath;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::plan::Mirror;
use crate::{Error, Plan, Scheme, Writer};

/// The folder of containerd's registry settings.
pub(crate) struct Containerd;

impl Writer for Containerd {
    fn write(&self, plan: &Plan) -> Result<Vec<(ArchivePath, String)>, Error> {
        let folder: ArchivePath = "containerd/certs.d".parse()?;
        let file = |(host, mirrors): (&String, &Vec<Mirror>)| {
            Ok((
                folder.join(&format!("{}/hosts.toml", folder_of(host)))?,
                text(plan, host, mirrors),
            ))
        };
        plan.mirrors.iter().map(file).collect()
    }
}

/// `registry.example:5000` → `registry.example_5000_`, which containerd looks for first, on every system.
pub(crate) fn folder_of(host: &str) -> String {
    host.rsplit_once(':').map_or_else(|| host.to_owned(), |(name, port)| format!("{name}_{port}_"))
}

fn text(plan: &Plan, host: &str, mirrors: &[Mirror]) -> String {
    let mut document = DocumentMut::new();
    let Some((server, others)) = mirrors.split_first() else { return String::new() };
    let (url, is_root) = plan.endpoint(server);
    document["server"] = value(url);
    fill(document.as_table_mut(), is_root);
    if !others.is_empty() {
        document["host"] = Item::Table(implicit());
    }
    for mirror in others {
        let (url, is_root) = plan.endpoint(mirror);
        let mut table = Table::new();
        fill(&mut table, is_root);
        document["host"][url.as_str()] = Item::Table(table);
    }
    if let Some(mut key) = document.key_mut("server") {
        key.leaf_decor_mut().set_prefix(comment(plan, host, mirrors));
    }
    document.to_string()
}

fn fill(table: &mut Table, is_root: bool) {
    table["capabilities"] = value(Array::from_iter(["pull", "resolve"]));
    if is_root {
        table["override_path"] = value(true);
    }
}

fn implicit() -> Table {
    let mut table = Table::new();
    table.set_implicit(true);
    table
}

/// Hosts have a grammar without line breaks.
fn comment(plan: &Plan, host: &str, mirrors: &[Mirror]) -> String {
    let images: usize = mirrors.iter().map(|mirror| mirror.images).sum();
    let plural = if images == 1 { "image" } else { "images" };
    let mut lines = vec![
        format!("Images of {host} are pulled from {} ({images} {plural}).", plan.registry()),
        format!("The server is the mirror itself: {host} is never asked."),
    ];
    if plan.scheme == Scheme::Https {
        let folder = folder_of(host);
        lines.push("When the registry's certificate is signed by an authority that nodes do not know, put that".to_owned());
        lines.push(format!("authority's certificate on each node and name it: ca = \"/etc/containerd/certs.d/{folder}/ca.crt\""));
    }
    lines.iter().map(|line| format!("# {line}\n")).collect::<Vec<_>>().concat()
}
