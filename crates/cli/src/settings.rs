//! From arguments, environment and shipment to a registry client: every default is applied here, before work starts.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sealift_inventory::{Prefix, Shipment};
use sealift_oci::plan::Destination;
use sealift_registry::limits::HELPER_TIME;
use sealift_registry::{
    Credential, CredentialFiles, Mirror, Mirrors, ProxySettings, RegistriesFiles, Registry, Secret,
    Settings, Throttle, Timing, Trust, TrustedRealm, Watch, foreign_host,
};

use crate::args::RegistryArgs;
use crate::commands::Context;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::ui::waits;

/// How hard registries are asked, and who is told when they ask for patience.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) retry_for: Option<Duration>,
    pub(crate) limit_rate: Option<Throttle>,
    /// Bodies at a time; 0 for the usual number.
    pub(crate) bodies: usize,
    /// Instead of lines on stderr.
    pub(crate) watch: Option<Watch>,
}

/// The system's folder of containers' tools.
const SYSTEM_CONTAINERS: &str = "/etc/containers";

/// Makes the client. `shipment` gives mirrors and trusted token servers, where there is one.
pub(crate) fn registry(
    context: &Context,
    args: &RegistryArgs,
    shipment: Option<&Shipment>,
) -> Result<Arc<Registry>, Failure> {
    registry_for(context, args, shipment, &Traffic::default())
}

/// As [`registry`], for this traffic.
pub(crate) fn registry_for(
    context: &Context,
    args: &RegistryArgs,
    shipment: Option<&Shipment>,
    traffic: &Traffic,
) -> Result<Arc<Registry>, Failure> {
    let settings = with(traffic, settings(context, args, shipment)?);
    for note in settings.mirrors.notes() {
        context.ui.detail(note);
    }
    Ok(Arc::new(Registry::new(&settings)?))
}

/// How any server is reached, registries and chart repositories alike.
pub(crate) fn client(
    context: &Context,
    args: &RegistryArgs,
    shipment: Option<&Shipment>,
) -> Result<Settings, Failure> {
    settings(context, args, shipment)
}

/// Makes the client for the private registry, which no mirror stands in for.
pub(crate) fn target_registry(
    context: &Context,
    args: &RegistryArgs,
    shipment: Option<&Shipment>,
    traffic: &Traffic,
) -> Result<Arc<Registry>, Failure> {
    let settings = Settings { mirrors: Mirrors::default(), ..settings(context, args, shipment)? };
    Ok(Arc::new(Registry::new(&with(traffic, settings))?))
}

fn with(traffic: &Traffic, settings: Settings) -> Settings {
    let Traffic { retry_for, limit_rate, bodies, watch } = traffic.clone();
    let watch = watch.unwrap_or_else(|| settings.watch.clone());
    Settings { retry_for, limit_rate, bodies, watch, ..settings }
}

/// Makes a client that shows this credential to this host, whatever the files say.
pub(crate) fn registry_as(
    context: &Context,
    args: &RegistryArgs,
    host: &str,
    credential: Credential,
) -> Result<Registry, Failure> {
    // `login` may make the file.
    let args = RegistryArgs { authfile: None, ..args.clone() };
    let mut settings = settings(context, &args, None)?;
    settings.given.push((host.to_owned(), Arc::new(credential)));
    Ok(Registry::new(&settings)?)
}

fn settings(
    context: &Context,
    args: &RegistryArgs,
    shipment: Option<&Shipment>,
) -> Result<Settings, Failure> {
    check(args)?;
    let environment = &context.environment;
    let mirrors = Mirrors::new(
        &shipment.map(mirrors).unwrap_or_default(),
        &registries_files(args, environment),
    )?;
    Ok(Settings {
        credentials: credential_files(args, environment),
        trust: trust(args, environment),
        proxy: ProxySettings {
            https: environment.https_proxy.clone(),
            http: environment.http_proxy.clone(),
            all: environment.all_proxy.clone(),
            none: environment.no_proxy.clone(),
        },
        mirrors,
        trusted_realms: shipment.map(trusted_realms).transpose()?.unwrap_or_default(),
        // Processes that wait for the same registry must not come back in step.
        timing: Timing { seed: u64::from(std::process::id()), ..Timing::default() }
            .hastened(environment.haste.unwrap_or(1)),
        watch: Watch::by(Arc::new(waits::Aloud(context.ui))),
        ..Settings::default()
    })
}

/// Refuses files that are not there and hosts that are none: what was typed and has no effect would be missed later.
fn check(args: &RegistryArgs) -> Result<(), Failure> {
    let files = args.ca.iter().chain(&args.authfile).chain(&args.registries_conf);
    for file in files {
        if !sealift_files::exists(file)? {
            return Err(Failure::usage(format!("there is no file `{}`", file.display())));
        }
    }
    args.plain_http.iter().chain(&args.insecure).try_for_each(|text| host(text).map(drop))
}

/// Reads a host as in references, without scheme and path.
pub(crate) fn host(text: &str) -> Result<String, Failure> {
    let wrong = || {
        Failure::usage(format!("`{text}` is no registry host"))
            .hint("write host or host:port, as in references")
    };
    let prefix: Prefix = text.parse().map_err(|_| wrong())?;
    if prefix.path().is_empty() { Ok(prefix.host().to_owned()) } else { Err(wrong()) }
}

