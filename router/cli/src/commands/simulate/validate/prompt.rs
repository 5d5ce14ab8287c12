//! Prompts of a validation: as many bytes as the scenario has tokens, since a router without a tokenizer counts
//! bytes, and at their head how many tokens the answer shall have, which only the paced engine reads.

/// What a prompt is filled with: nothing that a scan could find.
const FILLING: &str = "a ";

/// A prompt of so many bytes; a few more where the head alone is longer.
pub fn written(bytes: u32, answer_tokens: u32) -> String {
    let mut text = format!("{answer_tokens} ");
    let wanted = bytes as usize;
    while text.len() + FILLING.len() <= wanted {
        text.push_str(FILLING);
    }
    if text.len() < wanted {
        text.push('a');
    }
    text
}

/// The tokens that a prompt asks for; at least one.
pub fn answer_tokens(prompt: &str) -> u32 {
    let head = prompt.split(' ').next().unwrap_or_default();
    head.parse().unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_has_its_length_and_says_how_long_the_answer_is() {
        for (bytes, tokens) in [(40, 9), (41, 120), (5, 1_000), (1_000, 1)] {
            let text = written(bytes, tokens);
            assert_eq!(answer_tokens(&text), tokens);
            assert_eq!(text.len(), (bytes as usize).max(tokens.to_string().len() + 1), "{text}");
        }
        assert_eq!(answer_tokens("what is this"), 1);
    }
}
