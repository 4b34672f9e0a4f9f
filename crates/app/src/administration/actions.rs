//! Who may, and what an operator does.

use super::overview::{self, Overview};
use crate::audit::{self, Entry, Verified};
use crate::jobs::{self, Job, JobId, JobState};
use crate::notices::{self, Counts, Line, NoticeId, NoticeState};
use crate::organisations::access::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use serde_json::json;

/// Whether `actor` may do `action` to a whole tree.
pub fn may_at_root(app: &App, actor: &Actor, action: Action) -> bool {
    let tree = app.tree.load();
    tree.roots().any(|root| may(&tree, actor, action, root.id))
}

fn operates(app: &App, actor: &Actor) -> Result<(), Problem> {
    if may_at_root(app, actor, Action::Operate) { Ok(()) } else { Err(Problem::forbidden()) }
}

/// How the server is.
///
/// # Errors
///
/// 403 for anyone who does not operate it.
pub async fn overview(app: &App, actor: &Actor) -> Result<Overview, Problem> {
    operates(app, actor)?;
    overview::of(app).await
}

/// Up to `most` pieces of long work older than the one with the id `before` (empty: from the newest on); with a state only that.
///
/// # Errors
///
/// 403 for anyone who does not operate the server.
pub async fn jobs(app: &App, actor: &Actor, state: Option<JobState>, before: &str, most: usize) -> Result<Vec<Job>, Problem> {
    operates(app, actor)?;
    Ok(jobs::older(&mut app.db.read().await?, state, before, most).await?)
}

/// Stops a job that waits or runs.
///
/// # Errors
///
/// 403, 404, and 409 `job-over` when there is nothing to stop.
pub async fn cancel(app: &App, actor: &Actor, id: JobId) -> Result<Job, Problem> {
    operates(app, actor)?;
    let mut tx = app.db.begin().await?;
    jobs::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    if !jobs::cancel(&mut tx, app.clock.as_ref(), id).await? {
        return Err(Problem::conflict("job-over"));
    }
    changed(app, tx, actor, id, "job.cancelled").await
}

/// Gives a parked or cancelled job its attempts anew.
///
/// # Errors
///
/// 403, 404, and 409 `job-not-parked` when it waits, runs or is done.
pub async fn retry(app: &App, actor: &Actor, id: JobId) -> Result<Job, Problem> {
    operates(app, actor)?;
    let mut tx = app.db.begin().await?;
    jobs::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    if !jobs::retry(&mut tx, app.clock.as_ref(), id).await? {
        return Err(Problem::conflict("job-not-parked"));
    }
    changed(app, tx, actor, id, "job.retried").await
}

async fn changed(app: &App, mut tx: crate::db::Tx, actor: &Actor, id: JobId, action: &str) -> Result<Job, Problem> {
    let job = jobs::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let entry = Entry {
        account: Some(actor.account),
        organisation: None,
        action,
        object: id.to_string(),
        allowed: true,
        detail: json!({ "kind": job.kind, "subject": job.subject }),
    };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    app.wake.notify_one();
    Ok(job)
}

/// The mails of this installation.
#[derive(Debug)]
pub struct Mail {
    /// The server that they are handed to; none while none is set.
    pub server: Option<String>,
    /// How many wait and are parked.
    pub counts: Counts,
    /// The newest first.
    pub lines: Vec<Line>,
}

/// Up to `most` mails older than the one with the id `before` (empty: from the newest on); with a state only that.
///
/// # Errors
///
/// 403 for anyone who does not operate the server.
pub async fn mail(app: &App, actor: &Actor, state: Option<NoticeState>, before: &str, most: usize) -> Result<Mail, Problem> {
    operates(app, actor)?;
    let mut tx = app.db.read().await?;
    let server = notices::is_set_up(&app.config).then(|| format!("{}:{}", app.config.mail_host, app.config.mail_port));
    Ok(Mail { server, counts: notices::counts(&mut tx).await?, lines: notices::older(&mut tx, state, before, most).await? })
}

/// Gives a parked mail its attempts anew.
///
/// # Errors
///
/// 403, 404, and 409 `notice-not-parked` when it waits or is over.
pub async fn send_again(app: &App, actor: &Actor, id: NoticeId) -> Result<Line, Problem> {
    operates(app, actor)?;
    let mut tx = app.db.begin().await?;
    notices::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    if !notices::again(&mut tx, id, app.clock.now()).await? {
        return Err(Problem::conflict("notice-not-parked"));
    }
    let line = notices::find(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let (account, object) = (Some(actor.account), id.to_string());
    let detail = json!({ "kind": line.kind });
    let entry = Entry { account, organisation: None, action: "notice.sent-again", object, allowed: true, detail };
    audit::record(&mut tx, app.clock.as_ref(), entry).await?;
    tx.commit().await?;
    Ok(line)
}

/// Reads the whole chain of audit records.
///
/// # Errors
///
/// 403 for anyone who does not read the audit of a whole tree.
pub async fn verify_audit(app: &App, actor: &Actor) -> Result<Verified, Problem> {
    if !may_at_root(app, actor, Action::ReadAudit) {
        return Err(Problem::forbidden());
    }
    Ok(audit::verify(&app.db).await?)
}
