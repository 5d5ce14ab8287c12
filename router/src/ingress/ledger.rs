//! What was spent, and what may still be.

use super::principal;
use crate::clock::unix_ms;
use crate::pipeline::Pipeline;
use crate::store::{By, Ledger, UsageQuery, UsageSum};
use littoral_core::budget::{Account, AccountKey, Budget, Unit};
use littoral_proto::v1;
use littoral_proto::v1::ledger_service_server::LedgerService;
use std::collections::BTreeMap;
use std::sync::Arc;
use tonic::{Request, Response, Status};

/// The ledger service.
#[derive(Clone)]
pub struct LedgerDoor {
    /// Who asks, and what is held.
    pub pipeline: Arc<Pipeline>,
    /// What is written down.
    pub ledger: Arc<dyn Ledger>,
}

#[tonic::async_trait]
impl LedgerService for LedgerDoor {
    async fn usage(
        &self,
        call: Request<v1::UsageRequest>,
    ) -> Result<Response<v1::UsageResponse>, Status> {
        let asker = principal::of(call.extensions());
        let wanted = call.into_inner();
        let by = wanted.by.iter().map(|name| By::named(name).ok_or_else(|| unknown(name)));
        let mut by = by.collect::<Result<Vec<_>, _>>()?;
        let mut seen = Vec::new();
        by.retain(|one| {
            !seen.contains(one) && {
                seen.push(*one);
                true
            }
        });
        let only = [asker.tenant, asker.application, asker.user];
        let query = UsageQuery {
            by,
            since_unix_ms: wanted.since_unix_ms,
            until_unix_ms: wanted.until_unix_ms,
            only: (!asker.administrator).then_some(only),
        };
        let sums = self.ledger.usage(query).await;
        let sums = sums.map_err(|error| {
            Status::unavailable(format!("failed to read what was used: {error}"))
        })?;
        let sums = sums.into_iter().filter(|sum| sum.dispatches > 0).map(sum).collect();
        Ok(Response::new(v1::UsageResponse { sums }))
    }

    async fn list_budgets(
        &self,
        call: Request<v1::ListBudgetsRequest>,
    ) -> Result<Response<v1::ListBudgetsResponse>, Status> {
        principal::administrator(call.extensions())?;
        let (treasury, now) = (&self.pipeline.treasury, unix_ms());
        let accounts = treasury.accounts();
        let budgets = treasury.budgets();
        let budgets = budgets.iter().map(|one| budget(one, &accounts, now)).collect();
        Ok(Response::new(v1::ListBudgetsResponse { budgets }))
    }
}

fn unknown(name: &str) -> Status {
    let names = By::ALL.map(By::name).join(", ");
    Status::invalid_argument(format!("by: {name:?} is none of {names}"))
}

fn sum(sum: UsageSum) -> v1::UsageSum {
    v1::UsageSum {
        key: sum.key,
        requests: sum.requests,
        dispatches: sum.dispatches,
        prompt_tokens: sum.prompt_tokens,
        cached_tokens: sum.cached_tokens,
        completion_tokens: sum.completion_tokens,
        reasoning_tokens: sum.reasoning_tokens,
        egress_bytes: sum.egress_bytes,
        cost_usd_micros: sum.cost_usd_micros,
        assumed_usd_micros: sum.assumed_usd_micros,
        predicted_usd_micros: sum.predicted_usd_micros,
        unpriced_dispatches: sum.unpriced,
        energy_joules: sum.joules,
    }
}

fn budget(budget: &Budget, accounts: &[(AccountKey, Account)], now: u64) -> v1::Budget {
    let mine = accounts.iter().filter(|(key, _)| {
        let present = budget.period.around(now).start_unix_ms == key.start_unix_ms;
        key.budget == budget.name
            && key.unit == budget.unit
            && key.period == budget.period
            && present
    });
    v1::Budget {
        name: budget.name.to_string(),
        unit: match budget.unit {
            Unit::UsdMicros => "usd_micros".into(),
            Unit::Tokens => "tokens".into(),
        },
        period: budget.period.name().into(),
        hard: budget.hard,
        soft: budget.soft,
        accounts: mine.map(|(key, account)| of_account(budget, key, account)).collect(),
    }
}

fn of_account(budget: &Budget, key: &AccountKey, account: &Account) -> v1::budget::Account {
    let names = &key.names;
    let of = [
        ("tenant", &names.tenant),
        ("user", &names.user),
        ("application", &names.application),
        ("model", &names.model),
    ];
    let of = of
        .into_iter()
        .filter_map(|(kind, name)| Some((kind.to_owned(), name.as_ref()?.to_string())));
    v1::budget::Account {
        of: of.collect::<BTreeMap<_, _>>(),
        spent: account.spent(),
        reserved: account.reserved,
        overrun: account.overrun,
        left: budget.hard.map(|hard| account.left(hard)),
        refills_at_unix_ms: budget.period.around(key.start_unix_ms).end_unix_ms,
    }
}
