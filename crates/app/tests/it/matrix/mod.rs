//! The generated matrix of rights (S12): every role × relation × route, against the one table of rights.
//!
//! A feature adds a row to [`rows`] for each of its routes; a route of the table without one fails the second test, but for
//! those in [`ELSEWHERE`], each with its reason.

mod broadcasts;
mod held_sessions;
mod lecturers;
mod rooms;
mod rows;
mod targets;

use crate::support::{Client, TestApp};
use app::organisations::access::{Action, Relation, allowed};
use axum::http::Method;
use kernel::Role;
use rows::{Expected, Row, Sent, rows};
use std::collections::BTreeSet;
use targets::targets;

/// Whether somebody with `role` at county-a may.
fn may(role: Role, expected: Expected, relation: Relation) -> bool {
    let at_home = |action: Action| allowed(role, action, Relation::Own);
    match expected {
        Expected::Any(actions) => actions.iter().any(|action| allowed(role, *action, relation)),
        // township-a's superior is county-a itself; the superiors of the others are above or beside.
        Expected::OfSuperior(action) => relation == Relation::Above && at_home(action),
        Expected::Anywhere(actions) => actions.iter().copied().any(at_home),
        Expected::SignedIn | Expected::Everybody => true,
        Expected::AtRoot(_) | Expected::Nobody => false,
    }
}

async fn attempt(who: &Client, row: &Row) -> u16 {
    let reply = match &row.sent {
        Sent::Nothing => who.get(&row.path).await,
        Sent::Json(body) => who.json(row.method.clone(), &row.path, body).await,
        Sent::Over(version, body) => {
            who.clone().with("if-match", &format!("\"{version}\"")).json(row.method.clone(), &row.path, body).await
        }
        Sent::Captions(text) => who.send(row.method.clone(), &row.path, "text/vtt", *text).await,
        Sent::Form(fields) => {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            who.post_form(&row.path, &fields).await
        }
    };
    reply.status.as_u16()
}

/// What is wrong with an answer; none when it is what the table says.
fn fault(status: u16, may: bool) -> Option<&'static str> {
    match (matches!(status, 401 | 403 | 404), may) {
        _ if status >= 500 => Some("broke"),
        (true, true) => Some("refused and might"),
        (false, false) => Some("let in and might not"),
        _ => None,
    }
}

