//! The editor of a recording: where it begins and ends, and what is cut out.

use crate::broadcasts::rules::{self, Piece};
use crate::broadcasts::views::RecordingPage;
use crate::broadcasts::{Broadcast, BroadcastId, TRIM, actions};
use crate::jobs::{self, JobState};
use crate::lessons::Lessons;
use crate::problem::{FieldError, Problem};
use crate::recordings::{self, Audience, Recordings};
use crate::state::App;
use crate::web::{Done, Form, SignedIn, Visit, html, in_words, is_mendable};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;

/// Lines for cuts that the form always has.
const LINES: usize = 3;

/// `GET /broadcasts/{id}/recording`
pub async fn recording(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let broadcast = actions::run_by(&app, &me, id).await?;
    let mut page = page(&app, &visit, &me, &broadcast).await?;
    page.notice = done.notice(&visit.texts);
    html(&page)
}

async fn page(app: &App, visit: &Visit, me: &Actor, broadcast: &Broadcast) -> Result<RecordingPage, Problem> {
    let material = actions::recording(broadcast)?;
    let mut tx = app.db.read().await?;
    let length_ms = Recordings(&mut tx).find(material).await?.and_then(|m| m.source).map_or(0, |source| source.duration_ms.cast_signed());
    let job = jobs::latest_for(&mut tx, TRIM, &broadcast.id.to_string()).await?;
    let public = Lessons(&mut tx).publication(broadcast.lesson).await?.filter(|public| public.unpublished_at.is_none());
    let running = job.filter(|job| matches!(job.state, JobState::Queued | JobState::Running));
    let mut f = Form::default();
    f.set("from", rules::clock(0));
    f.set("until", rules::clock(length_ms));
    Ok(RecordingPage {
        p: visit.page(app, visit.texts.s("recording-edit")),
        notice: String::new(),
        error: String::new(),
        f,
        lines: (0..LINES).collect(),
        id: broadcast.id.to_string(),
        title: broadcast.title.clone(),
        media: recordings::media_base(app, Audience::Account(me.account), material, app.clock.now()),
        length: if length_ms > 0 { visit.texts.duration(length_ms) } else { String::new() },
        percent: running.map(|job| job.percent),
        is_trimmed: public.is_some_and(|public| public.submission.is_empty() && public.material != material.to_string()),
    })
}

/// What the form says.
fn read(form: &Form) -> Result<(Piece, Vec<Piece>), Problem> {
    let mut faults = Vec::new();
    let mut moment = |name: String| {
        let read = rules::moment(form.v(&name));
        if read.is_none() {
            faults.push(FieldError::new(name.clone(), "moment-of-recording", form.v(&name), ""));
        }
        read.unwrap_or_default()
    };
    let wanted = Piece { from_ms: moment("from".into()), until_ms: moment("until".into()) };
    let filled = |n: &usize| !form.v(&format!("cuts/{n}/from")).is_empty() || !form.v(&format!("cuts/{n}/until")).is_empty();
    let cuts = (0..rules::MOST_CUTS).filter(filled);
    let cuts = cuts.map(|n| Piece { from_ms: moment(format!("cuts/{n}/from")), until_ms: moment(format!("cuts/{n}/until")) }).collect();
    if faults.is_empty() { Ok((wanted, cuts)) } else { Err(Problem::invalid(faults)) }
}

/// `POST /broadcasts/{id}/recording`
pub async fn trim(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Sent(pairs): Sent<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let trimmed = async {
        let (wanted, cuts) = read(&sent)?;
        actions::trim(&app, &me, id, wanted, &cuts).await
    };
    match trimmed.await {
        Ok(()) => Ok(Redirect::to(&format!("/broadcasts/{id}/recording?done=recording-trimmed")).into_response()),
        Err(problem) if is_mendable(&problem) => {
            let broadcast = actions::run_by(&app, &me, id).await?;
            let mut page = page(&app, &visit, &me, &broadcast).await?;
            let (error, faults) = in_words(&visit.texts, &problem);
            page.error = if faults.is_empty() { error } else { String::new() };
            page.f.overlay("", sent, faults);
            Ok((problem.status, html(&page)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// `POST /broadcasts/{id}/recording/whole`: back to the whole recording.
pub async fn untrim(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Result<Redirect, Problem> {
    actions::untrim(&app, &me, id).await?;
    Ok(Redirect::to(&format!("/broadcasts/{id}/recording?done=recording-whole")))
}
