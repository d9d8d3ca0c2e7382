//! `secrets/`: pull secrets of type `kubernetes.io/dockerconfigjson`, with placeholders.

use data_encoding::BASE64;
use sealift_archive::ArchivePath;
use serde_json::{Map, Value, json};

use crate::quote::yaml;
use crate::{Error, Login, Plan, Writer};

pub(crate) const NAME: &str = "sealift-pull-secret";
pub(crate) const MIRRORED: &str = "sealift-mirrored-pull-secret";
pub(crate) const FILE: &str = "secrets/pull-secret.yaml";
pub(crate) const MIRRORED_FILE: &str = "secrets/mirrored-pull-secret.yaml";

/// The secret for images that name the private registry, and the one for images that a mirror leads there.
pub(crate) struct PullSecret;

impl Writer for PullSecret {
    fn write(&self, plan: &Plan) -> Result<Vec<(ArchivePath, String)>, Error> {
        let login = Login { username: "REPLACE-USERNAME", password: "REPLACE-PASSWORD" };
        let comment = [
            "Replace both placeholders before this is applied, and do not keep the result beside this folder.",
            "It is for images that name the private registry.",
        ];
        let own = manifest(&comment, NAME, &[plan.host.as_str()], &login);
        let mut files = vec![(FILE.parse()?, own)];
        let hosts: Vec<&str> = plan.mirrors.keys().map(|host| key(host)).collect();
        if !hosts.is_empty() {
            let comment = [
                "For images that name a source host and are led to the private registry by containerd's hosts.toml: kubelet",
                "looks for a login under the host that the image names. Apply it only when hosts.toml is on EVERY node: a node",
                "without it would send this login to the hosts below.",
            ];
            files.push((MIRRORED_FILE.parse()?, manifest(&comment, MIRRORED, &hosts, &login)));
        }
        Ok(files)
    }
}

/// The secret for the private registry, with a real login.
pub(crate) fn real(plan: &Plan, login: &Login<'_>) -> String {
    manifest(
        &["This file holds a password: apply it, and delete it."],
        NAME,
        &[plan.host.as_str()],
        login,
    )
}

/// The key of a host in Docker's configuration; Docker Hub has one of its own.
fn key(host: &str) -> &str {
    if host == "docker.io" { "https://index.docker.io/v1/" } else { host }
}

fn manifest(comment: &[&str], name: &str, hosts: &[&str], login: &Login<'_>) -> String {
    let comment: Vec<String> = comment.iter().map(|line| format!("# {line}\n")).collect();
    let comment = comment.concat();
    let data = docker_config(hosts, login).to_string();
    format!(
        "{comment}apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\ntype: kubernetes.io/dockerconfigjson\nstringData:\n  .dockerconfigjson: {}\n",
        yaml(&data)
    )
}

/// `auth` is what most readers ask; it is left out of placeholders, where it would have to be replaced too.
fn docker_config(hosts: &[&str], login: &Login<'_>) -> Value {
    let mut entry = json!({"username": login.username, "password": login.password});
    if !login.password.starts_with("REPLACE-") {
        let auth = format!("{}:{}", login.username, login.password);
        entry["auth"] = Value::String(BASE64.encode(auth.as_bytes()));
    }
    let auths: Map<String, Value> =
        hosts.iter().map(|host| ((*host).to_owned(), entry.clone())).collect();
    json!({"auths": auths})
}
