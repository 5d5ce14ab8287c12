//! One answer that is held to a form.

use llguidance::Matcher;
use toktrie::TokEnv;

use crate::error::EngineError;

/// Where an answer is in its form.
#[derive(Clone)]
pub struct Constraint {
    matcher: Matcher,
    environment: TokEnv,
}

impl Constraint {
    pub(super) fn new(matcher: Matcher, environment: TokEnv) -> Self {
        Self { matcher, environment }
    }

    /// Goes on after `text`. False if nothing of the form begins so; then it is of no use any more.
    pub fn begin(&mut self, text: &str) -> bool {
        if text.is_empty() {
            return true;
        }
        let trie = self.environment.tok_trie();
        let tokens = trie.greedy_tokenize(text.as_bytes());
        // A byte without a token would be left out.
        let bytes: usize = tokens.iter().map(|&token| trie.token(token).len()).sum();
        bytes == text.len()
            && self.matcher.try_consume_tokens(&tokens).is_ok_and(|taken| taken == tokens.len())
    }

    /// Puts every token that cannot come next out of reach: its logit becomes minus infinity.
    ///
    /// # Errors
    /// The step would take too long, or nothing can come next.
    pub fn mask(&mut self, logits: &mut [f32]) -> Result<(), EngineError> {
        let allowed = self.matcher.compute_mask_or_eos().map_err(|_| too_complex())?;
        if allowed.is_zero() {
            return Err(too_complex());
        }
        for (token, logit) in logits.iter_mut().enumerate() {
            // Logits can be padded beyond the vocabulary.
            if token >= allowed.len() || !allowed.get(token) {
                *logit = f32::NEG_INFINITY;
            }
        }
        Ok(())
    }

    /// Takes a token that was chosen and does not end the answer. True if the text is complete and can
    /// only end.
    ///
    /// # Errors
    /// The token was out of reach.
    pub fn take(&mut self, token: u32) -> Result<bool, EngineError> {
        self.matcher.consume_token(token).map_err(|_| too_complex())?;
        Ok(self.matcher.is_stopped())
    }
}

fn too_complex() -> EngineError {
    EngineError::Form("the schema is too complex for this text")
}

/// What is being parsed is content.
impl std::fmt::Debug for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Constraint")
    }
}
