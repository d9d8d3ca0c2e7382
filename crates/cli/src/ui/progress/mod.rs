//! What is shown while images are copied: moving lines on a terminal, events with `--json`, else nothing but stages.

mod bars;
mod events;

use std::sync::Arc;

use sealift_oci::copy::Observer;
use sealift_oci::plan::Plan;

use super::Ui;

pub(crate) use events::emit;

/// Where progress goes.
pub(crate) enum Progress {
    Bars(Arc<bars::Bars>),
    Events,
    Stages,
}

impl Progress {
    /// Chooses by what was asked for and by who watches.
    pub(crate) fn new(ui: Ui, json: bool, plan: &Plan) -> Self {
        if json {
            Self::Events
        } else if ui.is_interactive() {
            Self::Bars(Arc::new(bars::Bars::new(plan)))
        } else {
            Self::Stages
        }
    }

    /// Who is told by the copy engine.
    pub(crate) fn observer(&self, ui: Ui) -> Arc<dyn Observer> {
        match self {
            Self::Bars(bars) => Arc::clone(bars) as Arc<dyn Observer>,
            Self::Events => Arc::new(events::Events(ui)),
            Self::Stages => Arc::new(()),
        }
    }

    /// Lets the bars appear when the run is not over by then: what is done in a blink needs no picture.
    pub(crate) async fn appear(&self) {
        match self {
            Self::Bars(bars) => bars.appear().await,
            Self::Events | Self::Stages => std::future::pending().await,
        }
    }

    /// Takes the bars away.
    pub(crate) fn finish(&self) {
        if let Self::Bars(bars) = self {
            bars.finish();
        }
    }
}
