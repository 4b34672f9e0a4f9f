//! Held sessions that are valid by default, and people with accounts to record them.

use super::TestApp;
use super::tree::org;
use app::held_sessions::actions::{self, Save, Saved};
use app::held_sessions::{HeldSession, HeldSessionId, SessionFields};
use app::problem::Problem;
use kernel::{Actor, Grant, Id, Reach, Role};

/// Fields with nothing wrong: last Friday evening in the hall.
pub fn fields() -> SessionFields {
    SessionFields {
        title: "Accounts in the open".into(),
        held_at: "2026-11-20T19:30".into(),
        minutes: 90,
        lecturer: "Li Wei".into(),
        lecturer_kind: "secretary".into(),
        form: "lecture".into(),
        venue_kind: "hall".into(),
        topic: "village".into(),
        people: 20,
        place: "Village hall".into(),
        ..SessionFields::default()
    }
}

/// The `n`th id that a phone made.
pub fn id(n: u128) -> HeldSessionId {
    Id::from_u128(0x5e55_0000 + n)
}

/// A save of the first version of `id`.
pub fn save_of(id: HeldSessionId, code: &str, fields: SessionFields) -> Save {
    save_over(id, code, 0, fields)
}

/// A save over a version, with an operation of its own.
pub fn save_over(id: HeldSessionId, code: &str, based_on: i64, fields: SessionFields) -> Save {
    let operation = format!("{:032x}", u128::from_le_bytes(kernel::random::bytes()));
    Save { id, organisation: org(code), operation, based_on, fields, reason: String::new() }
}

impl TestApp {
    /// Somebody with an account and one role, as an actor.
    pub async fn somebody(&self, login: &str, role: Role, code: &str) -> Actor {
        let account = self.account(login, role, code).await;
        Actor { account, grants: vec![Grant { organisation: org(code), role, reach: Reach::Subtree }], scopes: None }
    }

    /// Saves, and expects that it stands.
    pub async fn saved(&self, who: &Actor, save: Save) -> HeldSession {
        match actions::save(self, who, save).await {
            Ok(Saved::Done(one)) => *one,
            other => panic!("{other:?}"),
        }
    }

    /// The code of the refusal of a save.
    pub async fn refused(&self, who: &Actor, save: Save) -> &'static str {
        match actions::save(self, who, save).await {
            Err(Problem { code, .. }) => code,
            Ok(saved) => panic!("{saved:?}"),
        }
    }
}
