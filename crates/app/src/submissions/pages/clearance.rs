//! Clearance: what was selected, who approved it, and taking it back from the library.

use super::reading::{Reading, recordings_of};
use super::{Sent, mendable};
use crate::organisations::Action;
use crate::organisations::access::domains;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::Move;
use crate::submissions::views::clearance::{AwardView, ClearancePage, steps};
use crate::submissions::views::lists::ListPage;
use crate::submissions::views::{Choice, Empty, Said, WorkItem, journey, words};
use crate::submissions::{AwardLevel, Dossier, State, SubmissionId, SubmissionLine, Submissions, actions, dossier, to_clear};
use crate::web::{Cursor, Done, SignedIn, Visit, html, percent_encode};
use axum::extract::{Form, Path, Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;

/// One line: how many approved it so far.
pub(super) async fn item(reading: &mut Reading<'_>, line: &SubmissionLine, given: usize) -> Result<WorkItem, Problem> {
    let texts = reading.texts;
    let call = reading.call(line.campaign).await?;
    let args = [("given", given.to_string()), ("wanted", call.campaign.approvals.to_string())];
    let href = format!("/clearance/{}", line.id);
    let progress = if line.state == State::Published { String::new() } else { texts.args("approvals-so-far", &args) };
    let mut facts =
        vec![progress, line.organisation_name.clone(), call.category(line.category).map(|c| c.name.clone()).unwrap_or_default()];
    facts.retain(|f| !f.is_empty());
    Ok(WorkItem {
        title: line.title.clone(),
        state: line.state.code(),
        badge: words::state(texts, line.state),
        facts,
        action: texts.s(if line.state == State::Published { "act-open" } else { "act-clear" }),
        action_href: href.clone(),
        href,
        ..WorkItem::default()
    })
}

/// `GET /clearance`: what waits for clearance, then what is published.
pub async fn clearances(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Query(done): Query<Done>,
    Query(cursor): Query<Cursor>,
) -> Result<Response, Problem> {
    if domains(&me, Action::Publish).is_empty() {
        return Err(Problem::forbidden());
    }
    let (texts, mut reading) = (&visit.texts, Reading::open(&app, &visit.texts).await?);
    let slice = to_clear(&app, &me, true, &cursor).await?;
    let ids: Vec<_> = slice.items.iter().map(|line| line.id).collect();
    let approvers = Submissions(&mut reading.tx).approvers_of(&ids).await?;
    let mut items = Vec::new();
    for line in &slice.items {
        items.push(item(&mut reading, line, approvers.get(&line.id).map_or(0, Vec::len)).await?);
    }
    html(&ListPage {
        p: visit.page(&app, texts.s("nav-clearance")),
        said: Said { done: done.notice(texts), refusal: None },
        action: "/clearance",
        may_register: false,
        words: None,
        filters: Vec::new(),
        filtered: false,
        rank_href: String::new(),
        items,
        empty: Empty {
            icon: "badge-check",
            title: texts.s("clearance-empty"),
            text: texts.s("clearance-empty-text"),
            href: String::new(),
            action: String::new(),
        },
        first: if cursor.after.is_empty() { String::new() } else { "/clearance".to_owned() },
        next: slice.next.map(|after| format!("/clearance?after={}", percent_encode(&after))).unwrap_or_default(),
    })
}

/// `GET /clearance/{id}`
pub async fn clearance(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    page(&app, &visit, &me, id, Said { done: done.notice(&visit.texts), refusal: None }).await
}

/// For editors of the organisation that runs the campaign, once something is selected.
async fn page(app: &App, visit: &Visit, me: &Actor, id: SubmissionId, said: Said) -> Result<Response, Problem> {
    let found = dossier(app, me, id).await?;
    let submission = &found.case.submission;
    if !found.case.standing().may(me, Move::Publish) {
        return Err(Problem::forbidden());
    }
    let revision = found.revisions.last().ok_or_else(Problem::not_found)?;
    let (texts, mut reading) = (&visit.texts, Reading::open(app, &visit.texts).await?);
    let mut given = Vec::new();
    for approval in &found.approvals {
        given.push((approval.clone(), reading.account(approval.account).await?));
    }
    let wanted = found.case.call.campaign.approvals;
    let why_not = why_not(&found, me, texts);
    let last = i64::try_from(given.len()).unwrap_or(i64::MAX) + 1 >= wanted;
    let args = [("given", given.len().to_string()), ("wanted", wanted.to_string())];
    let title = revision.answers["title"].as_str().unwrap_or(&found.lesson.title).to_owned();
    let recording = recordings_of(&revision.files).first().map(|f| f.material);
    html(&ClearancePage {
        p: visit.page(app, title.clone()),
        said,
        id,
        state: submission.state.code(),
        badge: words::state(texts, submission.state),
        facts: vec![found.lesson.lecturer.clone(), found.case.tree.name(submission.organisation), found.case.category()?.name.clone()],
        player: reading.player(me.account, recording, found.lesson.id, &title, &found.lesson.chapters, id).await?,
        title,
        answers: words::revision_answers(texts, &revision.answers),
        files: revision.files.iter().map(|f| words::file(texts, f)).collect(),
        progress: texts.args("approvals-so-far", &args),
        steps: steps(texts, &given, wanted),
        may_approve: why_not.is_empty() && found.options.contains(&Move::Publish),
        why_not,
        consequence: texts.s(if last { "approve-last" } else { "approve-more" }),
        award: award(&found, me, texts),
        may_unpublish: found.options.contains(&Move::Unpublish),
        version: submission.version,
        hops: journey::lines(texts, &found.case.tree, submission, &found.case.hops),
    })
}

/// The award, and whether this reader gives it.
fn award(found: &Dossier, me: &Actor, texts: &crate::i18n::Texts) -> AwardView {
    let given = found.award.map(|award| award.level);
    let option = |level: AwardLevel| Choice {
        value: level.code().to_owned(),
        label: texts.s(&level.key()),
        chosen: given == Some(level),
        ..Choice::default()
    };
    let may = found.case.submission.state.is_chosen() && found.lesson.created_by != me.account;
    AwardView {
        name: given.map(|level| texts.s(&level.key())).unwrap_or_default(),
        options: if may { AwardLevel::ALL.map(option).into() } else { Vec::new() },
    }
}

/// Why this reader cannot give the next approval, if the next is wanted at all.
fn why_not(found: &Dossier, me: &Actor, texts: &crate::i18n::Texts) -> String {
    if found.case.submission.state != State::Selected {
        String::new()
    } else if found.lesson.created_by == me.account {
        texts.s("problem-own-work")
    } else if found.approvals.iter().any(|a| a.account == me.account) {
        texts.s("approve-once")
    } else {
        String::new()
    }
}

pub(super) async fn again(app: &App, visit: &Visit, me: &Actor, id: SubmissionId, problem: &Problem) -> Result<Response, Problem> {
    let mut response = page(app, visit, me, id, Said::refused(&visit.texts, problem)).await?;
    *response.status_mut() = problem.status;
    Ok(response)
}

/// `POST /clearance/{id}/approval`
pub async fn approve(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let outcome = actions::approve(&app, &me, id, sent.version(), sent.get("note")).await;
    match mendable(outcome)? {
        Ok(State::Published) => Ok(Redirect::to(&format!("/clearance/{id}?done=published")).into_response()),
        Ok(_) => Ok(Redirect::to("/clearance?done=approved").into_response()),
        Err(problem) => again(&app, &visit, &me, id, &problem).await,
    }
}

/// `POST /clearance/{id}/unpublication`
pub async fn unpublish(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match mendable(actions::unpublish(&app, &me, id, sent.version(), sent.get("reason")).await)? {
        Ok(()) => Ok(Redirect::to(&format!("/clearance/{id}?done=unpublished")).into_response()),
        Err(problem) => again(&app, &visit, &me, id, &problem).await,
    }
}
