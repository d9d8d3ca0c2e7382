//! How many images have their digest: a moving line on a terminal, else nothing.

use std::future::Future;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sealift_oci::resolve::{ResolveError, ResolveObserver};
use sealift_reference::{Digest, Reference};

use super::Ui;

/// The line; hidden until the work takes longer than a blink.
pub(crate) struct Resolving {
    bar: ProgressBar,
    interactive: bool,
}

impl Resolving {
    pub(crate) fn new(ui: Ui) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template(" resolving {bar:30} {pos} of {len} images")
            .expect("the template is right");
        bar.set_style(style.progress_chars("━╸─"));
        Self { bar, interactive: ui.is_interactive() }
    }

    /// Shows the line while `work` goes on.
    pub(crate) async fn watch<T>(&self, work: impl Future<Output = T>) -> T {
        let appear = async {
            tokio::time::sleep(Duration::from_millis(250)).await;
            if self.interactive {
                self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(20));
            }
            std::future::pending::<()>().await;
        };
        let done = tokio::select! {
            done = work => done,
            () = appear => unreachable!("the line waits for the work"),
        };
        self.bar.finish_and_clear();
        done
    }
}

impl ResolveObserver for Resolving {
    fn started(&self, images: usize) {
        self.bar.set_length(images as u64);
    }

    fn resolved(&self, _image: &Reference, _digest: &Digest) {
        self.bar.inc(1);
    }

    fn failed(&self, _image: &Reference, _error: &ResolveError) {
        self.bar.inc(1);
    }
}
