//! Rows of broadcasts, tried on one that was called off: whoever may run it is told so.

use super::rows::Expected::{Any, Anywhere, Everybody};
use super::rows::{Row, form, get, json};
use super::targets::Target;
use crate::support::TestApp;
use crate::support::tree::org;
use app::broadcasts::{Admission, Broadcast, BroadcastId, Broadcasts, Kind, Profile, State};
use app::lessons::LessonId;
use app::organisations::access::Action::Broadcast as Run;
use axum::http::Method;
use kernel::{Clock, Id};

/// A broadcast of the organisation with this code that was called off.
pub async fn called_off(app: &TestApp, code: &str, lesson: LessonId) -> String {
    let (mut tx, now) = (app.db.begin().await.unwrap(), app.clock.now());
    let creator = app::accounts::Accounts(&mut tx).find_by_login(&format!("somebody.{code}")).await.unwrap().unwrap();
    let broadcast = Broadcast {
        id: BroadcastId::new(app.clock.as_ref()),
        organisation: org(code),
        lesson,
        campaign: None,
        kind: Kind::Live,
        title: "called off".into(),
        lecturer: String::new(),
        abstract_: String::new(),
        admission: Admission::Everybody,
        host: None,
        starts_at: now,
        ends_at: now.plus_ms(3_600_000),
        state: State::Cancelled,
        profile: Profile::Interactive,
        on_air_at: None,
        ended_at: None,
        held_at: None,
        held_ms: 0,
        key_hint: None,
        material: None,
        keeps_recording: false,
        external_url: None,
        pinned_stage: None,
        series: None,
        created_by: Id::from_u128(creator.id.as_u128()),
        created_at: now,
        version: 1,
    };
    Broadcasts(&mut tx).insert(&broadcast).await.unwrap();
    tx.commit().await.unwrap();
    broadcast.id.to_string()
}

/// Every row for one target.
#[allow(clippy::too_many_lines, reason = "a table: one line a route")]
pub fn rows(t: &Target) -> Vec<Row> {
    let nothing = || serde_json::json!({});
    let plan =
        serde_json::json!({ "organisation": t.organisation, "kind": "live", "admission": "everybody", "starts_at": 0, "ends_at": 0 });
    let mut rows = vec![
        get(t, "/live/{id}", Everybody),
        get(t, "/live/{id}/state", Everybody),
        get(t, "/live/{id}/ticket", Everybody),
        get(t, "/live/{id}/qr.svg", Everybody),
        get(t, "/api/v1/live/{id}/state", Everybody),
        get(t, "/api/v1/live/{id}/ticket", Everybody),
        get(t, "/broadcasts", Anywhere(&[Run])),
        get(t, "/broadcasts/new", Anywhere(&[Run])),
        form(
            t,
            "/broadcasts",
            &[("organisation", "{organisation}"), ("starts_at", "2026-11-24T19:30"), ("ends_at", "2026-11-24T20:30")],
            Any(&[Run]),
        ),
        get(t, "/broadcasts/{id}", Any(&[Run])),
        get(t, "/broadcasts/{id}/edit", Any(&[Run])),
        form(
            t,
            "/broadcasts/{id}/edit",
            &[("version", "1"), ("starts_at", "2026-11-24T19:30"), ("ends_at", "2026-11-24T20:30")],
            Any(&[Run]),
        ),
        form(t, "/broadcasts/{id}/key", &[], Any(&[Run])),
        get(t, "/broadcasts/{id}/health", Any(&[Run])),
        form(t, "/broadcasts/{id}/on-air", &[], Any(&[Run])),
        form(t, "/broadcasts/{id}/end", &[], Any(&[Run])),
        form(t, "/broadcasts/{id}/cancel", &[], Any(&[Run])),
        form(t, "/broadcasts/{id}/hold", &[], Any(&[Run])),
        form(t, "/broadcasts/{id}/go-on", &[], Any(&[Run])),
        form(t, "/broadcasts/{id}/profile", &[("profile", "interactive")], Any(&[Run])),
        form(t, "/broadcasts/{id}/stage", &[("stage", "")], Any(&[Run])),
        json(t, Method::PUT, "/api/v1/broadcasts/{id}/stage", serde_json::json!({ "stage": "normal" }), Any(&[Run])),
        form(t, "/broadcasts/{id}/repeats", &[("starts_at", "2026-11-24T19:30")], Any(&[Run])),
        form(t, "/broadcasts/{id}/unpublication", &[], Any(&[Run])),
        get(t, "/broadcasts/{id}/recording", Any(&[Run])),
        form(t, "/broadcasts/{id}/recording", &[("from", "0:00"), ("until", "0:01")], Any(&[Run])),
        form(t, "/broadcasts/{id}/recording/whole", &[], Any(&[Run])),
        json(
            t,
            Method::PUT,
            "/api/v1/broadcasts/{id}/recording",
            serde_json::json!({ "keep": { "from_ms": 0, "until_ms": 1 } }),
            Any(&[Run]),
        ),
        json(t, Method::DELETE, "/api/v1/broadcasts/{id}/recording", nothing(), Any(&[Run])),
        get(t, "/api/v1/broadcasts", super::rows::Expected::SignedIn),
        json(t, Method::POST, "/api/v1/broadcasts", plan.clone(), Any(&[Run])),
        get(t, "/api/v1/broadcasts/{id}", Any(&[Run])),
        json(t, Method::PUT, "/api/v1/broadcasts/{id}", plan, Any(&[Run])),
        json(t, Method::POST, "/api/v1/broadcasts/{id}/key", nothing(), Any(&[Run])),
        get(t, "/api/v1/broadcasts/{id}/health", Any(&[Run])),
        json(t, Method::POST, "/api/v1/broadcasts/{id}/on-air", nothing(), Any(&[Run])),
        json(t, Method::POST, "/api/v1/broadcasts/{id}/end", nothing(), Any(&[Run])),
        json(t, Method::POST, "/api/v1/broadcasts/{id}/cancel", nothing(), Any(&[Run])),
        json(t, Method::PUT, "/api/v1/broadcasts/{id}/hold", serde_json::json!({ "held": true }), Any(&[Run])),
        json(t, Method::PUT, "/api/v1/broadcasts/{id}/profile", serde_json::json!({ "profile": "interactive" }), Any(&[Run])),
        json(t, Method::POST, "/api/v1/broadcasts/{id}/repeats", serde_json::json!({ "starts_at": [0] }), Any(&[Run])),
        json(t, Method::POST, "/api/v1/broadcasts/{id}/unpublication", nothing(), Any(&[Run])),
    ];
    for row in &mut rows {
        row.path = row.path.replace(&t.broadcast, &t.cancelled);
    }
    rows
}
