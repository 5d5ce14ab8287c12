//! The effects for people: type, unit, meaning and an example of each, in the order of the
//! documentation.

/// One effect.
pub(in crate::policy::rule) struct Row {
    pub key: &'static str,
    /// Whether an unknown condition is enough.
    pub restricts: bool,
    pub kind: &'static str,
    pub about: &'static str,
    pub example: &'static str,
}

macro_rules! effects {
    ($($restricts:literal $key:literal, $kind:literal, $example:literal, $about:literal;)*) => {
        /// All effects.
        pub(in crate::policy::rule) static TABLE: &[Row] = &[$(
            Row { key: $key, restricts: $restricts, kind: $kind, about: $about, example: $example },
        )*];
    };
}

effects! {
    true "deny", "`true`", "deny = true", "nobody answers; no other restriction beside it";
    true "max_tier", "`device`, `edge` or `cloud`", "max_tier = \"edge\"",
        "nobody further away answers";
    true "own_device", "`true`", "own_device = true", "the asker's own devices alone answer";
    true "regions", "list of texts", "regions = [\"eu\"]",
        "clouds in other regions, or of unknown region, do not answer; workers may";
    true "max_retention_days", "whole number (days), 0 to 36500", "max_retention_days = 0",
        "clouds that keep what they are sent longer, or for an unknown time, do not answer; workers may";
    true "accelerator", "list of `cpu`, `gpu`, `npu`", "accelerator = [\"gpu\", \"npu\"]",
        "workers whose model runs on something else, or on something unknown, do not answer; clouds may";
    true "max_first_token_ms", "whole number (milliseconds), 1 to one day",
        "max_first_token_ms = 1000",
        "targets whose first token is predicted later do not answer; unknown passes";
    true "max_total_ms", "whole number (milliseconds), 1 to one day", "max_total_ms = 20000",
        "targets whose answer is predicted to end later do not answer; unknown passes";
    true "max_cost_usd_micros", "whole number (millionths of a US dollar), 0 to 10^12",
        "max_cost_usd_micros = 500",
        "targets predicted dearer, or without a price, do not answer";
    true "max_energy_joules", "decimal number (joules), 0 to 10^9", "max_energy_joules = 40.0",
        "devices predicted to spend more, or an unknown amount, do not answer";
    true "min_quality", "decimal number (a probability), 0 to 1", "min_quality = 0.7",
        "models less likely to answer well, or of unknown quality, do not answer";
    false "preset",
        "`private`, `cheap`, `fast`, `balanced`, `battery-saver` or `offline-first`",
        "preset = \"fast\"", "objective and ranking of that name";
    false "weights",
        "table of decimal numbers (micro-dollars a second, a joule, a bad answer), 0 to 10^12",
        "weights = { bad_answer_usd_micros = 200000.0 }",
        "single exchange rates, named as in `[objective]`, over those of the preset or the policy";
    false "prefer", "list of `device`, `edge`, `cloud`", "prefer = [\"edge\", \"device\"]",
        "these tiers first, in this order, the others as the policy has them; each must be in use";
    false "ranking", "`tier_first` or `objective_first`", "ranking = \"tier_first\"",
        "what has the first word, over the preset or the policy";
    false "hedge", "`true` or `false`", "hedge = true",
        "whether a second target may be asked while the first is late";
    false "tag", "list of texts, each of 1 to 32 characters a-z, 0-9, _ and -",
        "tag = [\"billing-a\"]", "names that the decision's record carries; at most 16";
    false "lower_label", "`true`", "lower_label = true",
        "the caller's label may stand below findings of class personal; what is found to be restricted stands, and so do the ceilings";
}
