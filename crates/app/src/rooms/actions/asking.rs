//! Asking the lecturer and voting, during the broadcast and afterwards on the page of the lesson.

use super::speaking::sender;
use super::{may_read, moderates, opened};
use crate::broadcasts::{Broadcast, BroadcastId, Broadcasts, State};
use crate::db::Tx;
use crate::lessons::{Catalogue, LessonId, Lessons};
use crate::problem::Problem;
use crate::rooms::facts;
use crate::rooms::hub::{News, Room};
use crate::rooms::model::{Ban, Question, QuestionId, QuestionState, WordAction};
use crate::rooms::moments::Moments;
use crate::rooms::rules;
use crate::rooms::store::{Questions, Talk};
use crate::state::App;
use crate::texts;
use kernel::{Actor, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A question as somebody sends it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewQuestion)]
pub struct Ask {
    /// The sender's own name for it, a UUID: repeated, it is the same question.
    pub client_id: String,
    /// 1 to 500 characters.
    pub text: String,
    /// On the page of a lesson: at which moment of the recording, milliseconds.
    #[serde(default)]
    pub at_ms: Option<i64>,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Asked {
    /// Its id.
    #[schema(value_type = String)]
    pub id: QuestionId,
    /// Shown, or waiting for a moderator.
    pub state: QuestionState,
}

/// Asks in a room. The same `client_id` with the same text answers as the first time.
///
/// # Errors
///
/// `invalid`; 403 `muted`, `banned`, `room-closed`; 409 `client-id-reused`, `too-many-questions`; 422 `word-refused`; 429 `slow-down`.
pub async fn ask(app: &App, actor: &Actor, name: &str, id: BroadcastId, ask: Ask) -> Result<Asked, Problem> {
    let text = checked(app, actor, &ask).await?;
    let (broadcast, room) = opened(app, id, Some(actor)).await?;
    if !rules::is_open(&broadcast, app.clock.now()) {
        return Err(Problem::denied("room-closed"));
    }
    let at_ms = rules::moment_of(&broadcast, app.clock.now());
    put(app, actor, name, &broadcast, &room, Ask { text, at_ms, ..ask }).await
}

/// Asks about a lesson that everybody may watch and that was broadcast: whoever moderated then looks at it.
///
/// # Errors
///
/// 404 for a lesson that is not public; 409 `no-room` for one that was never broadcast; otherwise as [`ask`].
pub async fn ask_about(app: &App, actor: &Actor, name: &str, lesson: LessonId, ask: Ask) -> Result<Asked, Problem> {
    let text = checked(app, actor, &ask).await?;
    Catalogue(&mut app.db.read().await?).find(lesson).await?.ok_or_else(Problem::not_found)?;
    let broadcast = room_of(app, lesson).await?.ok_or_else(|| Problem::conflict("no-room"))?;
    may_read(&broadcast, Some(actor))?;
    let room = app.rooms.open(app, broadcast.clone()).await?;
    let moments = Moments::of(&mut app.db.read().await?, broadcast.clone()).await?;
    let at_ms = ask.at_ms.map(|ms| moments.whole(ms.max(0)));
    put(app, actor, name, &broadcast, &room, Ask { text, at_ms, ..ask }).await
}

/// The broadcast in whose room questions about a lesson are looked at: the newest that was not called off.
pub async fn room_of(app: &App, lesson: LessonId) -> Result<Option<Broadcast>, Problem> {
    let held = Broadcasts(&mut app.db.read().await?).of_lesson(lesson).await?;
    Ok(held.into_iter().find(|b| b.state != State::Cancelled))
}

async fn checked(app: &App, actor: &Actor, ask: &Ask) -> Result<String, Problem> {
    let text = texts::check_lines("text", &ask.text, 1, rules::QUESTION).map_err(|fault| Problem::invalid(vec![fault]))?;
    sender(app, actor, &ask.client_id)?;
    match app.rooms.words(app).await?.action(&text) {
        Some(WordAction::Refuse) => Err(Problem::unprocessable("word-refused")),
        _ => Ok(text),
    }
}

async fn put(app: &App, actor: &Actor, name: &str, broadcast: &Broadcast, room: &Arc<Room>, ask: Ask) -> Result<Asked, Problem> {
    let (turn, now) = (room.turn().await, app.clock.now());
    let mut tx = app.db.begin().await?;
    if let Some(before) = Questions(&mut tx).sent_as(broadcast.lesson, actor.account, &ask.client_id).await? {
        let same = before.text == ask.text;
        return if same { Ok(Asked { id: before.id, state: before.state }) } else { Err(Problem::conflict("client-id-reused")) };
    }
    let moderator = moderates(app, actor, broadcast);
    if !moderator {
        not_muted(&mut tx, broadcast.id, actor, now).await?;
        if Questions(&mut tx).open_of(broadcast.lesson, actor.account).await? >= rules::OPEN_QUESTIONS {
            return Err(Problem::conflict("too-many-questions").with("most", rules::OPEN_QUESTIONS));
        }
    }
    let told = turn.number();
    let question = Question {
        id: QuestionId::new(app.clock.as_ref()),
        lesson: broadcast.lesson,
        broadcast: Some(broadcast.id),
        account: actor.account,
        name: name.to_owned(),
        text: ask.text,
        client_id: ask.client_id,
        // Nobody but a moderator asks before everybody unseen, however the chat is run.
        state: if moderator { QuestionState::Shown } else { QuestionState::Waiting },
        votes: 0,
        merged_into: None,
        answer: None,
        answered_by: None,
        answered_at: None,
        answered_at_ms: None,
        asked_at: now,
        at_ms: ask.at_ms,
        told,
    };
    Questions(&mut tx).insert(&question).await?;
    let lesson = Lessons(&mut tx).find(broadcast.lesson).await?.ok_or_else(Problem::not_found)?;
    facts::post(app, &mut tx, lesson.organisation, None, &question).await?;
    tx.commit().await?;
    turn.tell([(told, News::question(&question))], now);
    Ok(Asked { id: question.id, state: question.state })
}

async fn not_muted(tx: &mut Tx, id: BroadcastId, actor: &Actor, now: Timestamp) -> Result<(), Problem> {
    match Talk(tx).ban(id, actor.account).await?.filter(|ban| ban.holds(now)) {
        None => Ok(()),
        Some(Ban { until: None }) => Err(Problem::denied("banned")),
        Some(Ban { until: Some(until) }) => Err(Problem::denied("muted").with("until", until.0)),
    }
}

/// Says that a question interests the actor too, or no longer. Repeating it changes nothing.
///
/// # Errors
///
/// 404 for a question that this reader does not see; 409 `no-vote` for one's own, or one that is not open; `room-closed`.
pub async fn vote(app: &App, actor: &Actor, id: BroadcastId, question: QuestionId, wanted: bool) -> Result<(), Problem> {
    sender(app, actor, "00000000")?;
    let (broadcast, room) = opened(app, id, Some(actor)).await?;
    let (turn, now) = (room.turn().await, app.clock.now());
    let mut tx = app.db.begin().await?;
    let found = Questions(&mut tx).find(question).await?.filter(|q| q.broadcast == Some(id) && seen(q));
    let found = found.ok_or_else(Problem::not_found)?;
    if !rules::may_vote(found.state, found.account, actor.account) {
        return Err(Problem::conflict("no-vote"));
    }
    if !rules::is_open(&broadcast, now) {
        return Err(Problem::denied("room-closed"));
    }
    not_muted(&mut tx, id, actor, now).await?;
    if !Questions(&mut tx).vote(question, actor.account, wanted).await? {
        return Ok(());
    }
    let told = turn.number();
    let votes = Questions(&mut tx).count(question, told).await?;
    tx.commit().await?;
    turn.tell([(told, News::question(&Question { votes, told, ..found }))], now);
    Ok(())
}

/// Whether people who do not moderate see a question.
fn seen(question: &Question) -> bool {
    matches!(question.state, QuestionState::Shown | QuestionState::Answered)
}
