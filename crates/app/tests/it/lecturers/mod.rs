//! Lecturers: kept, found, public, merged, booked, imported (A4, A8, A9).

mod booking;
mod held;
mod importing;
mod merging;
mod people;
mod public;

use crate::support::Client;
use crate::support::tree::org;
use serde_json::{Value, json};

/// Registers a lecturer; its id.
pub async fn registered(clerk: &Client, name: &str, code: &str, more: &Value) -> String {
    let mut body = json!({ "organisation": org(code), "name": name, "kind": "teacher" });
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    let made = clerk.post("/api/v1/lecturers", &body).await.expect(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn lecturer(who: &Client, id: &str) -> Value {
    who.get(&format!("/api/v1/lecturers/{id}")).await.expect(200).json()
}
