//! What libraries tell by `tracing`, in our own words: warnings always, decisions with `-v`, every request with `-vv`.

use std::fmt::Write as _;

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::Ui;

/// Shows the events of our own crates; from `-vvv` on also those of the HTTP layers below.
pub(crate) fn start(ui: Ui, verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let others = if verbose > 2 { LevelFilter::DEBUG } else { LevelFilter::WARN };
    let filter = Targets::new().with_default(others).with_target("sealift", level);
    let trace = tracing_subscriber::registry().with(Trace(ui).with_filter(filter));
    // Fails only when there is one already.
    let _already = trace.try_init();
}

struct Trace(Ui);

impl<S: Subscriber> Layer<S> for Trace {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let Line { message, fields } = line;
        match *event.metadata().level() {
            Level::ERROR | Level::WARN => self.0.warn(&format!("{message}{fields}")),
            _ => self.0.detail(&format!("{message}{fields}")),
        }
    }
}

/// The message of an event, and its fields behind it.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let written = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
        written.expect("a String takes all");
    }
}
