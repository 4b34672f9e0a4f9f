//! The generated matrix of rights (S12): every role × relation × route, against the one table of rights.
//!
//! A feature adds a [`Row`] for each of its routes that acts on an organisation or on something an organisation has. The body
//! of a row breaks a rule on purpose, so that who may is told so (not 401, 403, 404) and nothing changes; who may not must
//! get 403 or 404. Routes below [`COVERED`] without a row fail the second test.

use crate::support::tree::{PASSWORD, org};
use crate::support::{Client, TestApp};
use app::organisations::access::{Action, Relation, allowed};
use axum::http::Method;
use kernel::{AccountId, OrganisationId, Role};
use serde_json::{Value, json};

/// What a row is tried on: an organisation, and somebody with a role there.
struct Target {
    organisation: OrganisationId,
    account: AccountId,
}

/// Who may.
enum Expected {
    /// As the table of rights says for one of these actions.
    Any(&'static [Action]),
    /// As the table says for the superior of the organisation: moving and ending are its acts.
    OfSuperior(Action),
}

/// One route with what it needs to be tried.
struct Row {
    method: Method,
    /// As in the route table.
    route: &'static str,
    body: fn(&Target) -> Value,
    expected: Expected,
}

fn none(_: &Target) -> Value {
    Value::Null
}

fn broken_name(_: &Target) -> Value {
    json!({ "name": "" })
}

fn grant_there(target: &Target) -> Value {
    json!({ "organisation": target.organisation, "role": "viewer", "reach": "subtree", "from": "never" })
}

fn broken_account(target: &Target) -> Value {
    json!({ "login": "?", "name": "", "password": "", "grant": grant_there(target) })
}

fn rows() -> Vec<Row> {
    use Action::{ManageAccounts, ManageOrganisations, ReadAudit};
    let row = |method, route, body, expected| Row { method, route, body, expected };
    let tree = || Expected::Any(&[ManageOrganisations]);
    let people = || Expected::Any(&[ManageAccounts]);
    let open = || Expected::Any(&[ManageOrganisations, ReadAudit]);
    vec![
        row(Method::GET, "/organisations/{id}", none, open()),
        row(Method::GET, "/organisations/{id}/children", none, open()),
        row(Method::POST, "/api/v1/organisations", |t| json!({ "code": "", "name": "", "kind": "", "parent": t.organisation }), tree()),
        row(Method::PATCH, "/api/v1/organisations/{id}", broken_name, tree()),
        row(
            Method::POST,
            "/api/v1/organisations/{id}/move",
            |t| json!({ "parent": t.organisation }),
            Expected::OfSuperior(ManageOrganisations),
        ),
        row(
            Method::POST,
            "/api/v1/organisations/{id}/merge",
            |t| json!({ "into": t.organisation }),
            Expected::OfSuperior(ManageOrganisations),
        ),
        row(
            Method::POST,
            "/api/v1/organisations/{id}/close",
            |_| json!({ "effective": "never" }),
            Expected::OfSuperior(ManageOrganisations),
        ),
        row(Method::GET, "/people/{id}", none, people()),
        row(Method::GET, "/api/v1/accounts/{id}", none, people()),
        row(Method::POST, "/api/v1/accounts", broken_account, people()),
        row(Method::PATCH, "/api/v1/accounts/{id}", |_| json!({ "active": true, "version": -1 }), people()),
        row(Method::POST, "/api/v1/accounts/{id}/password", |_| json!({ "password": "" }), people()),
        row(Method::POST, "/api/v1/accounts/{id}/grants", grant_there, people()),
    ]
}

/// The holder's grant is at county-a, with its subtree.
const OBJECTS: [(&str, Relation); 4] =
    [("county-a", Relation::Own), ("township-a", Relation::Above), ("city-a", Relation::Below), ("county-c", Relation::Beside)];

fn may(role: Role, expected: &Expected, relation: Relation) -> bool {
    match expected {
        Expected::Any(actions) => actions.iter().any(|action| allowed(role, *action, relation)),
        // township-a's superior is county-a itself; the superiors of the others are above or beside.
        Expected::OfSuperior(action) => relation == Relation::Above && allowed(role, *action, Relation::Own),
    }
}

async fn attempt(who: &Client, row: &Row, target: &Target) -> u16 {
    let about_people = row.route.contains("/people/") || row.route.contains("/accounts/");
    let id = if about_people { target.account.to_string() } else { target.organisation.to_string() };
    let path = row.route.replace("{id}", &id);
    let body = (row.body)(target);
    let reply = if row.method == Method::GET { who.get(&path).await } else { who.json(row.method.clone(), &path, &body).await };
    reply.status.as_u16()
}

#[tokio::test]
async fn s12_every_role_in_every_relation_on_every_route() {
    let app = TestApp::sqlite().await.with_tree().await;
    let mut targets = Vec::new();
    for (code, relation) in OBJECTS {
        let account = app.account(&format!("somebody.{code}"), Role::Viewer, code).await;
        targets.push((Target { organisation: org(code), account }, code, relation));
    }
    let mut wrong = Vec::new();
    for role in Role::ALL {
        let login = format!("the.{}", role.code());
        app.account(&login, *role, "county-a").await;
        let who = app.anonymous().signed_in(&login, PASSWORD).await;
        for row in rows() {
            for (target, code, relation) in &targets {
                let status = attempt(&who, &row, target).await;
                let refused = matches!(status, 401 | 403 | 404);
                if refused == may(*role, &row.expected, *relation) || status >= 500 {
                    wrong.push(format!("{} {} {} at {code} ({relation:?}): {status}", role.code(), row.method, row.route));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    for row in rows() {
        assert!(matches!(attempt(&app.anonymous(), &row, &targets[0].0).await, 401 | 422), "{} {} for nobody", row.method, row.route);
    }
}

/// Routes with an id below these must have a row, or stand in [`ELSEWHERE`].
const COVERED: [&str; 3] = ["/organisations/{id}", "/people/{id}", "/accounts/{id}"];

/// Forms whose API twin has the row and which call the same action; and what belongs to no organisation.
const ELSEWHERE: [&str; 8] = [
    "post /organisations/{id}",
    "post /organisations/{id}/children",
    "post /organisations/{id}/move",
    "post /organisations/{id}/merge",
    "post /organisations/{id}/close",
    "post /people/{id}/active",
    "post /people/{id}/password",
    "post /people/{id}/grants",
];

#[test]
fn s12_no_route_is_forgotten() {
    let table = include_str!("../../src/routes.rs");
    let rows: Vec<_> =
        rows().iter().map(|r| format!("{} {}", r.method.as_str().to_lowercase(), r.route.trim_start_matches("/api/v1"))).collect();
    let mut forgotten = Vec::new();
    for route in table.split(".route(\"").skip(1) {
        let (path, handlers) = route.split_once('"').expect("a path");
        let handlers = handlers.lines().next().unwrap_or_default();
        // A grant's own routes are tried in `people`; names of organisations are open to everybody signed in.
        if !COVERED.iter().any(|prefix| path.starts_with(prefix)) || path.contains("{grant}") {
            continue;
        }
        for method in ["get", "post", "patch", "put", "delete"].iter().filter(|m| handlers.contains(&format!("{m}("))) {
            let line = format!("{method} {path}");
            if !rows.contains(&line) && !ELSEWHERE.contains(&line.as_str()) {
                forgotten.push(line);
            }
        }
    }
    assert!(forgotten.is_empty(), "{forgotten:#?}");
}
