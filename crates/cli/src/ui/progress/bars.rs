//! One line per running transfer, and a total with rate and time left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use sealift_oci::copy::{CopyError, Observer};
use sealift_oci::plan::{Plan, PlannedImage, Totals};
use sealift_oci::{Blob, Written};
use sealift_reference::{Digest, Repository};

use crate::ui::gate;

/// Nothing is drawn before: most runs that send nothing are over by then.
const QUIET: Duration = Duration::from_millis(250);

/// Pictures a second.
const RATE: u8 = 20;

/// The bars, and what they count.
pub(crate) struct Bars {
    screen: MultiProgress,
    total: ProgressBar,
    /// The blobs below each root, to count an image that is skipped as a whole.
    below: BTreeMap<Digest, Vec<Blob>>,
    state: Mutex<State>,
    is_shown: AtomicBool,
}

#[derive(Default)]
struct State {
    running: BTreeMap<Digest, ProgressBar>,
    /// Bytes counted so far of blobs that are on their way.
    positions: BTreeMap<Digest, u64>,
    counted: BTreeSet<Digest>,
    images: usize,
    done: usize,
}

impl Bars {
    pub(crate) fn new(plan: &Plan) -> Self {
        let screen = MultiProgress::with_draw_target(ProgressDrawTarget::hidden());
        let total = screen.add(ProgressBar::new(0));
        total.set_style(style(
            " mirroring {bar:30} {decimal_bytes} / {decimal_total_bytes}  {decimal_bytes_per_sec}  {eta} left  {msg}",
        ));
        let roots = plan.images.iter().flat_map(|image| &image.roots);
        let below = roots
            .map(|root| {
                (root.digest.clone(), plan.blobs_below(&root.digest).into_iter().cloned().collect())
            })
            .collect();
        Self { screen, total, below, state: Mutex::default(), is_shown: AtomicBool::default() }
    }

    pub(crate) async fn appear(&self) {
        tokio::time::sleep(QUIET).await;
        self.screen.set_draw_target(ProgressDrawTarget::stderr_with_hz(RATE));
        self.is_shown.store(true, Ordering::Relaxed);
        self.total.enable_steady_tick(Duration::from_millis(100));
        std::future::pending::<()>().await;
    }

    /// Prints a line above the bars; `false` where there are none yet.
    pub(crate) fn say(&self, line: &str) -> bool {
        let is_shown = self.is_shown.load(Ordering::Relaxed);
        is_shown && self.screen.println(gate::block(line)).is_ok()
    }

    pub(crate) fn finish(&self) {
        self.total.finish_and_clear();
        let _gone = self.screen.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A picture that is wrong after a panic elsewhere is better than another panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a blob as done, once however many repositories get it.
    fn count(&self, state: &mut State, blob: &Blob) {
        let counted = state.positions.remove(&blob.digest).unwrap_or(0);
        if state.counted.insert(blob.digest.clone()) {
            self.total.inc(blob.size_bytes.saturating_sub(counted));
        }
    }

    fn image_over(&self) {
        let mut state = self.state();
        state.done += 1;
        self.total.set_message(format!("{} of {} images", state.done, state.images));
    }
}

impl Observer for Bars {
    fn planned(&self, totals: &Totals) {
        self.total.set_length(totals.size_bytes);
        self.state().images = totals.images;
    }

    fn image_skipped(&self, image: &PlannedImage) {
        let mut state = self.state();
        for blob in image.roots.iter().filter_map(|root| self.below.get(&root.digest)).flatten() {
            self.count(&mut state, blob);
        }
    }

    fn blob_started(&self, blob: &Blob, repository: &Repository) {
        let bar = self.screen.add(ProgressBar::new(blob.size_bytes));
        bar.set_style(style("   {prefix}  {decimal_bytes} / {decimal_total_bytes}"));
        let short: String = blob.digest.hex().chars().take(12).collect();
        bar.set_prefix(format!("{repository} layer {short}…"));
        self.state().running.insert(blob.digest.clone(), bar);
    }

    fn blob_progress(&self, blob: &Blob, position_bytes: u64) {
        let mut state = self.state();
        if let Some(bar) = state.running.get(&blob.digest) {
            bar.set_position(position_bytes);
        }
        if !state.counted.contains(&blob.digest) {
            let before = state.positions.insert(blob.digest.clone(), position_bytes).unwrap_or(0);
            match position_bytes.checked_sub(before) {
                Some(more) => self.total.inc(more),
                None => self.total.dec(before - position_bytes),
            }
        }
    }

    fn blob_finished(&self, blob: &Blob, _repository: &Repository, _written: Written) {
        let mut state = self.state();
        if let Some(bar) = state.running.remove(&blob.digest) {
            bar.finish_and_clear();
            self.screen.remove(&bar);
        }
        self.count(&mut state, blob);
    }

    fn image_done(&self, _image: &PlannedImage) {
        self.image_over();
    }

    fn image_failed(&self, image: &PlannedImage, error: &CopyError) {
        let _gone = self.screen.println(gate::block(&format!("error: {}: {error}", image.name)));
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the templates of this file are right")
        .progress_chars("━╸─")
}
