//! The policy, for administrators: what is in force, what it says, and changing it.

mod replay;

use super::principal;
use crate::pipeline::Pipeline;
use crate::pipeline::request::principal_key;
use crate::policy_files;
use crate::policy_keeper::PolicyKeeper;
use crate::policy_keeper::change::{Change, ChangeError};
use crate::policy_keeper::standing::{Act, Standing};
use crate::policy_replay::{Question, Replays};
use crate::store::{PolicyCause, StoreError, When};
use crate::wire::policy as wire;
use crate::wire::status::DOMAIN;
use littoral_core::reason::Reason;
use littoral_kit::config::Problem;
use littoral_proto::v1;
use littoral_proto::v1::policy_service_server::PolicyService;
use std::collections::HashMap;
use std::sync::Arc;
use tonic::{Code, Extensions, Request, Response, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt as _};

/// Entries of the history that are told where the asker names no number.
const USUAL_ENTRIES: u32 = 50;
/// Most entries that are told at once.
const MOST_ENTRIES: u32 = 1_000;
/// Longest note, in bytes.
const LONGEST_NOTE: usize = 1_000;

/// The policy service.
#[derive(Clone)]
pub struct PolicyDoor {
    /// Who is an administrator.
    pub pipeline: Arc<Pipeline>,
    /// The policy in force.
    pub keeper: Arc<PolicyKeeper>,
    /// Compares policies over recorded requests.
    pub replays: Replays,
}

impl PolicyDoor {
    /// Who asks, if they may.
    fn administrator(&self, extensions: &Extensions) -> Result<String, Status> {
        let principal = principal::administrator(extensions)?;
        Ok(principal_key(&principal))
    }

    async fn in_force_or_past(
        &self,
        hash: Option<String>,
    ) -> Result<v1::GetPolicyResponse, Status> {
        let standing = self.keeper.standing();
        let Some(hash) = hash.filter(|hash| *hash != standing.hash) else {
            return Ok(v1::GetPolicyResponse {
                sources: wire::wire_sources(&standing.sources),
                hash: standing.hash.clone(),
                name: standing.name.clone(),
                etag: standing.etag.clone(),
                warnings: wire::problems(&standing.warnings),
            });
        };
        let kept = self.keeper.sources(&hash).await.map_err(|error| unreadable(&error))?;
        let sources = kept.ok_or_else(|| refused(&ChangeError::Unknown { hash: hash.clone() }))?;
        // A later version of the program may find something in it that this one could not know.
        let read = policy_files::load_texts(&sources).ok();
        let name = read.as_ref().map(|loaded| loaded.policy.name().to_owned());
        Ok(v1::GetPolicyResponse {
            sources: wire::wire_sources(&sources),
            hash,
            name: name.unwrap_or_default(),
            etag: String::new(),
            warnings: wire::problems(&read.map(|loaded| loaded.warnings).unwrap_or_default()),
        })
    }
}

#[tonic::async_trait]
impl PolicyService for PolicyDoor {
    type SimulateStream = replay::Events;

    async fn get(
        &self,
        call: Request<v1::GetPolicyRequest>,
    ) -> Result<Response<v1::GetPolicyResponse>, Status> {
        self.administrator(call.extensions())?;
        Ok(Response::new(self.in_force_or_past(call.into_inner().hash).await?))
    }

    async fn validate(
        &self,
        call: Request<v1::ValidatePolicyRequest>,
    ) -> Result<Response<v1::ValidatePolicyResponse>, Status> {
        self.administrator(call.extensions())?;
        let sources = wire::sources(call.into_inner().sources);
        let read = tokio::task::spawn_blocking(move || policy_files::load_texts(&sources)).await;
        Ok(Response::new(match read.map_err(|_| refused(&ChangeError::CutOff))? {
            Ok(loaded) => v1::ValidatePolicyResponse {
                problems: Vec::new(),
                warnings: wire::problems(&loaded.warnings),
                hash: Some(loaded.policy.hash().to_string()),
                name: Some(loaded.policy.name().to_owned()),
            },
            Err(problems) => v1::ValidatePolicyResponse {
                problems: wire::problems(&problems),
                ..v1::ValidatePolicyResponse::default()
            },
        }))
    }

    async fn apply(
        &self,
        call: Request<v1::ApplyPolicyRequest>,
    ) -> Result<Response<v1::ApplyPolicyResponse>, Status> {
        let by = self.administrator(call.extensions())?;
        let wanted = call.into_inner();
        check_note(&wanted.note)?;
        let act = Act { cause: PolicyCause::Apply, by, note: wanted.note };
        let change = Change { sources: wire::sources(wanted.sources), etag: wanted.etag, act };
        let standing =
            finish(&self.keeper, move |keeper| async move { keeper.apply(change).await });
        let standing = standing.await?;
        Ok(Response::new(v1::ApplyPolicyResponse {
            hash: standing.hash.clone(),
            etag: standing.etag.clone(),
            warnings: wire::problems(&standing.warnings),
        }))
    }

