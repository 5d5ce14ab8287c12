//! Policies over the requests of the past: which requests, and what is told of them while the replay runs.

use crate::policy_files;
use crate::policy_keeper::change::ChangeError;
use crate::policy_replay::{NoReplay, Question, Running};
use crate::store::When;
use crate::wire::{policy as wire, simulated};
use futures_util::stream::unfold;
use littoral_core::policy::Policy;
use littoral_proto::v1;
use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use tokio_stream::Stream;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status};

/// Bounds of a question: requests where the asker names no number, and the most that are looked at.
pub(super) struct Bounds {
    usual: u32,
    most: u32,
}

/// Of a difference, which comes as one answer.
pub(super) const DIFF: Bounds = Bounds { usual: 1_000, most: 10_000 };
/// Of a simulation.
const SIMULATE: Bounds = Bounds { usual: 100_000, most: 1_000_000 };
/// Changes that are told where the asker names no number, and of a difference always.
pub(super) const USUAL_CHANGES: usize = 200;
/// Most changes that are told.
const MOST_CHANGES: usize = 1_000;

impl Bounds {
    /// The number that is meant.
    pub fn limit(&self, asked: u32) -> u32 {
        if asked == 0 { self.usual } else { asked.min(self.most) }
    }
}

/// Events of a simulation.
pub(super) type Events = Pin<Box<dyn Stream<Item = Result<v1::SimulateEvent, Status>> + Send>>;

/// The policy that these files are.
pub(super) async fn compiled(sources: Vec<v1::PolicySource>) -> Result<Arc<Policy>, Status> {
    let sources = wire::sources(sources);
    let read = tokio::task::spawn_blocking(move || policy_files::load_texts(&sources)).await;
    match read.map_err(|_| super::refused(&ChangeError::CutOff))? {
        Ok(loaded) => Ok(Arc::new(loaded.policy)),
        Err(problems) => Err(super::refused(&ChangeError::Invalid(problems))),
    }
}

/// The one that is named, else the one in force.
pub(super) async fn compared(
    named: Option<v1::PolicySources>,
    in_force: impl FnOnce() -> Arc<Policy>,
) -> Result<Arc<Policy>, Status> {
    match named {
        Some(named) => compiled(named.sources).await,
        None => Ok(in_force()),
    }
}

/// What a simulation is asked.
pub(super) fn question_of(
    request: &v1::SimulateRequest,
    before: Arc<Policy>,
    after: Arc<Policy>,
) -> Question {
    let most_changes = match request.change_limit {
        0 => USUAL_CHANGES,
        limit => usize::try_from(limit).unwrap_or(MOST_CHANGES).min(MOST_CHANGES),
    };
    Question {
        before,
        after,
        when: When {
            since_unix_ms: request.since_unix_ms.unwrap_or_default(),
            until_unix_ms: request.until_unix_ms,
        },
        limit: SIMULATE.limit(request.limit),
        most_changes,
    }
}

/// The status of a replay that is none.
pub(super) fn status(error: &NoReplay) -> Status {
    let code = match error {
        NoReplay::Busy => Code::ResourceExhausted,
        NoReplay::Store(_) => Code::Internal,
        NoReplay::CutOff => Code::Unavailable,
    };
    Status::new(code, error.to_string())
}

/// Runs a replay page by page, as fast as its events are taken. Whoever drops the stream ends it; so does the
/// end of the router.
pub(super) fn events(running: Running, hashes: [String; 2], stop: CancellationToken) -> Events {
    let told = VecDeque::from([simulated::progress(running.progress())]);
    let events = unfold((Some(running), told), move |(mut running, mut told)| {
        let (hashes, stop) = (hashes.clone(), stop.clone());
        async move {
            if let Some(event) = told.pop_front() {
                return Some((Ok(event), (running, told)));
            }
            match next(running.take()?, hashes, &stop).await {
                Ok((still, mut more)) => {
                    let event = more.pop_front()?;
                    Some((Ok(event), (still, more)))
                }
                Err(error) => Some((Err(status(&error)), (None, told))),
            }
        }
    });
    Box::pin(events)
}

/// A page further, or the end and all that is told of it.
async fn next(
    mut running: Running,
    hashes: [String; 2],
    stop: &CancellationToken,
) -> Result<(Option<Running>, VecDeque<v1::SimulateEvent>), NoReplay> {
    if stop.is_cancelled() {
        return Err(NoReplay::CutOff);
    }
    if running.step().await? {
        let progress = simulated::progress(running.progress());
        return Ok((Some(running), VecDeque::from([progress])));
    }
    let outcome = running.finish().await?;
    Ok((None, simulated::told(outcome, hashes).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy_replay::Replays;
    use crate::policy_replay::tests::{log, question};
    use crate::store::DecisionLog;
    use littoral_proto::v1::simulate_event::Event;
    use std::sync::atomic::Ordering;
    use tokio_stream::StreamExt as _;

    fn hashes() -> [String; 2] {
        ["a".into(), "b".into()]
    }

    #[tokio::test]
    async fn events_come_as_they_are_taken_and_who_goes_away_makes_room_for_another() {
        let log = log();
        let replays = Replays::of(Arc::clone(&log) as Arc<dyn DecisionLog>);
        let begin = || replays.begin(question(u32::MAX));
        let mut running = events(begin().await.unwrap(), hashes(), CancellationToken::new());
        for _ in 0..2 {
            let event = running.next().await.unwrap().unwrap().event;
            assert!(matches!(event, Some(Event::Progress(_))), "{event:?}");
        }
        let busy = begin().await.err().map(|error| status(&error).code());
        assert_eq!(busy, Some(Code::ResourceExhausted));
        drop(running);
        assert_eq!(log.pages.load(Ordering::Relaxed), 1, "the pages that were asked for");
        let whole = events(begin().await.unwrap(), hashes(), CancellationToken::new());
        let told: Vec<_> = whole.collect().await;
        let last = told.last().unwrap().as_ref().unwrap().event.clone();
        assert!(matches!(last, Some(Event::Summary(_))), "{last:?}");
        assert_eq!(told.len(), 5, "none, three pages, and the summary");
    }

    #[tokio::test]
    async fn the_end_of_the_router_breaks_a_simulation_off_with_a_status() {
        let replays = Replays::of(log());
        let stop = CancellationToken::new();
        let running = replays.begin(question(u32::MAX)).await.unwrap();
        let mut running = events(running, hashes(), stop.clone());
        assert!(running.next().await.unwrap().is_ok());
        stop.cancel();
        let broken = running.next().await.unwrap().unwrap_err();
        assert_eq!(broken.code(), Code::Unavailable);
        assert!(running.next().await.is_none());
    }

    #[test]
    fn what_is_asked_has_bounds() {
        assert_eq!([DIFF.limit(0), DIFF.limit(7), DIFF.limit(u32::MAX)], [1_000, 7, 10_000]);
        assert_eq!([SIMULATE.limit(0), SIMULATE.limit(u32::MAX)], [100_000, 1_000_000]);
        let asked = |change_limit| v1::SimulateRequest { change_limit, ..Default::default() };
        let policy = Arc::new(Policy::shipped());
        let most = |limit| {
            question_of(&asked(limit), Arc::clone(&policy), Arc::clone(&policy)).most_changes
        };
        assert_eq!([most(0), most(3), most(u32::MAX)], [200, 3, 1_000]);
    }
}
