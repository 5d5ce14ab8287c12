//! What is asked of an embedding model.

use std::fmt;

use crate::error::StartError;

/// Texts to be turned into vectors.
#[derive(Clone, Default)]
pub struct Texts {
    /// The texts; at least one and at most [`Texts::MOST`], none of them empty.
    pub texts: Vec<String>,
    /// Length of the vectors; `None` is the model's own, which is the only one there is.
    pub dimensions: Option<u32>,
}

impl Texts {
    /// Most texts of one job, as in OpenAI's API.
    pub const MOST: usize = 2048;

    /// Checks all that can be checked without the tokenizer, against the length of the model's vectors.
    pub(super) fn check(&self, own: Option<u32>) -> Result<(), StartError> {
        let unsupported = |what: String| Err(StartError::Unsupported(what));
        if self.texts.is_empty() || self.texts.len() > Self::MOST {
            let (found, most) = (self.texts.len(), Self::MOST);
            return unsupported(format!("{found} texts, there must be 1 to {most}"));
        }
        if let Some(empty) = self.texts.iter().position(String::is_empty) {
            return unsupported(format!("texts[{empty}] is empty"));
        }
        match (self.dimensions, own) {
            (Some(asked), Some(own)) if asked != own => unsupported(format!(
                "vectors of {asked} numbers: this model's have {own} and cannot be shortened"
            )),
            _ => Ok(()),
        }
    }
}

/// The texts are content: their number and sizes are shown.
impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts")
            .field("texts", &self.texts.len())
            .field("bytes", &self.texts.iter().map(String::len).sum::<usize>())
            .field("dimensions", &self.dimensions)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(texts: Vec<String>, dimensions: Option<u32>) -> String {
        Texts { texts, dimensions }.check(Some(384)).expect_err("refused").to_string()
    }

    #[test]
    fn what_a_model_cannot_do_is_refused_with_its_numbers() {
        let one = || vec!["hush".to_owned()];
        let none = "accept the request: 0 texts, there must be 1 to 2048";
        assert_eq!(refused(Vec::new(), None), none);
        assert!(refused(vec!["x".into(); 2049], None).contains("2049 texts"));
        let empty = refused(vec!["hush".into(), String::new()], None);
        assert_eq!(empty, "accept the request: texts[1] is empty");
        let short = refused(one(), Some(256));
        assert!(short.contains("256") && short.contains("384"), "{short}");
        let texts = Texts { texts: one(), dimensions: Some(384) };
        assert!(texts.check(Some(384)).is_ok());
        assert!(!format!("{texts:?}").contains("hush"));
    }
}
