//! Secrets to be planted: values of many kinds that are right by their check digits, made at run time from a
//! seed. None stands in the source, so that neither this repository nor its scanners hold anything
//! key-shaped, and nobody's real number is in it on purpose.
//!
//! Beside the value, each has a [`Secret::core`]: what must not be readable anywhere, however it is grouped.
//! And a word that people write before it: some values are unmistakable by themselves, some are so only as
//! they are usually grouped, and nine bare digits are just a number until somebody says what they are
//! ([`Carrier`]).
//!
//! Rejected: published sample numbers. A gate may know them by heart, and for most kinds there are too few.

mod americas;
mod asia;
mod check_digits;
mod cloud_keys;
mod contact;
mod developer_keys;
mod europe_north;
mod europe_south;
mod payment;
mod random;
#[cfg(test)]
mod tests;

pub use random::Random;

/// When a value says what it is only with its word before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// Never: it cannot be anything else.
    Optional,
    /// Where its separators are gone.
    WhenBare,
    /// Always.
    Needed,
}

/// What a value is made of, which says what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Digits, perhaps a few letters, in groups: without separators it is still the same.
    Number,
    /// One word without spaces, which must be kept to the letter.
    Token,
    /// More than the secret: an assignment, a URL, a block of lines.
    Phrase,
}

/// A kind of secret.
#[derive(Debug)]
pub struct Kind {
    /// Its name; behind the slash, which of several forms.
    pub name: &'static str,
    /// The word that people write before it.
    pub carrier: &'static str,
    /// Whether it needs that word.
    pub need: Carrier,
    /// What it is made of.
    pub form: Form,
    make: fn(&mut Random) -> Made,
}

/// A value of a kind.
#[derive(Clone, Debug)]
pub struct Secret {
    /// Name of its kind.
    pub kind: &'static str,
    /// As people write it.
    pub value: String,
    /// The part that must not be readable: digits without separators, the password of a URL.
    pub core: String,
    /// The word that people write before it.
    pub carrier: &'static str,
    /// Whether it needs that word.
    pub need: Carrier,
    /// What it is made of.
    pub form: Form,
}

/// What a kind's function makes: the value as written, and its core.
struct Made {
    value: String,
    core: String,
}

impl Made {
    /// A value in groups; the core is what is left without separators.
    fn number(value: String) -> Self {
        let core = value.chars().filter(char::is_ascii_alphanumeric).collect();
        Self { value, core }
    }

    /// A value that is all core.
    fn whole(value: String) -> Self {
        Self { core: value.clone(), value }
    }
}

impl Kind {
    /// What the detectors call it: the name without its form.
    #[must_use]
    pub fn entity(&self) -> &'static str {
        self.name.split('/').next().unwrap_or(self.name)
    }

    /// A value. The same seed gives the same.
    #[must_use]
    pub fn secret(&self, seed: u64) -> Secret {
        let Made { value, core } = (self.make)(&mut Random::new(seed, self.name));
        let Self { name: kind, carrier, need, form, .. } = *self;
        Secret { kind, value, core, carrier, need, form }
    }
}

impl Secret {
    /// The value with its word before it, as people write.
    #[must_use]
    pub fn named(&self) -> String {
        format!("{} {}", self.carrier, self.value)
    }

    /// The value as written, with its word only if nobody would know it without.
    #[must_use]
    pub fn plain(&self) -> String {
        if self.need == Carrier::Needed { self.named() } else { self.value.clone() }
    }

    /// The value without separators, for numbers; as it is for others.
    #[must_use]
    pub fn bare(&self) -> &str {
        if self.form == Form::Number { &self.core } else { &self.value }
    }

    /// What stands before the value where its separators are gone: nothing, or the word and a space.
    #[must_use]
    pub fn lead(&self) -> String {
        if self.need == Carrier::Optional { String::new() } else { format!("{} ", self.carrier) }
    }
}

/// All kinds.
pub fn kinds() -> impl Iterator<Item = &'static Kind> {
    let tables: [&'static [Kind]; 8] = [
        payment::KINDS,
        contact::KINDS,
        americas::KINDS,
        europe_north::KINDS,
        europe_south::KINDS,
        asia::KINDS,
        cloud_keys::KINDS,
        developer_keys::KINDS,
    ];
    tables.into_iter().flatten()
}

/// One value of each kind.
#[must_use]
pub fn secrets(seed: u64) -> Vec<Secret> {
    kinds().map(|kind| kind.secret(seed)).collect()
}
