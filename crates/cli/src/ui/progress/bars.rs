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

use super::chain;
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
    /// Images that are at the target.
    done: usize,
    /// The first reason, by name: an image may fail for several.
    failed: BTreeMap<String, String>,
}

impl State {
    /// `3 of 9 images, 1 failed`
    fn message(&self) -> String {
        let Self { done, images, failed, .. } = self;
        let failed =
            if failed.is_empty() { String::new() } else { format!(", {} failed", failed.len()) };
        format!("{done} of {images} images{failed}")
    }
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

    /// Takes the bars away while something else prints, and draws them below it.
    pub(crate) fn suspended<R>(&self, print: impl FnOnce() -> R) -> R {
        self.screen.suspend(print)
    }

    /// Returns why images have failed so far, a line each.
    pub(crate) fn failures(&self) -> Vec<String> {
        let state = self.state();
        state.failed.iter().map(|(image, reason)| format!("{image} failed: {reason}")).collect()
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

    fn image_over(&self, note: impl FnOnce(&mut State)) {
        let mut state = self.state();
        note(&mut state);
        self.total.set_message(state.message());
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
        drop(state);
        self.image_over(|state| state.done += 1);
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
        self.image_over(|state| state.done += 1);
    }

    /// Only counts it: why it failed, and what needs it, is said when the run is over or was said before it began.
    fn image_failed(&self, image: &PlannedImage, error: &CopyError) {
        self.image_over(|state| {
            state.failed.entry(image.name.clone()).or_insert_with(|| chain(error));
        });
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("the templates of this file are right")
        .progress_chars("━╸─")
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use indicatif::TermLike;
    use sealift_oci::{StoreError, StoreErrorKind};

    use super::*;

    /// What is drawn and what is said, in its order.
    #[derive(Clone, Debug, Default)]
    struct Screen(Arc<Mutex<Vec<String>>>);

    impl Screen {
        fn note(&self, what: &str) {
            self.0.lock().unwrap().push(what.to_owned());
        }

        fn take(&self) -> Vec<String> {
            std::mem::take(&mut *self.0.lock().unwrap())
        }
    }

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            200
        }

        fn move_cursor_up(&self, _n: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _n: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _n: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _n: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, line: &str) -> io::Result<()> {
            self.write_str(line)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            if !text.trim().is_empty() {
                self.note(text.trim());
            }
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            self.note("cleared");
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Bars of a plan without images, on a screen.
    fn shown() -> (Bars, Screen) {
        let screen = Screen::default();
        let bars = Bars::new(&Plan { images: Vec::new(), nodes: BTreeMap::new() });
        bars.screen.set_draw_target(ProgressDrawTarget::term_like(Box::new(screen.clone())));
        bars.total.tick();
        (bars, screen)
    }

    fn is_picture(line: &str) -> bool {
        line.starts_with("mirroring")
    }

    #[test]
    fn what_is_said_while_bars_are_shown_stands_above_them() {
        let (bars, screen) = shown();
        assert!(screen.take().iter().any(|line| is_picture(line)));
        bars.suspended(|| screen.note("said"));
        let drawn = screen.take();
        let said = drawn.iter().position(|line| line == "said").unwrap();
        assert!(drawn[..said].iter().any(|line| line == "cleared"), "{drawn:?}");
        assert!(!drawn[..said].iter().any(|line| is_picture(line)), "{drawn:?}");
        assert!(drawn[said..].iter().any(|line| is_picture(line)), "{drawn:?}");
    }

    #[test]
    fn an_image_that_fails_is_counted_once_and_nothing_said() {
        let (bars, screen) = shown();
        bars.planned(&Totals { images: 3, ..Totals::default() });
        let repository: Repository = "t.corp/a".parse().unwrap();
        let image = PlannedImage {
            name: "r.io/a:1".to_owned(),
            source: repository.clone(),
            target: repository.clone(),
            roots: Vec::new(),
        };
        let error = CopyError::Store {
            side: sealift_oci::copy::Side::Target,
            repository,
            action: "push",
            what: "to it".to_owned(),
            source: StoreError::new(StoreErrorKind::Denied, "no"),
        };
        bars.image_failed(&image, &error);
        bars.image_failed(&image, &error);
        bars.image_done(&image);
        bars.image_skipped(&image);
        assert_eq!(bars.state().message(), "2 of 3 images, 1 failed");
        assert_eq!(bars.failures(), ["r.io/a:1 failed: target t.corp/a: cannot push to it: no"]);
        bars.total.tick();
        let drawn = screen.take();
        assert!(!drawn.iter().any(|line| line.contains("r.io/a")), "{drawn:?}");
        assert!(drawn.iter().all(|line| is_picture(line) || line == "cleared"), "{drawn:?}");
    }
}
