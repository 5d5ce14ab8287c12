//! What is installed, for `doctor` and for the decision whether there is anything to do.

use std::io;
use std::path::PathBuf;

use super::layout::{Layout, Part};
use super::manifest::Manifest;
use super::pins;

/// One part and its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartStatus {
    /// Which part.
    pub part: Part,
    /// Where it is, or would be.
    pub folder: PathBuf,
    /// How it is.
    pub state: PartState,
}

/// The state of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartState {
    /// There, and as it was installed.
    Installed,
    /// Not there.
    Missing,
    /// There, and made from other pins than this build's: it will be replaced.
    Outdated,
    /// There, and not as it was installed.
    Damaged {
        /// The first thing wrong, in words.
        what: String,
    },
}

/// By the manifest and the sizes of the files.
pub(super) fn quick(layout: &Layout, part: Part) -> PartStatus {
    status(layout, part, |manifest, folder| manifest.first_wrong_size(folder))
}

/// By the checksums of the files.
pub(super) fn thorough(layout: &Layout, part: Part) -> PartStatus {
    status(layout, part, |manifest, folder| manifest.first_wrong_sum(folder))
}

fn status(
    layout: &Layout,
    part: Part,
    wrong: impl Fn(&Manifest, &std::path::Path) -> Option<String>,
) -> PartStatus {
    let folder = layout.folder(part);
    let state = match Manifest::read(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => {
            PartState::Missing
        }
        Err(error) => PartState::Damaged { what: format!("no readable manifest: {error}") },
        Ok(manifest) if manifest.made_from != identity(part) => PartState::Outdated,
        Ok(manifest) => match wrong(&manifest, &folder).or_else(|| own_check(layout, part)) {
            Some(what) => PartState::Damaged { what },
            None => PartState::Installed,
        },
    };
    PartStatus { part, folder, state }
}

// The environment's interpreter is a link to the machine's, which may be gone.
fn own_check(layout: &Layout, part: Part) -> Option<String> {
    let python = layout.tools_python();
    (part == Part::Tools && !python.exists())
        .then(|| format!("{} does not lead to an interpreter any more", python.display()))
}

fn identity(part: Part) -> String {
    match part {
        Part::Runtime => pins::runtime_identity(),
        Part::Model => pins::model_identity(),
        Part::Embedding => pins::embedding_identity(),
        Part::Tools => pins::tools_identity(),
    }
}
