//! A router in a process of its own whose only target is a stand-in cloud.

use crate::cloud::ScriptedCloud;
use crate::cluster::{CLOUD_MODEL, PATIENCE};
use crate::process::{Home, Staying};
use tonic::transport::Channel;

/// The stand-in as a provider in a configuration file, the last table of which is its model.
#[must_use]
pub fn provider(cloud: &ScriptedCloud) -> String {
    format!(
        "[[provider]]\nname = 'stand-in'\nbase_url = '{}'\napi_key_file = 'cloud.key'\n\
         [[provider.model]]\nname = '{CLOUD_MODEL}'\ncontext_tokens = 8192\n",
        cloud.base_url()
    )
}

/// Writes the key that [`provider`] names.
///
/// # Panics
/// If the file cannot be written.
pub fn write_key(home: &Home) {
    std::fs::write(home.path("cloud.key"), "a-key-of-the-test").expect("a key file");
}

/// A home with such a configuration, between what comes `before` the provider and what is said of its model.
///
/// # Panics
/// If a file cannot be written.
#[must_use]
pub fn home(binary: &str, cloud: &ScriptedCloud, before: &str, of_model: &str) -> Home {
    let home = Home::empty(binary);
    write_key(&home);
    let config = format!("{before}{}{of_model}", provider(cloud));
    std::fs::write(home.path("router.toml"), config).expect("a configuration");
    home
}

/// Starts the router of a home and connects to it.
///
/// # Panics
/// If it cannot be reached.
pub async fn serve(home: &Home) -> (Staying, Channel) {
    let config = home.path("router.toml");
    let config = config.to_str().expect("a path in UTF-8");
    let process = home.stay(["serve", "--config", config, "--listen", "127.0.0.1:0"]).await;
    let endpoint = Channel::from_shared(process.address.clone()).expect("an address");
    let channel = endpoint.connect_timeout(PATIENCE).connect().await.expect("a connection");
    (process, channel)
}
