//! Reviewing: queue, recording, answers, verdict.

use super::filters::Narrowed;
use super::queue::{self, Waiting};
use super::reading::{Reading, recordings_of};
use super::verdicts::Form;
use crate::i18n::Texts;
use crate::problem::Problem;
use crate::state::App;
use crate::submissions::rules::{Decision, Next, next_holder};
use crate::submissions::views::diff::changes;
use crate::submissions::views::review::{Ask, Pinned, QueueItem, ReviewPage, Typed};
use crate::submissions::views::{QuotaView, Said, journey, words};
use crate::submissions::{Dossier, State, SubmissionId, actions, dossier};
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::Deserialize;

/// The verdict whose form stands open for readers without script.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    verdict: String,
}

/// `GET /review/{id}`: looking at it is opening it, once its time has come.
pub async fn review(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Query(narrowed): Query<Narrowed>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let said = Said::done(&visit.texts, &narrowed.done);
    page(&app, &visit, &me, id, &narrowed, &Form { verdict: asked.verdict, ..Form::default() }, said).await
}

/// The page; with what was typed into the form of the verdict, where that was refused.
pub(super) async fn page(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: SubmissionId,
    narrowed: &Narrowed,
    typed: &Form,
    said: Said,
) -> Result<Response, Problem> {
    let Some(found) = opened(app, me, id).await? else {
        return Ok(Redirect::to(&format!("/submissions/{id}")).into_response());
    };
    let (texts, mut reading) = (&visit.texts, Reading::open(app, &visit.texts).await?);
    let desk = found.case.submission.holder;
    let of_queue = Narrowed { organisation: desk.to_string(), state: String::new(), after: String::new(), ..narrowed.clone() };
    let waiting = queue::waiting(&mut reading, me, desk, &of_queue).await?.items;
    let places = reading.places(me, desk, found.case.call.campaign.id).await?;
    let quota = places.into_iter().find(|(category, _)| *category == found.case.submission.category).map(|(_, quota)| quota);
    let revision = found.revisions.last().ok_or_else(Problem::not_found)?;
    let title = revision.answers["title"].as_str().unwrap_or(&found.lesson.title).to_owned();
    let recording = recordings_of(&revision.files).first().map(|f| f.material);
    let player = reading.player(me.account, recording, found.lesson.id, &title, &found.lesson.chapters, id).await?;
    let (closed, closed_text) = closed(texts, &found);
    let (diff_title, changes) = found.difference().map_or_else(Default::default, |d| {
        let args = [("from", d.from.to_string()), ("to", d.to.to_string())];
        (texts.args("diff-title", &args), changes(texts, &d))
    });
    let bar = Bar::of(texts, &found, quota.as_ref());
    html(&ReviewPage {
        p: visit.page(app, title.clone()),
        said,
        here: of_queue.address(&format!("/review/{id}"), ""),
        queue_title: texts.with("queue-title", "n", waiting.len()),
        queue_href: of_queue.address("/review", ""),
        queue: waiting.iter().map(|w| queue_item(&reading, &of_queue, w, id)).collect(),
        closed,
        closed_text,
        player,
        state: found.case.submission.state.code(),
        badge: words::state(texts, found.case.submission.state),
        tags: tags(texts, &found)?,
        facts: facts(texts, &found),
        answers: words::revision_answers(texts, &revision.answers),
        files: revision.files.iter().map(|f| words::file(texts, f)).collect(),
        title,
        diff_title,
        changes,
        hops: journey::lines(texts, &found.case.tree, &found.case.submission, &found.case.hops),
        quota,
        places_words: bar.places,
        may_decide: bar.may_decide,
        may_keep: bar.may_keep,
        may_recommend: bar.may_recommend,
        recommend_label: bar.recommend,
        asked: if bar.may_decide { typed.verdict.clone() } else { String::new() },
        asks: asks(app, texts, typed),
        pinned: typed.notes.iter().map(|(at, text)| pinned(texts, *at, text)).collect(),
        keep: found.case.open_hop().map(|hop| format!("{}.{}", me.account, hop.id)).unwrap_or_default(),
        opinion: typed.note.clone(),
        version: found.case.submission.version,
    })
}

