//! `/broadcasts/{id}/board`: what waits, what is shown, what is asked; every act is a plain form.

use crate::broadcasts::BroadcastId;
use crate::i18n::Texts;
use crate::problem::Problem;
use crate::rooms::actions;
use crate::rooms::panel::in_script;
use crate::rooms::reading::{self, HISTORY, QUESTIONS, Reader, WAITING};
use crate::rooms::views::{BoardPage, MessageLine, QuestionLine, Told};
use crate::rooms::{Chat, GroupCount, Groups, Questions, Talk};
use crate::state::App;
use crate::web::{Done, SignedIn, Visit, html};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::Actor;

/// `GET /broadcasts/{id}/board`
pub async fn board(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<BroadcastId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    page(&app, &visit, &me, id, Told { done: done.notice(&visit.texts), error: String::new() }).await
}

/// The board, with what was done or refused.
pub(super) async fn page(app: &App, visit: &Visit, me: &Actor, id: BroadcastId, told: Told) -> Result<Response, Problem> {
    let room = actions::enter(app, id, Some(me)).await?;
    let broadcast = room.broadcast();
    if !actions::moderates(app, me, &broadcast) {
        return Err(Problem::forbidden());
    }
    let (_, history) = reading::polled(app, &room, Reader { after: 0, account: Some(me.account), board: true }).await?;
    let (rules, words) = (room.rules(), &visit.texts);
    let mut tx = app.db.read().await?;
    let lines = |messages: Vec<_>| messages.iter().map(|m| MessageLine::of(words, m)).collect();
    let questions = Questions(&mut tx).open(id, QUESTIONS).await?;
    html(&BoardPage {
        p: visit.page(app, words.s("room-board")),
        told,
        id: id.to_string(),
        history: in_script(&history),
        title: broadcast.title.clone(),
        watching: words.with("room-watching", "n", room.watching() as i64),
        groups: in_groups(words, Groups(&mut tx).of_broadcast(id).await?),
        chats: Chat::ALL.iter().map(|c| (c.code(), words.s(&format!("chat-{}", c.code())), *c == rules.chat)).collect(),
        waiting: lines(Talk(&mut tx).waiting(id, WAITING).await?),
        shown: lines(Talk(&mut tx).newest(id, i64::MAX, HISTORY).await?),
        questions: questions.iter().map(|q| QuestionLine::of(words, q)).collect(),
        rules,
    })
}

fn in_groups(words: &Texts, GroupCount { groups, people }: GroupCount) -> String {
    if groups == 0 { String::new() } else { words.args("room-groups", &[("groups", groups.to_string()), ("people", people.to_string())]) }
}
