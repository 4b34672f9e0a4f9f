//! What moderators do with messages, people and the room.

use super::{moderating, record};
use crate::broadcasts::BroadcastId;
use crate::problem::Problem;
use crate::rooms::hub::News;
use crate::rooms::model::{Ban, Message, MessageId, MessageState, RoomRules, Wish};
use crate::rooms::rules;
use crate::rooms::store::Talk;
use crate::state::App;
use kernel::Actor;
use serde_json::json;

/// Longest time for which somebody is muted before it is for good, minutes: 30 days.
const MOST_MINUTES: i64 = 43_200;

/// Lets everybody see a message that waits. One that is shown already stays as it is.
///
/// # Errors
///
/// 404; 409 `not-possible` for one that was removed; rights as [`moderating`].
pub async fn approve(app: &App, actor: &Actor, id: BroadcastId, message: MessageId) -> Result<(), Problem> {
    decide(app, actor, id, message, MessageState::Shown).await
}

/// Takes a message away, from everybody's screen too.
///
/// # Errors
///
/// 404; rights as [`moderating`].
pub async fn remove(app: &App, actor: &Actor, id: BroadcastId, message: MessageId) -> Result<(), Problem> {
    decide(app, actor, id, message, MessageState::Removed).await
}

async fn decide(app: &App, actor: &Actor, id: BroadcastId, message: MessageId, to: MessageState) -> Result<(), Problem> {
    let (broadcast, turn) = moderating(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    let was = Talk(&mut tx).message(id, message).await?.ok_or_else(Problem::not_found)?;
    if was.state == to {
        return Ok(());
    }
    if was.state == MessageState::Removed {
        return Err(Problem::conflict("not-possible").with("state", was.state.code()));
    }
    let told = turn.number();
    Talk(&mut tx).decide(message, to, told, actor.account).await?;
    let action = if to == MessageState::Shown { "room.message-approved" } else { "room.message-removed" };
    let detail = json!({ "broadcast": id, "account": was.account, "from": was.state });
    record(app, &mut tx, &broadcast, actor, action, message.to_string(), detail).await?;
    tx.commit().await?;
    let news = if to == MessageState::Shown {
        News::message(&Message { state: to, seq: Some(told), told, ..was })
    } else {
        News::removed(message, was.seq.is_some())
    };
    turn.tell([(told, news)], app.clock.now());
    Ok(())
}

/// Mutes whoever said `message`, for some minutes or for good, and takes away what the person said. For good means sent out of the room.
///
/// # Errors
///
/// 404; `invalid` minutes; 409 `bans-moderator` for somebody who may moderate himself; rights as [`moderating`].
pub async fn ban(app: &App, actor: &Actor, id: BroadcastId, message: MessageId, minutes: Option<i64>) -> Result<(), Problem> {
    let (broadcast, turn) = moderating(app, actor, id).await?;
    if let Some(found) = minutes.filter(|m| !(1..=MOST_MINUTES).contains(m)) {
        return Err(Problem::field("minutes", "number-range", found.to_string(), format!("1–{MOST_MINUTES}")));
    }
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let said = Talk(&mut tx).message(id, message).await?.ok_or_else(Problem::not_found)?;
    if said.account == actor.account {
        return Err(Problem::conflict("bans-moderator"));
    }
    let ban = Ban { until: minutes.map(|m| now.plus_ms(m * 60_000)) };
    Talk(&mut tx).set_ban(id, said.account, ban, actor.account, now).await?;
    let mut news = vec![(turn.number(), News::muted(said.account, ban.until))];
    for theirs in Talk(&mut tx).of_account(id, said.account).await? {
        let told = turn.number();
        Talk(&mut tx).decide(theirs.id, MessageState::Removed, told, actor.account).await?;
        news.push((told, News::removed(theirs.id, theirs.seq.is_some())));
    }
    let detail = json!({ "broadcast": id, "message": message, "minutes": minutes, "removed": news.len() - 1 });
    record(app, &mut tx, &broadcast, actor, "room.muted", said.account.to_string(), detail).await?;
    tx.commit().await?;
    turn.tell(news, now);
    Ok(())
}

/// Takes everything away that is shown.
///
/// # Errors
///
/// Rights as [`moderating`].
pub async fn clear(app: &App, actor: &Actor, id: BroadcastId) -> Result<(), Problem> {
    let (broadcast, turn) = moderating(app, actor, id).await?;
    let mut tx = app.db.begin().await?;
    let told = turn.number();
    let removed = Talk(&mut tx).remove_all(id, told, actor.account).await?;
    Talk(&mut tx).set_cleared(id, told).await?;
    record(app, &mut tx, &broadcast, actor, "room.cleared", id.to_string(), json!({ "removed": removed })).await?;
    tx.commit().await?;
    turn.tell([(told, News::cleared())], app.clock.now());
    Ok(())
}

/// Changes how the room is run; closing the chat is the kill switch.
///
/// # Errors
///
/// `invalid`; rights as [`moderating`].
pub async fn set_rules(app: &App, actor: &Actor, id: BroadcastId, wish: Wish) -> Result<(), Problem> {
    let (broadcast, turn) = moderating(app, actor, id).await?;
    let faults = rules::wish_faults(&wish);
    if !faults.is_empty() {
        return Err(Problem::invalid(faults));
    }
    let mut tx = app.db.begin().await?;
    let was = Talk(&mut tx).rules(id).await?;
    let is = RoomRules { chat: wish.chat, slow_s: wish.slow_s, pre_moderated: wish.pre_moderated, danmaku: wish.danmaku, ..was.clone() };
    if is == was {
        return Ok(());
    }
    Talk(&mut tx).set_rules(id, &is).await?;
    let detail = json!({ "chat": is.chat, "slow_s": is.slow_s, "pre_moderated": is.pre_moderated, "danmaku": is.danmaku });
    record(app, &mut tx, &broadcast, actor, "room.rules-changed", id.to_string(), detail).await?;
    tx.commit().await?;
    turn.room().set_rules(is.clone());
    turn.tell([(turn.number(), News::rules(&is, broadcast.profile_now(app), broadcast.stage(app)))], app.clock.now());
    Ok(())
}
