//! One held session, and the verdict on it.

use super::Pairs;
use crate::accounts::Accounts;
use crate::campaigns::{CampaignId, Campaigns};
use crate::db::Tx;
use crate::held_sessions::actions::verdict;
use crate::held_sessions::actions::{self, Whose};
use crate::held_sessions::views::{ShowPage, line, show as shown};
use crate::held_sessions::{HeldSession, HeldSessionId, HeldSessions, ListFilter, State as Stands};
use crate::lecturers::{LecturerId, Lecturers, Sight, sight};
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, Form, SignedIn, Visit, html, in_words, is_mendable};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::{AccountId, Actor};
use std::collections::HashMap;

/// Revisions that the page shows.
const REVISIONS: usize = 50;
/// What else waits, shown beside.
const QUEUE: usize = 12;

/// `GET /held-sessions/{id}`
pub async fn show(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<HeldSessionId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    html(&ShowPage { notice: done.notice(&visit.texts), ..page(&app, &visit, &me, id).await? })
}

async fn page(app: &App, visit: &Visit, me: &Actor, id: HeldSessionId) -> Result<ShowPage, Problem> {
    let mut tx = app.db.read().await?;
    let one = actions::visible(app, &mut tx, me, id).await?;
    let (tree, texts) = (app.tree.load_full(), &visit.texts);
    let revisions = HeldSessions(&mut tx).revisions(id, REVISIONS).await?;
    let photos = HeldSessions(&mut tx).photos(id).await?;
    let checks = actions::checks(app, &mut tx, me, &one).await?;
    let accounts = revisions.iter().map(|revision| revision.account).chain(one.decided_by);
    let names = names(&mut tx, accounts).await?;
    let (campaign, lecturer) = (campaign(app, &mut tx, me, &one).await?, lecturer(app, &mut tx, me, &one).await?);
    drop(tx);
    let may = |action| may(&tree, me, action, one.organisation);
    let (waits, open) = (one.state == Stands::Registered, matches!(one.state, Stands::Registered | Stands::Returned));
    let may_decide = waits && may(Action::VerifySession);
    let queue = if may_decide { waiting(app, me).await? } else { Vec::new() };
    Ok(ShowPage {
        may_correct: one.state != Stands::Void && may(Action::RecordSession),
        may_photograph: open && may(Action::RecordSession),
        may_decide,
        queue: queue.iter().map(|other| line(texts, &tree, other)).collect(),
        campaign,
        lecturer,
        ..shown(visit.page(app, one.told.title.clone()), &tree, &one, (&revisions, &photos, &checks), &names)
    })
}

/// What else waits for this reader.
async fn waiting(app: &App, me: &Actor) -> Result<Vec<HeldSession>, Problem> {
    let filter = ListFilter { state: Some(Stands::Registered), ..ListFilter::default() };
    actions::list(app, me, (Whose::ToVerify, None), &filter, (i64::MAX, String::new()), QUEUE).await
}

async fn names(tx: &mut Tx, accounts: impl Iterator<Item = AccountId>) -> Result<HashMap<AccountId, String>, Problem> {
    let mut names = HashMap::new();
    for id in accounts {
        if let std::collections::hash_map::Entry::Vacant(unknown) = names.entry(id) {
            unknown.insert(Accounts(tx).find(id).await?.map(|account| account.name).unwrap_or_default());
        }
    }
    Ok(names)
}

/// Its lecturer in the register, if the reader may find the person: address and name.
async fn lecturer(app: &App, tx: &mut Tx, me: &Actor, one: &HeldSession) -> Result<Option<(String, String)>, Problem> {
    let Some(id) = one.told.lecturer_id.as_deref().and_then(|id| id.parse::<LecturerId>().ok()) else { return Ok(None) };
    let found = Lecturers(tx).root(id).await?.filter(|person| sight(&app.tree.load(), me, person) > Sight::Nothing);
    Ok(found.map(|person| (format!("/desk/lecturers/{}", person.id), person.name)))
}

/// Its campaign, if the reader may see that: address and title.
async fn campaign(app: &App, tx: &mut Tx, me: &Actor, one: &HeldSession) -> Result<Option<(String, String)>, Problem> {
    let Some(id) = one.told.campaign.as_deref().and_then(|id| id.parse::<CampaignId>().ok()) else { return Ok(None) };
    let found = Campaigns(tx).find(id).await?.filter(|c| may(&app.tree.load(), me, Action::SeeCampaign, c.organisation));
    Ok(found.map(|campaign| (format!("/campaigns/{id}"), campaign.title)))
}

/// `POST /held-sessions/{id}/verdict`
pub async fn decide(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<HeldSessionId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let known = HeldSessions(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    actions::may_decide(&app, &me, &known)?;
    let seen = sent.v("version").parse().unwrap_or(0);
    let decided = async { actions::decide(&app, &me, id, seen, &verdict(sent.v("verdict"), sent.v("reason"))?).await };
    match decided.await {
        Ok(one) => Ok(Redirect::to(&next(&app, &me, &one).await?).into_response()),
        Err(problem) if is_mendable(&problem) => {
            let (error, faults) = in_words(&visit.texts, &problem);
            let error = faults.first().map_or(error, |fault| format!("{}: {}", fault.label, fault.text));
            let page = ShowPage { error, reason_typed: sent.v("reason").to_owned(), ..page(&app, &visit, &me, id).await? };
            Ok((problem.status, html(&page)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// After a verdict, the next that waits.
async fn next(app: &App, me: &Actor, one: &HeldSession) -> Result<String, Problem> {
    let waiting = waiting(app, me).await?;
    let later = waiting.iter().find(|other| (other.told.held_at, other.id) < (one.told.held_at, one.id));
    let place =
        later.or(waiting.first()).map_or_else(|| "/held-sessions/verification".to_owned(), |other| format!("/held-sessions/{}", other.id));
    Ok(format!("{place}?done=held-{}", one.state.code()))
}
