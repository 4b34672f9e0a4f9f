//! Rows of rooms, their boards and their words.

use super::rows::Expected::{self, Any, AtRoot, Everybody, SignedIn};
use super::rows::{Row, form, get, json};
use super::targets::Target;
use app::organisations::access::Action::{Broadcast, EditLesson, Operate};
use axum::http::Method;
use serde_json::{Value, json};

/// A route as browsers and as programs call it.
macro_rules! twice {
    ($path:literal) => {
        [$path, concat!("/api/v1", $path)]
    };
}

/// Every row of rooms for one target.
pub fn rooms(t: &Target) -> Vec<Row> {
    let empty = json!({ "client_id": "?", "text": "" });
    let mut rows = vec![
        get(t, "/rooms/{id}/messages", Everybody),
        get(t, "/api/v1/rooms/{id}/messages", Everybody),
        get(t, "/rooms/{id}/batches/{file}", Everybody),
        get(t, "/lessons/{id}/talk.json", Everybody),
        get(t, "/api/v1/lessons/{id}/talk", Everybody),
        get(t, "/api/v1/lessons/{id}/questions", Everybody),
        json(t, Method::POST, "/api/v1/lessons/{id}/questions", empty.clone(), SignedIn),
        form(t, "/lessons/{id}/questions", &[("client_id", "?"), ("text", "")], SignedIn),
        form(t, "/broadcasts/{id}/questions", &[("client_id", "?"), ("text", "")], SignedIn),
        form(t, "/lessons/{id}/group", &[("people", "0")], SignedIn),
        form(t, "/live/{id}/group", &[("people", "0")], SignedIn),
        get(t, "/api/v1/lessons/{id}/group-viewing", Everybody),
        json(t, Method::PUT, "/api/v1/lessons/{id}/group-viewing", json!({ "people": 0 }), SignedIn),
        json(t, Method::DELETE, "/api/v1/lessons/{id}/group-viewing", Value::Null, SignedIn),
        get(t, "/api/v1/live/{id}/group-viewing", Everybody),
        json(t, Method::PUT, "/api/v1/live/{id}/group-viewing", json!({ "people": 0 }), SignedIn),
        json(t, Method::DELETE, "/api/v1/live/{id}/group-viewing", Value::Null, SignedIn),
        get(t, "/broadcasts/{id}/board", Any(&[Broadcast])),
        form(t, "/broadcasts/{id}/board", &[("act", "rules"), ("chat", "?")], Any(&[Broadcast])),
        get(t, "/administration/words", AtRoot(Operate)),
        form(t, "/administration/words", &[("hold", ""), ("refuse", ""), ("version", "?")], AtRoot(Operate)),
        get(t, "/api/v1/forbidden-words", AtRoot(Operate)),
        json(t, Method::PUT, "/api/v1/forbidden-words", json!({ "hold": [""], "refuse": [] }), AtRoot(Operate)),
    ];
    for (routes, method, body, expected) in acts(t, &empty) {
        rows.extend(routes.map(|route| json(t, method.clone(), route, body.clone(), expected)));
    }
    // What is taken away already may be taken away again.
    for row in
        rows.iter_mut().filter(|row| row.method == Method::DELETE && row.path.contains("/questions/") && !row.path.ends_with("/votes"))
    {
        row.path = row.path.replace(&t.answered, &t.gone);
    }
    rows
}

type Act = ([&'static str; 2], Method, Value, Expected);

fn acts(t: &Target, empty: &Value) -> Vec<Act> {
    let (moderates, post, delete) = (Any(&[Broadcast]), Method::POST, Method::DELETE);
    let rules = json!({ "chat": "slow", "slow_s": 601, "pre_moderated": true, "danmaku": true });
    vec![
        (twice!("/rooms/{id}/messages"), post.clone(), empty.clone(), SignedIn),
        (twice!("/rooms/{id}/questions"), post.clone(), empty.clone(), SignedIn),
        (twice!("/rooms/{id}/reactions"), post.clone(), json!({ "kind": "clap" }), Everybody),
        (twice!("/rooms/{id}/questions/{question}/votes"), post.clone(), Value::Null, SignedIn),
        (twice!("/rooms/{id}/questions/{question}/votes"), delete.clone(), Value::Null, SignedIn),
        (twice!("/rooms/{id}/messages/{message}"), delete.clone(), Value::Null, moderates),
        (twice!("/rooms/{id}/messages/{message}/approval"), post.clone(), Value::Null, moderates),
        (twice!("/rooms/{id}/bans"), post.clone(), json!({ "message": t.removed, "minutes": 0 }), moderates),
        (twice!("/rooms/{id}/clearing"), post.clone(), Value::Null, moderates),
        (twice!("/rooms/{id}/rules"), Method::PUT, rules, moderates),
        (twice!("/rooms/{id}/questions/{question}/approval"), post.clone(), Value::Null, moderates),
        (twice!("/rooms/{id}/questions/{question}/merge"), post.clone(), json!({ "into": t.answered }), moderates),
        (twice!("/rooms/{id}/questions/{question}/answer"), post, json!({ "text": "" }), Any(&[Broadcast, EditLesson])),
        (twice!("/rooms/{id}/questions/{question}"), delete, Value::Null, moderates),
    ]
}
