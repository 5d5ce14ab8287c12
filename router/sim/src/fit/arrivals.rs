//! When requests came: a rate, and how it follows the hours of the day where whole days were observed.

use littoral_core::facts::LocalTime;

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;
/// Minutes of a week.
const WEEK: u32 = 7 * 1_440;

/// Moments of requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Moments {
    /// In milliseconds since the Unix epoch, each with its minute of the week in the router's time zone.
    all: Vec<(u64, Option<u16>)>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Arrivals {
    /// Requests a second, on average over the observed time, or over the day where hours are known.
    pub per_s: f64,
    /// Requests an hour in each hour of the day, local; nothing of less than a day.
    pub hours: Option<[f64; 24]>,
    /// Minute of the week of the first request, where the router's time zone was known.
    pub start_minute: Option<u32>,
    /// From the first request to the last, in seconds.
    pub span_s: f64,
    /// Variance of the gaps over the square of their mean: 1 of a Poisson process, more of bursts.
    pub burstiness: f64,
}

impl Moments {
    pub fn add(&mut self, at_unix_ms: u64, time: Option<LocalTime>) {
        let minute = time.map(|time| u16::from(time.weekday) * 1_440 + time.minute);
        self.all.push((at_unix_ms, minute));
    }

    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Rates, of at least two requests at two moments.
    pub fn arrivals(&self) -> Option<Arrivals> {
        let mut all = self.all.clone();
        all.sort_unstable();
        let (first, last) = (*all.first()?, *all.last()?);
        let span_ms = last.0 - first.0;
        if span_ms == 0 {
            return None;
        }
        let span_s = span_ms as f64 / 1e3;
        // Of n moments there are n - 1 gaps between the first and the last.
        let per_s = (all.len() - 1) as f64 / span_s;
        // Where nobody knows the time zone, hours are those of UTC.
        let begun =
            first.1.map_or_else(|| (first.0 % DAY_MS) / 60_000, |minute| u64::from(minute) % 1_440);
        let hours = (span_ms >= DAY_MS).then(|| hours(&all, begun * 60_000, span_ms));
        let per_s = hours.map_or(per_s, |hours| hours.iter().sum::<f64>() / DAY_MS as f64 * 1e3);
        let start_minute = first.1.map(|minute| u32::from(minute) % WEEK);
        Some(Arrivals { per_s, hours, start_minute, span_s, burstiness: burstiness(&all) })
    }
}

/// Requests in each hour of the day for each time that the hour was observed, in requests an hour. `begun` is the
/// first request's millisecond of the day.
fn hours(all: &[(u64, Option<u16>)], begun: u64, span_ms: u64) -> [f64; 24] {
    let (mut counts, mut observed_ms) = ([0_u64; 24], [0_u64; 24]);
    let first = all.first().map_or(0, |first| first.0);
    for (at, _) in all {
        let hour = (begun + at - first) % DAY_MS / HOUR_MS;
        counts[hour as usize] += 1;
    }
    let mut at = begun;
    while at < begun + span_ms {
        let end = (at / HOUR_MS + 1) * HOUR_MS;
        observed_ms[(at % DAY_MS / HOUR_MS) as usize] += end.min(begun + span_ms) - at;
        at = end;
    }
    std::array::from_fn(|hour| {
        counts[hour] as f64 / (observed_ms[hour].max(1) as f64 / HOUR_MS as f64)
    })
}

/// Variance of the gaps over the square of their mean: 1 of an exponential distribution.
fn burstiness(all: &[(u64, Option<u16>)]) -> f64 {
    let gaps: Vec<f64> = all.windows(2).map(|two| (two[1].0 - two[0].0) as f64).collect();
    let count = gaps.len() as f64;
    let mean = gaps.iter().sum::<f64>() / count.max(1.0);
    let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / count.max(1.0);
    if mean > 0.0 { variance / (mean * mean) } else { 1.0 }
}
