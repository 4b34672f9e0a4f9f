//! A small tree and its people: valid by default, a test names only what matters.
//!
//! ```text
//! province ─┬─ city-a ─┬─ county-a ─┬─ township-a ─┬─ branch-a, branch-b
//!           │          │            └─ township-b ─── branch-c
//!           │          └─ county-b
//!           └─ city-b ─── county-c ─── township-c ─── branch-d
//! ```

use super::{Client, TestApp};
use app::accounts::actions::{self, NewAccount};
use app::organisations::{self, OrganisationId};
use kernel::{AccountId, Grant, Id, Reach, Role};

/// The password of every test account.
pub const PASSWORD: &str = "correct horse battery";

const TREE: [(&str, &str, &str); 13] = [
    ("province", "", "province"),
    ("city-a", "province", "city"),
    ("city-b", "province", "city"),
    ("county-a", "city-a", "county"),
    ("county-b", "city-a", "county"),
    ("county-c", "city-b", "county"),
    ("township-a", "county-a", "township"),
    ("township-b", "county-a", "township"),
    ("township-c", "county-c", "township"),
    ("branch-a", "township-a", "branch"),
    ("branch-b", "township-a", "branch"),
    ("branch-c", "township-b", "branch"),
    ("branch-d", "township-c", "branch"),
];

/// The id of one of the tree's organisations, by its code.
pub fn org(code: &str) -> OrganisationId {
    let at = TREE.iter().position(|(c, _, _)| *c == code).unwrap_or_else(|| panic!("no organisation {code}"));
    Id::from_u128(0x1000 + at as u128)
}

impl TestApp {
    /// Adds the tree.
    pub async fn with_tree(self) -> Self {
        let rows: Vec<_> =
            TREE.iter().map(|(code, parent, kind)| (org(code), *code, (!parent.is_empty()).then(|| org(parent)), *kind)).collect();
        let mut tx = self.db.begin().await.unwrap();
        for (id, code, parent, kind) in rows {
            organisations::Organisations(&mut tx)
                .insert_plain(id, code, code, kind, 10, parent, organisations::BEGINNING, self.clock.as_ref())
                .await
                .unwrap();
        }
        organisations::Organisations(&mut tx).bump_revision().await.unwrap();
        tx.commit().await.unwrap();
        organisations::refresh(&self.app).await.unwrap();
        self
    }

    /// An account named `login` with one role (reach: subtree) at the organisation with this code.
    pub async fn account(&self, login: &str, role: Role, code: &str) -> AccountId {
        let grants = vec![Grant { organisation: org(code), role, reach: Reach::Subtree }];
        let new = NewAccount { login: login.into(), name: login.into(), password: PASSWORD.into(), grants };
        actions::create(&self.app, new, None).await.unwrap_or_else(|p| panic!("{login}: {} {:?}", p.code, p.fields))
    }

    /// Creates the account and signs it in.
    pub async fn person(&self, login: &str, role: Role, code: &str) -> Client {
        self.account(login, role, code).await;
        self.anonymous().signed_in(login, PASSWORD).await
    }
}
