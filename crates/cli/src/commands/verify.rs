//! `sealift verify`: is everything there?

use std::fmt::Write as _;
use std::time::Instant;

use sealift_inventory::{API_VERSION, Lock};
use sealift_oci::verify::{Found, Missing, Part, VerifyReport, verify};
use serde_json::json;

use crate::args::VerifyArgs;
use crate::commands::Context;
use crate::failure::{Failure, FailureKind};
use crate::locks::{self, Staleness};
use crate::settings;
use crate::ui::{gate, plural, seconds};

pub(crate) fn run(context: &Context, args: &VerifyArgs) -> Result<(), Failure> {
    let target = settings::target(&args.to)?;
    let staleness = if args.stale { Staleness::Accepted } else { Staleness::Refused };
    let fresh = locks::read_fresh(context, &args.lock, staleness)?;
    let registry = settings::target_registry(context, &args.registry, fresh.shipment.as_ref())?;
    let start = Instant::now();
    let report = context
        .block_on(verify(&fresh.lock, &fresh.graph, &target, registry))
        .map_err(|error| Failure::of(FailureKind::Usage, &error))?;
    if args.json {
        context.ui.json(&format!("{:#}\n", json(&report)))?;
    } else {
        context.ui.data(&text(&report, &fresh.lock, &args.to))?;
    }
    context.ui.note(&format!("{} asked, {}", plural(usize::try_from(report.questions).unwrap_or(usize::MAX), "question"), seconds(start.elapsed())));
    verdict(&report, args)
}

fn verdict(report: &VerifyReport, args: &VerifyArgs) -> Result<(), Failure> {
    if report.is_complete() {
        return Ok(());
    }
    let incomplete = plural(report.images - report.complete, "image");
    let unknown = |missing: &&Missing| matches!(missing.found, Found::Unknown(_));
    if report.missing.iter().all(|missing| unknown(&missing)) {
        return Err(Failure::environment(format!("{} cannot tell whether {incomplete} are complete", args.to)));
    }
    Err(Failure::partial(format!("{incomplete} of {} not complete at {}", report.images, args.to))
        .hint(format!("sealift mirror --lock {} --to {} sends what is missing", args.lock.display(), args.to)))
}

fn text(report: &VerifyReport, lock: &Lock, to: &str) -> String {
    let mut text = String::new();
    let mut image = None;
    for missing in &report.missing {
        if image != Some(&missing.image) {
            image = Some(&missing.image);
            writeln!(text, "{}", missing.image).expect("a String takes all");
            for origin in needed_by(lock, &missing.image) {
                writeln!(text, "    needed by {}", gate::inline(origin)).expect("a String takes all");
            }
        }
        writeln!(text, "  {}", gate::inline(&describe(missing))).expect("a String takes all");
    }
    let word = if report.is_complete() { "ok" } else { "NOT OK" };
    writeln!(text, "{} of {} complete at {to}: {word}", report.complete, plural(report.images, "image")).expect("a String takes all");
    text
}

/// The first reasons of the lock, which are enough to know whom it hurts.
fn needed_by<'a>(lock: &'a Lock, name: &str) -> impl Iterator<Item = &'a String> {
    let image = lock.images().find(|image| image.image.to_string() == name);
    image.into_iter().flat_map(|image| image.because.iter().take(3))
}

/// `missing: blob sha256:… of linux/amd64 in registry.corp/ml/web`
fn describe(missing: &Missing) -> String {
    let platform = missing.platform.as_ref().map(|platform| format!(" of {platform}")).unwrap_or_default();
    let what = match &missing.part {
        Part::Blob => format!("blob {}", missing.digest),
        Part::Manifest => format!("manifest {}", missing.digest),
        Part::Tag(tag) => format!("tag {tag} ({})", missing.digest),
    };
    let found = match &missing.found {
        Found::Nothing => "missing".to_owned(),
        Found::Other(digest) => format!("names {digest} instead"),
        Found::Unknown(error) => format!("unknown, {error}"),
        Found::WrongSize { wants_bytes, has_bytes } => format!("has {has_bytes} bytes instead of {wants_bytes}"),
    };
    format!("{found}: {what}{platform} in {}", missing.repository)
}

fn json(report: &VerifyReport) -> serde_json::Value {
    let missing = |missing: &Missing| {
        let (part, tag) = match &missing.part {
            Part::Blob => ("blob", None),
            Part::Manifest => ("manifest", None),
            Part::Tag(tag) => ("tag", Some(tag.as_str())),
        };
        json!({
            "image": missing.image,
            "repository": missing.repository.to_string(),
            "platform": missing.platform.as_ref().map(ToString::to_string),
            "part": part,
            "tag": tag,
            "digest": missing.digest.as_str(),
            "problem": describe(missing),
        })
    };
    json!({
        "apiVersion": API_VERSION,
        "kind": "Verification",
        "images": report.images,
        "complete": report.complete,
        "questions": report.questions,
        "missing": report.missing.iter().map(missing).collect::<Vec<_>>(),
    })
}
