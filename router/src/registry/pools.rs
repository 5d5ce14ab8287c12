//! Sessions by pool, so that a request looks at the pools that concern its asker and at a drawn part
//! of each, however large the fleet is.
//!
//! Pools fall into three kinds. Shared machines concern everybody of their tenant. A person's own
//! devices concern that person. A person's device with a group may be lent to others where a policy
//! says so. Everybody else's are no targets; a few of them are listed without their workers, so that a
//! small fleet's trace tells why they are none.

use super::models::Model;
use super::session::Session;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the workers of a pool have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PoolKey {
    /// Whose they are.
    pub tenant: String,
    /// The person, for a device.
    pub owner: Option<String>,
    /// Group of machines.
    pub group: Option<String>,
    /// What they answer with.
    pub model: Arc<str>,
}

/// The readable name of the pool in which a session's model stands.
#[must_use]
pub fn id_of(session: &Session, model: &Model) -> String {
    PoolKey::of(session, model).id()
}

impl PoolKey {
    fn of(session: &Session, model: &Model) -> Self {
        let claims = &session.claims;
        Self {
            tenant: claims.tenant.clone(),
            owner: claims.owner.clone(),
            group: claims.group.clone(),
            model: Arc::clone(&model.name),
        }
    }

    /// `tenant/@owner/model` for a person's device, `tenant/group/model` for shared machines. Names
    /// cannot hold `@`, so the two never meet.
    fn id(&self) -> String {
        let Self { tenant, owner, group, model } = self;
        match (owner, group) {
            (Some(owner), None) => format!("{tenant}/@{owner}/{model}"),
            (Some(owner), Some(group)) => format!("{tenant}/@{owner}+{group}/{model}"),
            (None, Some(group)) => format!("{tenant}/{group}/{model}"),
            (None, None) => format!("{tenant}/shared/{model}"),
        }
    }

    const fn kind(&self) -> Kind {
        match (&self.owner, &self.group) {
            (None, _) => Kind::Shared,
            (Some(_), None) => Kind::Own,
            (Some(_), Some(_)) => Kind::Lent,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Shared,
    Own,
    Lent,
}

/// The sessions of one pool.
pub struct Members {
    /// Its readable name.
    pub id: Arc<str>,
    /// What they have in common.
    pub key: PoolKey,
    /// Never empty.
    pub sessions: Vec<Arc<Session>>,
}

/// A tenant's pools by owner; shared machines under no owner.
type ByOwner = BTreeMap<Option<String>, BTreeMap<PoolKey, Members>>;

/// All pools.
#[derive(Default)]
pub struct Pools {
    tenants: BTreeMap<String, Tenant>,
    count: usize,
}

#[derive(Default)]
struct Tenant {
    held: ByOwner,
    /// Keys of the lent ones, for drawing.
    lent: Vec<PoolKey>,
}

impl Pools {
    /// A session offers a model.
    pub fn join(&mut self, session: &Arc<Session>, model: &Model) {
        let key = PoolKey::of(session, model);
        let tenant = self.tenants.entry(key.tenant.clone()).or_default();
        let pools = tenant.held.entry(key.owner.clone()).or_default();
        let members = pools.entry(key.clone()).or_insert_with(|| {
            self.count += 1;
            if key.kind() == Kind::Lent {
                tenant.lent.push(key.clone());
            }
            Members { id: key.id().into(), key, sessions: Vec::new() }
        });
        members.sessions.push(Arc::clone(session));
    }

    /// A session is over.
    pub fn leave(&mut self, session: &Arc<Session>, model: &Model) {
        let key = PoolKey::of(session, model);
        let Some(tenant) = self.tenants.get_mut(&key.tenant) else { return };
        let Some(pools) = tenant.held.get_mut(&key.owner) else { return };
        let Some(members) = pools.get_mut(&key) else { return };
        let sessions = &mut members.sessions;
        if let Some(at) = sessions.iter().position(|member| Arc::ptr_eq(member, session)) {
            sessions.swap_remove(at);
        }
        if !sessions.is_empty() {
            return;
        }
        pools.remove(&key);
        self.count -= 1;
        if pools.is_empty() {
            tenant.held.remove(&key.owner);
        }
        if let Some(at) = tenant.lent.iter().position(|lent| *lent == key) {
            tenant.lent.swap_remove(at);
        }
        if tenant.held.is_empty() {
            self.tenants.remove(&key.tenant);
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The shared pools of a tenant, and one person's own.
    pub fn near(&self, tenant: &str, owner: &str) -> impl Iterator<Item = &Members> {
        let held = self.tenants.get(tenant).map(|tenant| &tenant.held);
        let of = move |owner: Option<String>| held.and_then(|held| held.get(&owner));
        let both = of(None).into_iter().chain(of(Some(owner.to_owned())));
        both.flat_map(BTreeMap::values)
    }

    /// Others' devices of this tenant that could be lent, by the numbers `drawn` of them.
    pub fn lent(
        &self,
        tenant: &str,
        drawn: impl FnOnce(usize) -> Vec<usize>,
    ) -> impl Iterator<Item = &Members> {
        let tenant = self.tenants.get(tenant);
        let keys = tenant.map_or(&[][..], |tenant| &tenant.lent);
        let numbers = drawn(keys.len());
        let held = tenant.map(|tenant| &tenant.held);
        numbers.into_iter().filter_map(move |at| {
            let key = keys.get(at)?;
            held?.get(&key.owner)?.get(key)
        })
    }

    /// All pools, in a stable order.
    pub fn all(&self) -> impl Iterator<Item = &Members> {
        let tenants = self.tenants.values().flat_map(|tenant| tenant.held.values());
        tenants.flat_map(BTreeMap::values)
    }
}
