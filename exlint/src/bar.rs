//! A progress bar on standard error: on a terminal, and only where it takes a while.

use crate::inspection::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::io::{self, IsTerminal};
use std::thread;
use std::time::Duration;

/// What takes less is not worth a bar.
const PATIENCE: Duration = Duration::from_millis(700);

/// How often in a second it is drawn at most.
const REFRESH: u8 = 10;

/// A progress bar that shows itself when patience ends.
#[derive(Debug)]
pub struct Bar(ProgressBar);

impl Default for Bar {
    fn default() -> Self {
        Self::new()
    }
}

impl Bar {
    /// One that is not seen yet.
    pub fn new() -> Bar {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if io::stderr().is_terminal() {
            let later = bar.clone();
            thread::spawn(move || {
                thread::sleep(PATIENCE);
                if !later.is_finished() {
                    later.set_draw_target(ProgressDrawTarget::stderr_with_hz(REFRESH));
                }
            });
        }
        Bar(bar)
    }

    /// Takes note of progress.
    pub fn show(&self, progress: Progress) {
        match progress {
            Progress::Steps(more) => self.0.inc_length(more as u64),
            Progress::Step => self.0.inc(1),
        }
    }

    /// Takes it from the terminal.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}
