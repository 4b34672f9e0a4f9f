//! One verdict for many: a preview that says what would happen, one confirmation of exactly what was seen.

use super::verdicts::{checked, decide_in};
use crate::db::Tx;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::submissions::rules::{Ruling, batch_seen, batch_token};
use crate::submissions::{Submission, SubmissionId, Submissions};
use kernel::Actor;

/// Submissions of one batch at most.
pub const MOST_IN_BATCH: usize = 200;

/// What a batch would do.
#[derive(Debug)]
pub struct Preview {
    /// Confirms exactly this verdict, of these submissions, in these versions, by this account.
    pub token: String,
    /// In the order asked for.
    pub items: Vec<PreviewItem>,
}

/// What would happen to one submission.
#[derive(Debug)]
pub struct PreviewItem {
    /// Which.
    pub submission: SubmissionId,
    /// The version that the confirmation will ask for.
    pub version: i64,
    /// Why not, if not.
    pub problem: Option<Problem>,
}

/// Tries `ruling` on all of `ids` and changes nothing.
///
/// # Errors
///
/// `invalid` for the ruling itself or too many submissions; 404 when the actor may not know of one.
pub async fn preview(app: &App, actor: &Actor, ids: &[SubmissionId], ruling: &Ruling) -> Result<Preview, Problem> {
    let ruling = checked(ruling, app.clock.now())?;
    let mut unique = ids.to_vec();
    let mut met = std::collections::HashSet::new();
    unique.retain(|id| met.insert(*id));
    if unique.is_empty() || unique.len() > MOST_IN_BATCH {
        return Err(Problem::field("submissions", "range", unique.len().to_string(), format!("1–{MOST_IN_BATCH}")));
    }
    // The transaction is dropped at the end: what was tried never happened.
    let mut tx = app.db.begin().await?;
    let mut seen = Vec::new();
    for id in &unique {
        seen.push((*id, super::by_id(app, &mut tx, actor, *id).await?.version));
    }
    let refused = decide_all(app, &mut tx, actor, &seen, &ruling).await?;
    let token = batch_token(&app.secret, actor.account, &ruling, &seen);
    let problem = |id| refused.iter().find(|(refused, _)| *refused == id).map(|(_, problem)| problem.clone());
    let items = seen.iter().map(|(id, version)| PreviewItem { submission: *id, version: *version, problem: problem(*id) }).collect();
    Ok(Preview { token, items })
}

/// Gives the verdict that was previewed: all of it or nothing; the submissions in the order asked for.
///
/// # Errors
///
/// `invalid` when `token` does not stand for this verdict of this account; `batch-refused` names each submission that is in
/// the way, with the reason.
pub async fn confirm(app: &App, actor: &Actor, token: &str, ruling: &Ruling) -> Result<Vec<SubmissionId>, Problem> {
    let ruling = checked(ruling, app.clock.now())?;
    let seen = batch_seen(&app.secret, actor.account, &ruling, token).ok_or_else(|| Problem::field("token", "not-this-batch", "", ""))?;
    let mut tx = app.db.begin().await?;
    let refused = decide_all(app, &mut tx, actor, &seen, &ruling).await?;
    if !refused.is_empty() {
        let fault = |(id, problem): &(SubmissionId, Problem)| {
            FieldError::new(id.to_string(), problem.code, told(problem, "state"), told(problem, "may"))
        };
        let against_rights = refused.iter().any(|(_, problem)| problem.against_rights);
        let fields = refused.iter().map(fault).collect();
        return Err(Problem { fields, against_rights, ..Problem::conflict("batch-refused").with("refused", refused.len()) });
    }
    tx.commit().await?;
    Ok(seen.into_iter().map(|(id, _)| id).collect())
}

fn told(problem: &Problem, name: &str) -> String {
    problem.args.iter().find(|(n, _)| *n == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

/// Decides each in the order in which rows are locked; those that are refused, with the reason.
async fn decide_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    seen: &[(SubmissionId, i64)],
    ruling: &Ruling,
) -> Result<Vec<(SubmissionId, Problem)>, Problem> {
    let ids: Vec<_> = seen.iter().map(|(id, _)| *id).collect();
    Submissions(tx).lock(&ids).await?;
    let mut queue = Vec::new();
    for (id, version) in seen {
        let found: Option<Submission> = Submissions(tx).find(*id).await?;
        queue.push((found.map(|s| s.category), *id, *version));
    }
    queue.sort();
    let mut refused = Vec::new();
    for (_, id, version) in queue {
        match decide_in(app, tx, actor, id, version, ruling).await {
            Err(problem) if problem.status.is_server_error() => return Err(problem),
            Err(problem) => refused.push((id, problem)),
            Ok(()) => {}
        }
    }
    Ok(refused)
}
