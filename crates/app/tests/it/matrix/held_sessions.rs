//! Rows of held sessions, their plans and their closed months.

use super::rows::Expected::{Any, Anywhere, SignedIn};
use super::rows::{Row, Sent, asked, form, get, json};
use super::targets::Target;
use crate::support::held::fields;
use crate::support::tree::org;
use crate::support::{Client, TestApp};
use app::held_sessions::HeldSessionId;
use app::organisations::access::Action::{CloseMonth, RecordSession, SeeSessions, VerifySession};
use axum::http::Method;
use kernel::Clock;
use serde_json::{Value, json};

/// A held session of `code` that waits, and a plan of a day to come.
pub async fn recorded(app: &TestApp, clerk: &Client, code: &str) -> (String, String) {
    let id = HeldSessionId::new(app.clock.as_ref() as &dyn Clock).to_string();
    let body = json!({ "organisation": org(code), "operation": format!("operation-of-{code}"), "based_on": 0, "fields": fields() });
    clerk.json(Method::PUT, &format!("/api/v1/held-sessions/{id}"), &body).await.expect(200);
    let plan = json!({ "organisation": org(code), "fields": { "title": "Planned", "day": "2026-12-01" } });
    let plan = clerk.post("/api/v1/session-plans", &plan).await.expect(201).json();
    (id, plan["id"].as_str().unwrap().to_owned())
}

pub fn rows(t: &Target) -> Vec<Row> {
    let (sees, records, verifies) = (Any(&[SeeSessions]), Any(&[RecordSession]), Any(&[VerifySession]));
    let short = json!({ "organisation": t.organisation, "operation": "?", "based_on": 0, "fields": {} });
    let stale = json!({ "items": [{ "id": t.held, "version": 99 }], "verdict": "verify" });
    let new = [
        ("id", "hs_0000000000000000000000000000dead"),
        ("organisation", "{organisation}"),
        ("operation", "?"),
        ("minutes", "1"),
        ("people", "1"),
    ];
    let mut rows = vec![
        get(t, "/held-sessions", Anywhere(&[SeeSessions])),
        form(t, "/held-sessions", &new, records),
        get(t, "/held-sessions/new", Anywhere(&[RecordSession])),
        get(t, "/held-sessions/export.csv", Anywhere(&[SeeSessions])),
        form(t, "/held-sessions/exports", &[], Anywhere(&[SeeSessions])),
        get(t, "/held-sessions/blank", Anywhere(&[RecordSession])),
        get(t, "/held-sessions/blank.xlsx", Anywhere(&[RecordSession])),
        get(t, "/held-sessions/import", Anywhere(&[RecordSession])),
        get(t, "/api/v1/held-sessions/export.csv", Anywhere(&[SeeSessions])),
        json(t, Method::POST, "/api/v1/held-sessions/exports", Value::Null, Anywhere(&[SeeSessions])),
        get(t, "/api/v1/held-sessions/blank.xlsx", Anywhere(&[RecordSession])),
        get(t, "/held-sessions/{id}", sees),
        get(t, "/held-sessions/{id}/edit", records),
        form(t, "/held-sessions/{id}/edit", &[], records),
        form(t, "/held-sessions/{id}/verdict", &[("verdict", "?")], verifies),
        // Whoever could verify below has a queue, be it empty: those roles close months at home.
        get(t, "/held-sessions/verification", Anywhere(&[CloseMonth])),
        form(t, "/held-sessions/verification", &[("verdict", "verify"), ("chosen", "{held}~99")], verifies),
        get(t, "/api/v1/held-sessions", SignedIn),
        get(t, "/api/v1/held-sessions/{id}", sees),
        json(t, Method::PUT, "/api/v1/held-sessions/{id}", short, records),
        json(t, Method::POST, "/api/v1/held-sessions/{id}/verdict", json!({ "verdict": "?" }), verifies),
        json(t, Method::POST, "/api/v1/held-sessions/verdicts", stale, verifies),
    ];
    rows.extend(plans(t));
    rows.extend(months(t));
    rows
}

fn plans(t: &Target) -> Vec<Row> {
    let records = Any(&[RecordSession]);
    let over = Sent::Over("99".into(), Value::Null);
    vec![
        get(t, "/held-sessions/plans", Anywhere(&[SeeSessions])),
        form(t, "/held-sessions/plans", &[("organisation", "{organisation}")], records),
        form(t, "/held-sessions/plans/{id}", &[], records),
        form(t, "/held-sessions/plans/{id}/cancellation", &[], records),
        form(t, "/held-sessions/plans/{id}/remove", &[("version", "-1")], records),
        get(t, "/api/v1/session-plans", SignedIn),
        json(t, Method::POST, "/api/v1/session-plans", json!({ "organisation": t.organisation, "fields": {} }), records),
        json(t, Method::PUT, "/api/v1/session-plans/{id}", json!({ "fields": {} }), records),
        json(t, Method::POST, "/api/v1/session-plans/{id}/cancellation", json!({ "reason": "" }), records),
        Row { sent: over, ..json(t, Method::DELETE, "/api/v1/session-plans/{id}", Value::Null, records) },
    ]
}

fn months(t: &Target) -> Vec<Row> {
    let (sees, closes) = (Any(&[SeeSessions]), Any(&[CloseMonth]));
    vec![
        asked(t, "/held-sessions/months", "?organisation={organisation}", sees),
        form(t, "/held-sessions/months", &[("organisation", "{organisation}"), ("month", "2099-01")], closes),
        asked(t, "/api/v1/closed-months", "?organisation={organisation}", sees),
        json(t, Method::PUT, "/api/v1/closed-months/{organisation}/{month}", Value::Null, closes),
        asked(t, "/api/v1/session-adjustments", "?organisation={organisation}", sees),
    ]
}
