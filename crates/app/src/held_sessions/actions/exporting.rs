//! The ledger as a file: text as it is read, a workbook as a job that can be watched and stopped.
//!
//! Both are read page by page. A workbook is read in one transaction, so that it shows one moment; a text file, whose reader may be slow,
//! is not: nobody's line may hold a connection.

use super::lists::{Walk, Whose};
use crate::audit::{self, Entry};
use crate::campaigns::Campaigns;
use crate::db::Tx;
use crate::held_sessions::filters::SessionFilter;
use crate::held_sessions::sheet::{self, Sheet};
use crate::held_sessions::{HeldSession, HeldSessions};
use crate::i18n::{Language, Texts};
use crate::jobs::{self, Job, JobId, JobState};
use crate::organisations::actions::people::actor_now;
use crate::organisations::{Action, may_anywhere};
use crate::problem::Problem;
use crate::registers;
use crate::spreadsheets::{NotWritten, ROWS_MOST, Value, Writer};
use crate::state::App;
use bytes::Bytes;
use futures_util::stream::{Stream, try_unfold};
use kernel::{AccountId, Actor};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::HashMap;
use std::path::PathBuf;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The job kind.
pub const EXPORT: &str = "held-sessions.export";
/// Rows of one page.
const PAGE: usize = 1_000;
/// Before the first page.
const LATEST: (i64, String) = (i64::MAX, String::new());

/// What the job needs to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// For whom.
    pub account: AccountId,
    /// What is wanted.
    pub filter: SessionFilter,
    /// Language of the columns.
    pub language: String,
}

/// A workbook as whoever ordered it follows it.
#[derive(Debug)]
pub struct Followed {
    /// The job.
    pub job: Job,
    /// It can be fetched.
    pub ready: bool,
}

/// Rows with what is needed to write them.
struct Rows {
    walk: Walk,
    texts: Texts,
    campaigns: HashMap<String, String>,
}

impl Rows {
    fn new(app: &App, actor: &Actor, filter: &SessionFilter, texts: Texts) -> Result<Self, Problem> {
        if !may_anywhere(&app.tree.load(), actor, Action::SeeSessions) {
            return Err(Problem::forbidden());
        }
        let walk = Walk::new(app, actor, (Whose::Visible, filter.organisation()?), &filter.filter()?, LATEST);
        Ok(Self { walk, texts, campaigns: HashMap::new() })
    }

    /// The cells of the next rows; none at the end.
    async fn next(&mut self, app: &App, tx: &mut Tx) -> Result<Vec<Vec<Value>>, Problem> {
        let page = self.walk.next(tx, PAGE).await?;
        self.know_campaigns(tx, &page).await?;
        let tree = app.tree.load();
        let sheet = Sheet { texts: &self.texts, tree: &tree, zone: &app.zone, campaigns: &self.campaigns };
        Ok(page.iter().map(|one| sheet.row(one)).collect())
    }

    async fn know_campaigns(&mut self, tx: &mut Tx, page: &[HeldSession]) -> Result<(), Problem> {
        for id in page.iter().filter_map(|one| one.told.campaign.as_ref()) {
            if !self.campaigns.contains_key(id) {
                let found = match id.parse() {
                    Ok(parsed) => Campaigns(tx).find(parsed).await?,
                    Err(_) => None,
                };
                self.campaigns.insert(id.clone(), found.map_or_else(|| id.clone(), |found| found.title));
            }
        }
        Ok(())
    }
}

async fn note(app: &App, tx: &mut Tx, actor: &Actor, filter: &SessionFilter, kind: &str) -> Result<(), Problem> {
    let entry = Entry {
        account: Some(actor.account),
        organisation: filter.organisation()?,
        action: "held-sessions.exported",
        object: String::new(),
        allowed: true,
        detail: json!({ "kind": kind, "filter": filter }),
    };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}

/// Everything that fits and that `actor` may see as text, the latest first, in bounded memory. That it was taken is recorded.
///
/// # Errors
///
/// `forbidden` for somebody who sees no held sessions, `invalid` for a day that is none; a failure on the way ends the stream.
pub async fn text(
    app: &App,
    actor: &Actor,
    filter: &SessionFilter,
    texts: &Texts,
) -> Result<impl Stream<Item = Result<Bytes, Problem>> + Send + use<>, Problem> {
    let rows = Rows::new(app, actor, filter, texts.clone())?;
    let mut tx = app.db.begin().await?;
    note(app, &mut tx, actor, filter, "csv").await?;
    tx.commit().await?;
    let (app, head) = (app.clone(), sheet::head(texts));
    // The mark by which spreadsheet programs know UTF-8.
    let first = [b"\xEF\xBB\xBF".to_vec(), lines(vec![head.into_iter().map(|(name, _)| name.into()).collect()])?].concat();
    Ok(try_unfold((Some(first), rows), move |(first, mut rows)| {
        let app = app.clone();
        async move {
            if let Some(first) = first {
                return Ok(Some((Bytes::from(first), (None, rows))));
            }
            let page = rows.next(&app, &mut app.db.read().await?).await?;
            if page.is_empty() { Ok(None) } else { Ok(Some((Bytes::from(lines(page)?), (None, rows)))) }
        }
    }))
}

