//! `serve`: the router alone. Workers join it with tokens.

use crate::arguments::Globals;
use crate::failure::Failure;
use crate::roles::{self, RouterFlags};
use crate::{machine, screen};
use clap::Args;
use littoral_kit::logs;
use littoral_router::server::Router;
use littoral_router::tls::{TlsSettings, authority_certificate};
use std::io::Write as _;
use std::pin::pin;

const EXAMPLES: &str = "\
Examples:
  littoral serve
  littoral serve --config router.toml
  littoral serve --listen 0.0.0.0:7433 --tls      for others, who need API keys
  littoral serve --listen 127.0.0.1:0 --json      prints the address it got

A configuration file, every line optional:
  listen = \"127.0.0.1:7433\"     # elsewhere: [tls] and `littoral keys create`
  origins = [\"https://app.lan\"]   # web pages that may ask
  policy = \"policy.toml\"          # file or folder, read again when it changes;
                                  # relative paths start in the home folder
  administrators = [\"local\"]      # may change the policy; you on loopback
  asker_device_class = \"pc\"       # what this machine is
  tokenizer = \"models/smollm2-135m-instruct\"
  [groups]                        # of users, for the policy's rules
  clinicians = [\"alice\"]
  [tls]                           # an empty table is enough; or say
  names = [\"router.lan\"]          # for a certificate of its own authority
  [limits]
  in_flight = 256
  [telemetry]                     # OTEL_EXPORTER_OTLP_* outweigh it
  endpoint = \"http://collector:4317\"
  [[provider]]
  name = \"openai\"
  base_url = \"https://api.openai.com/v1\"
  api_key_env = \"OPENAI_API_KEY\"
  dialect = \"openai\"              # or \"anthropic\"
  gap_ms = 30000                  # longest silence inside an answer
  [[budget]]
  name = \"team\"
  every = \"month\"                 # or minute, hour, day, week; UTC
  usd = 200.0                     # or tokens = 2000000
  of = { user = \"each\" }
  [[rate]]
  name = \"calm\"
  requests = 60
  every = \"minute\"
  of = { user = \"each\" }

SIGTERM or Ctrl-C ends it in order; a second one at once.";

/// Runs a router without a worker of its own
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Serve {
    #[command(flatten)]
    router: RouterFlags,
    /// Speak TLS, with a certificate of the router's own authority; the file's [tls] can say more
    #[arg(long)]
    tls: bool,
}

impl Serve {
    /// Serves until a signal.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let _logs = logs::start(logs::DEFAULT_FILTER);
        let mut config = self.router.load(&globals.home())?;
        if self.tls && config.tls.is_none() {
            config.tls = Some(TlsSettings::own(config.listen));
        }
        let authority = authority_certificate(&config.state);
        let (names, clouds) = roles::clouds(&config);
        machine::raise_file_limit();
        roles::stay(async {
            // Listened for before anybody can know that it runs: who is told the address may end it at once.
            let mut told = pin!(roles::told_to_end());
            let started = tokio::select! {
                biased;
                () = &mut told => return Ok(()),
                started = Router::start(config) => started,
            };
            let router = started.map_err(|error| roles::not_started(&error))?;
            let mut out = screen::out();
            if globals.json {
                let address = roles::url(router.address, router.tls);
                writeln!(out, "{}", serde_json::json!({ "address": address, "clouds": names }))?;
            } else {
                writeln!(
                    out,
                    "listening on {}; cloud: {clouds}",
                    roles::reach(router.address, router.tls)
                )?;
                if router.tls {
                    writeln!(out, "its authority, for --ca: {}", authority.display())?;
                }
            }
            out.flush()?;
            told.await;
            roles::end(&router, None).await
        })
    }
}
