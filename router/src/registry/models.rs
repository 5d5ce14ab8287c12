//! The models of one session: what was offered, what was last said, and the places that are taken.

use super::orders::Told;
use super::reserved::Reserved;
use super::session::NotAssigned;
use littoral_core::estimate::Rate;
use littoral_core::fleet::Residency;
use littoral_core::residency::HORIZON;
use littoral_proto::v1;
use parking_lot::{Mutex, RwLock};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A model that was wanted and ordered is not ordered again within so long: its load takes its time, and a worker
/// whose disk fails would be asked with every request.
const ORDER_AGAIN: Duration = Duration::from_secs(60);

/// Most models a worker may offer.
pub const MAX_MODELS: usize = 64;

/// One model, as it is now.
pub struct Model {
    /// Its name, shared with whoever speaks of it.
    pub name: Arc<str>,
    /// What the worker offers.
    pub offer: v1::ModelOffer,
    /// What it last said of the model; nothing before its first state.
    pub said: v1::state::ModelState,
    /// How the last order for it went.
    pub told: Told,
    reserved: Arc<Reserved>,
    uses: Mutex<Rate>,
    /// When it was last ordered to be loaded because it was wanted.
    ordered: Mutex<Option<Duration>>,
    /// Somebody ordered it to be let go, and nobody has ordered it back.
    dismissed: AtomicBool,
}

impl Model {
    fn new(offer: v1::ModelOffer) -> Self {
        let reserved = Arc::new(Reserved::new(capacity(&offer)));
        let said = v1::state::ModelState::default();
        let uses = Mutex::new(Rate::new(HORIZON));
        Self {
            name: offer.name.as_str().into(),
            offer,
            said,
            told: Told::default(),
            reserved,
            uses,
            ordered: Mutex::new(None),
            dismissed: AtomicBool::new(false),
        }
    }

    /// Requests a second that it was given lately.
    #[must_use]
    pub fn uses_per_s(&self, now: Duration) -> f64 {
        self.uses.lock().per_s(now)
    }

    /// Somebody wanted it who is answered elsewhere; returns how often it is asked for by now, in requests a
    /// second.
    pub fn is_wanted(&self, now: Duration) -> f64 {
        let mut uses = self.uses.lock();
        uses.add(now);
        uses.per_s(now)
    }

    /// Whether an order to load it may be given, because the last one has had its time; notes that one is.
    pub fn may_be_ordered(&self, now: Duration) -> bool {
        let mut ordered = self.ordered.lock();
        let may = ordered.is_none_or(|then| now.saturating_sub(then) >= ORDER_AGAIN);
        if may {
            *ordered = Some(now);
        }
        may
    }

    /// Notes that somebody ordered it to be let go, or to be loaded.
    pub fn dismiss(&self, dismissed: bool) {
        self.dismissed.store(dismissed, Ordering::Relaxed);
    }

    /// Somebody ordered it to be let go, so nobody but a person or a request brings it back.
    pub fn is_dismissed(&self) -> bool {
        self.dismissed.load(Ordering::Relaxed)
    }

    /// Requests that hold a slot or a queue place.
    #[must_use]
    pub fn reserved(&self) -> u32 {
        self.reserved.taken()
    }

    /// Whether it is in memory, as the worker last said.
    #[must_use]
    pub fn residency(&self) -> v1::Residency {
        match self.said.residency() {
            v1::Residency::Unspecified => self.offer.residency(),
            said => said,
        }
    }

    /// The same, for decisions. `fits` tells whether and at what cost a loadable one can be loaded.
    pub fn residency_view(&self, fits: impl FnOnce() -> Option<f64>) -> Residency {
        let load_ms = self.offer.load_ms.filter(|ms| ms.is_finite() && *ms >= 0.0);
        match self.residency() {
            v1::Residency::Unspecified | v1::Residency::Resident => Residency::Resident,
            v1::Residency::Loadable => {
                let harm_ms = fits();
                let fits = harm_ms.is_some();
                Residency::Loadable { load_ms, harm_ms: harm_ms.unwrap_or(0.0), fits }
            }
            v1::Residency::Loading => {
                let done = self.said.load_fraction.unwrap_or(0.0).clamp(0.0, 1.0);
                Residency::Loading { left_ms: load_ms.map(|ms| ms * (1.0 - done)) }
            }
        }
    }
}

fn capacity(offer: &v1::ModelOffer) -> u32 {
    offer.slots.saturating_add(offer.queue_limit)
}

/// All models of a session.
pub struct Models(RwLock<Vec<Model>>);

impl Models {
    /// The models of a hello.
    #[must_use]
    pub fn new(offers: Vec<v1::ModelOffer>) -> Self {
        Self(RwLock::new(offers.into_iter().map(Model::new).collect()))
    }

    /// Reads them.
    pub fn read<T>(&self, with: impl FnOnce(&[Model]) -> T) -> T {
        with(&self.0.read())
    }

    /// Takes a place of a model.
    ///
    /// # Errors
    /// There is no such model, or every place is taken.
    pub fn reserve(&self, name: &str, now: Duration) -> Result<Arc<Reserved>, NotAssigned> {
        let models = self.0.read();
        let model = models.iter().find(|model| *model.name == *name);
        let model = model.ok_or(NotAssigned::NoModel)?;
        if !model.reserved.take() {
            return Err(NotAssigned::Busy);
        }
        model.uses.lock().add(now);
        Ok(Arc::clone(&model.reserved))
    }

    /// Takes in what a state says of them. What it says of others is ignored.
    pub fn hear(&self, said: Vec<v1::state::ModelState>) {
        let mut models = self.0.write();
        for mut said in said {
            if let Some(model) = models.iter_mut().find(|model| *model.name == *said.name) {
                said.name.clear();
                model.said = said;
            }
        }
    }

    /// Changes a model, if it is there.
    pub fn change(&self, name: &str, with: impl FnOnce(&mut Model)) {
        let mut models = self.0.write();
        if let Some(model) = models.iter_mut().find(|model| *model.name == *name) {
            with(model);
        }
    }

    /// Takes a changed offer in; true if the model is new.
    ///
    /// # Errors
    /// The session has as many models as it may have.
    pub fn offer(&self, offer: v1::ModelOffer) -> Result<bool, TooMany> {
        let mut models = self.0.write();
        if let Some(model) = models.iter_mut().find(|model| *model.name == *offer.name) {
            model.reserved.set_capacity(capacity(&offer));
            model.said.residency = offer.residency;
            model.offer = offer;
            return Ok(false);
        }
        if models.len() >= MAX_MODELS {
            return Err(TooMany);
        }
        models.push(Model::new(offer));
        Ok(true)
    }
}

/// A session may not have more models.
#[derive(Debug)]
pub struct TooMany;
