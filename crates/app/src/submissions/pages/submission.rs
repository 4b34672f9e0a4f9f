//! One submission: where it is, what was handed in, what can be done now.

use super::reading::{Reading, draft_recording, recordings_of};
use super::{Sent, mendable, to_submission};
use crate::i18n::Texts;
use crate::problem::Problem;
use crate::recordings::{self, MaterialId, MaterialState};
use crate::state::App;
use crate::submissions::rules::{Move, diff};
use crate::submissions::views::clearance::steps;
use crate::submissions::views::diff::{Change, changes};
use crate::submissions::views::submission::{Act, ConfirmPage, RevisionLine, SubmissionPage};
use crate::submissions::views::{Answer, Choice, FileLine, Said, editor, journey, words};
use crate::submissions::{Dossier, FileSeen, Revision, State, SubmissionId, actions, dossier};
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Form, Path, Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::Deserialize;

/// What of a submission is looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Look {
    revision: Option<i64>,
    material: Option<MaterialId>,
    done: String,
}

/// `GET /submissions/{id}`
pub async fn submission(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    let said = Said::done(&visit.texts, &look.done);
    page(&app, &visit, &me, id, &look, said).await
}

async fn page(app: &App, visit: &Visit, me: &Actor, id: SubmissionId, look: &Look, said: Said) -> Result<Response, Problem> {
    let found = dossier(app, me, id).await?;
    let (texts, mut reading) = (&visit.texts, Reading::open(app, &visit.texts).await?);
    let shown = shown(&found, look)?;
    let (answers, files, title) = contents(texts, &found, shown);
    let recording = look.material.or_else(|| recording(&found, shown));
    let mut approvals = Vec::new();
    for approval in &found.approvals {
        approvals.push((approval.clone(), reading.account(approval.account).await?));
    }
    let (standing, standing_text) = standing(texts, &found);
    let (diff_title, changes) = compared(texts, &found, shown);
    let submission = &found.case.submission;
    let clears = matches!(submission.state, State::Selected | State::Published);
    let revisions = revision_lines(&mut reading, &found, shown).await?;
    html(&SubmissionPage {
        p: visit.page(app, title.clone()),
        said,
        state: submission.state.code(),
        badge: words::state(texts, submission.state),
        campaign_id: submission.campaign,
        campaign: found.case.call.campaign.title.clone(),
        facts: facts(texts, &found),
        standing,
        standing_text,
        player: reading.player(me.account, recording, found.lesson.id, &title, &found.lesson.chapters, id).await?,
        recordings: choices(texts, id, shown, recording),
        title,
        answers,
        files,
        diff_title,
        changes,
        revisions,
        moves: acts(texts, &found, id),
        version: submission.version,
        hops: journey::lines(texts, &found.case.tree, submission, &found.case.hops),
        approvals: if clears { steps(texts, &approvals, found.case.call.campaign.approvals) } else { Vec::new() },
    })
}

/// The revision that is looked at: the one asked for; of a draft or a returned one the work as it is now; else the newest.
fn shown<'a>(found: &'a Dossier, look: &Look) -> Result<Option<&'a Revision>, Problem> {
    match look.revision {
        Some(number) => found.revisions.iter().find(|r| r.number == number).map(Some).ok_or_else(Problem::not_found),
        None if found.case.submission.state.is_editable() => Ok(None),
        None => Ok(found.revisions.last()),
    }
}

/// Answers, files and title of a revision, or of the work as it is now.
fn contents(texts: &Texts, found: &Dossier, shown: Option<&Revision>) -> (Vec<Answer>, Vec<FileLine>, String) {
    match shown {
        Some(revision) => {
            let title = revision.answers["title"].as_str().unwrap_or(&found.lesson.title).to_owned();
            (words::revision_answers(texts, &revision.answers), revision.files.iter().map(|f| words::file(texts, f)).collect(), title)
        }
        None => (words::answers(texts, &found.lesson), draft_files(texts, found), found.lesson.title.clone()),
    }
}

fn draft_files(texts: &Texts, found: &Dossier) -> Vec<FileLine> {
    let line = |m: &recordings::Material| {
        let seen = FileSeen {
            material: m.id,
            slot: m.slot.clone(),
            variant: m.variant.code().into(),
            filename: m.filename.clone(),
            bytes: m.bytes,
            sha256: m.sha256.clone().unwrap_or_default(),
            sent_sha256: m.sent_sha256.clone(),
        };
        words::file(texts, &seen)
    };
    found.materials.iter().filter(|m| m.state != MaterialState::Refused).map(line).collect()
}

