//! The first half of a fitted scenario: who asks, when, and for what.

use super::{Names, Page, count, number, quoted, time};
use crate::fit::Fit;
use crate::fit::arrivals::Arrivals;
use crate::fit::numbers::{FEWEST, LogNormal};
use crate::fit::requests::{Kind, KindKey};

const DAY_S: f64 = 86_400.0;
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Variance of gaps from which on arrivals are called bursty: twice that of a Poisson process.
const BURSTY: f64 = 2.0;

/// Everything before the first table.
pub(super) fn head(page: &mut Page, fit: &Fit, arrivals: &Arrivals, names: &Names<'_>) {
    let requests = count(fit.requests(), "request");
    let span = time(arrivals.span_s);
    page.comment(&format!("Fitted to the records of a router: {requests} in {span}."));
    page.comment("Behind each number stands what it came from. What nobody observed is called an assumption,");
    page.comment("and what was observed too rarely is left out: the usual value of scenarios stands in for it.");
    if fit.left_out > 0 {
        page.comment(&format!("Left out: {} for vectors.", count(fit.left_out, "request")));
    }
    for (reason, times) in &fit.refused {
        page.comment(&format!("The router refused {times} of them: {reason}."));
    }
    page.line("");
    page.line(&format!("name = {}", quoted(names.name)));
    page.line(&format!("policy = {}", quoted(names.policy)));
    if let Some(minute) = arrivals.start_minute {
        let (day, minute) = (minute as usize / 1_440 % 7, minute % 1_440);
        let start = format!("{} {:02}:{:02}", WEEKDAYS[day], minute / 60, minute % 60);
        page.key("start", &quoted(&start), "the first request, in the router's time zone");
    }
    let lasts = arrivals.span_s.clamp(1.0, DAY_S).ceil();
    let whence = if arrivals.span_s >= DAY_S { "assumption: a day" } else { "as long as observed" };
    page.key("lasts", &format!("\"{lasts:.0}s\""), whence);
    page.line("seeds = [1, 2, 3, 4, 5]");
    let owned = fit.groups.iter().filter(|(key, _)| key.owned);
    let machines: usize = owned.map(|(_, group)| group.workers.len()).sum();
    let without = fit.askers.len().saturating_sub(fit.owners.len());
    let without = if machines == 0 { without.max(1) } else { without };
    let of =
        format!("askers without a machine of their own, of {}", count(fit.askers.len(), "asker"));
    page.key("askers", &without.to_string(), &of);
}

/// `[arrivals]`.
pub(super) fn arrivals(page: &mut Page, arrivals: &Arrivals) {
    page.table("[arrivals]");
    let span = time(arrivals.span_s);
    match arrivals.hours {
        Some(hours) => {
            page.line("kind = \"diurnal\"");
            page.key("per_s", &number(arrivals.per_s), &format!("mean of a day, out of {span}"));
            let hours: Vec<String> = hours.iter().map(|hour| number(*hour)).collect();
            page.comment(
                "Requests an hour from midnight on, in the router's time zone where that is known.",
            );
            page.line(&format!("hours = [{}]", hours.join(", ")));
        }
        None => {
            page.comment(
                "Less than a day was observed: how requests follow the hours is not known.",
            );
            page.line("kind = \"poisson\"");
            page.key("per_s", &number(arrivals.per_s), &format!("out of {span}"));
        }
    }
    let ratio = number(arrivals.burstiness);
    if arrivals.burstiness >= BURSTY {
        page.comment(&format!(
            "Gaps vary {ratio} times as much as this says (a day's rhythm is in that): there are bursts,"
        ));
        page.comment("and waits will be longer than simulated. Kind \"bursty\" plays some.");
    } else {
        page.comment(&format!(
            "Gaps vary {ratio} times as much as random arrivals at one rate would."
        ));
    }
}

/// `[[request]]`.
pub(super) fn kind(page: &mut Page, (application, class): &KindKey, kind: &Kind) {
    page.table("[[request]]");
    let name = class.map_or(application.clone(), |class| format!("{application}, {class}"));
    page.line(&format!("name = {}", quoted(&name)));
    page.key("share", &kind.count.to_string(), "requests seen");
    page.line(&format!("application = {}", quoted(application)));
    match class {
        Some(class) => page.line(&format!("class = \"{class}\"")),
        None => page.comment("No class: content without a label in which the scan found nothing."),
    }
    let (read, wrote) = kind.lengths();
    length(page, "tokens_in", read, kind.read.len(), "prompts whose tokens were counted");
    if read.is_none() && !kind.uncounted_bytes.is_empty() {
        let prompts = count(kind.uncounted_bytes.len(), "prompt");
        page.comment(&format!(
            "Of {prompts} only bytes are known: name a tokenizer in the router's configuration."
        ));
    }
    length(page, "tokens_out", wrote, kind.wrote.len(), "answers whose tokens were counted");
    if kind.cut > 0 {
        let cut = count(kind.cut, "answer");
        page.comment(&format!(
            "{cut} ended at a bound: without it they would be longer than this says."
        ));
    }
    if let Some(bound) = kind.usual_bound() {
        page.key("max_output_tokens", &bound.to_string(), "stated by nearly all requests");
    }
    let follows = count(kind.follows, "request");
    page.key(
        "follows",
        &number(kind.follow_share()),
        &format!("{follows} whose conversation a machine or a cloud's cache held; others may have gone on unseen"),
    );
}

fn length(page: &mut Page, key: &str, found: Option<LogNormal>, seen: usize, of: &str) {
    let Some(found) = found else {
        page.comment(&format!(
            "{key}: {seen} {of}, and {FEWEST} are the fewest. The usual value stands in."
        ));
        return;
    };
    let value = format!("{{ median = {}, sigma = {} }}", number(found.median), number(found.sigma));
    let error = 100.0 * found.median_error();
    let whence = format!("{} {of}; the median within {} %", found.count, number(1.96 * error));
    page.key(key, &value, &whence);
}
