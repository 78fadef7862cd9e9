//! Waiting for something to become true.
//! Deliberately not a measurement: the deadline only turns a hang into a failure.

use std::thread;
use std::time::{Duration, Instant};

/// Long enough for a slow and loaded machine.
const DEADLINE: Duration = Duration::from_secs(30);
const INTERVAL: Duration = Duration::from_millis(20);

/// Asks again and again until there is an answer.
pub fn within_deadline<T>(awaited: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + DEADLINE;
    loop {
        // The time is read before the attempt, so that a machine that sleeps
        // between the two gets one more attempt rather than one less.
        let last = Instant::now() >= end;
        if let Some(answer) = attempt() {
            return answer;
        }
        assert!(!last, "not within {DEADLINE:?}: {awaited}");
        thread::sleep(INTERVAL);
    }
}
