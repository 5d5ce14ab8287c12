//! What stands between a cleared call and its first byte, and what is told when the call is over: shares of
//! traffic, breakers, rates, budgets.

use super::super::prepare::fresh_seed;
use super::Dispatches;
use crate::clock::unix_ms;
use crate::clouds::health::Admitted;
use crate::executors::cloud::PreparedCall;
use crate::treasury::Charge;
use littoral_core::budget::{Cost, Row as JournalRow};
use littoral_core::flight::action::{DispatchRow, Purpose};
use littoral_core::flight::event::{Blame, Fault};
use littoral_core::flight::verdicts;
use littoral_core::money::{self, ModelPrice};
use littoral_core::plan::{Attempt, Place, Plan};

/// What a call to a cloud is known by while it runs.
pub(super) struct Paid {
    pub admitted: Option<Admitted>,
    pub charge: Charge,
    pub price: Option<ModelPrice>,
    pub worst: Cost,
}

impl Dispatches<'_> {
    /// Everything that may be in the way of a call that is cleared: shares, breakers, rates, budgets.
    pub(super) async fn pay(
        &self,
        call: &mut PreparedCall,
        attempt: &Attempt,
        max_output_tokens: u32,
        purpose: Purpose,
    ) -> Result<(Paid, Option<JournalRow>), Fault> {
        let (pipeline, who, model) =
            (self.pipeline, &self.request.principal, &*attempt.target.model);
        let now = pipeline.clock.now();
        let admitted = pipeline.clouds.admit(call, &attempt.target, purpose, now)?;
        pipeline.rates.at_model(who, model).map_err(|too_many| Fault {
            blame: Blame::Limit,
            kind: "rate",
            detail: too_many.to_string(),
            retry_after_ms: u64::try_from(too_many.wait.as_millis()).ok(),
        })?;
        let price = pipeline.clouds.price(&attempt.target, unix_ms());
        let asked = money::Asked {
            body_bytes: call.bytes(),
            images: self.request.prompt.images(),
            audio_seconds: self.request.prompt.audio_seconds(),
            max_output_tokens,
        };
        let known = price.unwrap_or_default();
        let worst = Cost {
            usd_micros: known.worst_case(&asked).ok(),
            tokens: known.most_tokens(&asked).unwrap_or(u64::MAX),
        };
        let hold = pipeline.treasury.reserve(who, model, worst).await?;
        let (charge, held) = hold.send();
        Ok((Paid { admitted: Some(admitted), charge, price, worst }, held))
    }

    /// Tells breakers and the network of the calls that are over. `finished` is the one that gave the answer.
    pub fn judge(
        &mut self,
        rows: &[DispatchRow],
        plan: &Plan,
        over: bool,
        finished: Option<usize>,
    ) {
        let now = self.pipeline.clock.now();
        for open in &mut self.open {
            let index = usize::try_from(open.dispatch.0).unwrap_or(usize::MAX);
            let Some(paid) = &mut open.paid else { continue };
            let Some(row) = rows.get(index).filter(|row| over || row.fault.is_some()) else {
                continue;
            };
            let Some(admitted) = paid.admitted.take() else { continue };
            admitted.ended(verdicts::of_target(row, finished == Some(index)), fresh_seed(), now);
            let attempt = plan.attempts.get(open.attempt);
            if let Some(Place::Cloud { provider }) = attempt.map(|attempt| &attempt.target.at)
                && let Some(reached) = verdicts::of_way(row, provider)
            {
                self.pipeline.clouds.network.on(reached, now);
            }
        }
    }
}
