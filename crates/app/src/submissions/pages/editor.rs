//! The editor of a draft.

use super::draft;
use super::reading::{Reading, draft_recording};
use crate::campaigns::SlotRule;
use crate::lecturers::picks;
use crate::problem::Problem;
use crate::recordings::{MaterialState, Recordings, rules};
use crate::state::App;
use crate::submissions::rules::file_faults;
use crate::submissions::views::editor::{CaptionLine, ConsentLine, DraftFields, EditorPage, Returned, checklist, script_help};
use crate::submissions::views::slots::{Examined, Making, SlotView};
use crate::submissions::views::{Said, journey, words};
use crate::submissions::{Dossier, State, SubmissionId, Verdict, actions, dossier};
use crate::web::{Done, SignedIn, Visit, html};
use axum::extract::{Path, Query, State as Shared};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;

/// `GET /submissions/{id}/edit`
pub async fn editor(
    Shared(app): Shared<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<SubmissionId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let said = Said { done: done.notice(&visit.texts), refusal: None };
    page(&app, &visit, &me, id, said, None).await
}

/// The editor; with what was typed, where that was refused.
pub(super) async fn page(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: SubmissionId,
    said: Said,
    typed: Option<DraftFields>,
) -> Result<Response, Problem> {
    let found = dossier(app, me, id).await?;
    if !found.editable {
        // What cannot be changed now can still be read.
        return Ok(Redirect::to(&format!("/submissions/{id}")).into_response());
    }
    let others = actions::presence(app, me, id).await?;
    let (texts, mut reading) = (&visit.texts, Reading::open(app, &visit.texts).await?);
    let category = found.case.category()?.clone();
    let (shown, most) = (draft_recording(&found.materials), rules::form_most(app.config.upload_max_mib));
    let mut slots = Vec::new();
    for rule in &category.rules.slots {
        let files = examined(&mut reading, &found, rule).await?;
        slots.push(SlotView::new(texts, id, rule, &files, shown, most));
    }
    let mut draft = match typed {
        Some(typed) => typed,
        None => DraftFields { lecturer_link: draft::current_link(app, &found.lesson).await?, ..DraftFields::of(texts, &found.lesson) },
    };
    draft.lecturers = picks::proposals(app, me, found.lesson.organisation).await?.into_iter().map(|one| one.label).collect();
    let captions = Recordings(&mut reading.tx).captions(found.lesson.id).await?;
    let (submission, consents) = (&found.case.submission, &found.case.call.consents);
    html(&EditorPage {
        p: visit.page(app, found.lesson.title.clone()),
        said,
        id,
        lesson: found.lesson.id,
        crumb: format!("{} · {}", found.case.call.campaign.title, category.name),
        title: found.lesson.title.clone(),
        saved_at: texts.with("autosave-at", "at", clock(app, submission.updated_at)),
        deadline: deadline(&reading, &found),
        version: Versions::of(&found).to_string(),
        others: if others.is_empty() {
            String::new()
        } else {
            texts.with("editor-others", "names", others.join(texts.s("list-comma").as_str()))
        },
        returned: returned(&reading, &found),
        draft,
        slots,
        script_help: script_help(texts, &category),
        consents: consents.iter().map(|c| ConsentLine::new(texts, c, &submission.consents)).collect(),
        checklist: checklist(texts, &found.checklist, consents, ""),
        captions: captions.iter().map(CaptionLine::of).collect(),
    })
}

/// Hour and minute of a save, as the page and its script show it.
pub(super) fn clock(app: &App, at: kernel::Timestamp) -> String {
    jiff::ZonedDateTime::new(at.to_jiff(), app.zone.clone()).strftime("%H:%M").to_string()
}

fn deadline(reading: &Reading<'_>, found: &Dossier) -> String {
    let (submission, texts) = (&found.case.submission, reading.texts);
    match submission.due_at.filter(|_| submission.state == State::Returned) {
        Some(due) => texts.with("line-due", "until", words::deadline(texts, due, reading.now)),
        None => words::gate(texts, found.case.gates.submit, reading.now),
    }
}

fn returned(reading: &Reading<'_>, found: &Dossier) -> Option<Returned> {
    let texts = reading.texts;
    let hop = found.case.hops.iter().rev().find(|h| h.verdict == Some(Verdict::Returned))?;
    (found.case.submission.state == State::Returned).then(|| Returned {
        title: texts.with("line-returned-by", "name", reading.tree.name(hop.holder)),
        note: journey::opinion(texts, hop),
        remarks: hop.remarks.iter().map(|r| journey::remark(texts, r)).collect(),
    })
}

/// The files of a slot with what is being made of them and what they break.
pub(super) async fn examined(reading: &mut Reading<'_>, found: &Dossier, rule: &SlotRule) -> Result<Vec<Examined>, Problem> {
    let mut files = Vec::new();
    for material in found.materials.iter().filter(|m| m.slot == rule.slot) {
        let making = if material.slot == "video" { reading.making(material.id).await? } else { Making::Idle };
        let ready = material.state == MaterialState::Ready;
        let faults = if ready { file_faults(rule, material) } else { Vec::new() };
        files.push((material.clone(), making, faults));
    }
    Ok(files)
}

/// The versions of submission and lesson that a page shows, as one word: both must still hold when it is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Versions {
    pub submission: i64,
    pub lesson: i64,
}

impl Versions {
    pub fn of(found: &Dossier) -> Self {
        Self { submission: found.case.submission.version, lesson: found.lesson.version }
    }

    /// Reads what [`std::fmt::Display`] wrote, with or without the quotes of an entity tag.
    pub fn read(text: &str) -> Option<Self> {
        let (submission, lesson) = text.trim().trim_matches('"').split_once('.')?;
        Some(Self { submission: submission.parse().ok()?, lesson: lesson.parse().ok()? })
    }
}

impl std::fmt::Display for Versions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.submission, self.lesson)
    }
}
