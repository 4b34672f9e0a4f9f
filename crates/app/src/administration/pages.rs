//! `/administration`.

mod mail;

pub use mail::{mail, send_again};

use super::trail::Format;
use super::{Asked, Overview, actions, trail};
use crate::audit::Verified;
use crate::i18n::Texts;
use crate::jobs::{Job, JobId, JobState};
use crate::organisations::access::Action;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, PAGE_SIZE, Page, SignedIn, Slice, Visit, html, percent_encode};
use askama::Template;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "administration/views/overview.html")]
struct OverviewPage {
    p: Page,
    operates: bool,
    found: Overview,
    database: String,
    ledger: String,
    jail: String,
    jail_missing: Vec<String>,
    jobs: Vec<(&'static str, String, String)>,
}

#[derive(Template)]
#[template(path = "administration/views/jobs.html")]
struct JobsPage {
    p: Page,
    operates: bool,
    notice: String,
    states: Vec<(String, String, bool)>,
    jobs: Vec<JobRow>,
    next: String,
}

/// A job in words.
struct JobRow {
    id: String,
    kind: String,
    subject: String,
    badge: &'static str,
    state: String,
    percent: i64,
    told: String,
    since: String,
    running: bool,
    may_cancel: bool,
    may_retry: bool,
}

#[derive(Template)]
#[template(path = "administration/views/audit.html")]
struct AuditPage {
    p: Page,
    asked: Asked,
    verified: Option<Verified>,
    broken_at: String,
    operates: bool,
    whole: bool,
    rows: Vec<AuditRow>,
    query: String,
    next: String,
}

/// A record in words.
struct AuditRow {
    at: String,
    who: String,
    action: String,
    /// The action in words; its code where there are none.
    said: String,
    object: String,
    organisation: String,
    refused: bool,
    detail: String,
    seq: String,
}

/// `GET /administration`: the overview, or the audit trail for those who only read that.
pub async fn overview(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    if !actions::may_at_root(&app, &me, Action::Operate) {
        return Ok(Redirect::to("/administration/audit").into_response());
    }
    let found = actions::overview(&app, &me).await?;
    let count = |state: JobState| visit.texts.number(found.jobs.get(state.code()).copied().unwrap_or_default());
    let jobs = JobState::ALL.map(|s| (s.code(), visit.texts.s(&format!("job-{}", s.code())), count(s))).into();
    let ledger = found.ledger_events.map(|events| visit.texts.number(events)).unwrap_or_default();
    let database = visit.texts.s(&format!("database-{}", found.database));
    let jail_missing: Vec<_> = found.jail_missing.iter().flatten().map(|name| visit.texts.s(&jail_key(name))).collect();
    let jail = match (&found.jail_missing, jail_missing.is_empty()) {
        (None, _) => "jail-untried",
        (Some(_), true) => "jail-whole",
        (Some(_), false) => "jail-in-part",
    };
    let jail = visit.texts.s(jail);
    html(&OverviewPage {
        operates: true,
        database,
        ledger,
        jail,
        jail_missing,
        p: visit.page(&app, visit.texts.s("nav-administration")),
        found,
        jobs,
    })
}

/// `the network` → `jail-the-network`.
fn jail_key(name: &str) -> String {
    format!("jail-{}", name.to_lowercase().replace(' ', "-"))
}

/// What the page of jobs is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct JobsAsked {
    state: String,
    done: String,
}

/// `GET /administration/jobs`
pub async fn jobs(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<JobsAsked>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    let state = JobState::from_code(&asked.state);
    let found = actions::jobs(&app, &me, state, &cursor.after, PAGE_SIZE + 1).await?;
    let slice = Slice::cut(found, |job| job.id.to_string());
    let words = &visit.texts;
    let filter = |code: &str, key: &str| (code.to_owned(), words.s(key), state.map_or("", JobState::code) == code);
    let all = std::iter::once(filter("", "job-all"));
    let done = format!("done-{}", asked.done);
    html(&JobsPage {
        operates: true,
        notice: if words.has(&done) { words.s(&done) } else { String::new() },
        states: all.chain(JobState::ALL.iter().map(|s| filter(s.code(), &format!("job-{}", s.code())))).collect(),
        jobs: slice.items.iter().map(|job| row(words, job)).collect(),
        next: slice.next.map(|after| format!("/administration/jobs?state={}&after={after}", asked.state)).unwrap_or_default(),
        p: visit.page(&app, words.s("jobs")),
    })
}

