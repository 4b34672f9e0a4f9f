//! Parts of pages that others show: the room beside the picture, and questions below a lesson.

use super::actions;
use super::api::wire::Text;
use super::reading::{self, HISTORY, QUESTIONS, Reader};
use super::rules;
use super::store::{Questions, Talk};
use super::views::{AskedPanel, GroupForm, MessageLine, QuestionLine, RoomPanel, client_id};
use crate::broadcasts::{Broadcast, Profile};
use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Visit, percent_encode};
use askama::Template;

/// The room of a broadcast as HTML, for the page on which it is watched: readable and usable without script.
///
/// # Errors
///
/// As [`actions::enter`], for this visitor.
pub async fn panel(app: &App, visit: &Visit, broadcast: &Broadcast) -> Result<String, Problem> {
    let room = actions::enter(app, broadcast.id, visit.actor.as_ref()).await?;
    // Before the records are read, so that script goes on without a gap.
    let reader = Reader { account: visit.actor.as_ref().map(|actor| actor.account), ..Reader::default() };
    let (after, told) = reading::polled(app, &room, reader).await?;
    let in_force = room.rules();
    let mut tx = app.db.read().await?;
    let messages = Talk(&mut tx).newest(broadcast.id, after, HISTORY).await?;
    let questions = Questions(&mut tx).newest(broadcast.id, after, QUESTIONS).await?;
    let view = RoomPanel {
        id: broadcast.id.to_string(),
        told: in_script(&told),
        chat: in_force.chat.code(),
        slow_s: in_force.slow_s,
        danmaku: in_force.danmaku,
        pre_moderated: in_force.pre_moderated,
        transport: if broadcast.profile_now(app) == Profile::Mass { "files" } else { "socket" },
        open: rules::is_open(broadcast, app.clock.now()),
        signed_in: visit.actor.is_some(),
        moderates: visit.actor.as_ref().is_some_and(|actor| actions::moderates(app, actor, broadcast)),
        messages: messages.iter().map(|m| MessageLine::of(&visit.texts, m)).collect(),
        questions: questions.iter().map(|q| QuestionLine::of(&visit.texts, q)).collect(),
        client_id: client_id(),
        sign_in: sign_in(visit),
        p: visit.page(app, String::new()),
    };
    view.render().map_err(Problem::internal)
}

/// Questions about a lesson with their answers and moments as HTML, and a form to ask when it was broadcast; empty when there is neither.
///
/// # Errors
///
/// A failure of the records.
pub async fn questions_of(app: &App, visit: &Visit, lesson: LessonId) -> Result<String, Problem> {
    let broadcast = actions::room_of(app, lesson).await?;
    let readable = broadcast.as_ref().is_none_or(|b| actions::may_read(b, visit.actor.as_ref()).is_ok());
    let questions = if readable { reading::asked_about(&mut app.db.read().await?, lesson).await? } else { Vec::new() };
    if questions.is_empty() && broadcast.is_none() {
        return Ok(String::new());
    }
    let view = AskedPanel {
        lesson: lesson.to_string(),
        may_ask: broadcast.is_some(),
        signed_in: visit.actor.is_some(),
        questions: questions.iter().map(|q| QuestionLine::of(&visit.texts, q)).collect(),
        client_id: client_id(),
        sign_in: sign_in(visit),
        p: visit.page(app, String::new()),
    };
    view.render().map_err(Problem::internal)
}

/// The form with which somebody says how many watch before one screen, as HTML that works without script.
///
/// # Errors
///
/// 404 for what this visitor may not watch.
pub async fn group_form(app: &App, visit: &Visit, watched: actions::Watched) -> Result<String, Problem> {
    let (own, _) = actions::groups_of(app, visit.actor.as_ref(), watched).await?;
    let view = GroupForm {
        action: match watched {
            actions::Watched::Lesson(id) => format!("/lessons/{id}/group"),
            actions::Watched::Broadcast(id) => format!("/live/{id}/group"),
        },
        own: own.map(|own| own.people.to_string()).unwrap_or_default(),
        signed_in: visit.actor.is_some(),
        sign_in: sign_in(visit),
        p: visit.page(app, String::new()),
    };
    view.render().map_err(Problem::internal)
}

/// JSON that may stand inside a script element.
pub(super) fn in_script(told: &Text) -> String {
    told.as_str().replace('<', "\\u003c")
}

fn sign_in(visit: &Visit) -> String {
    format!("/sign-in?next={}", percent_encode(&visit.path))
}
