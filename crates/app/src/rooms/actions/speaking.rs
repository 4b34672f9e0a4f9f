//! Saying something, and clapping.

use super::{moderates, opened};
use crate::broadcasts::{Broadcast, BroadcastId};
use crate::problem::Problem;
use crate::rooms::hub::{News, Reaction, Turn};
use crate::rooms::model::{Message, MessageId, MessageState};
use crate::rooms::rules::{self, Refusal, Speaker};
use crate::rooms::store::Talk;
use crate::state::App;
use crate::texts;
use kernel::{Actor, Scope};
use serde::{Deserialize, Serialize};

/// Attempts of one account in a minute, good or bad: what is over that is refused before anybody waits for the room.
const ATTEMPTS: u32 = 120;
/// Claps of one address in a minute: a hall claps through one.
const CLAPS: u32 = 600;

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Words)]
pub struct Words {
    /// The sender's own name for it, a UUID: repeated, it is the same message.
    pub client_id: String,
    /// 1 to 200 characters in one line.
    pub text: String,
    /// Whether it may fly over the picture.
    #[serde(default)]
    pub danmaku: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Spoken {
    /// Its number in the room, once it is shown.
    pub seq: Option<i64>,
    /// Shown, or waiting for a moderator.
    pub state: MessageState,
}

/// Says something in a room. The same `client_id` with the same text answers as the first time.
///
/// # Errors
///
/// `invalid`; 403 `muted`, `chat-closed`, `room-closed`; 409 `client-id-reused`, `said-already`; 422 `word-refused`;
/// 429 `slow-down` with `seconds`.
pub async fn say(app: &App, actor: &Actor, name: &str, id: BroadcastId, words: Words) -> Result<Spoken, Problem> {
    let text = texts::check("text", &words.text, 1, rules::MESSAGE).map_err(|fault| Problem::invalid(vec![fault]))?;
    sender(app, actor, &words.client_id)?;
    let (broadcast, room) = opened(app, id, Some(actor)).await?;
    let who = if moderates(app, actor, &broadcast) { Speaker::Moderator } else { Speaker::Viewer };
    let found = app.rooms.words(app).await?.action(&text);
    let (turn, now) = (room.turn().await, app.clock.now());
    let mut tx = app.db.begin().await?;
    if let Some(before) = Talk(&mut tx).sent_as(id, actor.account, &words.client_id).await? {
        return again(&before, &text);
    }
    let (own, in_force) = (Talk(&mut tx).own(id, actor.account, now).await?, Talk(&mut tx).rules(id).await?);
    rules::may_speak(who, rules::is_open(&broadcast, now), &in_force, &own, &text, now).map_err(refused)?;
    let state = rules::fate(who, in_force.pre_moderated, found).map_err(refused)?;
    let told = turn.number();
    let message = Message {
        id: MessageId::new(app.clock.as_ref()),
        broadcast: id,
        account: actor.account,
        name: name.to_owned(),
        text,
        danmaku: words.danmaku && in_force.danmaku,
        client_id: words.client_id,
        state,
        at: now,
        at_ms: rules::moment_of(&broadcast, now),
        seq: (state == MessageState::Shown).then_some(told),
        told,
    };
    Talk(&mut tx).insert(&message).await?;
    tx.commit().await?;
    said(&turn, &message);
    Ok(Spoken { seq: message.seq, state })
}

fn said(turn: &Turn, message: &Message) {
    let news = if message.state == MessageState::Shown { News::message(message) } else { News::waiting(message) };
    turn.tell([(message.told, news)], message.at);
}

fn again(before: &Message, text: &str) -> Result<Spoken, Problem> {
    if before.text == text { Ok(Spoken { seq: before.seq, state: before.state }) } else { Err(Problem::conflict("client-id-reused")) }
}

/// What holds for everything that somebody sends: its name is plain, a token may write, and nobody hammers.
pub(super) fn sender(app: &App, actor: &Actor, client_id: &str) -> Result<(), Problem> {
    if !rules::is_client_id(client_id) {
        return Err(Problem::field("client_id", "length", client_id, "8–64"));
    }
    if !actor.in_scope(Scope::Submit) {
        return Err(Problem::forbidden());
    }
    if !app.limits.allow("talk", &actor.account.to_string(), ATTEMPTS, app.clock.now()) {
        return Err(slow_down(60_000));
    }
    Ok(())
}

fn slow_down(ms: i64) -> Problem {
    Problem::too_many("slow-down").with("seconds", (ms + 999) / 1_000)
}

fn refused(why: Refusal) -> Problem {
    match why {
        Refusal::NotOpen => Problem::denied("room-closed"),
        Refusal::Closed => Problem::denied("chat-closed"),
        Refusal::Muted(None) => Problem::denied("banned"),
        Refusal::Muted(Some(until)) => Problem::denied("muted").with("until", until.0),
        Refusal::Wait(ms) => slow_down(ms),
        Refusal::Same => Problem::conflict("said-already"),
        Refusal::Word => Problem::unprocessable("word-refused"),
    }
}

/// Claps. Nobody needs to be signed in where everybody may watch.
///
/// # Errors
///
/// 403 `room-closed`; 429 `slow-down`.
pub async fn react(
    app: &App,
    actor: Option<&Actor>,
    address: &str,
    id: BroadcastId,
    (kind, weight): (Reaction, u32),
) -> Result<(), Problem> {
    let room = super::enter(app, id, actor).await?;
    let (broadcast, now): (std::sync::Arc<Broadcast>, _) = (room.broadcast(), app.clock.now());
    if !rules::is_open(&broadcast, now) {
        return Err(Problem::denied("room-closed"));
    }
    if !app.limits.allow("clap", address, CLAPS, now) {
        return Err(slow_down(60_000));
    }
    room.react(kind, weight, now);
    Ok(())
}
