//! What a decision, an answer and a receipt mean, in words. `ask` and `explain` say it alike.

use crate::arguments::Globals;
use crate::lines::Lines;
use crate::{machine, screen, units, words};
use littoral_proto::v1;
use littoral_proto::v1::decision::Outcome;

/// Which machines are "this machine" for whoever reads the output.
#[derive(Clone, Debug)]
pub struct Here {
    /// The router was reached over loopback.
    pub router: bool,
    /// Name of the worker that a router on this machine embeds.
    pub worker: String,
}

impl Here {
    /// As seen from the arguments.
    pub fn of(globals: &Globals) -> Self {
        Self { router: is_loopback(&globals.router()), worker: machine::worker_name() }
    }
}

fn is_loopback(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// A target: `MODEL on WORKER`, or `PROVIDER/MODEL`.
pub fn target(target: Option<&v1::Target>) -> String {
    let Some(target) = target else { return "unknown".into() };
    let name = match &target.at {
        Some(v1::target::At::Worker(worker)) => format!("{} on {}", target.model, worker.worker_id),
        Some(v1::target::At::Provider(provider)) => format!("{provider}/{}", target.model),
        None => target.model.clone(),
    };
    screen::printable(&name).into_owned()
}

/// An answer that was given: who, why, how long, what left, what it cost.
pub fn answered(
    lines: &mut Lines,
    served: &v1::Served,
    why: Option<String>,
    usage: Option<&v1::Usage>,
    left: Option<&Left>,
) {
    let who = target(served.target.as_ref());
    let (bold, plain) = (screen::BOLD, screen::PLAIN);
    lines.add("answered by", format!("{bold}{who}{plain} ({})", words::tier(served.tier)));
    if let Some(why) = why {
        lines.add("why", why);
    }
    lines.add("time", time(served, usage));
    if let Some(left) = left {
        lines.add("left", left.coloured());
    }
    let mut cost = units::usd(served.cost_usd_micros);
    if let Some(joules) = served.energy_joules.filter(|joules| *joules > 0.0) {
        cost.push_str(&format!(", about {joules:.1} J on the device"));
    }
    lines.add("cost", cost);
}

fn time(served: &v1::Served, usage: Option<&v1::Usage>) -> String {
    let all = units::time(served.total_ms);
    let mut time = match served.first_token_ms {
        Some(ms) => format!("first token {}, all {all}", units::time(ms)),
        None => format!("all {all}, no token came"),
    };
    if let Some(usage) = usage {
        let (read, written) = (usage.prompt_tokens, usage.completion_tokens);
        time.push_str(&format!("; {read} tokens read, {written} written"));
        if let Some(rate) = rate(served, usage) {
            time.push_str(&format!(" at {} tokens/s", units::rate(Some(rate))));
        }
    }
    time
}

/// Tokens a second after the first one.
fn rate(served: &v1::Served, usage: &v1::Usage) -> Option<f64> {
    let after_first = usage.completion_tokens.checked_sub(1).filter(|tokens| *tokens > 0)?;
    let ms = served.total_ms - served.first_token_ms?;
    (ms > 0.0).then(|| f64::from(after_first) / ms * 1_000.0)
}

/// What left, and for whom.
#[derive(Debug, PartialEq, Eq)]
pub struct Left {
    /// One sentence.
    pub text: String,
    /// Content left for a cloud.
    pub egress: bool,
}

impl Left {
    /// What a receipt says to whoever reads it `here`.
    pub fn of(receipt: &v1::Receipt, here: &Here) -> Self {
        let is_cloud = |holding: &&v1::receipt::Holding| holding.tier == i32::from(v1::Tier::Cloud);
        let clouds = receipt.holdings.iter().filter(is_cloud).map(|holding| {
            let machine = screen::printable(&holding.machine);
            format!("{} left for {machine}", units::bytes(holding.bytes))
        });
        let clouds: Vec<String> = clouds.collect();
        let is_near = |holding: &&v1::receipt::Holding| {
            let mine = here.router && holding.machine == here.worker;
            !is_cloud(holding) && holding.tier != i32::from(v1::Tier::Unspecified) && !mine
        };
        let near = receipt.holdings.iter().filter(is_near).map(|holding| {
            let machine = screen::printable(&holding.machine);
            let (bytes, tier) = (units::bytes(holding.bytes), words::tier(holding.tier));
            format!("{bytes} went to worker {machine} ({tier})")
        });
        let near: Vec<String> = near.collect();
        let egress = receipt.egress_bytes > 0 || !clouds.is_empty();
        let mut parts = match (egress, clouds.is_empty()) {
            (false, _) if near.is_empty() && here.router => {
                return Self { text: "0 bytes left this machine".into(), egress };
            }
            (_, true) => vec![format!("{} left for a cloud", units::bytes(receipt.egress_bytes))],
            (_, false) => clouds,
        };
        parts.extend(near);
        if !here.router {
            parts.push("the router read it".into());
        }
        Self { text: parts.join("; "), egress }
    }

    /// The sentence: green if nothing left for a cloud, yellow otherwise.
    pub fn coloured(&self) -> String {
        let colour = if self.egress { screen::YELLOW } else { screen::GREEN };
        format!("{colour}{}{}", self.text, screen::PLAIN)
    }
}

/// How often each kind was found: `2 EMAIL, 1 IBAN`, or `-`.
pub fn kinds(receipt: &v1::Receipt) -> String {
    let kind = |(kind, count): (&String, &u32)| format!("{count} {}", screen::printable(kind));
    let kinds: Vec<String> = receipt.found.iter().map(kind).collect();
    if kinds.is_empty() { "-".into() } else { kinds.join(", ") }
}

/// Why the answer came from where it came: the first note, which is about the class.
pub fn because(decision: &v1::Decision) -> Option<String> {
    decision.notes.first().map(|note| screen::printable(note).into_owned())
}

/// The decision in short: who was chosen or why nobody was, and what else mattered.
pub fn verdict(decision: &v1::Decision) -> Lines {
    let (bold, red, plain) = (screen::BOLD, screen::RED, screen::PLAIN);
    let mut lines = Lines::default();
    match &decision.outcome {
        Some(Outcome::Plan(plan)) => {
            let first = plan.attempts.first().cloned().unwrap_or_default();
            let who = target(first.target.as_ref());
            lines.add("chosen", format!("{bold}{who}{plain} ({})", words::tier(first.tier)));
            lines.add("deadline", units::time_ms(plan.deadline_ms));
        }
        Some(Outcome::Refusal(refusal)) => {
            let message = screen::printable(&refusal.message);
            lines.add("refused", format!("{red}{}{plain}: {message}", refusal.reason));
        }
        None => lines.add("refused", "the router gave no outcome"),
    }
    for (index, note) in decision.notes.iter().enumerate() {
        lines.add(if index == 0 { "why" } else { "" }, screen::printable(note));
    }
    let hash: String = decision.policy_hash.chars().take(12).collect();
    lines.add("policy", format!("{hash}, seed {}", decision.seed));
    lines
}

/// The decision's own argument, wrapped to `width` columns.
pub fn argument(decision: &v1::Decision, indent: &str, width: usize) -> String {
    let text = screen::printable(&decision.text);
    format!("{indent}{}", screen::wrap(text.trim_end(), width, indent).join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holding(machine: &str, tier: v1::Tier, bytes: u64) -> v1::receipt::Holding {
        v1::receipt::Holding { machine: machine.into(), tier: tier.into(), bytes }
    }

    fn told(holdings: Vec<v1::receipt::Holding>, router: bool) -> String {
        let cloud = i32::from(v1::Tier::Cloud);
        let egress = holdings.iter().filter(|held| held.tier == cloud).map(|held| held.bytes);
        let egress_bytes = egress.sum();
        let receipt = v1::Receipt { holdings, egress_bytes, ..v1::Receipt::default() };
        let left = Left::of(&receipt, &Here { router, worker: "desk".into() });
        assert_eq!(left.egress, egress_bytes > 0);
        left.text
    }

    #[test]
    fn nothing_left_this_machine_only_if_router_and_worker_are_on_it() {
        let router = holding("router", v1::Tier::Unspecified, 9);
        let here = holding("desk", v1::Tier::Device, 9);
        let phone = holding("phone", v1::Tier::Device, 9);
        assert_eq!(told(vec![router.clone(), here.clone()], true), "0 bytes left this machine");
        assert_eq!(
            told(vec![router.clone(), phone], true),
            "0 bytes left for a cloud; 9 bytes went to worker phone (device)"
        );
        assert_eq!(
            told(vec![router, here], false),
            "0 bytes left for a cloud; 9 bytes went to worker desk (device); the router read it"
        );
    }

    #[test]
    fn bytes_to_a_cloud_are_named_to_the_last_one_even_after_a_failover() {
        let cloud = holding("openai/gpt-4o-mini", v1::Tier::Cloud, 1_234);
        let here = holding("desk", v1::Tier::Device, 9);
        assert_eq!(told(vec![here, cloud], true), "1,234 bytes left for openai/gpt-4o-mini");
    }

    #[test]
    fn a_verdict_names_the_chosen_or_the_reason_and_every_note() {
        let plan = v1::Plan {
            attempts: vec![v1::Attempt::default()],
            deadline_ms: 1_500,
            hedge_after_ms: None,
            meanwhile: None,
        };
        let notes = vec!["class public may use any".to_owned(), "mode matters".to_owned()];
        let mut decision = v1::Decision { notes, ..v1::Decision::default() };
        let plain = |decision: &v1::Decision| {
            anstream::adapter::strip_str(&verdict(decision).render(80)).to_string()
        };
        decision.outcome = Some(Outcome::Plan(plan));
        let text = plain(&decision);
        for part in ["chosen", "1.50 s", "class public may use any", "mode matters"] {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
        let (reason, message) = ("EGRESS_DENIED".into(), "stays".into());
        let refusal = v1::Refusal { reason, message, retry_after_ms: None };
        decision.outcome = Some(Outcome::Refusal(refusal));
        let text = plain(&decision);
        assert!(
            text.contains("refused  EGRESS_DENIED: stays") && !text.contains("chosen"),
            "{text}"
        );
    }

    #[test]
    fn only_loopback_addresses_are_here() {
        for here in
            ["http://127.0.0.1:7433", "http://[::1]:1", "http://localhost:1/", "http://127.8.0.1"]
        {
            assert!(is_loopback(here), "{here}");
        }
        for there in ["http://10.0.0.1:7433", "http://localhost.example.org:1", "http://desk:1"] {
            assert!(!is_loopback(there), "{there}");
        }
    }

    #[test]
    fn the_rate_counts_tokens_after_the_first() {
        let served =
            v1::Served { first_token_ms: Some(100.0), total_ms: 1_100.0, ..v1::Served::default() };
        let usage = |completion_tokens| v1::Usage { prompt_tokens: 1, completion_tokens };
        assert_eq!(rate(&served, &usage(51)), Some(50.0));
        assert_eq!(rate(&served, &usage(1)), None);
        assert_eq!(rate(&served, &usage(0)), None);
    }

    #[test]
    fn a_hostile_model_name_cannot_steer_the_terminal() {
        let named = v1::Target { model: "m\x1b[2J".into(), ..v1::Target::default() };
        assert_eq!(target(Some(&named)), "m[2J");
    }
}
