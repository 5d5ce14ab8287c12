//! `littoral.toml`: what the Hugging Face files cannot say.
//!
//! Every field but the name is optional, and without the file the folder's name serves. Unknown
//! fields are refused: a misspelt `quality` would otherwise quietly become "unknown".

use std::path::Path;

use serde::Deserialize;

/// The contents of `littoral.toml`.
#[derive(Debug, Clone, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The model's name in policies and requests.
    pub name: String,
    /// Tokens the model can attend to; wins over `config.json`.
    pub context_tokens: Option<u32>,
    /// Number of parameters.
    pub parameters: Option<u64>,
    /// Prior probability of a good answer, 0 to 1.
    pub quality: Option<f64>,
    /// Licence of the weights, as an SPDX expression.
    pub license: Option<String>,
    /// Where the weights came from.
    pub source: Option<String>,
    /// Model family, such as `llama`.
    pub family: Option<String>,
    /// Which conversion made the folder.
    pub conversion: Option<String>,
    /// Whether an answer begun elsewhere may be continued here. Default: yes, a decoder can.
    pub assistant_prefix: Option<bool>,
    /// What the model is for. Default: to chat.
    #[serde(default)]
    pub kind: Kind,
    /// How an embedding model makes one vector of those of its tokens. Default: their mean.
    #[serde(default)]
    pub pooling: Pooling,
    /// Length of an embedding model's vectors, which can then be told before it is loaded.
    pub dimensions: Option<u32>,
}

/// What a model is for.
#[derive(Debug, Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It answers.
    #[default]
    Chat,
    /// It turns texts into vectors.
    Embedding,
}

/// How the vectors of a text's tokens become the vector of the text. The only one so far.
#[derive(Debug, Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// Their mean.
    #[default]
    Mean,
}

const FILE: &str = "littoral.toml";

impl Manifest {
    /// Reads the file of `folder`, or names the model after the folder.
    pub(super) fn read(folder: &Path, faults: &mut Vec<String>) -> Self {
        let path = folder.join(FILE);
        if !path.is_file() {
            return Self::named(folder);
        }
        let parsed = std::fs::read_to_string(&path)
            .map_err(|cause| format!("{FILE} cannot be read: {cause}"))
            .and_then(|text| Self::parse(&text));
        parsed.unwrap_or_else(|fault| {
            faults.push(fault);
            Self::named(folder)
        })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text)
            .map_err(|cause| format!("{FILE} does not parse: {}", cause.to_string().trim_end()))?;
        if manifest.name.trim().is_empty() {
            return Err(format!("{FILE}: `name` is empty"));
        }
        if manifest.quality.is_some_and(|quality| !(0.0..=1.0).contains(&quality)) {
            return Err(format!("{FILE}: `quality` is a probability, 0 to 1"));
        }
        if manifest.context_tokens.is_some_and(|tokens| tokens < 2) {
            return Err(format!("{FILE}: `context_tokens` must be at least 2"));
        }
        Ok(manifest)
    }

    fn named(folder: &Path) -> Self {
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
        Self {
            name: name.unwrap_or_else(|| "model".into()),
            context_tokens: None,
            parameters: None,
            quality: None,
            license: None,
            source: None,
            family: None,
            conversion: None,
            assistant_prefix: None,
            kind: Kind::Chat,
            pooling: Pooling::Mean,
            dimensions: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Manifest;

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let fault = Manifest::parse("name = \"m\"\nqualty = 0.4\n").expect_err("misspelt");
        assert!(fault.contains("unknown field `qualty`"), "{fault}");
    }

    #[test]
    fn a_quality_that_is_no_probability_is_refused() {
        let fault = Manifest::parse("name = \"m\"\nquality = 40.0\n").expect_err("out of range");
        assert_eq!(fault, "littoral.toml: `quality` is a probability, 0 to 1");
    }

    #[test]
    fn a_pooling_that_is_not_built_is_refused_by_name() {
        let text = "name = \"m\"\nkind = \"embedding\"\npooling = \"max\"\n";
        let fault = Manifest::parse(text).expect_err("not built");
        assert!(fault.contains("unknown variant `max`"), "{fault}");
    }

    #[test]
    fn everything_but_the_name_is_optional() {
        let manifest = Manifest::parse("name = \"m\"\n").expect("valid");
        assert_eq!((manifest.name.as_str(), manifest.quality), ("m", None));
    }
}