fn recording(found: &Dossier, shown: Option<&Revision>) -> Option<MaterialId> {
    match shown {
        Some(revision) => recordings_of(&revision.files).first().map(|f| f.material),
        None => draft_recording(&found.materials),
    }
}

/// Links to the recordings of a revision, when it has several.
fn choices(texts: &Texts, id: SubmissionId, shown: Option<&Revision>, now: Option<MaterialId>) -> Vec<Choice> {
    let Some(revision) = shown else { return Vec::new() };
    let link = |f: &&FileSeen| Choice {
        value: format!("/submissions/{id}?revision={}&material={}", revision.number, f.material),
        label: words::coded(texts, "variant", &f.variant),
        chosen: now == Some(f.material),
        help: String::new(),
    };
    let all: Vec<_> = recordings_of(&revision.files).iter().map(link).collect();
    if all.len() > 1 { all } else { Vec::new() }
}

fn facts(texts: &Texts, found: &Dossier) -> Vec<String> {
    let submission = &found.case.submission;
    let category = found.case.category().map(|c| c.name.clone()).unwrap_or_default();
    let handed_in = submission.submitted_at.map(|at| texts.with("line-handed-in", "at", texts.time(at))).unwrap_or_default();
    let mut facts = vec![found.lesson.lecturer.clone(), found.case.tree.name(submission.organisation), category, handed_in];
    facts.retain(|f| !f.is_empty());
    facts
}

/// Where it is, and until when something is to be done about it.
fn standing(texts: &Texts, found: &Dossier) -> (String, String) {
    let case = &found.case;
    let (submission, now) = (&case.submission, case.now);
    let at = || case.tree.name(submission.holder);
    match submission.state {
        State::Draft => (texts.s("standing-draft"), words::gate(texts, case.gates.submit, now)),
        State::InReview => (texts.with("standing-in-review", "name", at()), words::gate(texts, case.gates.review, now)),
        State::Returned => {
            let due = submission.due_at.map(|due| texts.with("line-due", "until", words::deadline(texts, due, now)));
            (texts.with("standing-returned", "name", at()), due.unwrap_or_default())
        }
        State::Kept => (texts.with("standing-kept", "name", at()), String::new()),
        State::Rejected => (texts.with("standing-rejected", "name", at()), String::new()),
        State::Selected => (texts.s("standing-selected"), texts.with("standing-selected-text", "n", case.call.campaign.approvals)),
        State::Published => (texts.s("standing-published"), String::new()),
        State::Withdrawn => (texts.s("standing-withdrawn"), String::new()),
    }
}

/// A revision against the one before it, or against the one that was returned for the newest.
fn compared(texts: &Texts, found: &Dossier, shown: Option<&Revision>) -> (String, Vec<Change>) {
    let newest = found.revisions.last().map(|r| r.number);
    let difference = match shown {
        Some(revision) if Some(revision.number) != newest => {
            found.revisions.iter().find(|r| r.number == revision.number - 1).map(|before| diff(before, revision))
        }
        Some(_) => found.difference(),
        None => None,
    };
    difference.map_or_else(Default::default, |d| {
        let args = [("from", d.from.to_string()), ("to", d.to.to_string())];
        (texts.args("diff-title", &args), changes(texts, &d))
    })
}

async fn revision_lines(reading: &mut Reading<'_>, found: &Dossier, shown: Option<&Revision>) -> Result<Vec<RevisionLine>, Problem> {
    let texts = reading.texts;
    let mut lines = Vec::new();
    for revision in found.revisions.iter().rev() {
        let who = reading.account(revision.created_by).await?;
        lines.push(RevisionLine {
            href: format!("/submissions/{}?revision={}", found.case.submission.id, revision.number),
            current: shown.is_some_and(|s| s.number == revision.number),
            title: texts.with("line-revision", "n", revision.number),
            meta: format!("{} · {who}", texts.time(revision.created_at)),
            receipt: revision.receipt.clone(),
        });
    }
    Ok(lines)
}

