//! Coming in: what was told before, from memory or from the records, then whatever comes, without a gap and without a repetition.
//!
//! Listening begins first; then what was told up to that number is read; the rest is heard.

use super::api::wire::Text;
use super::hub::{Event, Listener, News, Room, array};
use super::model::{Message, MessageState, Question, QuestionState};
use super::moments::Moments;
use super::store::{Questions, Talk};
use crate::broadcasts::{Broadcast, BroadcastId, State};
use crate::db::{DbError, Tx};
use crate::state::App;
use kernel::AccountId;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Messages that somebody who comes in reads.
pub const HISTORY: usize = 50;
/// Questions that somebody who comes in reads.
pub const QUESTIONS: usize = 100;
/// Changes that somebody who was long away is told of.
const CHANGES: usize = 500;
/// Messages that wait on a board.
pub const WAITING: usize = 200;
/// Messages that are kept with a recording.
const REPLAYED: usize = 20_000;

/// Who reads, and from where on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader {
    /// Everything up to this number was heard; 0 for nothing.
    pub after: i64,
    /// Who, if signed in.
    pub account: Option<AccountId>,
    /// Whether what moderators see is wanted, and allowed.
    pub board: bool,
}

/// Comes in to stay: what was told so far (with its last number), and what hears the rest.
pub async fn joined(app: &App, room: &Arc<Room>, reader: Reader) -> Result<(i64, Text, Listener), DbError> {
    let (last, listener) = room.listen(reader.account, reader.board);
    let text = told(app, room, reader, last, true).await?;
    Ok((last, text, listener))
}

/// Looks in: what was told since, with its last number.
pub async fn polled(app: &App, room: &Room, reader: Reader) -> Result<(i64, Text), DbError> {
    let last = room.last();
    Ok((last, told(app, room, reader, last, false).await?))
}

async fn told(app: &App, room: &Room, reader: Reader, last: i64, stays: bool) -> Result<Text, DbError> {
    let anew = reader.after <= 0;
    let alike = anew && reader.account.is_none() && !reader.board;
    let now = app.clock.now();
    if alike && let Some(known) = room.history(last, now) {
        return Ok(known);
    }
    let in_memory = if anew { None } else { room.since(reader.after, reader.account, reader.board) };
    let from_records = in_memory.is_none();
    let mut events = match in_memory {
        Some(events) => events.into_iter().filter(|event| event.seq <= last).collect(),
        None => recorded(app, room, reader, last).await?,
    };
    if stays || from_records {
        events.extend(as_it_is(app, room, reader.account, last).await?);
    }
    let text = Text::from(array(&events));
    if alike {
        room.keep_history(last, now, text.clone());
    }
    Ok(text)
}

/// From the records: the last messages and open questions, or what changed since.
async fn recorded(app: &App, room: &Room, reader: Reader, last: i64) -> Result<Vec<Event>, DbError> {
    let mut tx = app.db.read().await?;
    let mut events = if reader.after <= 0 { history(&mut tx, room, last).await? } else { changes(&mut tx, room, reader, last).await? };
    if reader.board && reader.after <= 0 {
        let waiting = Talk(&mut tx).waiting(room.id, WAITING).await?;
        events.extend(waiting.iter().map(|m| News::waiting(m).numbered(m.told)));
        let open = Questions(&mut tx).open(room.id, QUESTIONS).await?;
        let waiting = open.iter().filter(|q| q.state == QuestionState::Waiting);
        events.extend(waiting.map(|q| News::question(q).numbered(q.told)));
    }
    events.retain(|event| event.seq <= last && event.is_for(reader.account, reader.board));
    events.sort_by_key(|event| event.seq);
    Ok(events)
}

async fn history(tx: &mut Tx, room: &Room, last: i64) -> Result<Vec<Event>, DbError> {
    let messages = Talk(tx).newest(room.id, last, HISTORY).await?;
    let questions = Questions(tx).newest(room.id, last, QUESTIONS).await?;
    let messages = messages.iter().map(|m| News::message(m).numbered(m.seq.unwrap_or(m.told)));
    Ok(messages.chain(questions.iter().map(|q| News::question(q).numbered(q.told))).collect())
}

