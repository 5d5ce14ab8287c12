//! A loaded chat model: what the rest of the house holds.
//!
//! The model runs on a thread of its own; a handle only passes messages. Checking, rendering and
//! tokenizing a job happen on the caller's thread in [`ChatModel::start`], so that what is wrong
//! with a job is its answer at once and costs the running generations nothing.

mod card;
mod folder_card;
pub(crate) mod load;
pub(crate) mod unload;

pub use card::ModelCard;
pub use folder_card::FolderCard;
pub use load::LoadOptions;
pub use unload::Unloaded;

use std::sync::Arc;
use std::time::Instant;

use crate::chat_format::ChatFormat;
use crate::error::{EngineError, StartError};
use crate::form::Form;
use crate::generation::Generation;
use crate::grammar::Grammars;
use crate::held::{Claim, Held, Shelf};
use crate::job::Job;
use crate::kv::Parked;
use crate::mailbox::{Load, Mailbox};
use crate::sampling::{Sampling, Settings};
use crate::sequence::Calls;
use crate::ticket::{Reply, Ticket};
use crate::tools::{self, Checked, ToolChoice};

/// A handle to a loaded model; clones share it. When the last one goes the model stops.
#[derive(Debug, Clone)]
pub struct ChatModel(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    card: ModelCard,
    format: Arc<ChatFormat>,
    sampling: Sampling,
    grammars: Grammars,
    mailbox: Arc<Mailbox<Ticket>>,
    shelf: Arc<Shelf<Parked>>,
    thread: unload::Thread,
}

impl ChatModel {
    /// What the model says of itself.
    pub fn card(&self) -> &ModelCard {
        &self.0.card
    }

    /// The model's tokenizer and chat template.
    pub fn format(&self) -> &ChatFormat {
        &self.0.format
    }

    /// Queues a job. Tokenizes on this thread, about a millisecond per thousand tokens.
    ///
    /// # Errors
    /// The job is out of range, too long or cannot be rendered, or the model is busy or stopped.
    pub fn start(&self, mut job: Job) -> Result<Generation, StartError> {
        let mut faults = job.faults();
        let settings = Settings::resolve(&job.sampling, &self.0.sampling);
        let settings = settings.map_err(|fault| faults.insert(0, fault));
        let (Ok(settings), true) = (settings, faults.is_empty()) else {
            return Err(StartError::InvalidSampling(faults.join("; ")));
        };
        let calls = self.calls(&job)?;
        if calls.is_none() {
            job.conversation.tools.clear();
        }
        let prompt = self.prompt(&job)?;
        let prefix = job.conversation.assistant_prefix.as_deref();
        // A call that must come is no text that has a form.
        let form = if calls.is_some() { &Form::Text } else { &job.form };
        let constraint = self.0.grammars.form(&self.0.format, form, prefix)?;
        let room = self.0.card.context_tokens as usize - prompt.len();
        let max_tokens = job.max_tokens.map_or(room, |tokens| room.min(tokens as usize));
        let (reply, events, cancelled) = Reply::channel();
        self.0.mailbox.post(Ticket {
            prompt,
            settings,
            stop: job.stop,
            constraint,
            calls,
            max_tokens,
            top_logprobs: job.top_logprobs,
            claim: job.session.map(|session| Claim::new(&self.0.shelf, session)),
            reply,
            started: Instant::now(),
        })?;
        let mailbox = Arc::clone(&self.0.mailbox);
        Ok(Generation::new(events, cancelled, mailbox))
    }

    /// How busy the model is.
    pub fn load_now(&self) -> Load {
        self.0.mailbox.load()
    }

    /// What is held of earlier turns, the most recently used first. Cheap.
    pub fn held(&self) -> Vec<Held> {
        self.0.shelf.list()
    }

    /// Drops what is held of a session. What its running and queued jobs would leave is not kept.
    pub fn forget(&self, session: u64) {
        self.0.shelf.forget(session);
    }

    /// Drops what is held of all sessions. What running and queued jobs would leave is not kept.
    pub fn forget_all(&self) {
        self.0.shelf.forget_all();
    }

    /// What the answer may call, if anything.
    fn calls(&self, job: &Job) -> Result<Option<Calls>, StartError> {
        let tools = tools::callable(&job.conversation.tools, &job.tool_choice)?;
        if tools.is_empty() {
            return Ok(None);
        }
        let must_call = matches!(job.tool_choice, ToolChoice::Required | ToolChoice::Function(_));
        if !matches!(job.form, Form::Text) && !must_call {
            let both = "a form of the answer together with tools, of which a call is none";
            return Err(StartError::Unsupported(both.into()));
        }
        let format = &self.0.format;
        let checked = tools.iter().enumerate().map(|(at, tool)| Checked::new(at, tool));
        let checked = checked.collect::<Result<_, _>>()?;
        let fresh = self.0.grammars.call(format, &tools)?;
        let most = match job.tool_choice {
            ToolChoice::Function(_) => 1,
            _ => tools::MOST_CALLS,
        };
        let inside = job.tool_choice != ToolChoice::Auto;
        Ok(Some(Calls::new(checked, format.convention(), fresh, most, inside)))
    }

    fn prompt(&self, job: &Job) -> Result<Vec<u32>, StartError> {
        let limit = self.0.card.context_tokens as usize - 1;
        let tokens = self.0.format.fewest_tokens(&job.conversation);
        if tokens > limit {
            return Err(StartError::TooLong { tokens, limit });
        }
        let format = &self.0.format;
        let mut prompt = format.encode(&job.conversation).map_err(StartError::Conversation)?;
        let must_call = matches!(job.tool_choice, ToolChoice::Required | ToolChoice::Function(_));
        if must_call && !job.conversation.tools.is_empty() {
            // The call is opened for the model.
            let open = format!("{}{}", tools::OPEN, format.convention().after_open());
            prompt.extend(format.vocabulary().encode(&open).map_err(StartError::Conversation)?);
        }
        if prompt.len() > limit {
            return Err(StartError::TooLong { tokens: prompt.len(), limit });
        }
        if prompt.is_empty() {
            let empty = "it renders this conversation to nothing".into();
            return Err(StartError::Conversation(EngineError::Template(empty)));
        }
        Ok(prompt)
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.mailbox.stop();
    }
}
