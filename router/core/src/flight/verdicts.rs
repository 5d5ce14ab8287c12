//! What the end of a call to a cloud says: of its target, for the breaker, and of the way there.

use super::action::{DispatchRow, Ending};
use super::event::Blame;
use crate::breaker::Outcome;
use crate::offline::Reached;
use crate::retry::{Kind, Verdict};
use std::time::Duration;

/// A target that was silent for so long hangs, even where the request's own deadline was all that ended it. A
/// shorter deadline is the asker's affair: whoever sets one must not be able to close a target to others.
const HANGS: Duration = Duration::from_secs(10);

/// The place of the dispatch that gave the answer, where one did.
#[must_use]
pub fn winner(ending: &Ending) -> Option<usize> {
    let answered = ending.result.as_ref().ok()?;
    let gave = |row: &DispatchRow| row.attempt == answered.attempt && row.fault.is_none();
    ending.dispatches.iter().rposition(gave)
}

/// What a call that is over says of its target. `finished` says that it gave the answer.
#[must_use]
pub fn of_target(row: &DispatchRow, finished: bool) -> Outcome {
    let waited = |until: Duration| until.saturating_sub(row.at);
    match (&row.fault, row.first_token_at) {
        (Some(fault), _) => Verdict::of(fault).into(),
        (None, Some(first)) => Outcome::Answered(Some(waited(first))),
        (None, None) if finished => Outcome::Answered(None),
        (None, None) if waited(row.ended_at) >= HANGS => Outcome::Failed,
        (None, None) => Outcome::Void,
    }
}

/// What it says of the way to the provider; nothing where it says nothing.
#[must_use]
pub fn of_way<'a>(row: &DispatchRow, provider: &'a str) -> Option<Reached<'a>> {
    if row.first_token_at.is_some() {
        return Some(Reached::Answered);
    }
    let fault = row.fault.as_ref()?;
    match fault.blame {
        Blame::Network => Some(Reached::NoWay(provider)),
        Blame::Target | Blame::Client => {
            let was_silent = Kind::named(fault.kind).is_none_or(|kind| kind == Kind::Timeout);
            (!was_silent).then_some(Reached::Answered)
        }
        Blame::Gate | Blame::Limit | Blame::Router => None,
    }
}

/// Whether the provider refused the request before it began to answer: then nothing is billed.
#[must_use]
pub fn is_free(row: &DispatchRow) -> bool {
    let Some(fault) = &row.fault else { return false };
    let said_no = matches!(
        Kind::named(fault.kind),
        Some(
            Kind::InvalidRequest
                | Kind::Auth
                | Kind::Quota
                | Kind::RateLimited
                | Kind::ProxyAuth
                | Kind::NotFound
                | Kind::TooLong
                | Kind::Unsupported
                | Kind::Redirect
                | Kind::Overloaded
                | Kind::NotImplemented
                | Kind::Connect
                | Kind::Tls
        )
    );
    said_no && row.first_token_at.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flight::event::Fault;

    fn row(
        fault: Option<(Blame, &'static str)>,
        first_ms: Option<u64>,
        ended_ms: u64,
    ) -> DispatchRow {
        let at = Duration::from_secs(5);
        let ms = |ms| at + Duration::from_millis(ms);
        DispatchRow {
            attempt: 0,
            at,
            first_token_at: first_ms.map(ms),
            ended_at: ms(ended_ms),
            fault: fault.map(|(blame, kind)| Fault {
                blame,
                kind,
                detail: String::new(),
                retry_after_ms: None,
            }),
            text_bytes: 0,
        }
    }

    #[test]
    fn only_what_the_provider_or_the_network_did_counts_against_a_target() {
        let said = |fault| of_target(&row(Some(fault), None, 10), false);
        assert_eq!(said((Blame::Target, "server")), Outcome::Failed);
        assert_eq!(said((Blame::Target, "first_token_timeout")), Outcome::Failed);
        assert_eq!(said((Blame::Network, "connect")), Outcome::Failed);
        assert_eq!(said((Blame::Client, "invalid_request")), Outcome::Void);
        assert_eq!(said((Blame::Gate, "not_cleared")), Outcome::Void);
        let answered = Outcome::Answered(Some(Duration::from_millis(7)));
        assert_eq!(of_target(&row(None, Some(7), 10), false), answered);
        assert_eq!(of_target(&row(None, None, 10), true), Outcome::Answered(None));
    }

    #[test]
    fn a_short_deadline_of_an_asker_closes_no_target_and_a_long_silence_counts() {
        assert_eq!(of_target(&row(None, None, 50), false), Outcome::Void);
        assert_eq!(of_target(&row(None, None, 10_000), false), Outcome::Failed);
    }

    #[test]
    fn an_error_that_came_back_shows_that_there_is_a_way() {
        let said = |fault| of_way(&row(Some(fault), None, 10), "p");
        assert_eq!(said((Blame::Target, "server")), Some(Reached::Answered));
        assert_eq!(said((Blame::Client, "invalid_request")), Some(Reached::Answered));
        assert_eq!(said((Blame::Network, "connect")), Some(Reached::NoWay("p")));
        assert_eq!(said((Blame::Target, "first_token_timeout")), None);
        assert_eq!(said((Blame::Gate, "egress_off")), None);
        assert_eq!(of_way(&row(None, None, 10), "p"), None);
    }

    #[test]
    fn what_was_refused_is_free_and_what_was_cut_is_not() {
        assert!(is_free(&row(Some((Blame::Target, "rate_limited")), None, 10)));
        assert!(!is_free(&row(Some((Blame::Target, "cut")), Some(5), 10)));
        assert!(!is_free(&row(Some((Blame::Target, "first_token_timeout")), None, 10)));
        assert!(!is_free(&row(None, None, 10)), "cancelled");
    }
}
