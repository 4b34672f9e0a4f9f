//! Broadcasts: planned, shown, announced.

mod showing;

use crate::support::{TestApp, tree::org};
use app::broadcasts::{Admission, BroadcastId, Kind, Plan, actions};
use app::lessons::LessonId;
use kernel::{AccountId, Actor, Clock, Grant, Reach, Role, Timestamp};

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
