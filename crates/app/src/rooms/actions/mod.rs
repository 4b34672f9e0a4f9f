//! Acts in a room: rows and audit record in one transaction, then the hub is told.

mod answering;
mod asking;
mod grouping;
mod moderating;
mod speaking;
mod words;

pub use answering::{Answer, answer, approve_question, merge, remove_question};
pub use asking::{Ask, Asked, ask, ask_about, room_of, vote};
pub use grouping::{Watched, groups_of, leave_group, watch_as_group};
pub use moderating::{approve, ban, clear, remove, set_rules};
pub use speaking::{Spoken, Words, react, say};
pub use words::{WordLists, keep_words, word_lists};

use super::hub::{News, Room, Turn};
use super::reading::facts;
use super::store::Talk;
use crate::audit::{self, Entry};
use crate::broadcasts::{Admission, Broadcast, BroadcastId, Broadcasts, State};
use crate::db::Tx;
use crate::organisations::{Action, may};
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Actor};
use std::sync::Arc;

/// Whether `actor` moderates the room of a broadcast.
pub fn moderates(app: &App, actor: &Actor, broadcast: &Broadcast) -> bool {
    may(&app.tree.load(), actor, Action::Broadcast, broadcast.organisation)
}

/// Whether somebody may read in a room.
///
/// # Errors
///
/// 404 for a broadcast that was called off; `sign-in-first` where only those who are signed in are let in.
pub fn may_read(broadcast: &Broadcast, actor: Option<&Actor>) -> Result<(), Problem> {
    if broadcast.state == State::Cancelled {
        return Err(Problem::not_found());
    }
    if broadcast.admission == Admission::SignedIn && actor.is_none() {
        return Err(Problem::sign_in_first());
    }
    Ok(())
}

/// Lets somebody in who reads: from memory when the room is open.
///
/// # Errors
///
/// As [`may_read`]; 404 for one that does not exist; `banned` for somebody who was sent out for good.
pub async fn enter(app: &App, id: BroadcastId, actor: Option<&Actor>) -> Result<Arc<Room>, Problem> {
    let room = if let Some(room) = app.rooms.get(id) {
        room
    } else {
        let broadcast = Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
        may_read(&broadcast, actor)?;
        app.rooms.open(app, broadcast).await?
    };
    may_read(&room.broadcast(), actor)?;
    if let Some(actor) = actor {
        not_banned(app, id, actor.account).await?;
    }
    Ok(room)
}

async fn not_banned(app: &App, id: BroadcastId, account: AccountId) -> Result<(), Problem> {
    let ban = Talk(&mut app.db.read().await?).ban(id, account).await?;
    if ban.is_some_and(|ban| ban.until.is_none()) { Err(Problem::denied("banned")) } else { Ok(()) }
}

/// The room of a broadcast as the records say it is now, for somebody who writes.
pub(super) async fn opened(app: &App, id: BroadcastId, actor: Option<&Actor>) -> Result<(Broadcast, Arc<Room>), Problem> {
    let broadcast = Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    may_read(&broadcast, actor)?;
    let room = app.rooms.open(app, broadcast.clone()).await?;
    Ok((broadcast, room))
}

/// The broadcast and a turn in its room, for somebody who moderates it.
///
/// # Errors
///
/// 404, and `forbidden` (audited) without [`Action::Broadcast`] there.
pub(super) async fn moderating(app: &App, actor: &Actor, id: BroadcastId) -> Result<(Broadcast, Turn), Problem> {
    let (broadcast, room) = opened(app, id, Some(actor)).await?;
    if !moderates(app, actor, &broadcast) {
        return Err(Problem::forbidden());
    }
    Ok((broadcast, room.turn().await))
}

/// Tells a room how its broadcast stands now, when that is news.
pub fn follow(app: &App, room: &Room, broadcast: Broadcast) {
    let before = room.broadcast();
    if !room.set_broadcast(broadcast) {
        return;
    }
    let now = room.broadcast();
    room.tell(News::state(&facts(app, &now, room.watching())));
    if room.set_stage(now.stage(app)) || now.profile != before.profile {
        room.tell(News::rules(&room.rules(), now.profile_now(app), now.stage(app)));
    }
}

/// Tells a room how much is given up now, when that is news.
pub fn restage(app: &App, room: &Room) {
    let broadcast = room.broadcast();
    let stage = broadcast.stage(app);
    if room.set_stage(stage) {
        room.tell(News::rules(&room.rules(), broadcast.profile_now(app), stage));
        room.tell(News::state(&facts(app, &broadcast, room.watching())));
    }
}

/// Tells the audit trail what a moderator did.
async fn record(
    app: &App,
    tx: &mut Tx,
    of: &Broadcast,
    by: &Actor,
    action: &str,
    object: String,
    detail: serde_json::Value,
) -> Result<(), Problem> {
    let entry = Entry { account: Some(by.account), organisation: Some(of.organisation), action, object, allowed: true, detail };
    Ok(audit::record(tx, app.clock.as_ref(), entry).await?)
}
