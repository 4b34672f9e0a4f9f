//! Rows of lecturers and their bookings.

use super::rows::Expected::{Any, Anywhere, Everybody, SignedIn};
use super::rows::{Row, Sent, form, get, json};
use super::targets::Target;
use crate::support::Client;
use app::organisations::access::Action::{KeepLecturers, SeeLecturers};
use axum::http::Method;
use kernel::OrganisationId;
use serde_json::{Value, json};

/// A lecturer of `organisation` with a public page, another without, and a booking of the first.
pub async fn booked(clerk: &Client, organisation: OrganisationId) -> (String, String, String) {
    let new = |name: &str| json!({ "organisation": organisation, "name": name, "kind": "teacher" });
    let mut ids = Vec::new();
    for name in ["Public Person", "Other Person"] {
        let made = clerk.post("/api/v1/lecturers", &new(name)).await.expect(201).json();
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    let [lecturer, other] = ids.try_into().expect("two");
    let consent = format!("/api/v1/lecturers/{lecturer}/consent");
    clerk.json(Method::PUT, &consent, &json!({ "how": "on paper" })).await.expect(204);
    let wanted =
        json!({ "organisation": organisation, "title": "t", "starts_at": 1_796_000_000_000_i64, "ends_at": 1_796_003_600_000_i64 });
    let made = clerk.post(&format!("/api/v1/lecturers/{lecturer}/bookings"), &wanted).await.expect(201).json();
    (lecturer, other, made["id"].as_str().unwrap().to_owned())
}

/// Tried on the lecturer without a public page.
fn on_other(t: &Target, row: Row) -> Row {
    Row { path: row.path.replace(&t.lecturer, &t.other_lecturer), ..row }
}

/// Every row of lecturers for one target.
pub fn rows(t: &Target) -> Vec<Row> {
    let mut rows = people(t);
    rows.extend(bookings(t));
    rows
}

fn people(t: &Target) -> Vec<Row> {
    let (keeps, somewhere) = (Any(&[KeepLecturers]), Anywhere(&[KeepLecturers]));
    let into = [("into", "{lecturer}")];
    let api = "/api/v1/lecturers/{id}";
    let mut compare = get(t, "/desk/lecturers/{id}/merge", keeps);
    compare.path = format!("{}?into={}", compare.path, t.other_lecturer);
    let filled = [("organisation", "{organisation}"), ("organisation_text", "x"), ("name", ""), ("kind", ""), ("version", "-1")];
    vec![
        get(t, "/lecturers", Everybody),
        get(t, "/lecturers/{id}", Everybody),
        get(t, "/api/v1/library/lecturers", Everybody),
        get(t, "/api/v1/library/lecturers/{id}", Everybody),
        get(t, "/desk/lecturers", SignedIn),
        get(t, "/desk/lecturers/{id}", SignedIn),
        get(t, "/desk/lecturers/new", somewhere),
        get(t, "/desk/lecturers/duplicates", somewhere),
        get(t, "/desk/lecturers/import", somewhere),
        get(t, "/desk/lecturers/{id}/edit", keeps),
        compare,
        form(t, "/desk/lecturers", &filled, keeps),
        form(t, "/desk/lecturers/{id}/edit", &filled, keeps),
        form(t, "/desk/lecturers/{id}/photo/removal", &[], keeps),
        form(t, "/desk/lecturers/{id}/consent", &[("consent_text", "")], keeps),
        on_other(t, form(t, "/desk/lecturers/{id}/consent/withdrawal", &[], keeps)),
        form(t, "/desk/lecturers/{id}/state", &[("retired", "true"), ("version", "-1")], keeps),
        form(t, "/desk/lecturers/{id}/merge", &into, keeps),
        form(t, "/desk/lecturers/{id}/unmerge", &[], keeps),
        get(t, "/api/v1/lecturers", SignedIn),
        get(t, api, SignedIn),
        get(t, "/api/v1/lecturers/duplicates", somewhere),
        json(t, Method::POST, "/api/v1/lecturers", json!({ "organisation": t.organisation, "name": "" }), keeps),
        json(t, Method::PATCH, api, json!({ "name": "" }), keeps),
        Row {
            sent: Sent::Over("999".into(), json!({ "retired": true })),
            ..json(t, Method::PUT, "/api/v1/lecturers/{id}/state", Value::Null, keeps)
        },
        json(t, Method::PUT, "/api/v1/lecturers/{id}/consent", json!({ "how": "" }), keeps),
        on_other(t, json(t, Method::DELETE, "/api/v1/lecturers/{id}/consent", Value::Null, keeps)),
        json(t, Method::PUT, "/api/v1/lecturers/{id}/photo", json!("no picture"), keeps),
        json(t, Method::DELETE, "/api/v1/lecturers/{id}/photo", Value::Null, keeps),
        json(t, Method::POST, "/api/v1/lecturers/{id}/merge", json!({ "into": t.lecturer }), keeps),
        json(t, Method::DELETE, "/api/v1/lecturers/{id}/merge", Value::Null, keeps),
    ]
}

fn bookings(t: &Target) -> Vec<Row> {
    let (keeps, sees) = (Any(&[KeepLecturers]), Any(&[KeepLecturers, SeeLecturers]));
    let times = [("organisation", "{organisation}"), ("title", ""), ("starts_at", "2027-01-04T09:00"), ("ends_at", "2027-01-04T10:00")];
    let wanted =
        json!({ "organisation": t.organisation, "title": "", "starts_at": 1_796_000_000_000_i64, "ends_at": 1_796_003_600_000_i64 });
    let over = |method: Method, route: &'static str, body: Value| Row {
        sent: Sent::Over("999".into(), body),
        ..json(t, method, route, Value::Null, keeps)
    };
    let version = ("version", "-1");
    vec![
        get(t, "/desk/bookings", SignedIn),
        get(t, "/desk/bookings/calendar", SignedIn),
        get(t, "/desk/bookings/{id}", sees),
        get(t, "/desk/lecturers/{id}/book", Anywhere(&[KeepLecturers])),
        form(t, "/desk/lecturers/{id}/book", &times, keeps),
        form(t, "/desk/bookings/calendars", &[("subject", "{subject}")], keeps),
        form(t, "/desk/bookings/{id}/acceptance", &[version], keeps),
        form(t, "/desk/bookings/{id}/refusal", &[version, ("reason", "")], keeps),
        form(t, "/desk/bookings/{id}/cancellation", &[version], keeps),
        form(t, "/desk/bookings/{id}/rating", &[version, ("stars", "9")], keeps),
        get(t, "/api/v1/bookings", SignedIn),
        get(t, "/api/v1/bookings/{id}", sees),
        json(t, Method::POST, "/api/v1/lecturers/{id}/bookings", wanted, keeps),
        over(Method::POST, "/api/v1/bookings/{id}/acceptance", Value::Null),
        over(Method::POST, "/api/v1/bookings/{id}/refusal", json!({ "reason": "" })),
        over(Method::POST, "/api/v1/bookings/{id}/cancellation", json!({})),
        over(Method::PUT, "/api/v1/bookings/{id}/rating", json!({ "stars": 9 })),
        get(t, "/api/v1/booking-calendars/{subject}", keeps),
        json(t, Method::POST, "/api/v1/booking-calendars/{subject}", Value::Null, keeps),
    ]
}
