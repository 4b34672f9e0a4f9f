//! Rooms: what is said and asked while people watch together (G7, S9, S12, S15, S19).

mod board;
mod counted;
mod files;
mod groups;
mod hub;
mod lessons;
mod moments;
mod questions;
mod socket;
mod talk;

use crate::support::{Client, TestApp};
use app::broadcasts::{Broadcast, BroadcastId};
use kernel::Clock;
use serde_json::{Value, json};

/// A new name for something that is sent.
pub fn name(n: u32) -> String {
    format!("0198aaaa-0000-7000-8000-{n:012}")
}

/// Says something.
pub async fn say(who: &Client, room: &Broadcast, n: u32, text: &str) -> crate::support::client::Reply {
    who.post(&format!("/rooms/{}/messages", room.id), &json!({ "client_id": name(n), "text": text, "danmaku": true })).await
}

/// Asks something; the id of the question.
pub async fn ask(who: &Client, room: &Broadcast, n: u32, text: &str) -> String {
    let reply = who.post(&format!("/rooms/{}/questions", room.id), &json!({ "client_id": name(n), "text": text })).await;
    reply.expect(201).json()["id"].as_str().unwrap().to_owned()
}

/// Everybody may speak without waiting for a moderator.
pub async fn unmoderated(host: &Client, room: &Broadcast) {
    let rules = json!({ "chat": "open", "slow_s": 0, "pre_moderated": false, "danmaku": true });
    host.json(axum::http::Method::PUT, &format!("/rooms/{}/rules", room.id), &rules).await.expect(204);
}

/// What a reader is told who looks in, after a tick.
pub async fn look(app: &TestApp, who: &Client, room: &Broadcast, query: &str) -> Vec<Value> {
    app.rooms.tick(app.clock.now());
    who.get(&format!("/rooms/{}/messages{query}", room.id)).await.expect(200).json()["events"].as_array().unwrap().clone()
}

/// Those of one kind.
pub fn only<'e>(events: &'e [Value], kind: &str) -> Vec<&'e Value> {
    events.iter().filter(|event| event["kind"] == kind).collect()
}

/// The texts of all messages.
pub fn texts(events: &[Value]) -> Vec<&str> {
    only(events, "message").iter().filter_map(|event| event["text"].as_str()).collect()
}

/// How many audit records there are of an action.
pub async fn audited(app: &TestApp, action: &str) -> usize {
    let wanted = app::audit::Wanted { action: action.to_owned(), ..app::audit::Wanted::default() };
    app::audit::older(&mut app.db.read().await.unwrap(), &wanted, "", 1_000).await.unwrap().len()
}

/// Takes over what was changed in the records, as the chores of a server do.
pub async fn follow(app: &TestApp, id: BroadcastId) {
    app::rooms::work::follow(app, id).await.unwrap_or_else(|p| panic!("{}", p.code));
}
