//! One account for each role at each level, along one line of the tree: `clerk.branch`, `reviewer.township`, …

use super::refused;
use crate::accounts::actions::{self, NewAccount};
use crate::organisations::OrganisationId;
use crate::state::App;
use kernel::{Actor, Grant, Reach, Role};

/// Of every demo account.
pub const PASSWORD: &str = "open-the-lecture";

/// The levels of the demo's tree, from the top.
pub const LEVELS: [&str; 5] = ["province", "city", "county", "township", "branch"];

/// Editors beside `editor.province`, because clearance takes three.
const MORE_EDITORS: [&str; 2] = ["editor2.province", "editor3.province"];

/// Names of people, by the number of the account.
const NAMES: [&str; 12] =
    ["林晓燕", "周明远", "李桂芳", "陈立群", "王海燕", "赵文静", "孙浩", "何建国", "吴秀英", "郑志强", "马春梅", "高远"];

/// Login, role and level of every account.
pub fn logins() -> Vec<(String, Role, &'static str)> {
    let mut all = Vec::new();
    for level in LEVELS {
        all.extend(Role::ALL.iter().map(|role| (format!("{}.{level}", role.code()), *role, level)));
    }
    all.extend(MORE_EDITORS.map(|login| (login.to_owned(), Role::Editor, "province")));
    all
}

/// The organisation of a level on the line where the demo's people work: always the first child.
pub(super) fn organisation(app: &App, level: &str) -> anyhow::Result<OrganisationId> {
    let tree = app.tree.load();
    let mut at = tree.roots().next().map(|r| r.id);
    for _ in LEVELS.iter().take_while(|l| **l != level) {
        at = at.and_then(|id| tree.children(id).next().map(|n| n.id));
    }
    at.ok_or_else(|| anyhow::anyhow!("the demo's tree has no {level}"))
}

/// Plants the accounts.
pub(super) async fn plant(app: &App) -> anyhow::Result<()> {
    for (n, (login, role, level)) in logins().into_iter().enumerate() {
        let grants = vec![Grant { organisation: organisation(app, level)?, role, reach: Reach::Subtree }];
        let new = NewAccount { login, name: NAMES[n % NAMES.len()].to_owned(), password: PASSWORD.to_owned(), grants };
        actions::create(app, new, None).await.map_err(refused)?;
    }
    Ok(())
}

/// Somebody with `role` at `organisation`, acting as the demo's account of that role.
pub(super) async fn actor(app: &App, role: Role, organisation: OrganisationId, login: &str) -> anyhow::Result<Actor> {
    let mut tx = app.db.read().await?;
    let account = crate::accounts::Accounts(&mut tx).find_by_login(login).await?;
    let account = account.ok_or_else(|| anyhow::anyhow!("the demo's account {login} is gone"))?;
    Ok(Actor { account: account.id, grants: vec![Grant { organisation, role, reach: Reach::Subtree }], scopes: None })
}
