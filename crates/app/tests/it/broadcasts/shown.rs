//! Hosts, showings and what programs of others read of them.

use crate::support::python::python;
use crate::support::{TestApp, tree::org};
use app::broadcasts::{Admission, BroadcastId, Kind, Plan, actions};
use app::lessons::LessonId;
use kernel::{AccountId, Actor, Clock, Grant, Reach, Role, Timestamp};
use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// A host of the county, with an account.
pub async fn host(app: &TestApp) -> Actor {
    let account: AccountId = app.account("host", Role::Host, "county-a").await;
    Actor { account, grants: vec![Grant { organisation: org("county-a"), role: Role::Host, reach: Reach::Subtree }], scopes: None }
}

/// A showing of a public lesson by the county in a minute; a test names what is different.
pub fn a_showing(app: &TestApp, lesson: LessonId) -> Plan {
    Plan {
        organisation: org("county-a"),
        kind: Kind::Showing,
        lesson: Some(lesson),
        campaign: None,
        title: String::new(),
        lecturer: String::new(),
        abstract_: String::new(),
        admission: Admission::Everybody,
        host: None,
        starts_at: app.clock.now().plus_ms(60_000),
        ends_at: Timestamp(0),
        keeps_recording: false,
        external_url: None,
    }
}

/// Plans it.
pub async fn planned(app: &TestApp, host: &Actor, plan: Plan) -> BroadcastId {
    actions::plan(app, host, plan).await.unwrap_or_else(|p| panic!("{} {:?}", p.code, p.fields))
}

/// What a program that others wrote makes of `bytes`: one of `tests/programme`.
pub fn as_others_read(program: &str, bytes: &[u8]) -> Value {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = here.join("tests/programme").join(program);
    let mut reader = Command::new(python("programme")).arg(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    reader.stdin.take().unwrap().write_all(bytes).unwrap();
    let said = reader.wait_with_output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(bytes));
    serde_json::from_slice(&said.stdout).unwrap()
}
