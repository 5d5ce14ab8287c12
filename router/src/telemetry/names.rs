//! Every name under which anything is told: spans, attributes, metrics. Nothing else in this crate spells one.
//!
//! Where OpenTelemetry's conventions for generative models have a name, it is theirs. They are not stable, and
//! moved most names of the client's side in 2026; so the established ones are told unless
//! `OTEL_SEMCONV_STABILITY_OPT_IN` asks for the latest ([`Conventions`]), and then those alone, as the
//! conventions demand. What has no convention begins with `littoral.`. The constants of the conventions' own
//! crate are deprecated as a whole and were not taken.

/// What `OTEL_SEMCONV_STABILITY_OPT_IN` has to say for the latest names.
const LATEST: &str = "gen_ai_latest_experimental";

/// Which names of the conventions are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conventions {
    /// Those that dashboards know.
    #[default]
    Established,
    /// Those of the conventions' own repository.
    Latest,
}

impl Conventions {
    /// As the operator asks.
    #[must_use]
    pub fn asked(opt_in: &[String]) -> Self {
        if opt_in.iter().any(|one| one == LATEST) { Self::Latest } else { Self::Established }
    }
}

/// What is asked of a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Operation {
    /// An answer to a conversation.
    #[default]
    Chat,
    /// Vectors of texts.
    Embeddings,
}

impl Operation {
    /// The conventions' name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Embeddings => "embeddings",
        }
    }
}

/// The service where the settings give no name.
pub const SERVICE: &str = "littoral-router";
/// The provider of models on machines of one's own.
pub const OWN_PROVIDER: &str = "littoral";
/// The outcome of a request that was answered.
pub const OK: &str = "OK";
/// The tier of a request that nobody answered.
pub const NO_TIER: &str = "none";
/// What stands for the values of a label beyond its bound.
pub const OTHER: &str = "other";

/// Spans and events. Those of a request and of an attempt are named after their operation and model.
pub mod span {
    /// Content is looked into.
    pub const SCAN: &str = "scan";
    /// The decision.
    pub const DECIDE: &str = "decide";
    /// A place at the target is taken, or waited for.
    pub const ADMIT: &str = "admit";
    /// The answer on its way to the client.
    pub const STREAM: &str = "stream";
    /// The first piece of the answer came.
    pub const FIRST_TOKEN: &str = "first_token";
}

/// Attributes of spans and labels of metrics.
pub mod attribute {
    /// What is asked of the model.
    pub const OPERATION: &str = "gen_ai.operation.name";
    /// Who runs the model.
    pub const PROVIDER: &str = "gen_ai.provider.name";
    /// The model that was asked for; in metrics, the one that was asked.
    pub const REQUEST_MODEL: &str = "gen_ai.request.model";
    /// The model that answered.
    pub const RESPONSE_MODEL: &str = "gen_ai.response.model";
    /// Why generation ended.
    pub const FINISH_REASONS: &str = "gen_ai.response.finish_reasons";
    /// Prompt tokens of a call. Usage is told once, of the call: readers add it up over a trace.
    pub const INPUT_TOKENS: &str = "gen_ai.usage.input_tokens";
    /// Generated tokens of a call.
    pub const OUTPUT_TOKENS: &str = "gen_ai.usage.output_tokens";
    /// Prompt tokens out of a cache.
    pub const CACHED_TOKENS: &str = "gen_ai.usage.cache_read.input_tokens";
    /// Whether tokens were read or generated.
    pub const TOKEN_TYPE: &str = "gen_ai.token.type";
    /// What went wrong, in one word.
    pub const ERROR: &str = "error.type";

    /// The id that receipts, logs and `explain` carry.
    pub const REQUEST_ID: &str = "littoral.request.id";
    /// Hash of the policy that decided.
    pub const POLICY: &str = "littoral.policy.hash";
    /// Class of the content.
    pub const CLASS: &str = "littoral.class";
    /// Tier of the target.
    pub const TIER: &str = "littoral.tier";
    /// The pool of the target.
    pub const POOL: &str = "littoral.pool";
    /// The worker that was asked.
    pub const WORKER: &str = "littoral.worker.id";
    /// How a request ended: `OK` or the named reason.
    pub const OUTCOME: &str = "littoral.outcome";
    /// Why the others are not in the plan: gates, each with how many it stopped.
    pub const REJECTED: &str = "littoral.rejected";
    /// How many attempts are planned.
    pub const PLANNED: &str = "littoral.planned";
    /// What an attempt is for.
    pub const PURPOSE: &str = "littoral.purpose";
    /// What a link is.
    pub const LINK: &str = "littoral.link";
    /// Prompt tokens of a request, under a name that no reader adds up.
    pub const REQUEST_INPUT_TOKENS: &str = "littoral.tokens.input";
    /// Generated tokens of a request.
    pub const REQUEST_OUTPUT_TOKENS: &str = "littoral.tokens.output";
    /// How often another target went on.
    pub const FAILOVERS: &str = "littoral.failovers";
    /// Bytes of content that were sent away.
    pub const BYTES: &str = "littoral.bytes";
    /// Bytes of content that reached a cloud.
    pub const EGRESS_BYTES: &str = "littoral.egress.bytes";
    /// What it cost, in US dollars.
    pub const COST: &str = "littoral.cost.usd";
    /// What energy it took, in joules.
    pub const JOULES: &str = "littoral.energy.joules";
    /// From the dispatch, or the arrival, to the first token.
    pub const FIRST_TOKEN_MS: &str = "littoral.first_token_ms";
    /// From the dispatch, or the arrival, to the end.
    pub const TOTAL_MS: &str = "littoral.total_ms";
    /// The same as it was predicted.
    pub const PREDICTED_FIRST_TOKEN_MS: &str = "littoral.predicted.first_token_ms";
    /// The same as it was predicted.
    pub const PREDICTED_TOTAL_MS: &str = "littoral.predicted.total_ms";
    /// The cost as it was predicted, in US dollars.
    pub const PREDICTED_COST: &str = "littoral.predicted.cost.usd";
    /// The energy as it was predicted, in joules.
    pub const PREDICTED_JOULES: &str = "littoral.predicted.energy.joules";
    /// The client went before the answer was out.
    pub const ABANDONED: &str = "littoral.abandoned";
}

