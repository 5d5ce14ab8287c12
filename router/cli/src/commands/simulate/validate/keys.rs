//! An API key for each application and person of a validation: who somebody is comes from nowhere else.

use crate::failure::Failure;
use littoral_router::clock::unix_ms;
use littoral_router::keys::{Books, Change, Scope};
use littoral_sim::{Coming, Scenario};
use secrecy::ExposeSecret as _;
use std::collections::HashMap;
use std::path::Path;
use tonic::metadata::{Ascii, MetadataValue};

/// The organisation of everybody in a validation.
pub const TENANT: &str = "local";
/// Keys are good for longer than any validation.
const LIFE_MS: u64 = 6 * 3_600_000;

/// The header of each kind of request and person.
pub struct Keys(HashMap<(usize, u32), MetadataValue<Ascii>>);

impl Keys {
    /// Makes a key for everybody who asks, in the book of a state folder. A router that starts after it knows them
    /// all from its first request on.
    ///
    /// # Errors
    /// A name is none, or the book cannot be written.
    pub fn make(state: &Path, scenario: &Scenario, coming: &[Coming]) -> Result<Self, Failure> {
        let books = Books::of(state);
        let now = unix_ms();
        let mut keys = HashMap::new();
        for one in coming {
            if keys.contains_key(&(one.kind, one.person)) {
                continue;
            }
            let wanted = Change {
                tenant: TENANT.into(),
                application: scenario.requests[one.kind].application.clone(),
                user: user_of(one.person.into()),
                scopes: [Scope::Chat].into(),
                expires_unix_ms: now.saturating_add(LIFE_MS),
            };
            let failed = |why: String| Failure::new(format!("failed to make an API key: {why}"));
            let made = books.create(wanted, now);
            let (_, secret) = made.map_err(|error| failed(error.to_string()))?;
            let header = format!("Bearer {}", secret.expose_secret()).parse();
            let mut header: MetadataValue<Ascii> =
                header.map_err(|_| failed("it is no header".into()))?;
            header.set_sensitive(true);
            keys.insert((one.kind, one.person), header);
        }
        Ok(Self(keys))
    }

    /// The header of whoever asks.
    pub fn of(&self, one: &Coming) -> Option<&MetadataValue<Ascii>> {
        self.0.get(&(one.kind, one.person))
    }
}

/// The name of a person.
pub fn user_of(person: u64) -> String {
    format!("person-{person}")
}
