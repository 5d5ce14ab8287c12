//! This machine: its name, as a worker's name, and how much it lets a process hold.

/// Longest name of a worker, in bytes.
const LONGEST: usize = 64;
/// Where the machine has no usable name.
const NAMELESS: &str = "this-device";

/// The name of the worker that `up` embeds: the host's own, made of allowed characters.
pub fn worker_name() -> String {
    from_host(&host())
}

/// Lets this process hold as many connections as the system allows: each worker is one, and what a shell
/// sets is meant for people. A router that may not have more serves all the same.
pub fn raise_file_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let now = getrlimit(Resource::Nofile);
        _ = setrlimit(Resource::Nofile, Rlimit { current: now.maximum, ..now });
    }
}

/// The part of a host name before the first dot, with only the characters a worker's name may have.
fn from_host(host: &str) -> String {
    let first = host.trim().split('.').next().unwrap_or_default();
    let fine = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name: String = first.chars().map(|c| if fine(c) { c } else { '-' }).collect();
    let name = name.trim_matches('-').chars().take(LONGEST).collect::<String>();
    if name.is_empty() { NAMELESS.into() } else { name }
}

#[cfg(unix)]
fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn host() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_names_become_names_of_workers() {
        let cases = [
            ("desk", "desk"),
            ("desk.example.org", "desk"),
            ("Annas Büro\n", "Annas-B-ro"),
            ("", "this-device"),
            ("...", "this-device"),
            ("東京", "this-device"),
        ];
        for (host, name) in cases {
            assert_eq!(from_host(host), name, "{host:?}");
        }
        assert_eq!(from_host(&"x".repeat(300)).len(), LONGEST);
    }

    #[test]
    fn this_machine_has_a_name() {
        assert!(!worker_name().is_empty());
    }
}
