//! How far the simulation is, in one line of standard error that is written over. Where no person watches there
//! is none.

use crate::screen;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Time between two lines.
const STEP: Duration = Duration::from_millis(120);
/// Columns of the bar.
const COLUMNS: usize = 32;

/// A line of progress.
pub struct Progress {
    begun: Instant,
    is_watched: bool,
    told: Mutex<Option<Instant>>,
}

impl Progress {
    /// Begins now.
    pub fn new() -> Self {
        Self {
            begun: Instant::now(),
            is_watched: screen::err_is_terminal(),
            told: Mutex::new(None),
        }
    }

    /// So much of it is done, 0 to 1.
    pub fn tell(&self, share: f64) {
        if !self.is_watched {
            return;
        }
        let Ok(mut told) = self.told.try_lock() else { return };
        let now = Instant::now();
        if told.is_some_and(|last| now.duration_since(last) < STEP) {
            return;
        }
        *told = Some(now);
        // Nobody is left to tell if standard error is gone.
        let _ = write!(anstream::stderr(), "\r{}", line(share, now.duration_since(self.begun)));
        let _ = anstream::stderr().flush();
    }

    /// Takes the line away.
    pub fn finish(&self) {
        if self.is_watched {
            let _ = write!(anstream::stderr(), "\r\x1b[2K");
        }
    }
}

fn line(share: f64, passed: Duration) -> String {
    let share = share.clamp(0.0, 1.0);
    let full = (share * COLUMNS as f64) as usize;
    let bar = format!("{}{}", "█".repeat(full), "░".repeat(COLUMNS - full));
    let left = match share > 0.01 {
        true => {
            let left = passed.mul_f64((1.0 - share) / share).as_secs();
            format!("{} left", in_words(left))
        }
        false => "estimating".into(),
    };
    format!("{bar} {:>3.0} %  {left:<14}", share * 100.0)
}

fn in_words(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_how_much_is_done_and_how_long_the_rest_takes() {
        let text = line(0.25, Duration::from_secs(30));
        assert!(text.contains(" 25 %  1 min 30 s left"), "{text}");
        assert_eq!(text.matches('█').count(), 8);
        assert!(line(0.0, Duration::ZERO).contains("estimating"));
        assert_eq!(line(2.0, Duration::ZERO).matches('░').count(), 0);
    }
}
