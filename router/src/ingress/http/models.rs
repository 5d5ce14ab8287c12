//! `GET /v1/models`: the names that can be asked for, and who would answer to each.
//!
//! The list is for one asker: other people's devices are not in it. An entry has the fields that clients of
//! OpenAI and of Anthropic look for, and one of ours with what they do not.

use super::HttpDoor;
use super::error::{self, Shape, plain};
use crate::clouds::Sight;
use crate::ingress::principal;
use crate::pipeline::Pipeline;
use crate::registry::view::Asker;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use littoral_core::class::Tier;
use littoral_core::decide::tier_of;
use littoral_core::fleet::{Pool, Site};
use littoral_core::policy::Policy;
use littoral_core::principal::Principal;
use littoral_core::record::Seen;
use serde_json::{Value, json};
use tonic::Code;

/// All names.
pub(super) async fn list(State(door): State<HttpDoor>, request: Request) -> Response {
    let all = all(door.pipeline(), &principal::of(request.extensions()));
    let id = |entry: Option<&Value>| entry.map(|entry| entry["id"].clone());
    Json(json!({
        "object": "list",
        "first_id": id(all.first()),
        "last_id": id(all.last()),
        "has_more": false,
        "data": all,
    }))
    .into_response()
}

/// One name.
pub(super) async fn one(
    State(door): State<HttpDoor>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    let all = all(door.pipeline(), &principal::of(request.extensions()));
    match all.into_iter().find(|entry| entry["id"] == *id) {
        Some(entry) => Json(entry).into_response(),
        None => {
            let message = "there is no model or alias of this name for you; /v1/models lists them";
            error::response(Shape::OpenAi, &plain(Code::NotFound, message))
        }
    }
}

/// Aliases in the policy's order, then models by their own names.
fn all(pipeline: &Pipeline, who: &Principal) -> Vec<Value> {
    let policy = pipeline.policy.load();
    let pools = pools(pipeline, who);
    let reached: Vec<(&Pool, Tier)> =
        pools.iter().filter_map(|pool| Some((pool, tier_of(who, &policy, pool)?))).collect();
    let mut entries: Vec<Value> = policy
        .aliases()
        .iter()
        .map(|alias| {
            let targets = reached.iter().filter(|(pool, _)| alias.covers(&pool.model.name));
            entry(alias.name(), "alias", targets, &policy)
        })
        .collect();
    let mut names: Vec<&str> = reached.iter().map(|(pool, _)| &*pool.model.name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().filter(|name| policy.alias(name).is_none()) {
        let targets = reached.iter().filter(|(pool, _)| *pool.model.name == *name);
        entries.push(entry(name, "model", targets, &policy));
    }
    entries
}

/// Everything there is at this moment, whoever may use it.
fn pools(pipeline: &Pipeline, who: &Principal) -> Vec<Pool> {
    let now = pipeline.clock.now();
    let asker =
        Asker { tenant: &who.tenant, owner: &who.owner, session: None, lot: 0, seen: Seen::Drawn };
    let left = |model: &str| pipeline.treasury.left(who, model);
    let mut pools = pipeline.registry.pools(&asker, now);
    pools.extend(pipeline.clouds.pools(&Sight {
        egress_off: !pipeline.egress.allowed(),
        now,
        unix_ms: crate::clock::unix_ms(),
        left: &left,
    }));
    pools
}

fn entry<'a>(
    name: &str,
    kind: &str,
    targets: impl Iterator<Item = &'a (&'a Pool, Tier)>,
    policy: &Policy,
) -> Value {
    let targets: Vec<Value> = targets.map(|(pool, tier)| target(pool, *tier)).collect();
    json!({
        "id": name,
        "object": "model",
        "type": "model",
        "display_name": name,
        "created": 0,
        "created_at": "1970-01-01T00:00:00Z",
        "owned_by": "littoral",
        "littoral": {
            "kind": kind,
            "default": kind == "alias" && name == policy.default_alias(),
            "targets": targets,
        },
    })
}

fn target(pool: &Pool, tier: Tier) -> Value {
    let able = pool.model.abilities;
    let abilities: Vec<&str> = [
        ("chat", !able.embeddings),
        ("tools", able.tools),
        ("json_output", able.json_output),
        ("image", able.image),
        ("audio", able.audio),
        ("logprobs", able.logprobs),
        ("embeddings", able.embeddings),
    ]
    .into_iter()
    .filter_map(|(name, is_able)| is_able.then_some(name))
    .collect();
    let price = match &pool.site {
        Site::Cloud(site) => {
            site.price.as_ref().map(|price| serde_json::to_value(price).unwrap_or_default())
        }
        Site::Workers(_) => Some(json!({
            "input_usd_micros_per_mtok": 0,
            "output_usd_micros_per_mtok": 0,
        })),
    };
    json!({
        "pool": pool.id,
        "model": pool.model.name,
        "tier": tier.name(),
        "on_device": tier == Tier::Device,
        "abilities": abilities,
        "context_tokens": pool.model.context_tokens,
        "quality": pool.model.quality,
        "price": price,
    })
}
