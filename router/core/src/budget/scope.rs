//! Whose spending a budget counts, and into how many accounts.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// How a budget looks at one kind of name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// Everybody, together.
    #[default]
    All,
    /// Everybody, each on an account of its own.
    Each,
    /// This one alone.
    Only(Arc<str>),
}

/// Whose spending a budget counts. All four have to apply.
///
/// Users and applications have their names inside a tenant: a budget that looks at either has an
/// account of its own for each tenant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// By organisation.
    pub tenant: Over,
    /// By person or service account.
    pub user: Over,
    /// By application.
    pub application: Over,
    /// By the model that answers, as its target is named.
    pub model: Over,
}

/// Who spends, and on what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spender<'a> {
    /// The organisation.
    pub tenant: &'a str,
    /// The person or service account.
    pub user: &'a str,
    /// The application.
    pub application: &'a str,
    /// The model that answers.
    pub model: &'a str,
}

/// The names that an account is for; a kind that the budget does not tell apart has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Names {
    /// The organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<Arc<str>>,
    /// The person or service account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Arc<str>>,
    /// The application.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<Arc<str>>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Arc<str>>,
}

impl Scope {
    /// The account of a spender; none where the spender is not counted.
    #[must_use]
    pub fn names(&self, who: &Spender<'_>) -> Option<Names> {
        let kinds = [
            (&self.tenant, who.tenant),
            (&self.user, who.user),
            (&self.application, who.application),
            (&self.model, who.model),
        ];
        if kinds.iter().any(|(over, name)| matches!(over, Over::Only(only) if **only != **name)) {
            return None;
        }
        let [tenant, user, application, model] =
            kinds.map(|(over, name)| (*over != Over::All).then(|| Arc::from(name)));
        let inside_a_tenant = user.is_some() || application.is_some();
        let tenant = tenant.or_else(|| inside_a_tenant.then(|| Arc::from(who.tenant)));
        Some(Names { tenant, user, application, model })
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [
            ("tenant", &self.tenant),
            ("user", &self.user),
            ("application", &self.application),
            ("model", &self.model),
        ];
        let named = kinds.into_iter().filter_map(|(kind, name)| Some((kind, name.as_ref()?)));
        for (place, (kind, name)) in named.enumerate() {
            let before = if place == 0 { " of " } else { ", " };
            write!(f, "{before}{kind} {name}")?;
        }
        Ok(())
    }
}