async fn changes(tx: &mut Tx, room: &Room, reader: Reader, last: i64) -> Result<Vec<Event>, DbError> {
    let cleared = Talk(tx).rules(room.id).await?.cleared;
    let messages = Talk(tx).told_between(room.id, reader.after, last, CHANGES).await?;
    let questions = Questions(tx).told_between(room.id, reader.after, last, CHANGES).await?;
    // What went with a clearing needs no word of its own.
    let messages = messages.iter().filter(|m| m.state != MessageState::Removed || m.told != cleared).map(changed);
    let mut events: Vec<_> = messages.chain(questions.iter().map(|q| News::question(q).numbered(q.told))).collect();
    if cleared > reader.after {
        events.push(News::cleared().numbered(cleared));
    }
    Ok(events)
}

fn changed(m: &Message) -> Event {
    let news = match m.state {
        MessageState::Waiting => News::waiting(m),
        MessageState::Shown => News::message(m),
        MessageState::Removed => News::removed(m.id, m.seq.is_some()),
    };
    news.numbered(m.told)
}

/// How the room is at this moment, for one reader: with numbers between those of the room.
async fn as_it_is(app: &App, room: &Room, account: Option<AccountId>, last: i64) -> Result<Vec<Event>, DbError> {
    let broadcast = room.broadcast();
    let mut events = vec![
        News::rules(&room.rules(), broadcast.profile_now(app), broadcast.stage(app)).numbered(last + 1),
        News::state(&facts(app, &broadcast, room.watching())).numbered(last + 2),
        News::presence(room.here()).numbered(last + 3),
    ];
    if let Some(account) = account {
        let ban = Talk(&mut app.db.read().await?).ban(room.id, account).await?;
        let holds = ban.filter(|ban| ban.holds(app.clock.now()));
        events.extend(holds.map(|ban| News::muted(account, ban.until).numbered(last + 4)));
    }
    Ok(events)
}

/// Where a broadcast stands, as far as it is the same for every viewer.
pub fn facts(app: &App, broadcast: &Broadcast, watching: usize) -> Value {
    let state = match broadcast.state {
        State::OnAir if broadcast.held_at.is_some() => "paused",
        State::OnAir => "on_air",
        other => other.code(),
    };
    json!({ "state": state, "mode": broadcast.profile_now(app), "starts_at": broadcast.starts_at, "ends_at": broadcast.ends_at,
            "now": app.clock.now(), "watching": watching })
}

/// A message at its moment of the recording.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = SaidThen)]
pub struct Said {
    /// Milliseconds from the start of what was on air.
    pub at_ms: i64,
    /// Who.
    pub name: String,
    /// What.
    pub text: String,
    /// Whether it flew over the picture.
    pub danmaku: bool,
}

/// What was said while a broadcast was on air and is still shown, in the order of the recording.
pub async fn replay(app: &App, broadcast: &Broadcast) -> Result<Vec<Said>, DbError> {
    let mut tx = app.db.read().await?;
    let messages = Talk(&mut tx).shown(broadcast.id, REPLAYED).await?;
    let moments = Moments::of(&mut tx, broadcast.clone()).await?;
    let over = |m: &Message| broadcast.ended_at.is_some_and(|ended| m.at > ended);
    let said = |m: Message| {
        let at_ms = moments.said(&m)?;
        Some(Said { at_ms, name: m.name, text: m.text, danmaku: m.danmaku })
    };
    Ok(messages.into_iter().filter(|m| !over(m)).filter_map(said).collect())
}

/// Questions with their moments, as a page lists them.
pub async fn asked_about(tx: &mut Tx, lesson: crate::lessons::LessonId) -> Result<Vec<Question>, DbError> {
    let asked = Questions(&mut *tx).of_lesson(lesson, QUESTIONS).await?;
    let mut known: HashMap<BroadcastId, Option<Moments>> = HashMap::new();
    for id in asked.iter().filter_map(|question| question.broadcast) {
        if let Entry::Vacant(unknown) = known.entry(id) {
            unknown.insert(Moments::find(tx, id).await?);
        }
    }
    let of = |question: &Question| known.get(&question.broadcast?)?.as_ref();
    Ok(asked.into_iter().map(|question| if let Some(moments) = of(&question) { moments.placed(question) } else { question }).collect())
}
