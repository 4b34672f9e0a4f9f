//! Asking by a plain form.

use crate::broadcasts::BroadcastId;
use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::rooms::actions::{self, Ask};
use crate::state::App;
use crate::web::Visit;
use axum::extract::{Form, Path, State};
use axum::response::Redirect;
use serde::Deserialize;

/// A question as a form sends it.
#[derive(Debug, Deserialize)]
pub struct AskForm {
    client_id: String,
    text: String,
    /// From the player, with script.
    #[serde(default)]
    at_ms: String,
}

impl AskForm {
    fn ask(self) -> Ask {
        Ask { client_id: self.client_id, text: self.text, at_ms: self.at_ms.parse().ok() }
    }
}

/// `POST /broadcasts/{id}/questions`
pub async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<BroadcastId>,
    Form(form): Form<AskForm>,
) -> Result<Redirect, Problem> {
    actions::ask(&app, visit.signed_in()?, &visit.name, id, form.ask()).await?;
    Ok(Redirect::to(&format!("/live/{id}?done=question-asked")))
}

/// `POST /lessons/{id}/questions`
pub async fn ask_about(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<LessonId>,
    Form(form): Form<AskForm>,
) -> Result<Redirect, Problem> {
    actions::ask_about(&app, visit.signed_in()?, &visit.name, id, form.ask()).await?;
    Ok(Redirect::to(&format!("/lessons/{id}?done=question-asked#questions")))
}
