//! Calls of tools in one answer.
//!
//! The model speaks until it opens a call. What its last token said beyond the opening is taken back: that
//! token was not fed yet, so the tokens up to the opening go in its place. From there on every token is
//! held to the calls that are possible; nothing is told of a call before it is complete and was checked.
//! Then the call is closed for the model, and it may open another one or end. Anything else it says after
//! a call is not told: no caller expects words there.

use crate::chat_format::Vocabulary;
use crate::error::EngineError;
use crate::grammar::Constraint;
use crate::tools::{Call, Checked, Convention, OPEN};

/// The calls of an answer.
#[derive(Debug)]
pub struct Calls {
    tools: Vec<Checked>,
    convention: Convention,
    /// At the beginning of a call.
    fresh: Constraint,
    place: Place,
    /// Bytes of the call, or the last ones that were said outside of one.
    bytes: Vec<u8>,
    made: u32,
    most: u32,
}

/// Where the answer is.
#[derive(Debug)]
enum Place {
    Outside,
    Inside(Box<Constraint>),
}

/// What a token came to.
#[derive(Debug)]
pub enum Step {
    /// Words, which a call has not followed so far.
    Said,
    /// Part of a call, or of what stands between calls.
    Silent,
    /// It opened a call: these tokens go in its place.
    Opened(Vec<u32>),
    /// It ended a call; these tokens go after it, and another call may follow.
    Made(Call, Vec<u32>),
    /// It ended the last call there can be.
    MadeLast(Call),
    /// Words after a call: the answer is over.
    Over,
}

impl Calls {
    /// Calls of `tools`, at most `most`; `inside` if the prompt opened one already.
    pub fn new(
        tools: Vec<Checked>,
        convention: Convention,
        fresh: Constraint,
        most: u32,
        inside: bool,
    ) -> Self {
        let place = if inside { Place::Inside(Box::new(fresh.clone())) } else { Place::Outside };
        Self { tools, convention, fresh, place, bytes: Vec::new(), made: 0, most }
    }

    /// What the next token is held to.
    pub fn constraint(&mut self) -> Option<&mut Constraint> {
        match &mut self.place {
            Place::Inside(constraint) => Some(constraint),
            Place::Outside => None,
        }
    }

    /// Whether the answer so far is calls and no open one.
    pub fn is_calls(&self) -> bool {
        self.made > 0 && matches!(self.place, Place::Outside)
    }

    /// Number of calls made.
    pub fn made(&self) -> u32 {
        self.made
    }

    /// Takes a token that does not end the answer.
    ///
    /// # Errors
    /// A call was finished that is none.
    pub fn take(&mut self, token: u32, vocabulary: &Vocabulary) -> Result<Step, EngineError> {
        let said = vocabulary.bytes(token);
        self.bytes.extend_from_slice(&said);
        if let Place::Inside(constraint) = &mut self.place {
            if !constraint.take(token)? {
                return Ok(Step::Silent);
            }
            return self.finish(vocabulary);
        }
        if let Some(beyond) = beyond(&self.bytes, OPEN.as_bytes(), said.len()) {
            return self.open(&said[..said.len() - beyond], vocabulary);
        }
        if self.made > 0 {
            let words = self.bytes.trim_ascii_start();
            let may_open = words.is_empty() || OPEN.as_bytes().starts_with(words);
            return Ok(if may_open { Step::Silent } else { Step::Over });
        }
        // Only what an opening can still be made of is kept.
        let keep = self.bytes.len().saturating_sub(OPEN.len());
        self.bytes.drain(..keep);
        Ok(Step::Said)
    }

    fn open(&mut self, said: &[u8], vocabulary: &Vocabulary) -> Result<Step, EngineError> {
        self.bytes.clear();
        self.place = Place::Inside(Box::new(self.fresh.clone()));
        let said = String::from_utf8_lossy(said);
        let tokens = vocabulary.encode(&format!("{said}{}", self.convention.after_open()))?;
        Ok(Step::Opened(tokens))
    }

    fn finish(&mut self, vocabulary: &Vocabulary) -> Result<Step, EngineError> {
        let call = Checked::call(&self.tools, &self.bytes).ok_or(EngineError::ToolCall)?;
        self.bytes.clear();
        self.place = Place::Outside;
        self.made += 1;
        if self.made >= self.most {
            return Ok(Step::MadeLast(call));
        }
        Ok(Step::Made(call, vocabulary.encode(&self.convention.close())?))
    }
}

/// Bytes of `text` after the first `tag` in it, where that ends in the last `new` bytes.
fn beyond(text: &[u8], tag: &[u8], new: usize) -> Option<usize> {
    let found = text.windows(tag.len()).position(|window| window == tag)?;
    Some(text.len() - found - tag.len()).filter(|&beyond| beyond < new)
}

#[cfg(test)]
mod tests;