fn lines(rows: Vec<Vec<Value>>) -> Result<Vec<u8>, Problem> {
    let mut out = csv::Writer::from_writer(Vec::new());
    for row in rows {
        out.write_record(row.into_iter().map(Value::plain)).map_err(Problem::internal)?;
    }
    out.into_inner().map_err(Problem::internal)
}

/// Has a workbook written of everything that fits and that `actor` may see. That it was ordered is recorded.
///
/// # Errors
///
/// As [`text`].
pub async fn order(app: &App, actor: &Actor, filter: SessionFilter, language: Language) -> Result<JobId, Problem> {
    Rows::new(app, actor, &filter, app.words.texts(language))?;
    let order = Order { account: actor.account, filter, language: language.tag().to_owned() };
    let mut tx = app.db.begin().await?;
    note(app, &mut tx, actor, &order.filter, "xlsx").await?;
    let payload = serde_json::to_value(&order).map_err(Problem::internal)?;
    let id = jobs::enqueue(&mut tx, app.clock.as_ref(), EXPORT, &actor.account.to_string(), &payload, Some(actor.account)).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(id)
}

async fn ordered_by(tx: &mut Tx, actor: &Actor, id: JobId) -> Result<Job, Problem> {
    let job = jobs::find(tx, id).await?.filter(|job| job.kind == EXPORT).ok_or_else(Problem::not_found)?;
    let order: Order = serde_json::from_value(job.payload.clone()).map_err(Problem::internal)?;
    if order.account == actor.account { Ok(job) } else { Err(Problem::hidden()) }
}

/// How far the workbook `id` is.
///
/// # Errors
///
/// 404 unless `actor` ordered it.
pub async fn follow(app: &App, actor: &Actor, id: JobId) -> Result<Followed, Problem> {
    let job = ordered_by(&mut app.db.read().await?, actor, id).await?;
    let ready = job.state == JobState::Done && file(app, id).exists();
    Ok(Followed { job, ready })
}

/// Where a finished workbook lies.
pub fn file(app: &App, id: JobId) -> PathBuf {
    registers::workbook_file(app, id)
}

/// Stops a workbook that is not finished.
///
/// # Errors
///
/// 404 unless `actor` ordered it; `export-finished`.
pub async fn cancel(app: &App, actor: &Actor, id: JobId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    ordered_by(&mut tx, actor, id).await?;
    if !jobs::cancel(&mut tx, app.clock.as_ref(), id).await? {
        return Err(Problem::conflict("export-finished"));
    }
    Ok(tx.commit().await?)
}

/// The job: writes the workbook `id` with the rights that its owner has now. Killed, it begins anew; the file appears whole or not at all.
///
/// # Errors
///
/// Failures of ours, and `export-cancelled`.
pub async fn write(app: &App, id: JobId, order: &Order, progress: &(dyn Fn(i64) + Sync), stop: &CancellationToken) -> Result<(), Problem> {
    let texts = app.words.texts(Language::from_tag(&order.language).unwrap_or(Language::Chinese));
    let actor = actor_now(app, order.account).await?;
    let mut rows = Rows::new(app, &actor, &order.filter, texts.clone())?;
    let (unfinished, finished) = (app.objects.report(&format!("{id}.part")), file(app, id));
    let (send, receive) = mpsc::channel::<Vec<Vec<Value>>>(2);
    let writer = {
        let (folder, unfinished) = (app.objects.report(""), unfinished.clone());
        let (name, head) = (texts.s("held-sessions"), sheet::head(&texts));
        move || write_pages(Writer::in_folder(&name, &folder)?, &head, receive)?.save(&unfinished)
    };
    let writing = tokio::task::spawn_blocking(writer);
    let read = pages(app, &mut rows, &send, progress, stop).await;
    drop(send);
    let written = writing.await.map_err(Problem::internal)?;
    read?;
    written.map_err(Problem::internal)?;
    tokio::fs::rename(unfinished, finished).await.map_err(Problem::internal)
}

fn write_pages(mut writer: Writer, head: &[(String, u16)], mut pages: mpsc::Receiver<Vec<Vec<Value>>>) -> Result<Writer, NotWritten> {
    writer.head(head)?;
    while let Some(page) = pages.blocking_recv() {
        for row in page {
            writer.row(row)?;
        }
    }
    Ok(writer)
}

/// Reads page by page and sends the rows to be written.
async fn pages(
    app: &App,
    rows: &mut Rows,
    send: &mpsc::Sender<Vec<Vec<Value>>>,
    progress: &(dyn Fn(i64) + Sync),
    stop: &CancellationToken,
) -> Result<(), Problem> {
    let mut tx = app.db.read().await?;
    let (oldest, newest) = (HeldSessions(&mut tx).oldest().await?, app.clock.now().0);
    let mut written = 1;
    loop {
        let page = rows.next(app, &mut tx).await?;
        written += page.len();
        if page.is_empty() {
            return Ok(());
        }
        if written > ROWS_MOST as usize {
            return Err(Problem::unprocessable("export-too-long").with("most", ROWS_MOST - 1));
        }
        if stop.is_cancelled() {
            return Err(Problem::conflict("export-cancelled"));
        }
        // Rows come from the latest back: how far back they are tells how many are left, about.
        progress(((newest - rows.walk.at.0) * 95 / (newest - oldest).max(1)).clamp(0, 95));
        if send.send(page).await.is_err() {
            // The writer gave up; it tells why.
            return Ok(());
        }
    }
}
