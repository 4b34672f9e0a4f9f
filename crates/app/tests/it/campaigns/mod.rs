//! Campaigns over HTTP and in both databases (B1, B3, B4, B6).

mod api;
mod contents;
mod pages;

use crate::support::tree::org;
use crate::support::{Client, TestApp};
use axum::http::Method;
use kernel::Clock;
use serde_json::{Value, json};

pub const LIST: &str = "/api/v1/campaigns";

pub fn day(app: &TestApp, days: i64) -> i64 {
    app.clock.now().plus_days(days).0
}

pub fn basics(app: &TestApp) -> Value {
    json!({
        "organisation": org("province").to_string(), "code": "autumn", "title": "Autumn lectures", "theme": "Fields\nand books",
        "zone": "Asia/Shanghai", "opens_at": day(app, 1), "closes_at": day(app, 60),
    })
}

pub fn stages(app: &TestApp) -> Value {
    let stage = |kind: &str, depth: i64, closes: i64| json!({ "kind": kind, "depth": depth, "opens_at": day(app, 1), "closes_at": day(app, closes), "grace_s": 3600 });
    json!({ "stages": [stage("submit", -1, 20), stage("review", 3, 25), stage("review", 0, 50)] })
}

pub fn category() -> Value {
    let video = json!({ "slot": "video", "required": true, "most": 1, "kinds": ["mp4"], "min_seconds": 480, "max_seconds": 2700 });
    json!({ "code": "main", "name": "Main", "rules": { "slots": [video] } })
}

/// A draft with everything it needs to open.
pub async fn written(app: &TestApp, admin: &Client) -> String {
    let made = admin.post(LIST, &basics(app)).await.expect(201);
    let at = made.header("location").to_owned();
    admin.post(&format!("{at}/categories"), &category()).await.expect(201);
    admin.json(Method::PUT, &format!("{at}/stages"), &stages(app)).await.expect(200);
    at
}
