//! The audit trail as one reader may see it.

use crate::accounts::Accounts;
use crate::audit::{self, Entry, Record, Wanted};
use crate::organisations::OrganisationId;
use crate::organisations::access::{Action, may, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, PAGE_SIZE, Slice};
use bytes::Bytes;
use futures_util::stream::{Stream, try_unfold};
use kernel::{AccountId, Actor, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

/// Records read at once.
const BATCH: usize = 1_000;
/// Batches that one page looks through for records of the reader's organisations; the next page goes on from there.
const BATCHES: usize = 20;

/// What a reader asks for. Every part that is given narrows.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Id or sign-in name of who acted.
    pub account: String,
    /// Id or path of what was acted on.
    pub object: String,
    /// Beginning of the action, such as `submission.`.
    pub action: String,
    /// First day, `yyyy-mm-dd` in the time zone of the installation.
    pub from: String,
    /// Last day.
    pub to: String,
}

/// A record with the name of who acted.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Line {
    /// The record.
    #[serde(flatten)]
    pub record: Record,
    /// What others call the account.
    pub name: Option<String>,
}

/// One page of the records that `actor` may see, newest first. It may hold few rows or none and still have a next page,
/// when the reader's organisations are few among many.
///
/// # Errors
///
/// 403 for someone who reads no organisation's audit; 422 for a day that is none.
pub async fn page(app: &App, actor: &Actor, asked: &Asked, cursor: &Cursor) -> Result<Slice<Line>, Problem> {
    let sight = Sight::of(app, actor)?;
    let mut tx = app.db.read().await?;
    let mut slice = Slice { items: Vec::new(), next: None };
    if let Some(wanted) = wanted(app, &mut tx, asked).await? {
        let mut before = cursor.after.clone();
        let mut found = Vec::new();
        let mut more = true;
        for _ in 0..BATCHES {
            let batch = audit::older(&mut tx, &wanted, &before, BATCH).await?;
            more = batch.len() == BATCH;
            if let Some(last) = batch.last() {
                before.clone_from(&last.id);
            }
            found.extend(batch.into_iter().filter(|record| sight.covers(record)));
            if !more || found.len() > PAGE_SIZE {
                break;
            }
        }
        let cut = Slice::cut(found, |record: &Record| record.id.clone());
        slice.next = cut.next.or(more.then_some(before));
        slice.items = named(&mut tx, cut.items).await?;
    }
    Ok(slice)
}

/// How an export looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line.
    JsonLines,
    /// Comma-separated, with a first line of names; opened by a spreadsheet no cell becomes a formula (S9).
    Csv,
}

/// Everything that `actor` may see, newest first, in bounded memory. That it was taken is recorded.
///
/// # Errors
///
/// As [`page`]; a failure on the way ends the stream with an error.
pub async fn export(
    app: &App,
    actor: &Actor,
    asked: &Asked,
    format: Format,
) -> Result<impl Stream<Item = Result<Bytes, Problem>> + Send + use<>, Problem> {
    let sight = Sight::of(app, actor)?;
    let mut tx = app.db.begin().await?;
    let wanted = wanted(app, &mut tx, asked).await?;
    let detail = json!({ "account": asked.account, "object": asked.object, "action": asked.action, "from": asked.from, "to": asked.to });
    let entry =
        Entry { account: Some(actor.account), organisation: None, action: "audit.exported", object: String::new(), allowed: true, detail };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    let start = Some((wanted, String::new()));
    let app = app.clone();
    Ok(try_unfold(start, move |state| {
        let (app, sight) = (app.clone(), sight.clone());
        async move {
            let Some((wanted, before)) = state else { return Ok(None) };
            let Some(wanted) = wanted else { return Ok(Some((lines(format, &[], true)?, None))) };
            let batch = audit::older(&mut app.db.read().await?, &wanted, &before, BATCH).await?;
            let next = (batch.len() == BATCH).then(|| batch[BATCH - 1].id.clone()).map(|last| (Some(wanted), last));
            let seen: Vec<_> = batch.into_iter().filter(|record| sight.covers(record)).collect();
            Ok(Some((lines(format, &seen, before.is_empty())?, next)))
        }
    }))
}

fn lines(format: Format, records: &[Record], first: bool) -> Result<Bytes, Problem> {
    if format == Format::JsonLines {
        let lines = records.iter().map(Record::json_line).collect::<Result<String, _>>();
        return lines.map(Bytes::from).map_err(Problem::internal);
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    if first {
        out.write_record(audit::COLUMNS).map_err(Problem::internal)?;
    }
    for record in records {
        out.write_record(record.cells().map(harmless)).map_err(Problem::internal)?;
    }
    out.into_inner().map(Bytes::from).map_err(Problem::internal)
}

/// A cell that a spreadsheet would take for a formula begins with an apostrophe.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

/// Which records a reader may see.
#[derive(Clone)]
struct Sight {
    app: App,
    actor: Actor,
    whole: bool,
}

impl Sight {
    fn of(app: &App, actor: &Actor) -> Result<Self, Problem> {
        if !may_anywhere(&app.tree.load(), actor, Action::ReadAudit) {
            return Err(Problem::forbidden());
        }
        Ok(Self { app: app.clone(), actor: actor.clone(), whole: super::actions::may_at_root(app, actor, Action::ReadAudit) })
    }

    fn covers(&self, record: &Record) -> bool {
        match record.organisation.as_deref().map(str::parse::<OrganisationId>) {
            Some(Ok(organisation)) => may(&self.app.tree.load(), &self.actor, Action::ReadAudit, organisation),
            _ => self.whole,
        }
    }
}

/// The question in the terms of the trail; none when it names an account that does not exist.
async fn wanted(app: &App, tx: &mut crate::db::Tx, asked: &Asked) -> Result<Option<Wanted>, Problem> {
    let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let account = match given(&asked.account) {
        Some(text) if text.parse::<AccountId>().is_ok() => Some(text),
        Some(login) => match Accounts(tx).find_by_login(&login).await? {
            Some(account) => Some(account.id.to_string()),
            None => return Ok(None),
        },
        None => None,
    };
    let mut wanted = Wanted { account, object: given(&asked.object), action: asked.action.trim().to_owned(), ..Wanted::default() };
    if let Some(day) = given(&asked.from) {
        wanted.from = beginning_of(app, "from", &day, 0)?;
    }
    if let Some(day) = given(&asked.to) {
        wanted.until = beginning_of(app, "to", &day, 1)?;
    }
    Ok(Some(wanted))
}

/// The first instant of a day, or of the day so many days later, in the time zone of the installation.
fn beginning_of(app: &App, field: &str, day: &str, later: i64) -> Result<Timestamp, Problem> {
    let at = day.parse::<jiff::civil::Date>().and_then(|date| {
        let date = date.checked_add(jiff::Span::new().try_days(later)?)?;
        app.zone.to_timestamp(date.into())
    });
    at.map(|at| Timestamp(at.as_millisecond())).map_err(|_| Problem::field(field, "date", day, "2026-11-23"))
}

async fn named(tx: &mut crate::db::Tx, records: Vec<Record>) -> Result<Vec<Line>, Problem> {
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut lines = Vec::with_capacity(records.len());
    for record in records {
        let mut name = None;
        if let Some(id) = record.account.clone() {
            name = match names.get(&id) {
                Some(known) => known.clone(),
                None => match id.parse() {
                    Ok(account) => Accounts(tx).find(account).await?.map(|account| account.name),
                    Err(_) => None,
                },
            };
            names.insert(id, name.clone());
        }
        lines.push(Line { record, name });
    }
    Ok(lines)
}