/// The dossier, noted as opened when its time has come; none for readers who do not give its verdict.
async fn opened(app: &App, me: &Actor, id: SubmissionId) -> Result<Option<Dossier>, Problem> {
    let found = dossier(app, me, id).await?;
    if !found.reviews || found.revisions.is_empty() {
        return Ok(None);
    }
    let waits = found.case.submission.state == State::InReview && found.case.gates.review.permits();
    let unopened = found.case.open_hop().is_some_and(|hop| hop.opened_at.is_none());
    if waits && unopened && actions::open(app, me, id).await? {
        return dossier(app, me, id).await.map(Some);
    }
    Ok(Some(found))
}

/// Why there is nothing to decide now.
fn closed(texts: &Texts, found: &Dossier) -> (String, String) {
    let case = &found.case;
    if case.submission.state != State::InReview {
        (texts.s("review-decided"), texts.s("review-decided-text"))
    } else if case.gates.review.permits() {
        Default::default()
    } else {
        (texts.s("review-closed"), words::gate(texts, case.gates.review, case.now))
    }
}

/// What the verdict bar offers.
struct Bar {
    may_decide: bool,
    may_keep: bool,
    may_recommend: bool,
    recommend: String,
    places: String,
}

impl Bar {
    fn of(texts: &Texts, found: &Dossier, quota: Option<&QuotaView>) -> Self {
        let case = &found.case;
        let next = next_holder(&case.tree, case.call.campaign.organisation, case.submission.holder);
        let can = |decision: Decision| found.options.contains(&decision.mv(next == Some(Next::Top)));
        let to = match next {
            Some(Next::Up(parent)) => texts.with("recommend-to", "name", case.tree.name(parent)),
            _ => texts.s("select-here"),
        };
        let left = quota.map_or_else(|| texts.s("places-unlimited"), |quota| quota.label.clone());
        Self {
            may_decide: can(Decision::Return),
            may_keep: can(Decision::Keep),
            may_recommend: can(Decision::Recommend) && quota.is_none_or(|q| q.left > 0),
            recommend: texts.s(if next == Some(Next::Top) { "verdict-do-select" } else { "verdict-do-recommend" }),
            places: format!("{to} · {left}"),
        }
    }
}

fn asks(app: &App, texts: &Texts, form: &Form) -> Vec<Ask> {
    let typed = |verdict: &str| {
        let given = form.verdict == verdict && form.sent;
        let plain = Typed { due: Form::suggested_due(app), ..Typed::default() };
        if given {
            Typed { reason: form.reason.clone(), note: form.words.clone(), due: form.due.clone(), remarks: form.remarks.clone() }
        } else {
            plain
        }
    };
    vec![Ask::to_reject(texts, &typed("reject")), Ask::to_return(texts, &typed("return"), &app.config.zone)]
}

fn pinned(texts: &Texts, at_ms: i64, text: &str) -> Pinned {
    Pinned { moment: texts.duration(at_ms), at_ms, second: at_ms / 1000, text: text.to_owned() }
}

fn queue_item(reading: &Reading<'_>, of: &Narrowed, waiting: &Waiting, now: SubmissionId) -> QueueItem {
    let until = waiting.deadline();
    QueueItem {
        href: of.address(&format!("/review/{}", waiting.line.id), ""),
        current: waiting.line.id == now,
        title: waiting.line.title.clone(),
        facts: waiting.line.organisation_name.clone(),
        deadline: until.map(|until| words::remaining(reading.texts, until, reading.now)).unwrap_or_default(),
        urgent: until.is_some_and(|until| words::is_urgent(until, reading.now)),
    }
}

fn tags(texts: &Texts, found: &Dossier) -> Result<Vec<String>, Problem> {
    let mut tags = vec![found.case.call.campaign.title.clone(), found.case.category()?.name.clone()];
    let newest = found.case.hops.last();
    tags.extend(newest.and_then(|h| h.rank).map(|rank| texts.with("line-rank", "n", rank)));
    tags.extend(newest.filter(|h| h.reserve).map(|_| texts.s("rank-reserve")));
    Ok(tags)
}

fn facts(texts: &Texts, found: &Dossier) -> Vec<String> {
    let submission = &found.case.submission;
    let from = texts.with("line-from", "name", found.case.tree.name(submission.organisation));
    let mut facts = vec![found.lesson.lecturer.clone(), from, texts.with("line-revision", "n", submission.revision)];
    facts.retain(|f| !f.is_empty());
    facts
}
