//! The steps from an empty file to the present tables.

/// Step `n` brings `user_version` to `n + 1`. A released step never changes.
///
/// Records and outcomes are JSON of content-free types. They are read back whole, never
/// searched, so columns of their own would only be one more thing to migrate.
pub(in crate::store) const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE decisions (
        request_id TEXT NOT NULL,
        principal_key TEXT NOT NULL,
        at_unix_ms INTEGER NOT NULL,
        facts_json TEXT NOT NULL,
        decision_json TEXT NOT NULL,
        PRIMARY KEY (request_id, principal_key)
    ) STRICT;
    CREATE TABLE intents (
        request_id TEXT NOT NULL,
        principal_key TEXT NOT NULL,
        dispatch INTEGER NOT NULL,
        at_unix_ms INTEGER NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        class TEXT NOT NULL,
        policy_hash TEXT NOT NULL,
        PRIMARY KEY (request_id, principal_key, dispatch)
    ) STRICT;
    CREATE TABLE outcomes (
        request_id TEXT NOT NULL,
        principal_key TEXT NOT NULL,
        at_unix_ms INTEGER NOT NULL,
        outcome_json TEXT NOT NULL,
        PRIMARY KEY (request_id, principal_key)
    ) STRICT;
",
    "
    CREATE TABLE policies (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        hash TEXT NOT NULL,
        name TEXT NOT NULL,
        etag TEXT NOT NULL,
        at_unix_ms INTEGER NOT NULL,
        cause TEXT NOT NULL,
        by TEXT NOT NULL,
        note TEXT NOT NULL,
        sources_json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX policies_by_hash ON policies (hash, sequence);
",
    // Decisions of the first format keep their text, for the build that wrote them.
    "
    ALTER TABLE decisions RENAME TO decisions_of_format_0;
    CREATE TABLE decisions (
        request_id TEXT NOT NULL,
        principal_key TEXT NOT NULL,
        at_unix_ms INTEGER NOT NULL,
        format INTEGER NOT NULL,
        record_json TEXT NOT NULL,
        PRIMARY KEY (request_id, principal_key)
    ) STRICT;
    INSERT INTO decisions
        SELECT request_id, principal_key, at_unix_ms, 0,
            json_object('facts', json(facts_json), 'decision', json(decision_json))
        FROM decisions_of_format_0;
    DROP TABLE decisions_of_format_0;
    CREATE INDEX decisions_by_time ON decisions (at_unix_ms);
",
    // Receipts once more, each bound to the one before by its hash, and how far they go.
    "
    CREATE TABLE receipts (
        sequence INTEGER PRIMARY KEY,
        at_unix_ms INTEGER NOT NULL,
        principal_key TEXT NOT NULL,
        request_id TEXT NOT NULL,
        receipt_json TEXT NOT NULL,
        previous_hash BLOB NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    CREATE INDEX receipts_by_request ON receipts (request_id, principal_key);
    CREATE INDEX receipts_by_principal ON receipts (principal_key, sequence);
    CREATE INDEX receipts_by_time ON receipts (at_unix_ms);
    CREATE TABLE receipts_head (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        receipts INTEGER NOT NULL,
        hash BLOB NOT NULL
    ) STRICT;
    INSERT INTO receipts_head VALUES (1, 0, zeroblob(32));
",
    // The last entry rules.
    "
    CREATE TABLE egress_switches (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        allowed INTEGER NOT NULL,
        at_unix_ms INTEGER NOT NULL,
        by TEXT NOT NULL,
        note TEXT NOT NULL
    ) STRICT;
",
    // The session is a digest: the key that an application chose may say who somebody is.
    "
    CREATE TABLE session_labels (
        principal_key TEXT NOT NULL,
        session BLOB NOT NULL,
        class TEXT NOT NULL,
        at_unix_ms INTEGER NOT NULL,
        PRIMARY KEY (principal_key, session)
    ) STRICT, WITHOUT ROWID;
",
    // What each dispatch took, and what budgets remember. Amounts are micro-dollars or tokens.
    "
    CREATE TABLE usage (
        request_id TEXT NOT NULL,
        dispatch INTEGER NOT NULL,
        at_unix_ms INTEGER NOT NULL,
        tenant TEXT NOT NULL,
        application TEXT NOT NULL,
        user TEXT NOT NULL,
        provider TEXT NOT NULL,
        model TEXT NOT NULL,
        tier TEXT NOT NULL,
        outcome TEXT NOT NULL,
        prompt_tokens INTEGER NOT NULL,
        cached_tokens INTEGER NOT NULL,
        completion_tokens INTEGER NOT NULL,
        reasoning_tokens INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        cost_usd_micros INTEGER,
        assumed INTEGER NOT NULL,
        predicted_usd_micros INTEGER,
        joules REAL,
        joules_estimated INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX usage_by_time ON usage (at_unix_ms);
    CREATE INDEX usage_by_request ON usage (request_id);
    CREATE TABLE budget_accounts (
        account_json TEXT PRIMARY KEY,
        ends_unix_ms INTEGER NOT NULL,
        settled INTEGER NOT NULL,
        overrun INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE budget_open (
        number INTEGER PRIMARY KEY,
        is_slab INTEGER NOT NULL,
        entries_json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX intents_by_time ON intents (at_unix_ms);
    CREATE INDEX outcomes_by_time ON outcomes (at_unix_ms);
",
];
