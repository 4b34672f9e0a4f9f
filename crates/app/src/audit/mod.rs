//! The audit trail: append-only, hash-chained, written in the transaction of what it tells.
//!
//! ```text
//! action ─record─► unsealed row ─seal (a second later, one node)─► seq, previous hash, hash
//! ```
//!
//! * A record commits with its act or not at all; sealing in a second step keeps writers from queueing
//!   behind one chain head (docs/decisions/0003).
//! * `verify` names the first record whose text, order or hash no longer fits.

mod trail;

pub use trail::{COLUMNS, Record, Wanted, head, holds, newer, older};

use crate::db::{Db, DbError, Row, Tx, Value, args, assembled, places};
use kernel::{AccountId, Clock, Id, Identified, OrganisationId, Timestamp};
use sha2::{Digest, Sha256};

/// Names an audit record.
#[derive(Debug)]
pub struct AuditRecord;
impl Identified for AuditRecord {
    const PREFIX: &'static str = "aud";
}

/// Who did what to what; `detail` holds what a later reader needs to understand it, without secrets.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Who acted; none for the system or someone not signed in.
    pub account: Option<AccountId>,
    /// For whom, when known.
    pub organisation: Option<OrganisationId>,
    /// `subject.verb`, such as `submission.recommended`.
    pub action: &'a str,
    /// Id of what was acted on.
    pub object: String,
    /// False for an attempt against rights or rules.
    pub allowed: bool,
    /// Further facts as JSON.
    pub detail: serde_json::Value,
}

/// Writes `entry` into the open transaction.
pub async fn record(tx: &mut Tx, clock: &dyn Clock, entry: Entry<'_>) -> Result<(), DbError> {
    record_all(tx, clock, vec![entry]).await
}

/// Records of one statement.
const BATCH: usize = 500;

/// Writes many entries into the open transaction.
pub async fn record_all(tx: &mut Tx, clock: &dyn Clock, entries: Vec<Entry<'_>>) -> Result<(), DbError> {
    for some in entries.chunks(BATCH) {
        let row = |entry: &Entry<'_>| {
            let outcome = if entry.allowed { "done" } else { "refused" };
            let id = Id::<AuditRecord>::new(clock);
            args![id, clock.now(), entry.account, entry.organisation, entry.action, &entry.object, outcome, &entry.detail]
        };
        let rows = (0..some.len()).map(|n| format!("({})", places(n * 8 + 1, 8))).collect::<Vec<_>>().join(", ");
        let sql = format!("insert into audit_record (id, at, account, organisation, action, object, outcome, detail) values {rows}");
        tx.execute(assembled(sql), some.iter().flat_map(row).collect()).await?;
    }
    Ok(())
}

/// Writes a record for each row that `select` gives: id, time, account, organisation, action, object, outcome, detail. For acts on
/// more objects than should pass through memory; `select` is a text of this code base, whose values are bound.
pub async fn record_selected(tx: &mut Tx, select: &'static str, values: Vec<Value>) -> Result<(), DbError> {
    let sql = format!("insert into audit_record (id, at, account, organisation, action, object, outcome, detail) {select}");
    tx.execute(assembled(sql), values).await.map(drop)
}

/// The hash of a record in its place: SHA-256 over its fields, each with its length, after the previous hash.
fn chained(previous: &str, row: &Row, seq: i64) -> Result<String, DbError> {
    let mut hash = Sha256::new();
    let mut field = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    field(previous);
    field(&seq.to_string());
    field(&row.int("at")?.to_string());
    for column in ["id", "account", "organisation", "action", "object", "outcome", "detail"] {
        field(&row.opt_text(column)?.unwrap_or_default());
    }
    Ok(crate::hex::hex(&hash.finalize()))
}

/// Seals up to 1,000 waiting records in the order of their ids; how many it sealed.
///
/// Only one node at a time may do this: the caller holds the lease of the `audit.seal` job.
pub async fn seal(db: &Db) -> Result<usize, DbError> {
    let mut tx = db.begin().await?;
    let (mut seq, mut previous) = head(&mut tx).await?;
    let waiting = tx.fetch_all("select * from audit_record where seq is null order by id limit 1000", vec![]).await?;
    for row in &waiting {
        seq += 1;
        let hash = chained(&previous, row, seq)?;
        tx.execute(
            "update audit_record set seq = $1, previous_hash = $2, hash = $3 where id = $4 and seq is null",
            args![seq, previous, hash.clone(), row.text("id")?],
        )
        .await?;
        previous = hash;
    }
    tx.commit().await?;
    Ok(waiting.len())
}

/// What `verify` found.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Verified {
    /// Sealed records that were read.
    pub records: i64,
    /// Records that wait for their seal.
    pub unsealed: i64,
    /// Hash of the last good record: publish it, and nobody can rewrite what came before.
    pub head: String,
    /// The first record that does not fit, if any.
    pub broken: Option<BrokenRecord>,
}

/// The first record that was tampered with.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct BrokenRecord {
    /// Its place in the chain.
    pub seq: i64,
    /// Its id, or that of the record found in its place.
    pub id: String,
    /// When it says it happened, milliseconds UTC.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What does not fit.
    pub reason: &'static str,
}

impl BrokenRecord {
    /// Key of the reason in the reader's language.
    pub fn words(&self) -> &'static str {
        match self.reason {
            MISSING => "audit-broken-missing",
            ORDER => "audit-broken-order",
            _ => "audit-broken-text",
        }
    }
}

const MISSING: &str = "a record before it is missing";
const ORDER: &str = "it does not follow the record before it";
const TEXT: &str = "its text was changed";

/// Reads the whole chain in pages and stops at the first record that does not fit.
pub async fn verify(db: &Db) -> Result<Verified, DbError> {
    let mut tx = db.read().await?;
    let unsealed = tx.fetch_int("select count(*) from audit_record where seq is null", vec![]).await?;
    let mut found = Verified { records: 0, unsealed, head: String::new(), broken: None };
    loop {
        let rows = tx.fetch_all("select * from audit_record where seq > $1 order by seq limit 1000", args![found.records]).await?;
        for row in &rows {
            if let Some(reason) = misfit(&found, row)? {
                found.broken = Some(BrokenRecord { seq: row.int("seq")?, id: row.text("id")?, at: row.time("at")?, reason });
                return Ok(found);
            }
            found.records += 1;
            found.head = row.text("hash")?;
        }
        if rows.is_empty() {
            return Ok(found);
        }
    }
}

fn misfit(so_far: &Verified, row: &Row) -> Result<Option<&'static str>, DbError> {
    let seq = row.int("seq")?;
    Ok(if seq != so_far.records + 1 {
        Some(MISSING)
    } else if row.text("previous_hash")? != so_far.head {
        Some(ORDER)
    } else if chained(&so_far.head, row, seq)? != row.text("hash")? {
        Some(TEXT)
    } else {
        None
    })
}
