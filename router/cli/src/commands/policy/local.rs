//! Policies on this machine's disk, in the shape in which a router tells its own.

use super::shown;
use crate::failure::{Exit, Failure};
use littoral_proto::v1;
use littoral_router::policy_files::{self, SourceText};
use std::path::Path;

/// The files at a path, judged here: their mistakes are told under the names that the caller knows.
///
/// # Errors
/// Every problem of the files.
pub fn read(path: &Path) -> Result<v1::GetPolicyResponse, Failure> {
    let loaded = policy_files::load(Some(path)).map_err(|problems| {
        let list = problems.iter().map(ToString::to_string);
        shown::no_policy(&format!("{} is no policy", path.display()), list).exit(Exit::Usage)
    })?;
    let source = |source: SourceText| v1::PolicySource { name: source.name, text: source.text };
    Ok(v1::GetPolicyResponse {
        hash: loaded.policy.hash().to_string(),
        name: loaded.policy.name().to_owned(),
        sources: loaded.sources.into_iter().map(source).collect(),
        etag: String::new(),
        warnings: littoral_router::wire::policy::problems(&loaded.warnings),
    })
}

/// Files from the wire, as the loader takes them.
pub fn texts(sources: &[v1::PolicySource]) -> Vec<SourceText> {
    let text = |source: &v1::PolicySource| SourceText {
        name: source.name.clone(),
        text: source.text.clone(),
    };
    sources.iter().map(text).collect()
}
