//! Receipts that a router could not write before it was killed, written at the next start.
//!
//! An intent without an outcome means: content may have left, and nobody knows what came of it. Left
//! alone it would be an egress without a receipt. So before anything else is written, each such
//! request gets one that is marked as assumed: the most that can have left, for everyone to whom it was
//! about to go. What was noted beside the database and had yet to come into it is taken in before. The ledger gets a use of unknown cost for each. The outcome stays absent, because how the request ended is not known.
//!
//! A file from before the chain has outcomes with receipts of their own. They are taken into the chain
//! once, in their order, when its tables are made.

use super::chain::Chain;
use super::rows::{EndedRow, HoldingRow, IntentRow, Kept, OutcomeRow, ReceiptRow, Row};
use super::schema::Database;
use super::{StoreError, ledger, sql};
use crate::clock::unix_ms;
use littoral_core::class::{DataClass, Tier};
use littoral_core::reason::Reason;
use rusqlite::{Connection, TransactionBehavior, params};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The first version of the tables with a chain.
const FIRST_WITH_CHAIN: usize = 4;

const UNFINISHED: &str = "SELECT DISTINCT request_id, principal_key FROM intents AS intent
    WHERE NOT EXISTS (SELECT 1 FROM outcomes WHERE request_id = intent.request_id
        AND principal_key = intent.principal_key)
    AND NOT EXISTS (SELECT 1 FROM receipts WHERE request_id = intent.request_id
        AND principal_key = intent.principal_key)
    ORDER BY intent.rowid";
const OF_OLD: &str = "SELECT request_id, principal_key FROM outcomes ORDER BY at_unix_ms, rowid";

// A request with a receipt is accounted for, even where its intents have been let go of since.
const KNOWN: &str = "SELECT EXISTS (SELECT 1 FROM intents
        WHERE request_id = ?1 AND principal_key = ?2 AND dispatch = ?3)
    OR EXISTS (SELECT 1 FROM receipts WHERE request_id = ?1 AND principal_key = ?2)";

/// Takes in what was `noted`, and writes the receipts that are missing, all or none; returns the chain to go on
/// with.
pub(super) fn complete(database: &mut Database, noted: Vec<Row>) -> Result<Chain, StoreError> {
    let mut chain = Chain::default();
    let had_chain = database.was_version >= FIRST_WITH_CHAIN || database.was_version == 0;
    let transaction = database
        .connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| sql::database_error(&error))?;
    if !had_chain {
        for (request_id, principal_key) in requests(&transaction, OF_OLD)? {
            let kept = sql::find(&transaction, &request_id, Some(&principal_key))?;
            if let Some(ended) = kept.and_then(|kept| kept.ended) {
                chain.append(&transaction, &ended)?;
            }
        }
    }
    for row in noted {
        if !is_known(&transaction, &row)? {
            sql::insert(&transaction, &row)?;
        }
    }
    for (request_id, principal_key) in requests(&transaction, UNFINISHED)? {
        let Some(kept) = sql::find(&transaction, &request_id, Some(&principal_key))? else {
            continue;
        };
        let ended = assumed(request_id, &kept);
        let (id, bytes) = (&ended.request_id, ended.outcome.receipt.egress_bytes);
        tracing::warn!(request_id = %id, egress_bytes = bytes, "a receipt is assumed: the router was stopped before it knew what left");
        chain.append(&transaction, &ended)?;
        ledger::insert_lost(&transaction, &kept).map_err(|error| sql::database_error(&error))?;
    }
    chain.head(&transaction)?;
    transaction.commit().map_err(|error| sql::database_error(&error))?;
    Ok(chain)
}

fn is_known(connection: &Connection, row: &Row) -> Result<bool, StoreError> {
    let (Row::Intent(intent) | Row::Paid(intent, _)) = row else { return Ok(true) };
    let values = params![intent.request_id, intent.principal_key, intent.dispatch];
    let known = connection.query_row(KNOWN, values, |row| row.get(0));
    known.map_err(|error| sql::database_error(&error))
}

fn requests(connection: &Connection, query: &str) -> Result<Vec<(String, String)>, StoreError> {
    let read = || {
        let mut statement = connection.prepare(query)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    read().map_err(|error| sql::database_error(&error))
}

/// The end of a request that had none, for its receipt's sake; the end itself is not kept.
fn assumed(request_id: String, kept: &Kept) -> EndedRow {
    let outcome = Arc::new(OutcomeRow {
        reason: Some(Reason::RequestLost),
        message: String::new(),
        finish: None,
        served: None,
        usage: None,
        failovers: 0,
        receipt: receipt(kept),
    });
    let principal_key = kept.principal_key.clone();
    EndedRow { request_id, principal_key, at_unix_ms: unix_ms(), outcome }
}

fn receipt(kept: &Kept) -> ReceiptRow {
    let intents = &kept.intents;
    let largest = intents.iter().map(|intent| intent.bytes).max().unwrap_or(0);
    // The router held what was asked; where the decision was lost, at most what it was about to send.
    let held = kept.decided.as_ref().map_or(largest, |row| row.record.facts.prompt_bytes);
    let router = HoldingRow { machine: "router".into(), tier: None, bytes: held };
    let cloud = |intent: &IntentRow| HoldingRow {
        machine: format!("{}/{}", intent.provider, intent.model),
        tier: Some(Tier::Cloud),
        bytes: intent.bytes,
    };
    ReceiptRow {
        policy_hash: intents.last().map(|intent| intent.policy_hash.clone()).unwrap_or_default(),
        class: intents.iter().map(|intent| intent.class).max().unwrap_or(DataClass::Restricted),
        egress_bytes: intents.iter().fold(0, |sum, intent| sum.saturating_add(intent.bytes)),
        holdings: std::iter::once(router).chain(intents.iter().map(cloud)).collect(),
        detectors: String::new(),
        found: BTreeMap::new(),
        assumed: true,
        energy: None,
    }
}
