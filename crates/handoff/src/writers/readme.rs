//! `README.md`: what to apply, in which order, for someone who has only this folder.

use sealift_archive::ArchivePath;

use super::containerd::folder_of;
use super::secret::{FILE, MIRRORED, MIRRORED_FILE, NAME};
use crate::quote::{code, shell};
use crate::{Error, Plan, Scheme, Writer};

/// The guide.
pub(crate) struct Readme;

impl Writer for Readme {
    fn write(&self, plan: &Plan) -> Result<Vec<(ArchivePath, String)>, Error> {
        let sections = [
            head(plan),
            check(plan),
            nodes(plan),
            secrets(plan),
            uncovered(plan),
            charts(plan),
            last(plan),
        ];
        let text = sections
            .into_iter()
            .filter(|section| !section.is_empty())
            .collect::<Vec<_>>()
            .join("\n");
        Ok(vec![("README.md".parse()?, text)])
    }
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn head(plan: &Plan) -> String {
    let shipment = if plan.shipment.is_empty() {
        String::new()
    } else {
        format!(" of {}", code(&plan.shipment))
    };
    format!(
        "# Handoff{shipment} for {}\n\nThis folder leads the clusters here to {} in the private registry.\nApply the steps in this order. Commands are run in this folder; no file in it holds a password.\n",
        code(&plan.registry()),
        count(plan.images, "image"),
    )
}

fn check(plan: &Plan) -> String {
    let flag = if plan.scheme == Scheme::Http {
        format!(" --plain-http {}", shell(&plan.host))
    } else {
        String::new()
    };
    format!(
        "## 1. Check that everything arrived\n\n```sh\nsealift verify --lock sealift.lock --to {}{flag}\n```\n\nIt must end with exit code 0 before anything below is applied.\n",
        shell(&plan.registry())
    )
}

fn nodes(plan: &Plan) -> String {
    if plan.mirrors.is_empty() {
        return "## 2. Nodes\n\nNothing to do: no image names another registry.\n".to_owned();
    }
    let rows: Vec<String> = plan
        .mirrors
        .iter()
        .flat_map(|(host, mirrors)| {
            mirrors.iter().map(move |mirror| {
                let (url, _) = plan.endpoint(mirror);
                format!("| {} | {} | {} |\n", code(host), code(&url), mirror.images)
            })
        })
        .collect();
    let text = [
        "## 2. Nodes: containerd asks the private registry\n",
        "On every node:\n",
        "```sh\nsudo mkdir -p /etc/containerd/certs.d\nsudo cp -R containerd/certs.d/. /etc/containerd/certs.d/\n```\n",
        "containerd reads this folder when its configuration names it. Look, and add the line where it is missing:\n",
        "```sh\nsudo containerd config dump | grep config_path\n```\n",
        "```toml\n# /etc/containerd/config.toml, containerd 2\n[plugins.\"io.containerd.cri.v1.images\".registry]\n  config_path = \"/etc/containerd/certs.d\"\n\n# /etc/containerd/config.toml, containerd 1.5 to 1.7\n[plugins.\"io.containerd.grpc.v1.cri\".registry]\n  config_path = \"/etc/containerd/certs.d\"\n```\n",
        "After a change of `config.toml`: `sudo systemctl restart containerd`. Changes below `certs.d` need no restart.\n",
    ];
    let table =
        format!("| images of | are pulled from | images |\n|---|---|---|\n{}", rows.concat());
    let hub = if plan.mirrors.contains_key("docker.io") {
        "\nThe entry of `docker.io` also serves names without a host, such as `nginx`.\n"
    } else {
        ""
    };
    let own = "\nNot among these images are those of the nodes themselves (kubeadm's control plane, `pause`): they stand in no manifest.\n";
    format!("{}\n{table}{hub}{own}{}{}", text.join("\n"), certificate(plan), trial(plan))
}

fn certificate(plan: &Plan) -> String {
    if plan.scheme == Scheme::Http {
        return format!(
            "\n{} is spoken to without TLS: whoever is on the way can change what nodes run. Use this for tests only.\n",
            code(&plan.host)
        );
    }
    let host = plan.mirrors.keys().next().map(|host| folder_of(host)).unwrap_or_default();
    format!(
        "\nIs the certificate of {} signed by an authority of your own? Put the authority's certificate on every node and name it\nin each `hosts.toml`, as the comment in it says, for instance `ca = \"/etc/containerd/certs.d/{host}/ca.crt\"`.\n",
        code(&plan.host)
    )
}

fn trial(plan: &Plan) -> String {
    let Some((_, sample)) = plan.samples.iter().next() else { return String::new() };
    format!("\nTry it on one node:\n\n```sh\nsudo crictl pull {}\n```\n", shell(sample))
}

fn secrets(plan: &Plan) -> String {
    let mut text = format!(
        "## 3. Clusters: the login of the private registry\n\nSkip this when nodes may pull without a login. Otherwise replace the placeholders in {}, and for each namespace:\n\n```sh\nkubectl -n NAMESPACE apply -f {FILE}\nkubectl -n NAMESPACE patch serviceaccount default -p '{{\"imagePullSecrets\":[{{\"name\":\"{NAME}\"}}]}}'\n```\n",
        code(FILE)
    );
    if !plan.mirrors.is_empty() {
        let more = format!(
            "\nThat is for images that name {}. For images that name a source host, kubelet looks for a login of that host:\n{} has it, and is applied in the same way ({}), but only after step 2 on **every** node.\n",
            code(&plan.host),
            code(MIRRORED_FILE),
            code(MIRRORED)
        );
        text.push_str(&more);
    }
    text.push_str("\n`sealift handoff --write-secrets FILE` writes the first of them with the login that sealift itself uses.\n");
    text
}

fn uncovered(plan: &Plan) -> String {
    if plan.uncovered.is_empty() {
        return String::new();
    }
    let rows: Vec<String> = plan
        .uncovered
        .iter()
        .map(|image| {
            format!(
                "- {}: {}.\n  It is {} there.\n",
                code(&image.image),
                image.reason,
                code(&format!("{}/{}", plan.registry(), image.target))
            )
        })
        .collect();
    format!(
        "## Not reached by step 2\n\n{} must be named in the manifests as in the private registry, since nothing on a node can lead there:\n\n{}",
        count(plan.uncovered.len(), "image"),
        rows.concat()
    )
}

fn charts(plan: &Plan) -> String {
    if plan.charts.is_empty() {
        return String::new();
    }
    let http = if plan.scheme == Scheme::Http { " --plain-http" } else { "" };
    let rows: Vec<String> = plan
        .charts
        .iter()
        .filter_map(|chart| chart.rsplit_once(':'))
        .map(|(path, version)| {
            let url = format!("oci://{}/{path}", plan.registry());
            format!("helm pull {} --version {}{http}\n", shell(&url), shell(version))
        })
        .collect();
    format!("## Charts\n\n```sh\n{}```\n", rows.concat())
}

fn last(plan: &Plan) -> String {
    let registry = shell(&plan.registry());
    format!(
        "## Later\n\nWith a newer lock, run `sealift handoff --to {registry} --out DIR` again and repeat the steps: the same lock gives the same files.\n"
    )
}
