//! Renders chart archives in one process, for `cargo xtask bench`: prints, for each, the microseconds that loading and
//! rendering took, the bytes of the manifests or `-` when it fails, and how many keys were made. `--fixed-keys` before the archives spends no time
//! on prime numbers, `--traced` also finds which lines and values gave what.

use std::cell::Cell;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Instant;

use sealift_cli::machine::Machine;
use sealift_gotemplate::Map;
use sealift_helm::chart::LoadOptions;
use sealift_helm::{Capabilities, Chart, FixedHost, Profile, Release, Settings, render};
use sealift_products::charts::on_large_stack;
use sealift_sprig::{Certificate, CertificateRequest, Host, KeyKind, Moment};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match on_large_stack(render_all) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[expect(clippy::print_stdout, reason = "a program of its own")]
fn render_all() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (flags, paths): (Vec<_>, Vec<_>) =
        arguments.iter().partition(|argument| argument.starts_with("--"));
    let has = |flag: &str| flags.iter().any(|given| *given == flag);
    let (is_fixed, is_traced) = (has("--fixed-keys"), has("--traced"));
    let given: Rc<dyn Host> =
        if is_fixed { Rc::new(FixedHost::default()) } else { Rc::new(Machine::default()) };
    let counting = Rc::new(Counting { host: given, keys: Cell::new(0) });
    let host: Rc<dyn Host> = Rc::clone(&counting) as Rc<dyn Host>;
    for path in paths {
        counting.keys.set(0);
        let start = Instant::now();
        let bytes =
            bytes_of(path, &host, is_traced).map_or("-".to_owned(), |bytes| bytes.to_string());
        let (micros, keys) = (start.elapsed().as_micros(), counting.keys.get());
        println!("{micros}\t{bytes}\t{keys}\t{path}");
    }
}

/// A host that counts the keys that it is asked for.
struct Counting {
    host: Rc<dyn Host>,
    keys: Cell<usize>,
}

impl Host for Counting {
    fn now(&self) -> Moment {
        self.host.now()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.host.random(bytes);
    }

    fn private_key(&self, kind: KeyKind) -> Result<String, String> {
        self.keys.set(self.keys.get() + 1);
        self.host.private_key(kind)
    }

    fn certificate(&self, request: &CertificateRequest) -> Result<Certificate, String> {
        self.keys.set(self.keys.get() + usize::from(request.key.is_none()));
        self.host.certificate(request)
    }

    fn check_certificate(&self, given: &Certificate) -> Result<(), String> {
        self.host.check_certificate(given)
    }

    fn both(&self, one: &mut dyn FnMut(), other: &mut (dyn FnMut() + Send)) {
        self.host.both(one, other);
    }
}

fn bytes_of(path: &str, host: &Rc<dyn Host>, is_traced: bool) -> Option<usize> {
    let archive = sealift_files::read(path, 100 << 20).ok()?;
    let chart = Chart::from_archive(&archive, &LoadOptions::default()).ok()?;
    let profile = Profile::default();
    let capabilities = Capabilities::new(profile, Some("v1.33.0"), &[]).ok()?;
    let mut settings = Settings::new(profile, capabilities);
    settings.is_traced = is_traced;
    settings.release =
        Release { name: "rel".to_owned(), namespace: "ns".to_owned(), is_upgrade: false };
    let output = render(&chart, &Map::new(), &settings, host, &mut Vec::new()).ok()?;
    output.text(&settings).ok().map(|text| text.len())
}