fn row(words: &Texts, job: &Job) -> JobRow {
    let kind = format!("job-kind-{}", job.kind.replace('.', "-"));
    JobRow {
        id: job.id.to_string(),
        kind: if words.has(&kind) { words.s(&kind) } else { job.kind.clone() },
        subject: job.subject.clone(),
        badge: match job.state {
            JobState::Queued => "waiting",
            JobState::Running => "running",
            JobState::Done => "ready",
            JobState::Parked => "failed",
            JobState::Cancelled => "withdrawn",
        },
        state: words.s(&format!("job-{}", job.state.code())),
        percent: job.percent,
        told: job.error.clone().or_else(|| job.note.clone()).unwrap_or_default(),
        since: words.time(job.created_at),
        running: job.state == JobState::Running,
        may_cancel: matches!(job.state, JobState::Queued | JobState::Running),
        may_retry: matches!(job.state, JobState::Parked | JobState::Cancelled),
    }
}

/// `POST /administration/jobs/{id}/cancel`
pub async fn cancel_job(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    actions::cancel(&app, &me, id).await?;
    Ok(Redirect::to("/administration/jobs?done=job-cancelled"))
}

/// `POST /administration/jobs/{id}/retry`
pub async fn retry_job(State(app): State<App>, me: SignedIn, Path(id): Path<JobId>) -> Result<Redirect, Problem> {
    actions::retry(&app, &me, id).await?;
    Ok(Redirect::to("/administration/jobs?done=job-retried"))
}

/// `GET /administration/audit`
pub async fn audit(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    html(&audit_page(&app, &visit, &me, asked, &cursor, None).await?)
}

/// `GET /administration/audit/verification`: the same page with what a check of the whole chain found.
pub async fn verify_audit(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    let verified = actions::verify_audit(&app, &me).await?;
    html(&audit_page(&app, &visit, &me, Asked::default(), &Cursor::default(), Some(verified)).await?)
}

async fn audit_page(
    app: &App,
    visit: &Visit,
    me: &SignedIn,
    asked: Asked,
    cursor: &Cursor,
    verified: Option<Verified>,
) -> Result<AuditPage, Problem> {
    let slice = trail::page(app, me, &asked, cursor).await?;
    let words = &visit.texts;
    let parts =
        [("account", &asked.account), ("object", &asked.object), ("action", &asked.action), ("from", &asked.from), ("to", &asked.to)];
    let given = parts.iter().filter(|(_, value)| !value.is_empty());
    let query = given.map(|(name, value)| format!("{name}={}&", percent_encode(value))).collect::<Vec<_>>().concat();
    let tree = app.tree.load();
    let line = |line: trail::Line| AuditRow {
        at: words.time(line.record.at),
        who: line.name.or(line.record.account).unwrap_or_default(),
        organisation: line.record.organisation.and_then(|id| id.parse().ok()).map(|id| tree.name(id)).unwrap_or_default(),
        said: said(words, &line.record.action),
        action: line.record.action,
        object: line.record.object,
        refused: line.record.outcome != "done",
        detail: line.record.detail.to_string(),
        seq: line.record.seq.map(|seq| seq.to_string()).unwrap_or_default(),
    };
    Ok(AuditPage {
        next: slice.next.map(|after| format!("/administration/audit?{query}after={after}")).unwrap_or_default(),
        rows: slice.items.into_iter().map(line).collect(),
        broken_at: verified.as_ref().and_then(|v| v.broken.as_ref()).map(|b| words.time(b.at)).unwrap_or_default(),
        operates: actions::may_at_root(app, me, Action::Operate),
        whole: actions::may_at_root(app, me, Action::ReadAudit),
        p: visit.page(app, words.s("audit")),
        query,
        asked,
        verified,
    })
}

/// `GET /administration/audit.csv`
pub async fn audit_csv(State(app): State<App>, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    Ok(download(trail::export(&app, &me, &asked, Format::Csv).await?, "text/csv; charset=utf-8", "audit.csv"))
}

/// `GET /administration/audit.jsonl`
pub async fn audit_jsonl(State(app): State<App>, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    Ok(download(trail::export(&app, &me, &asked, Format::JsonLines).await?, "application/jsonl", "audit.jsonl"))
}

fn download(
    lines: impl futures_util::Stream<Item = Result<bytes::Bytes, Problem>> + Send + 'static,
    kind: &'static str,
    name: &str,
) -> Response {
    use futures_util::TryStreamExt;
    // A failure after the first line can only break the download off; its cause is in the log.
    let body = Body::from_stream(lines.map_err(|problem| std::io::Error::other(problem.code)));
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))], body).into_response()
}

/// What an action is called; its code while it has no words.
fn said(words: &Texts, action: &str) -> String {
    let key = format!("audit-{}", action.replace('.', "-"));
    if words.has(&key) { words.s(&key) } else { action.to_owned() }
}
