//! A progress bar on standard error: only on a terminal, only when the work is long.

use crate::input::Headway;
use crate::notice::thousands;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Work shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// What is read, the bytes of bytes to read, and the time that the rest may take.
const BAR: &str = "reading {msg} {wide_bar} {bytes}/{total_bytes}, {eta} left";

/// How far reading has come.
pub struct Progress {
    bar: ProgressBar,
    began: Instant,
}

impl Progress {
    /// A bar, or nothing at all.
    pub fn new(wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if wanted && std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template(BAR);
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        } else {
            bar.finish_and_clear();
        }
        Self { bar, began: Instant::now() }
    }

    /// Told as files are read, from any thread.
    pub fn at(&self, come: &Headway, total: u64) {
        if self.bar.is_finished() || self.began.elapsed() < PATIENCE {
            return;
        }
        self.bar.set_message(format!("{}, {} rows", come.file, thousands(come.rows)));
        self.bar.set_length(total);
        self.bar.set_position(come.bytes.min(total));
        // The first line drawn says all of it.
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.tick();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