/// Some roles, so that several tests share the work.
async fn every_route_in_every_relation(roles: &[Role]) {
    let app = TestApp::sqlite().await.with_tree().await;
    let targets = targets(&app).await;
    let mut wrong = BTreeSet::new();
    for role in roles {
        let who = app.person(&format!("the.{}", role.code()), *role, "county-a").await;
        for target in &targets {
            for row in rows(target) {
                let status = attempt(&who, &row).await;
                if let Some(fault) = fault(status, may(*role, row.expected, target.relation)) {
                    wrong.insert(format!("{} {} {}: {fault}: {status} at {:?}", row.method, row.route, role.code(), target.relation));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Roles of each of the tests below.
fn third(n: usize) -> Vec<Role> {
    Role::ALL.iter().copied().skip(n).step_by(3).collect()
}

#[tokio::test]
async fn s12_every_role_in_every_relation_on_every_route() {
    every_route_in_every_relation(&third(0)).await;
}

#[tokio::test]
async fn s12_every_second_role_in_every_relation_on_every_route() {
    every_route_in_every_relation(&third(1)).await;
}

#[tokio::test]
async fn s12_every_third_role_in_every_relation_on_every_route() {
    every_route_in_every_relation(&third(2)).await;
}

#[tokio::test]
async fn s12_at_the_root_and_without_a_name() {
    let app = TestApp::sqlite().await.with_tree().await;
    let targets = targets(&app).await;
    let mut wrong = BTreeSet::new();
    for role in Role::ALL {
        let who = app.person(&format!("the.{}", role.code()), *role, "province").await;
        for row in rows(&targets[0]) {
            let Expected::AtRoot(action) = row.expected else { continue };
            let status = attempt(&who, &row).await;
            if let Some(fault) = fault(status, allowed(*role, action, Relation::Own)) {
                wrong.insert(format!("{} {} {} at the root: {fault}: {status}", row.method, row.route, role.code()));
            }
        }
    }
    for row in rows(&targets[0]) {
        let status = attempt(&app.anonymous(), &row).await;
        let good = if matches!(row.expected, Expected::Everybody) { fault(status, true).is_none() } else { matches!(status, 401 | 422) };
        if !good {
            wrong.insert(format!("{} {} for nobody: {status}", row.method, row.route));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Routes that need more than a row can carry, or that end what the matrix stands on; each with where it is tried.
const ELSEWHERE: [(&str, &str); 102] = [
    ("GET /rooms/{id}/socket", "rooms::socket: a connection that lasts"),
    ("GET /rooms/{id}/events", "rooms::socket: an answer that lasts"),
    ("POST /api/v1/sign-ins", "accounts: nobody has rights yet"),
    ("POST /sign-in", "accounts: nobody has rights yet"),
    ("POST /sign-out", "accounts: ends the sign-in that tries"),
    ("POST /watch/heartbeat", "watching: a playback token decides"),
    ("POST /api/v1/watch/heartbeat", "watching: a playback token decides"),
    ("GET /materials/{id}/original", "recordings::serving: needs the bytes"),
    ("GET /api/v1/materials/{id}/original", "recordings::serving: needs the bytes"),
    ("POST /lessons/{id}/captions", "recordings::captions: a multipart form for the action of the API"),
    ("POST /lessons/{id}/materials", "recordings::plain: a multipart form"),
    ("GET /held-sessions/{id}/photos/{photo}", "held_sessions::photos: needs the bytes"),
    ("PUT /held-sessions/{id}/photos/{photo}", "held_sessions::photos: needs the bytes"),
    ("DELETE /held-sessions/{id}/photos/{photo}", "held_sessions::photos: takes away what the next would try"),
    ("GET /api/v1/held-sessions/{id}/photos/{photo}", "held_sessions::photos: needs the bytes"),
    ("PUT /api/v1/held-sessions/{id}/photos/{photo}", "held_sessions::photos: needs the bytes"),
    ("DELETE /api/v1/held-sessions/{id}/photos/{photo}", "held_sessions::photos: takes away what the next would try"),
    ("POST /held-sessions/{id}/photos", "held_sessions::photos: a multipart form"),
    ("POST /held-sessions/{id}/photos/{photo}/remove", "held_sessions::photos: as that of the API"),
    ("GET /held-sessions/exports/{id}", "held_sessions::exporting: one's own workbook"),
    ("POST /held-sessions/exports/{id}/cancel", "held_sessions::exporting: one's own workbook"),
    ("GET /held-sessions/exports/{id}/file", "held_sessions::exporting: one's own workbook"),
    ("GET /api/v1/held-sessions/exports/{id}", "held_sessions::exporting: one's own workbook"),
    ("DELETE /api/v1/held-sessions/exports/{id}", "held_sessions::exporting: one's own workbook"),
    ("GET /api/v1/held-sessions/exports/{id}/file", "held_sessions::exporting: one's own workbook"),
    ("POST /held-sessions/import", "held_sessions::importing: a multipart form"),
    ("GET /held-sessions/imports/{id}", "held_sessions::importing: one's own import"),
    ("POST /held-sessions/imports/{id}/apply", "held_sessions::importing: one's own import"),
    ("POST /held-sessions/imports/{id}/cancel", "held_sessions::importing: one's own import"),
    ("GET /held-sessions/imports/{id}/workbook", "held_sessions::importing: one's own import"),
    ("POST /api/v1/held-sessions/imports", "held_sessions::importing: a file"),
    ("GET /api/v1/held-sessions/imports/{id}", "held_sessions::importing: one's own import"),
    ("DELETE /api/v1/held-sessions/imports/{id}", "held_sessions::importing: one's own import"),
    ("POST /api/v1/held-sessions/imports/{id}/apply", "held_sessions::importing: one's own import"),
    ("GET /api/v1/held-sessions/imports/{id}/workbook", "held_sessions::importing: one's own import"),
    ("POST /statistics/workbooks", "statistics::workbooks: needs a workbook"),
    ("GET /statistics/workbooks/{id}", "statistics::workbooks: needs a workbook"),
    ("POST /statistics/workbooks/{id}/marks", "statistics::workbooks: needs a workbook"),
    ("POST /statistics/workbooks/{id}/marks/remove", "statistics::workbooks: needs a workbook"),
    ("GET /statistics/workbooks/{id}/filled.xlsx", "statistics::workbooks: needs a workbook"),
    ("POST /statistics/workbooks/{id}/remove", "statistics::workbooks: needs a workbook"),
    ("POST /api/v1/statistics/workbooks", "statistics::workbooks: needs a workbook"),
    ("GET /api/v1/statistics/workbooks/{id}", "statistics::workbooks: needs a workbook"),
    ("DELETE /api/v1/statistics/workbooks/{id}", "statistics::workbooks: needs a workbook"),
    ("GET /api/v1/statistics/workbooks/{id}/sheet", "statistics::workbooks: needs a workbook"),
    ("PUT /api/v1/statistics/workbooks/{id}/marks", "statistics::workbooks: needs a workbook"),
    ("GET /api/v1/statistics/workbooks/{id}/filled.xlsx", "statistics::workbooks: needs a workbook"),
    ("POST /campaigns", "campaigns::pages: reads dates first, for the action of the API"),
    ("DELETE /api/v1/accounts/{id}/grants/{grant}", "people: takes the role away that the next would try"),
    ("POST /people/{id}/grants/{grant}/revoke", "people: as that of the API"),
    ("POST /organisations/import", "register: a multipart form"),
    ("POST /api/v1/organisations/imports", "register: a multipart form"),
    ("GET /organisations/imports/{id}", "register: one's own import"),
    ("POST /organisations/imports/{id}/apply", "register: one's own import"),
    ("POST /organisations/imports/{id}/cancel", "register: one's own import"),
    ("GET /organisations/imports/{id}/workbook", "register: one's own import"),
    ("GET /api/v1/organisations/imports/{id}", "register: one's own import"),
    ("DELETE /api/v1/organisations/imports/{id}", "register: one's own import"),
    ("POST /api/v1/organisations/imports/{id}/apply", "register: one's own import"),
    ("GET /api/v1/organisations/imports/{id}/workbook", "register: one's own import"),
    ("GET /welcome/{secret}", "people_register: the secret of a link decides"),
    ("POST /welcome/{secret}", "people_register: the secret of a link decides"),
    ("GET /mail-check/{token}", "notices::accounts: the signature of a link decides"),
    ("POST /mail-check/{token}", "notices::accounts: the signature of a link decides"),
    ("GET /reports/unsubscribe/{token}", "notices::reports: the signature of a link decides"),
    ("POST /reports/unsubscribe/{token}", "notices::reports: the signature of a link decides"),
    ("POST /people/import", "people_register: a multipart form"),
    ("GET /people/imports/{id}", "people_register: one's own import"),
    ("POST /people/imports/{id}/apply", "people_register: one's own import"),
    ("POST /people/imports/{id}/cancel", "people_register: one's own import"),
    ("GET /people/imports/{id}/workbook", "people_register: one's own import"),
    ("POST /people/imports/{id}/links", "people_register: one's own import"),
    ("POST /api/v1/accounts/imports", "people_register: a multipart form"),
    ("GET /api/v1/accounts/imports/{id}", "people_register: one's own import"),
    ("DELETE /api/v1/accounts/imports/{id}", "people_register: one's own import"),
    ("POST /api/v1/accounts/imports/{id}/apply", "people_register: one's own import"),
    ("GET /api/v1/accounts/imports/{id}/workbook", "people_register: one's own import"),
    ("POST /api/v1/accounts/imports/{id}/links", "people_register: one's own import"),
    ("POST /desk/lecturers/{id}/photo", "lecturers: a multipart form for the action of the API"),
    ("GET /lecturers/{id}/photo/{photo}", "lecturers: consent decides"),
    ("GET /calendars/{subject}/{file}", "lecturers: the secret of the address decides"),
    ("POST /desk/lecturers/import", "lecturers: a multipart form"),
    ("POST /api/v1/lecturers/imports", "lecturers: a file"),
    ("GET /desk/lecturers/imports/{id}", "lecturers: one's own import"),
    ("POST /desk/lecturers/imports/{id}/apply", "lecturers: one's own import"),
    ("POST /desk/lecturers/imports/{id}/cancel", "lecturers: one's own import"),
    ("GET /desk/lecturers/imports/{id}/workbook", "lecturers: one's own import"),
    ("GET /api/v1/lecturers/imports/{id}", "lecturers: one's own import"),
    ("DELETE /api/v1/lecturers/imports/{id}", "lecturers: one's own import"),
    ("POST /api/v1/lecturers/imports/{id}/apply", "lecturers: one's own import"),
    ("GET /api/v1/lecturers/imports/{id}/workbook", "lecturers: one's own import"),
    ("GET /api/v1/lecturers/{id}/lectures", "lecturers: as the lecturer itself, with what else the reader may see"),
    ("POST /uploads", "recordings::bad_uploads: tus headers"),
    ("HEAD /uploads/{id}", "recordings::bad_uploads: tus headers"),
    ("PATCH /uploads/{id}", "recordings::bad_uploads: tus headers"),
    ("DELETE /uploads/{id}", "recordings::bad_uploads: tus headers"),
    ("OPTIONS /uploads", "recordings::tus: says what tus can do"),
    ("GET /live/{id}/event.ics", "broadcasts::programme: for whom the broadcast is"),
    ("GET /live/{id}/poster.pdf", "broadcasts::poster: for whom the broadcast is"),
    ("GET /live/{id}/poster.png", "broadcasts::poster: for whom the broadcast is"),
    ("POST /whip/{id}", "broadcasts::whip: a stream key or a host's script"),
    ("DELETE /whip/{id}/{session}", "broadcasts::whip: a stream key or a host's script"),
];

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// `METHOD path` of every line of the route table.
pub fn served() -> BTreeSet<String> {
    let table = include_str!("../../../src/routes.rs");
    let body = |function: &str| table.split(function).nth(1).and_then(|rest| rest.split("\n}").next()).expect("the table has it");
    let mut served = BTreeSet::new();
    for (function, below) in [
        ("\nfn pages()", ""),
        ("\nfn beats()", ""),
        ("\nfn talk(", ""),
        ("\nfn phones()", ""),
        ("\nfn uploads()", ""),
        ("\nfn uploads()", "/api/v1"),
        ("\nfn api()", "/api/v1"),
    ] {
        for route in body(function).split(".route(").skip(1) {
            let path = route.split('"').nth(1).expect("a route has a path");
            let handlers = route.split_once(',').expect("a route has handlers").1;
            let starts = |at: usize| handlers[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
            let named = |method: &str| handlers.match_indices(&format!("{method}(")).any(|(at, _)| starts(at));
            served.extend(METHODS.iter().filter(|method| named(method)).map(|method| format!("{} {below}{path}", method.to_uppercase())));
            if handlers.contains("::at_upload()") {
                served.extend(["HEAD", "PATCH", "DELETE"].map(|method| format!("{method} {below}{path}")));
            }
        }
    }
    served
}

#[tokio::test]
async fn s12_no_route_is_forgotten() {
    let app = TestApp::sqlite().await.with_tree().await;
    let tried: BTreeSet<_> = rows(&targets(&app).await[0]).iter().map(|row| format!("{} {}", row.method, row.route)).collect();
    let elsewhere: BTreeSet<_> = ELSEWHERE.iter().map(|(route, _)| (*route).to_owned()).collect();
    // The uploads stand in the table once, and are served below both.
    let below_api = |route: &String| route.split_once(" /uploads").map(|(method, rest)| format!("{method} /api/v1/uploads{rest}"));
    let elsewhere: BTreeSet<_> = elsewhere.iter().filter_map(below_api).chain(elsewhere.iter().cloned()).collect();
    let served = served();
    assert!(served.len() > 150 && served.contains(&format!("{} /submissions/{{id}}/draft", Method::PATCH)), "the table was read");
    let forgotten: Vec<_> = served.iter().filter(|route| !tried.contains(*route) && !elsewhere.contains(*route)).collect();
    let gone: Vec<_> = tried.union(&elsewhere).filter(|route| !served.contains(*route)).collect();
    let twice: Vec<_> = tried.intersection(&elsewhere).collect();
    assert!(forgotten.is_empty() && gone.is_empty() && twice.is_empty(), "forgotten {forgotten:#?}, gone {gone:#?}, twice {twice:#?}");
}