/// Reads hosts that may be asked for layers outside of registries, as addresses of such layers name them: in lower case, and
/// without the port of https.
pub(crate) fn foreign_hosts(texts: &[String]) -> Result<Vec<String>, Failure> {
    let hosts = texts.iter().map(|text| {
        host(text)?;
        foreign_host(&format!("https://{text}"))
            .ok_or_else(|| Failure::usage(format!("`{text}` is no host")))
    });
    hosts.collect()
}

/// Where credentials are looked for (`docs/credentials.md`).
pub(crate) fn credential_files(args: &RegistryArgs, environment: &Environment) -> CredentialFiles {
    let user = rustix::process::geteuid().as_raw();
    CredentialFiles {
        explicit: args.authfile.clone().or_else(|| environment.registry_auth_file.clone()),
        inline: environment.docker_auth_config.clone().map(|text| Arc::new(Secret::new(text))),
        containers: environment.podman_auth_files(user),
        docker: environment.docker_config_file(),
        dockercfg: environment.home.as_deref().map(|home| home.join(".dockercfg")),
        helper_path: environment.path.clone().unwrap_or_default(),
        helper_patience: environment.haste.map(|times| HELPER_TIME / times.max(1)),
    }
}

fn trust(args: &RegistryArgs, environment: &Environment) -> Trust {
    let own = environment.config_folder().map(|folder| folder.join("containers/certs.d"));
    let system =
        [Path::new(SYSTEM_CONTAINERS).join("certs.d"), PathBuf::from("/etc/docker/certs.d")];
    Trust {
        ca_files: args.ca.clone(),
        certificate_folders: own.into_iter().chain(system).collect(),
        insecure: args.insecure.iter().cloned().collect(),
        plain_http: args.plain_http.iter().cloned().collect(),
        ..Trust::default()
    }
}

/// `--registries-conf` or `CONTAINERS_REGISTRIES_CONF` alone, else the user's file, else the system's; with their drop-in folders.
fn registries_files(args: &RegistryArgs, environment: &Environment) -> RegistriesFiles {
    if let Some(file) = args.registries_conf.as_ref().or(environment.registries_conf.as_ref()) {
        let mut folder = file.clone().into_os_string();
        folder.push(".d");
        return RegistriesFiles { files: vec![file.clone()], folders: vec![folder.into()] };
    }
    let own = environment.config_folder().map(|folder| folder.join("containers"));
    let system = PathBuf::from(SYSTEM_CONTAINERS);
    let in_order = |first: Option<PathBuf>, second: Option<PathBuf>, name: &str| {
        [first, second].into_iter().flatten().map(|folder| folder.join(name)).collect()
    };
    RegistriesFiles {
        files: in_order(own.clone(), Some(system.clone()), "registries.conf"),
        folders: in_order(Some(system), own, "registries.conf.d"),
    }
}

fn mirrors(shipment: &Shipment) -> Vec<Mirror> {
    let mirror = |mirror: &sealift_inventory::Mirror| Mirror {
        prefix: mirror.prefix.to_string(),
        location: mirror.location.to_string(),
    };
    shipment.mirrors.0.iter().map(mirror).collect()
}

fn trusted_realms(shipment: &Shipment) -> Result<Vec<TrustedRealm>, Failure> {
    let trusted = |entry: &sealift_inventory::TrustRealm| {
        let wrong = |error| Failure::usage(format!("trustRealm: `{}`: {error}", entry.realm));
        Ok(TrustedRealm {
            registry: entry.registry.to_string(),
            realm: entry.realm.parse().map_err(wrong)?,
        })
    };
    shipment.trust_realm.iter().map(trusted).collect()
}

/// Reads `--to` and `--charts-to`: where images go, and where charts go.
pub(crate) fn destination(to: &str, charts_to: Option<&str>) -> Result<Destination, Failure> {
    let images = target(to)?;
    let charts = charts_to.map(|to| registry_of("--charts-to", to)).transpose()?;
    Ok(Destination { charts: charts.unwrap_or_else(|| images.clone()), images })
}

/// Reads `--to`: a registry with an optional path.
pub(crate) fn target(to: &str) -> Result<Prefix, Failure> {
    registry_of("--to", to)
}

fn registry_of(flag: &str, to: &str) -> Result<Prefix, Failure> {
    let bare = to.strip_prefix("docker://").or_else(|| to.strip_prefix("oci://")).unwrap_or(to);
    bare.parse().map_err(|error| {
        Failure::usage(format!("`{flag} {to}` is no registry: {error}"))
            .hint("write host[:port][/path], such as registry.corp:5000/ml")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_host_is_what_addresses_of_layers_say_however_it_is_typed() {
        let typed =
            ["MCR.Example.com", "mcr.example.com:443", "mcr.example.com:8443", "[2001:DB8::1]:443"];
        let hosts = foreign_hosts(&typed.map(str::to_owned)).expect("they are hosts");
        let addresses = [
            "https://mcr.example.com/l",
            "https://MCR.example.com:443/l",
            "https://mcr.example.com:8443/l",
            "https://[2001:db8::1]/l",
        ];
        assert_eq!(hosts, addresses.map(|address| foreign_host(address).expect("an address")));
        for wrong in ["https://mcr.example.com", "mcr.example.com/path", "mcr.example.com:0", ""] {
            assert!(foreign_hosts(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }
}
