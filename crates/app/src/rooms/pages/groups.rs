//! Watching as a group, by a plain form.

use crate::broadcasts::BroadcastId;
use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::rooms::actions::{self, Watched};
use crate::state::App;
use crate::web::SignedIn;
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use kernel::Actor;
use serde::Deserialize;

/// How many sit before the screen, or that nobody does any more.
#[derive(Debug, Deserialize)]
pub struct GroupForm {
    people: String,
    #[serde(default)]
    act: String,
}

async fn heed(app: &App, me: &Actor, watched: Watched, form: &GroupForm) -> Result<&'static str, Problem> {
    if form.act == "leave" {
        actions::leave_group(app, me, watched).await?;
        return Ok("group-left");
    }
    let people = form.people.trim().parse().unwrap_or(0);
    actions::watch_as_group(app, me, watched, people).await?;
    Ok("group-counted")
}

/// `POST /lessons/{id}/group`
pub async fn lesson(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<LessonId>,
    Form(form): Form<GroupForm>,
) -> Result<Redirect, Problem> {
    let done = heed(&app, &me, Watched::Lesson(id), &form).await?;
    Ok(Redirect::to(&format!("/lessons/{id}?done={done}#group")))
}

/// `POST /live/{id}/group`
pub async fn broadcast(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Form(form): Form<GroupForm>,
) -> Result<Redirect, Problem> {
    let done = heed(&app, &me, Watched::Broadcast(id), &form).await?;
    Ok(Redirect::to(&format!("/live/{id}?done={done}#group")))
}
