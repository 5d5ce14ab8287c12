//! Opening a session: options, the layout check, the profile of the first runs.

use std::path::Path;

use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder};

use crate::accelerator::Accelerator;
use crate::error::EngineError;
use crate::graph::{Port, Signature};
use crate::placement::Profile;
use crate::runtime::Runtime;

const DOING: &str = "load the model";

/// Opens `model`. The returned profile runs until it is finished.
pub fn open(
    runtime: &Runtime,
    model: &Path,
    threads: Option<usize>,
    accelerator: Accelerator,
) -> Result<(Session, Profile), EngineError> {
    let profile = Profile::new();
    let builder = Session::builder(runtime.environment()).map_err(EngineError::runtime(DOING))?;
    let builder = options(builder, threads, &profile)?;
    let mut builder = accelerator.append(builder, runtime)?;
    let session = builder.commit_from_file(model).map_err(EngineError::runtime(DOING))?;
    Ok((session, profile))
}

fn options(
    builder: SessionBuilder,
    threads: Option<usize>,
    profile: &Profile,
) -> Result<SessionBuilder, EngineError> {
    // Memory patterns are planned per shape; here the shapes change with every step. Threads that
    // spin between operators take the processor from whatever else runs, the router in the same
    // process included; on a busy machine of two cores they cost a third of the decode rate.
    let builder = builder.with_optimization_level(GraphOptimizationLevel::All);
    let builder = builder.map_err(EngineError::runtime(DOING))?.with_memory_pattern(false);
    let builder = builder.map_err(EngineError::runtime(DOING))?.with_intra_op_spinning(false);
    let builder = builder.map_err(EngineError::runtime(DOING))?.with_profiling(profile.prefix());
    let builder = builder.map_err(EngineError::runtime(DOING))?;
    match threads {
        Some(threads) => builder.with_intra_threads(threads).map_err(EngineError::runtime(DOING)),
        None => Ok(builder),
    }
}

/// Checks the session's inputs and outputs.
pub fn signature(session: &Session, model: &Path) -> Result<Signature, EngineError> {
    let inputs: Vec<Port> = session.inputs().iter().map(Port::of).collect();
    let outputs: Vec<Port> = session.outputs().iter().map(Port::of).collect();
    Signature::read(&inputs, &outputs)
        .map_err(|mismatches| EngineError::Graph { path: model.to_path_buf(), mismatches })
}
