//! The models that an alias stands for, with the aliases among its entries resolved.
//!
//! Resolving happens once, when the policy is loaded, so that a decision never walks from name to name
//! and a circle cannot exist where one decides. A few lines can name a great many models through each
//! other; depth and the sum of all lists are therefore bounded.

use super::Alias;
use crate::policy::problem::Problems;
use crate::policy::raw::RawAlias;
use std::collections::BTreeMap;

/// Aliases within aliases, the outermost included.
const DEEPEST: usize = 16;
/// Models that are taken over from one list to another, all together.
const MOST_TAKEN: usize = 65_536;

/// What one alias stands for.
#[derive(Clone, Debug, Default)]
pub(super) struct Expansion {
    /// Each model with its share; the shares add up to 1.
    pub models: Vec<(String, f64)>,
    /// Any model at all.
    pub any: bool,
    /// A problem was told, and the list is not whole.
    pub broken: bool,
}

/// Resolves aliases in the order of the file.
pub(super) struct Resolver<'a> {
    pub raw: &'a [RawAlias],
    /// Share of each entry of each alias, together 1.
    pub shares: &'a [Vec<f64>],
    /// Index of each name.
    pub by_name: &'a BTreeMap<&'a str, usize>,
    pub problems: &'a mut Problems,
    done: Vec<Option<Expansion>>,
    /// Aliases that are being resolved, outermost first.
    path: Vec<usize>,
    taken: usize,
}

impl<'a> Resolver<'a> {
    pub fn new(
        raw: &'a [RawAlias],
        shares: &'a [Vec<f64>],
        by_name: &'a BTreeMap<&'a str, usize>,
        problems: &'a mut Problems,
    ) -> Self {
        let done = vec![None; raw.len()];
        Self { raw, shares, by_name, problems, done, path: Vec::new(), taken: 0 }
    }

    /// What each alias stands for.
    pub fn all(mut self) -> Vec<Expansion> {
        for index in 0..self.raw.len() {
            self.resolve(index);
        }
        self.done.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn resolve(&mut self, index: usize) -> Expansion {
        if let Some(Some(done)) = self.done.get(index) {
            return done.clone();
        }
        let (Some(alias), Some(shares)) = (self.raw.get(index), self.shares.get(index)) else {
            return Expansion::default();
        };
        self.path.push(index);
        let mut list = List::default();
        for (place, (entry, share)) in alias.models.iter().zip(shares).enumerate() {
            let inner = self.by_name.get(entry.as_str()).copied();
            match inner.map(|inner| self.inner(index, inner)) {
                None if entry == Alias::ANY => list.any = true,
                None => list.add(entry, *share),
                Some(Ok(inner)) => {
                    list.broken |= inner.broken;
                    if inner.any && alias.models.len() > 1 {
                        self.problems.add(
                            format!("alias[{index}].models[{place}]"),
                            format!("{entry:?} stands for any model: keep it, or the other names"),
                        );
                    }
                    list.any |= inner.any;
                    for (model, part) in &inner.models {
                        list.add(model, share * part);
                    }
                }
                Some(Err(reason)) => {
                    list.broken = true;
                    self.problems.add(format!("alias[{index}].models[{place}]"), reason);
                }
            }
        }
        self.path.pop();
        let expansion = Expansion { models: list.models, any: list.any, broken: list.broken };
        if let Some(slot) = self.done.get_mut(index) {
            *slot = Some(expansion.clone());
        }
        expansion
    }

    /// The alias `inner`, named by an entry of the alias `index`; or why it cannot be.
    fn inner(&mut self, index: usize, inner: usize) -> Result<Expansion, String> {
        if inner == index {
            return Err(
                "names its own alias: list models; if a model has this very name, give the \
                        alias another"
                    .into(),
            );
        }
        if let Some(start) = self.path.iter().position(|outer| *outer == inner) {
            let circle = self.path.iter().skip(start).chain([&inner]);
            let names: Vec<&str> = circle.map(|at| self.name(*at)).collect();
            let circle = names.join(" -> ");
            return Err(format!("closes a circle of aliases, {circle}: take one of them out"));
        }
        if self.path.len() >= DEEPEST {
            return Err(format!("nests aliases deeper than {DEEPEST}: list models instead"));
        }
        let expansion = self.resolve(inner);
        self.taken = self.taken.saturating_add(expansion.models.len());
        if self.taken > MOST_TAKEN {
            return Err(format!(
                "takes over too many models, more than {MOST_TAKEN} in all lists: name fewer aliases \
                 in aliases"
            ));
        }
        Ok(expansion)
    }

    fn name(&self, index: usize) -> &str {
        self.raw.get(index).and_then(|alias| alias.name.as_deref()).unwrap_or_default()
    }
}

/// A list that is being made, with the place of each model.
#[derive(Default)]
struct List {
    models: Vec<(String, f64)>,
    places: BTreeMap<String, usize>,
    any: bool,
    broken: bool,
}

impl List {
    /// Adds a model, or its share where it is there already.
    fn add(&mut self, model: &str, share: f64) {
        if let Some((_, held)) = self.places.get(model).and_then(|at| self.models.get_mut(*at)) {
            *held += share;
            return;
        }
        self.places.insert(model.to_owned(), self.models.len());
        self.models.push((model.to_owned(), share));
    }
}