fn acts(texts: &Texts, found: &Dossier, id: SubmissionId) -> Vec<Act> {
    let mut acts: Vec<_> = found.options.iter().filter_map(|mv| Act::of(texts, *mv, id)).collect();
    if found.editable {
        acts.insert(0, Act::edit(texts, id));
    }
    let mut met = std::collections::HashSet::new();
    acts.retain(|act| met.insert(act.href.clone()));
    acts
}

/// `GET /submissions/{id}/submit`: what a reviewer will see, before it is handed in.
pub async fn preview(Shared(app): Shared<App>, visit: Visit, me: SignedIn, Path(id): Path<SubmissionId>) -> Result<Response, Problem> {
    confirm(&app, &visit, &me, id, Said::default()).await
}

async fn confirm(app: &App, visit: &Visit, me: &Actor, id: SubmissionId, said: Said) -> Result<Response, Problem> {
    let found = dossier(app, me, id).await?;
    let may = found.case.standing().may(me, Move::Submit);
    if !may {
        return Err(Problem::forbidden());
    }
    if !found.case.submission.state.is_editable() {
        return Ok(Redirect::to(&format!("/submissions/{id}")).into_response());
    }
    let (texts, mut reading) = (&visit.texts, Reading::open(app, &visit.texts).await?);
    let checklist = editor::checklist(texts, &found.checklist, &found.case.call.consents, &format!("/submissions/{id}/edit"));
    let timely = found.options.iter().any(|mv| matches!(mv, Move::Submit | Move::Resubmit));
    let title = found.lesson.title.clone();
    let to = first_reader(&found);
    html(&ConfirmPage {
        p: visit.page(app, texts.s("preview")),
        said,
        id,
        lead: if timely { texts.s("preview-lead") } else { words::gate(texts, found.case.gates.submit, found.case.now) },
        player: reading.player(me.account, draft_recording(&found.materials), found.lesson.id, &title, &found.lesson.chapters, id).await?,
        crumb: title.clone(),
        answers: with_title(texts, &title, words::answers(texts, &found.lesson)),
        files: draft_files(texts, &found),
        complete: checklist.complete && timely,
        checklist,
        consequence: texts.with("submit-consequence", "name", to),
        version: found.case.submission.version,
    })
}

fn with_title(texts: &Texts, title: &str, mut answers: Vec<Answer>) -> Vec<Answer> {
    answers.insert(0, Answer { name: texts.s("field-title"), value: title.to_owned(), long: false });
    answers
}

/// Who reads it first: the organisation that returned it, else the owner's superior.
fn first_reader(found: &Dossier) -> String {
    let (case, submission) = (&found.case, &found.case.submission);
    let runs = submission.organisation == case.call.campaign.organisation;
    let to = if submission.state == State::Returned || runs { Some(submission.holder) } else { case.tree.parent(submission.organisation) };
    case.tree.name(to.unwrap_or(submission.holder))
}

/// `POST /submissions/{id}/submit`
pub async fn submit(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match mendable(actions::submit(&app, &me, id, sent.version()).await)? {
        Ok(revision) => Ok(Redirect::to(&format!("/receipts/{}?done=submitted", revision.receipt)).into_response()),
        Err(problem) => {
            let mut response = confirm(&app, &visit, &me, id, Said::refused(&visit.texts, &problem)).await?;
            *response.status_mut() = problem.status;
            Ok(response)
        }
    }
}

async fn again(app: &App, visit: &Visit, me: &Actor, id: SubmissionId, problem: &Problem) -> Result<Response, Problem> {
    let mut response = page(app, visit, me, id, &Look::default(), Said::refused(&visit.texts, problem)).await?;
    *response.status_mut() = problem.status;
    Ok(response)
}

/// `POST /submissions/{id}/pull-back`
pub async fn pull_back(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match mendable(actions::pull_back(&app, &me, id, sent.version()).await)? {
        Ok(()) => Ok(to_submission(id, "pulled-back").into_response()),
        Err(problem) => again(&app, &visit, &me, id, &problem).await,
    }
}

/// `POST /submissions/{id}/withdrawal`
pub async fn withdraw(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    match mendable(actions::withdraw(&app, &me, id, sent.version(), sent.get("reason")).await)? {
        Ok(()) => Ok(to_submission(id, "withdrawn").into_response()),
        Err(problem) => again(&app, &visit, &me, id, &problem).await,
    }
}
