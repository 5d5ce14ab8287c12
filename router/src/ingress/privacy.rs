//! What left and whether anything may: receipts in their chain, and the switch.

use super::principal;
use crate::analysis::analysis;
use crate::egress::{EgressSwitch, Standing, SwitchError};
use crate::pipeline::Pipeline;
use crate::pipeline::request::principal_key;
use crate::store::{LONGEST_PAGE, ReceiptLog, ReceiptPage, StoreError};
use crate::wire::{privacy as wire, prompt, status};
use littoral_core::prompt::Prompt;
use littoral_proto::v1;
use littoral_proto::v1::privacy_service_server::PrivacyService;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tonic::{Request, Response, Status};

/// Receipts that are told where the asker names no number.
const USUAL_RECEIPTS: u32 = 100;
/// Longest note, in bytes.
const LONGEST_NOTE: usize = 1_000;

/// The privacy service.
#[derive(Clone)]
pub struct PrivacyDoor {
    pipeline: Arc<Pipeline>,
    receipts: Arc<dyn ReceiptLog>,
    /// Following a long chain keeps a core and the disk busy: one at a time.
    walk: Arc<Semaphore>,
}

impl PrivacyDoor {
    /// A door to these.
    #[must_use]
    pub fn new(pipeline: &Arc<Pipeline>, receipts: Arc<dyn ReceiptLog>) -> Self {
        Self { pipeline: Arc::clone(pipeline), receipts, walk: Arc::new(Semaphore::new(1)) }
    }
}

/// What is to be analyzed. A text is one part of one message.
fn content(wire: Option<v1::analyze_request::Content>) -> Result<Prompt, Status> {
    match wire {
        Some(v1::analyze_request::Content::Text(text)) => Ok(Prompt::of_text(text)),
        Some(v1::analyze_request::Content::Request(request)) => {
            prompt::prompt(request).map_err(|bad| status::invalid(&bad))
        }
        None => Err(Status::invalid_argument("content: text or request is needed")),
    }
}

#[tonic::async_trait]
impl PrivacyService for PrivacyDoor {
    async fn analyze(
        &self,
        call: Request<v1::AnalyzeRequest>,
    ) -> Result<Response<v1::AnalyzeResponse>, Status> {
        let asker = principal::of(call.extensions());
        let wanted = call.into_inner();
        let prompt = Arc::new(content(wanted.content)?);
        let detectors = &self.pipeline.detectors;
        let scanned = if wanted.kinds.is_empty() {
            detectors.prompt(&prompt).await
        } else {
            let scanned = detectors.kinds(&prompt, wanted.kinds).await;
            scanned.ok_or_else(|| {
                let message = "kinds: a name is no kind; `littoral scan --list` shows all of them";
                Status::invalid_argument(message)
            })?
        };
        Ok(Response::new(analysis(&scanned, asker, &self.pipeline.policy.load())))
    }

    async fn list_receipts(
        &self,
        call: Request<v1::ListReceiptsRequest>,
    ) -> Result<Response<v1::ListReceiptsResponse>, Status> {
        let asker = principal::of(call.extensions());
        let wanted = call.into_inner();
        let limit = match wanted.limit {
            0 => USUAL_RECEIPTS,
            limit => limit.min(LONGEST_PAGE),
        };
        let page = ReceiptPage {
            limit,
            since_unix_ms: wanted.since_unix_ms,
            after_sequence: wanted.after_sequence,
            principal_key: (!asker.administrator).then(|| principal_key(&asker)),
        };
        let receipts = self.receipts.receipts(page).await.map_err(|error| unreadable(&error))?;
        let receipts = receipts.iter().map(wire::chained).collect();
        Ok(Response::new(v1::ListReceiptsResponse { receipts }))
    }

    async fn verify_receipts(
        &self,
        call: Request<v1::VerifyReceiptsRequest>,
    ) -> Result<Response<v1::VerifyReceiptsResponse>, Status> {
        principal::administrator(call.extensions())?;
        let noted = call.into_inner().noted_hash.map(|text| wire::hash(&text).ok_or_else(no_hash));
        let noted = noted.transpose()?;
        let _turn = self.walk.try_acquire().map_err(|_| {
            let message = "somebody else has the receipts verified; ask again when that has ended";
            Status::resource_exhausted(message)
        })?;
        let verdict = self.receipts.verify(noted).await.map_err(|error| unreadable(&error))?;
        if let Some(fault) = &verdict.fault {
            tracing::error!(fault = fault.sentence, "the chain of receipts does not hold");
        }
        Ok(Response::new(wire::verdict(verdict)))
    }

    async fn get_egress(
        &self,
        _: Request<v1::GetEgressRequest>,
    ) -> Result<Response<v1::EgressState>, Status> {
        Ok(Response::new(wire::egress_state(&self.pipeline.egress.standing())))
    }

    async fn set_egress(
        &self,
        call: Request<v1::SetEgressRequest>,
    ) -> Result<Response<v1::EgressState>, Status> {
        let by = principal_key(&principal::administrator(call.extensions())?);
        let v1::SetEgressRequest { allowed, note } = call.into_inner();
        if note.len() > LONGEST_NOTE {
            return Err(Status::invalid_argument(format!("note: at most {LONGEST_NOTE} bytes")));
        }
        let standing = throw(&self.pipeline.egress, allowed, by, note).await?;
        Ok(Response::new(wire::egress_state(&standing)))
    }
}

/// Throws the switch on a task of its own: an asker who goes away must not leave it half thrown.
async fn throw(
    switch: &Arc<EgressSwitch>,
    allowed: bool,
    by: String,
    note: String,
) -> Result<Standing, Status> {
    let thrown = Arc::clone(switch);
    let running = switch.throws.spawn(async move {
        if allowed { thrown.on(by, note).await } else { thrown.off(by, note).await }
    });
    let thrown = running.await.map_err(|_| {
        Status::unavailable("the router ends; ask for the state again when it is back")
    })?;
    thrown.map_err(|error: SwitchError| Status::internal(error.to_string()))
}

fn no_hash() -> Status {
    Status::invalid_argument(
        "noted_hash: 64 hexadecimal digits are needed, as an earlier verification gave them",
    )
}

fn unreadable(error: &StoreError) -> Status {
    Status::internal(format!("failed to read the receipts: {error}"))
}
