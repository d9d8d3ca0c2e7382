//! `sealift verify`: is everything there?

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Instant;

use sealift_inventory::Lock;
use sealift_oci::StoreError;
use sealift_oci::verify::{Found, Missing, Part, VerifyReport, verify};
use serde_json::json;

use crate::args::{VerifyArgs, charts_to, quoted};
use crate::commands::Context;
use crate::counts::Counts;
use crate::failure::Failure;
use crate::locks::{self, Staleness};
use crate::settings;
use crate::ui::{document, gate, plural, seconds};

pub(crate) fn run(context: &Context, args: &VerifyArgs) -> Result<(), Failure> {
    let target = settings::destination(&args.to, args.charts_to.as_deref())?;
    let staleness = if args.stale { Staleness::Accepted } else { Staleness::Refused };
    let limits = &args.limits.limit;
    let fresh = locks::read_fresh(context, &args.lock, staleness, &args.registry, limits)?;
    locks::warn_undecided(context, &fresh.lock);
    let registry = settings::target_registry(
        context,
        &args.registry,
        fresh.shipment.as_ref(),
        &settings::Traffic::default(),
    )?;
    let start = Instant::now();
    let report = context
        .block_on(verify(&fresh.lock, &fresh.graph, &target, registry))
        .map_err(|error| locks::not_of_graph(&args.lock, &error))?;
    if args.json {
        context.ui.json(&document("Verification", json(&report, Counts::of(&fresh.lock))))?;
    } else {
        context.ui.data(&text(&report, &fresh.lock, &args.to))?;
    }
    context.ui.note(&format!(
        "{} asked, {}",
        plural(usize::try_from(report.questions).unwrap_or(usize::MAX), "question"),
        seconds(start.elapsed())
    ));
    verdict(&report, Counts::of(&fresh.lock), args)
}

fn verdict(report: &VerifyReport, counts: Counts, args: &VerifyArgs) -> Result<(), Failure> {
    if report.is_complete() {
        return Ok(());
    }
    let count = report.images - report.complete;
    let incomplete = counts.some(count);
    let errors: Option<Vec<_>> = report.missing.iter().map(unanswered).collect();
    if let Some(error) = errors.as_ref().and_then(|errors| errors.first()) {
        let are = if count == 1 { "is" } else { "are" };
        let message = format!("cannot tell whether {incomplete} {are} complete at {}", args.to);
        let failure = Failure { causes: vec![error.to_string()], ..Failure::environment(message) };
        return Err(failure.hint_against([error.kind]));
    }
    let message = format!("{incomplete} of {} not complete at {}", report.images, args.to);
    let failure = Failure::partial(message).hint(format!(
        "`sealift mirror --lock {} --to {}{} --repair{}` sends what is missing",
        quoted(&args.lock.display().to_string()),
        quoted(&args.to),
        charts_to(args.charts_to.as_deref()),
        args.registry.words()
    ));
    let is_wrong = |missing: &Missing| matches!(missing.found, Found::WrongSize { .. });
    Err(if report.missing.iter().any(is_wrong) {
        failure.hint("what has the wrong length must be deleted there before it can be sent again")
    } else {
        failure
    })
}

fn text(report: &VerifyReport, lock: &Lock, to: &str) -> String {
    let mut text = String::new();
    for image in report.missing.chunk_by(|one, other| one.image == other.image) {
        let name = &image[0].image;
        writeln!(text, "{name}").expect("a String takes all");
        for origin in needed_by(lock, name) {
            writeln!(text, "    needed by {}", gate::inline(origin)).expect("a String takes all");
        }
        for line in lines(image) {
            writeln!(text, "  {}", gate::inline(&line)).expect("a String takes all");
        }
    }
    let word = if report.is_complete() { "ok" } else { "NOT OK" };
    writeln!(text, "{} of {} complete at {to}: {word}", report.complete, Counts::of(lock).all())
        .expect("a String takes all");
    text
}

/// Why it is not known whether something is there.
fn unanswered(missing: &Missing) -> Option<&StoreError> {
    if let Found::Unknown(error) = &missing.found { Some(error) } else { None }
}

/// One line for each piece; one for all pieces that are unknown for one reason, such as a host that is down.
fn lines(image: &[Missing]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut unknown: BTreeMap<&str, Vec<&Missing>> = BTreeMap::new();
    for missing in image {
        match unanswered(missing) {
            Some(error) => unknown.entry(&error.message).or_default().push(missing),
            None => lines.push(describe(missing)),
        }
    }
    lines.extend(unknown.into_iter().map(|(why, pieces)| match *pieces {
        [piece] => describe(piece),
        _ => {
            format!("unknown: {} in {}: {why}", plural(pieces.len(), "piece"), pieces[0].repository)
        }
    }));
    lines
}

/// The first reasons of the lock, which are enough to know whom it hurts.
fn needed_by<'a>(lock: &'a Lock, name: &str) -> impl Iterator<Item = &'a String> {
    let artifact = lock.artifacts.iter().find(|artifact| artifact.name() == name);
    artifact.into_iter().flat_map(|artifact| artifact.because().iter().take(3))
}

/// `missing: blob sha256:… of linux/amd64 in registry.corp/ml/web`
fn describe(missing: &Missing) -> String {
    let platform =
        missing.platform.as_ref().map(|platform| format!(" of {platform}")).unwrap_or_default();
    let what = match &missing.part {
        Part::Blob => format!("blob {}", missing.digest),
        Part::Manifest => format!("manifest {}", missing.digest),
        Part::Tag(tag) => format!("tag {tag} ({})", missing.digest),
    };
    let found = match &missing.found {
        // What the store says names the piece already.
        Found::Unknown(error) if error.message.contains(missing.digest.as_str()) => {
            return format!("unknown{platform}: {error}");
        }
        Found::Unknown(error) => {
            return format!("unknown: {what}{platform} in {}: {error}", missing.repository);
        }
        Found::Nothing => "missing".to_owned(),
        Found::Other(digest) => format!("names {digest} instead"),
        Found::WrongSize { wants_bytes, has_bytes } => {
            format!("has {has_bytes} bytes instead of {wants_bytes}")
        }
    };
    format!("{found}: {what}{platform} in {}", missing.repository)
}

fn json(report: &VerifyReport, counts: Counts) -> serde_json::Value {
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
        "images": counts.images,
        "charts": counts.charts,
        "complete": report.complete,
        "questions": report.questions,
        "missing": report.missing.iter().map(missing).collect::<Vec<_>>(),
    })
}
