//! Which files are taken for the database, and which are refused and left alone.

use super::*;
use rusqlite::Connection;

fn open_error(path: &Path) -> OpenError {
    let error = SqliteStore::open(path).unwrap_err();
    assert!(error.to_string().contains(path.to_str().unwrap()), "no path in: {error}");
    error
}

/// All the columns there are: none for a prompt, an answer, or any other text of a person.
#[test]
#[expect(clippy::too_many_lines, reason = "a golden")]
fn the_tables_have_no_place_for_content() {
    let folder = tempfile::tempdir().unwrap();
    let database = schema::open(&folder.path().join("littoral.db"), Durability::Kill).unwrap();
    let columns = "SELECT m.name || '.' || c.name || ' ' || c.type
        FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid";
    let mut statement = database.connection.prepare(columns).unwrap();
    let columns: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let golden = "\
budget_accounts.account_json TEXT
budget_accounts.ends_unix_ms INTEGER
budget_accounts.settled INTEGER
budget_accounts.overrun INTEGER
budget_open.number INTEGER
budget_open.is_slab INTEGER
budget_open.entries_json TEXT
decisions.request_id TEXT
decisions.principal_key TEXT
decisions.at_unix_ms INTEGER
decisions.format INTEGER
decisions.record_json TEXT
egress_switches.sequence INTEGER
egress_switches.allowed INTEGER
egress_switches.at_unix_ms INTEGER
egress_switches.by TEXT
egress_switches.note TEXT
intents.request_id TEXT
intents.principal_key TEXT
intents.dispatch INTEGER
intents.at_unix_ms INTEGER
intents.provider TEXT
intents.model TEXT
intents.bytes INTEGER
intents.class TEXT
intents.policy_hash TEXT
outcomes.request_id TEXT
outcomes.principal_key TEXT
outcomes.at_unix_ms INTEGER
outcomes.outcome_json TEXT
policies.sequence INTEGER
policies.hash TEXT
policies.name TEXT
policies.etag TEXT
policies.at_unix_ms INTEGER
policies.cause TEXT
policies.by TEXT
policies.note TEXT
policies.sources_json TEXT
receipts.sequence INTEGER
receipts.at_unix_ms INTEGER
receipts.principal_key TEXT
receipts.request_id TEXT
receipts.receipt_json TEXT
receipts.previous_hash BLOB
receipts.hash BLOB
receipts_head.only_row INTEGER
receipts_head.receipts INTEGER
receipts_head.hash BLOB
session_labels.principal_key TEXT
session_labels.session BLOB
session_labels.class TEXT
session_labels.at_unix_ms INTEGER
sqlite_sequence.name 
sqlite_sequence.seq 
usage.request_id TEXT
usage.dispatch INTEGER
usage.at_unix_ms INTEGER
usage.tenant TEXT
usage.application TEXT
usage.user TEXT
usage.provider TEXT
usage.model TEXT
usage.tier TEXT
usage.outcome TEXT
usage.prompt_tokens INTEGER
usage.cached_tokens INTEGER
usage.completion_tokens INTEGER
usage.reasoning_tokens INTEGER
usage.bytes INTEGER
usage.cost_usd_micros INTEGER
usage.assumed INTEGER
usage.predicted_usd_micros INTEGER
usage.joules REAL
usage.joules_estimated INTEGER";
    assert_eq!(columns.join("\n"), golden);
}

#[test]
fn the_file_carries_our_mark_a_version_and_is_written_ahead() {
    let folder = tempfile::tempdir().unwrap();
    let database = schema::open(&folder.path().join("littoral.db"), Durability::Kill).unwrap();
    let pragma = |name: &str| {
        database
            .connection
            .pragma_query_value(None, name, |row| row.get_ref(0).map(|value| format!("{value:?}")))
    };
    assert_eq!(pragma("application_id").unwrap(), format!("Integer({})", 0x4c54_524c));
    assert_eq!(pragma("user_version").unwrap(), "Integer(7)");
    let journal: String =
        database.connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
    assert_eq!(journal, "wal");
    assert_eq!(pragma("synchronous").unwrap(), "Integer(1)");
    drop(database);
    let path = folder.path().join("littoral.db");
    let database = schema::open(&path, Durability::Power).unwrap();
    let surely = database.connection.pragma_query_value(None, "synchronous", |row| row.get(0));
    assert_eq!(surely, Ok(2), "a commit waits for the disk");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_file_and_its_journal() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let _store = SqliteStore::open(&path).unwrap();
    for name in ["", "-wal", "-shm", ".lock", "-intents-1", "-intents-2"] {
        let name = format!("littoral.db{name}");
        let metadata = std::fs::metadata(folder.path().join(&name)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_file_of_a_later_version_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    drop(schema::open(&path, Durability::Kill).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 8).unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::Newer { found: 8, known: 7, .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn decisions_of_the_first_format_keep_their_text_and_do_not_hide_what_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let old = Connection::open(&path).unwrap();
    for step in &schema::MIGRATIONS[..2] {
        old.execute_batch(step).unwrap();
    }
    old.pragma_update(None, "application_id", schema::APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", 2).unwrap();
    old.execute_batch(
        "INSERT INTO decisions VALUES ('r1', 'p', 5, '{\"a\":1}', '{\"b\":2}');
         INSERT INTO intents VALUES ('r1', 'p', 0, 6, 'openai', 'm', 7, 'public', 'ab');",
    )
    .unwrap();
    drop(old);
    let database = schema::open(&path, Durability::Kill).unwrap();
    let kept = "SELECT format, record_json FROM decisions WHERE request_id = 'r1'";
    let kept: (u32, String) =
        database.connection.query_row(kept, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(kept, (0, "{\"facts\":{\"a\":1},\"decision\":{\"b\":2}}".to_owned()));
    let found = crate::store::sql::find(&database.connection, "r1", None).unwrap().unwrap();
    assert_eq!((found.decided, found.intents.len()), (None, 1));
}

#[test]
fn a_file_that_is_no_database_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let garbage = b"this is a shopping list, and it goes on for longer than a header. ".repeat(20);
    std::fs::write(&path, &garbage).unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::NotADatabase { .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), garbage);
}

#[test]
fn a_database_with_a_broken_first_page_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    drop(schema::open(&path, Durability::Kill).unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    // The header (100 bytes) stays whole; the table of tables behind it does not.
    bytes[100..4096].fill(0xee);
    std::fs::write(&path, &bytes).unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::NotADatabase { .. }), "{error}");
}

#[test]
fn another_programs_database_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("photos.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE photos (name TEXT)").unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::NotOurs { .. }), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_second_router_is_told_that_the_first_has_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let first = open(&path);
    let error = open_error(&path);
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    first.close().await.unwrap();
    open(&path).close().await.unwrap();
}

#[test]
fn a_file_that_somebody_writes_to_is_told_as_locked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = open_error(&path);
    assert!(matches!(error, OpenError::Locked { .. }), "{error}");
}

#[test]
fn a_folder_that_cannot_be_made_is_told_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("state"), "a file in the way").unwrap();
    let error = open_error(&folder.path().join("state/littoral.db"));
    assert!(matches!(error, OpenError::Io { .. }), "{error}");
}
