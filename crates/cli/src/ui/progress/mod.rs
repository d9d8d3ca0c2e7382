//! What is shown while images are copied: moving lines on a terminal, events with `--json`, else nothing but stages.

mod bars;
pub(crate) mod event;
mod events;

use std::sync::{Arc, OnceLock};

use sealift_oci::copy::Observer;
use sealift_oci::plan::Plan;
use sealift_registry::{Retry, Wait, Watcher};

use super::{Ui, waits};
use event::Event;

pub(crate) use events::{chain, emit};

/// Where progress goes.
pub(crate) struct Progress {
    ui: Ui,
    json: bool,
    /// Once it is known what is copied, where somebody watches.
    bars: OnceLock<Arc<bars::Bars>>,
}

impl Progress {
    /// Chooses by what was asked for and by who watches.
    pub(crate) fn new(ui: Ui, json: bool) -> Self {
        Self { ui, json, bars: OnceLock::new() }
    }

    /// Who is told by the copy engine.
    pub(crate) fn observer(&self, plan: &Plan) -> Arc<dyn Observer> {
        if self.json {
            return Arc::new(events::Events(self.ui));
        }
        if self.ui.is_interactive() {
            return Arc::clone(self.bars.get_or_init(|| Arc::new(bars::Bars::new(plan)))) as _;
        }
        Arc::new(())
    }

    /// Lets the bars appear when the run is not over by then: what is done in a blink needs no picture.
    pub(crate) async fn appear(&self) {
        match self.bars.get() {
            Some(bars) => bars.appear().await,
            None => std::future::pending().await,
        }
    }

    /// Prints what needs several lines, above the bars where there are any.
    pub(crate) fn aside<R>(&self, print: impl FnOnce() -> R) -> R {
        match self.bars.get() {
            Some(bars) => bars.suspended(print),
            None => print(),
        }
    }

    /// Returns why images have failed so far and nobody was told yet, a line each.
    pub(crate) fn untold(&self) -> Vec<String> {
        self.bars.get().map(|bars| bars.failures()).unwrap_or_default()
    }

    /// Takes the bars away.
    pub(crate) fn finish(&self) {
        if let Some(bars) = self.bars.get() {
            bars.finish();
        }
    }
}

impl Watcher for Progress {
    fn waiting(&self, wait: &Wait<'_>) {
        let line = waits::waiting(wait);
        if self.json {
            let (host, reason) = (wait.host.to_owned(), wait.reason.to_owned());
            emit(self.ui, &Event::Waiting { host, reason, seconds: wait.time.as_secs_f64() });
        } else if !self.bars.get().is_some_and(|bars| bars.say(&line)) {
            self.ui.note(&line);
        }
    }

    fn retried(&self, retry: &Retry<'_>) {
        if self.json {
            let event = Event::Retried {
                host: retry.host.to_owned(),
                cause: retry.cause.to_string(),
                error: retry.detail.to_owned(),
                seconds: retry.time.as_secs_f64(),
            };
            emit(self.ui, &event);
        } else {
            // Nobody watches bars where details are asked for.
            self.ui.detail(&waits::retried(retry));
        }
    }
}
