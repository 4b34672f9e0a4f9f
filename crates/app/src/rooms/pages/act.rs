//! One form of the board.

use super::board::page;
use crate::broadcasts::BroadcastId;
use crate::problem::Problem;
use crate::rooms::actions::{self, Answer};
use crate::rooms::views::Told;
use crate::rooms::{Chat, MessageId, QuestionId, Wish};
use crate::state::App;
use crate::web::{SignedIn, Visit, in_words, is_mendable};
use axum::extract::{Form, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::Deserialize;
use std::str::FromStr;

/// Minutes for which the button mutes.
const MUTED: i64 = 10;

/// What a button of the board sends; which fields it needs depends on the act.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActForm {
    act: String,
    message: String,
    question: String,
    into: String,
    text: String,
    chat: String,
    slow_s: String,
    pre_moderated: String,
    danmaku: String,
}

/// `POST /broadcasts/{id}/board`
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Form(form): Form<ActForm>,
) -> Result<Response, Problem> {
    match done(&app, &me, id, &form).await {
        Ok(()) => Ok(Redirect::to(&format!("/broadcasts/{id}/board?done=board-{}", form.act)).into_response()),
        Err(problem) if is_mendable(&problem) => {
            let error = in_words(&visit.texts, &problem).0;
            let mut response = page(&app, &visit, &me, id, Told { done: String::new(), error }).await?;
            *response.status_mut() = problem.status;
            Ok(response)
        }
        Err(problem) => Err(problem),
    }
}

fn named<T: FromStr>(id: &str) -> Result<T, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

async fn done(app: &App, me: &Actor, id: BroadcastId, form: &ActForm) -> Result<(), Problem> {
    let (message, question) = (|| named::<MessageId>(&form.message), || named::<QuestionId>(&form.question));
    match form.act.as_str() {
        "approve" => actions::approve(app, me, id, message()?).await,
        "remove" => actions::remove(app, me, id, message()?).await,
        "mute" => actions::ban(app, me, id, message()?, Some(MUTED)).await,
        "ban" => actions::ban(app, me, id, message()?, None).await,
        "clear" => actions::clear(app, me, id).await,
        "rules" => actions::set_rules(app, me, id, form.wish()?).await,
        "approve-question" => actions::approve_question(app, me, id, question()?).await,
        "remove-question" => actions::remove_question(app, me, id, question()?).await,
        "answer-aloud" => actions::answer(app, me, id, question()?, Answer::Aloud { aloud: true }).await,
        "answer" => actions::answer(app, me, id, question()?, Answer::Text { text: form.text.clone() }).await,
        "merge" => actions::merge(app, me, id, question()?, named(&form.into)?).await,
        _ => Err(Problem::bad_request("malformed").with("reason", "act")),
    }
}

impl ActForm {
    fn wish(&self) -> Result<Wish, Problem> {
        let unknown = || Problem::field("chat", "one-of", &self.chat, Chat::ALL.iter().map(|c| c.code()).collect::<Vec<_>>().join(", "));
        Ok(Wish {
            chat: Chat::from_code(&self.chat).ok_or_else(unknown)?,
            slow_s: self.slow_s.trim().parse().unwrap_or(0),
            pre_moderated: !self.pre_moderated.is_empty(),
            danmaku: !self.danmaku.is_empty(),
        })
    }
}