/// Labels of metrics beside the conventions' own: short, because people write them into queries.
pub mod label {
    /// Class of the content.
    pub const CLASS: &str = "class";
    /// Tier of the target.
    pub const TIER: &str = "tier";
    /// How it ended.
    pub const OUTCOME: &str = "outcome";
    /// What an attempt is for.
    pub const PURPOSE: &str = "purpose";
    /// Which prediction.
    pub const OF: &str = "of";
    /// A state, of few.
    pub const STATE: &str = "state";
    /// Name of a budget.
    pub const BUDGET: &str = "budget";
    /// What a budget counts.
    pub const UNIT: &str = "unit";
    /// Why.
    pub const REASON: &str = "reason";
}

/// Metrics.
pub mod metric {
    /// Tokens of a call to a target.
    pub const TOKEN_USAGE: &str = "gen_ai.client.token.usage";
    /// Duration of a call to a target.
    pub const CLIENT_DURATION: &str = "gen_ai.client.operation.duration";
    /// The same, as the latest conventions call it.
    pub const INFERENCE_DURATION: &str = "gen_ai.client.inference.duration";
    /// First token of a call to a target, in the latest conventions.
    pub const INFERENCE_FIRST: &str = "gen_ai.client.inference.time_to_first_chunk";
    /// Tokens read, in the latest conventions.
    pub const USAGE_INPUT: &str = "gen_ai.client.inference.usage.input_tokens";
    /// Tokens generated, in the latest conventions.
    pub const USAGE_OUTPUT: &str = "gen_ai.client.inference.usage.output_tokens";
    /// Tokens read by one call, in the latest conventions.
    pub const OPERATION_INPUT: &str = "gen_ai.client.inference.operation.input_tokens";
    /// Tokens generated by one call, in the latest conventions.
    pub const OPERATION_OUTPUT: &str = "gen_ai.client.inference.operation.output_tokens";
    /// From a request's arrival to its end.
    pub const SERVER_DURATION: &str = "gen_ai.server.request.duration";
    /// From a request's arrival to the first token.
    pub const SERVER_FIRST_TOKEN: &str = "gen_ai.server.time_to_first_token";
    /// Between two tokens.
    pub const SERVER_PER_TOKEN: &str = "gen_ai.server.time_per_output_token";

    /// Requests, by how they ended.
    pub const REQUESTS: &str = "littoral.requests";
    /// Calls to targets, by what they were for and how they ended.
    pub const ATTEMPTS: &str = "littoral.attempts";
    /// What the router itself took of a request.
    pub const OVERHEAD: &str = "littoral.router.overhead";
    /// How long content was looked into.
    pub const SCAN: &str = "littoral.scan.duration";
    /// How long a decision took.
    pub const DECISION: &str = "littoral.decision.duration";
    /// How long a request waited for a place.
    pub const WAIT: &str = "littoral.wait.duration";
    /// Content that was handed to targets.
    pub const EGRESS: &str = "littoral.egress";
    /// What happened, divided by what was predicted.
    pub const PREDICTION: &str = "littoral.prediction";
    /// What answers cost.
    pub const COST: &str = "littoral.cost.usd";
    /// What energy they took.
    pub const ENERGY: &str = "littoral.energy";

    /// Requests that run or wait.
    pub const ACTIVE: &str = "littoral.requests.active";
    /// Requests that wait for a place.
    pub const WAITING: &str = "littoral.requests.waiting";
    /// Workers, by where they stand.
    pub const WORKERS: &str = "littoral.workers";
    /// Places at workers.
    pub const SLOTS: &str = "littoral.worker.slots";
    /// What budgets have spent.
    pub const BUDGET_SPENT: &str = "littoral.budget.spent";
    /// What budgets hold.
    pub const BUDGET_HELD: &str = "littoral.budget.held";
    /// What an account of a budget may spend.
    pub const BUDGET_LIMIT: &str = "littoral.budget.limit";
    /// The share of its limit that the fullest account of a budget has used.
    pub const BUDGET_FULLEST: &str = "littoral.budget.fullest_ratio";
    /// Models of clouds that are left alone.
    pub const BREAKER: &str = "littoral.breaker.open";
    /// Whether content may leave for clouds.
    pub const EGRESS_ALLOWED: &str = "littoral.egress.allowed";
    /// Spans that no collector got.
    pub const SPANS_DROPPED: &str = "littoral.spans.dropped";
    /// Rows that the store could not take.
    pub const ROWS_LOST: &str = "littoral.store.rows.lost";
}