    async fn list(
        &self,
        call: Request<v1::ListPoliciesRequest>,
    ) -> Result<Response<v1::ListPoliciesResponse>, Status> {
        self.administrator(call.extensions())?;
        let limit = match call.into_inner().limit {
            0 => USUAL_ENTRIES,
            limit => limit.min(MOST_ENTRIES),
        };
        let entries = self.keeper.list(limit).await.map_err(|error| unreadable(&error))?;
        let entries = entries.into_iter().map(wire::entry).collect();
        Ok(Response::new(v1::ListPoliciesResponse { entries }))
    }

    async fn rollback(
        &self,
        call: Request<v1::RollbackPolicyRequest>,
    ) -> Result<Response<v1::RollbackPolicyResponse>, Status> {
        let by = self.administrator(call.extensions())?;
        let v1::RollbackPolicyRequest { hash, etag, note } = call.into_inner();
        check_note(&note)?;
        let standing = finish(&self.keeper, move |keeper| async move {
            keeper.rollback(&hash, etag, by, note).await
        });
        let standing = standing.await?;
        Ok(Response::new(v1::RollbackPolicyResponse {
            hash: standing.hash.clone(),
            etag: standing.etag.clone(),
            warnings: wire::problems(&standing.warnings),
        }))
    }

    async fn status(
        &self,
        call: Request<v1::PolicyStatusRequest>,
    ) -> Result<Response<v1::PolicyStatusResponse>, Status> {
        self.administrator(call.extensions())?;
        let path = self.keeper.place().path().display().to_string();
        Ok(Response::new(wire::status(&self.keeper.standing(), path)))
    }

    async fn diff(
        &self,
        call: Request<v1::DiffRequest>,
    ) -> Result<Response<v1::DiffResponse>, Status> {
        self.administrator(call.extensions())?;
        let v1::DiffRequest { a, b, limit, since_unix_ms } = call.into_inner();
        let after = replay::compiled(a).await?;
        let before = replay::compared(b, || self.pipeline.policy.load_full()).await?;
        let hashes = [after.hash().to_string(), before.hash().to_string()];
        let question = Question {
            before,
            after,
            when: When { since_unix_ms: since_unix_ms.unwrap_or_default(), until_unix_ms: None },
            limit: replay::DIFF.limit(limit),
            most_changes: replay::USUAL_CHANGES,
        };
        let compared = self.replays.compare(question).await;
        let (counts, changes) = compared.map_err(|error| replay::status(&error))?;
        Ok(Response::new(wire::difference(&counts, changes, hashes)))
    }

    async fn simulate(
        &self,
        call: Request<v1::SimulateRequest>,
    ) -> Result<Response<Self::SimulateStream>, Status> {
        self.administrator(call.extensions())?;
        let mut request = call.into_inner();
        let after = replay::compiled(std::mem::take(&mut request.proposed)).await?;
        let compared = request.compared.take();
        let before = replay::compared(compared, || self.pipeline.policy.load_full()).await?;
        let hashes = [after.hash().to_string(), before.hash().to_string()];
        let running = self.replays.begin(replay::question_of(&request, before, after)).await;
        let running = running.map_err(|error| replay::status(&error))?;
        let stop = self.pipeline.shutdown.lame_duck.clone();
        Ok(Response::new(replay::events(running, hashes, stop)))
    }
}

/// Makes a change on a task of the router: an asker who goes away in the middle must not leave it half
/// done.
async fn finish<F>(
    keeper: &Arc<PolicyKeeper>,
    change: impl FnOnce(Arc<PolicyKeeper>) -> F,
) -> Result<Arc<Standing>, Status>
where
    F: Future<Output = Result<Arc<Standing>, ChangeError>> + Send + 'static,
{
    let running = keeper.changes.spawn(change(Arc::clone(keeper)));
    let changed = running.await.map_err(|_| refused(&ChangeError::CutOff))?;
    changed.map_err(|error| refused(&error))
}

fn check_note(note: &str) -> Result<(), Status> {
    if note.len() <= LONGEST_NOTE {
        return Ok(());
    }
    Err(Status::invalid_argument(format!("note: at most {LONGEST_NOTE} bytes")))
}

/// The status of a change that was not made.
fn refused(error: &ChangeError) -> Status {
    let message = error.to_string();
    let code = match error {
        ChangeError::Invalid(problems) => return invalid(problems, message),
        ChangeError::Stale { .. }
        | ChangeError::Unsettled { .. }
        | ChangeError::Overtaken { .. } => Code::Aborted,
        ChangeError::Write(_) => Code::FailedPrecondition,
        ChangeError::Unknown { .. } => Code::NotFound,
        ChangeError::History(_) | ChangeError::CutOff => Code::Internal,
    };
    Status::new(code, message)
}

fn unreadable(error: &StoreError) -> Status {
    Status::internal(format!("failed to read the history of policies: {error}"))
}

fn invalid(problems: &[Problem], message: String) -> Status {
    let reason = Reason::PolicyInvalid;
    let metadata = HashMap::<String, String>::new();
    let mut details = ErrorDetails::with_error_info(reason.name(), DOMAIN, metadata);
    let field = |problem: &Problem| {
        let place = Problem { reason: String::new(), ..problem.clone() }.to_string();
        FieldViolation::new(place.trim_end_matches(": "), problem.reason.clone())
    };
    details.set_bad_request(problems.iter().map(field).collect::<Vec<_>>());
    Status::with_error_details(crate::wire::status::code(reason), message, details)
}
