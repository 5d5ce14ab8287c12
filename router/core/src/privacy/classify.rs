//! The class of a prompt: the highest label of its leaves, and whether every leaf has one.

use super::leaves::walk;
use crate::class::DataClass;
use crate::facts::{ClassFact, ClassOrigin};
use crate::prompt::Prompt;

/// The class of a prompt. A leaf without a label counts as `personal` and makes the whole
/// [`ClassOrigin::Unlabelled`]. A prompt without any content says nothing of itself and counts as
/// unlabelled too, unless the prompt as a whole is labelled.
#[must_use]
pub fn classify(prompt: &Prompt) -> ClassFact {
    let mut class = None;
    let mut unlabelled = false;
    walk(prompt, &mut |leaf| {
        unlabelled |= leaf.label.is_none();
        class = class.max(Some(leaf.label.unwrap_or(DataClass::Personal)));
    });
    match class.or(prompt.label) {
        Some(class) if !unlabelled => ClassFact { class, origin: ClassOrigin::Labelled },
        class => ClassFact {
            class: class.unwrap_or(DataClass::Personal),
            origin: ClassOrigin::Unlabelled,
        },
    }
}
