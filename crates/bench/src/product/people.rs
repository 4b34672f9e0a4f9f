//! People with a role and an open sign-in, as the product stores them; their passwords are of no use here.

use app::accounts::actions::new_secret;
use app::accounts::{AccountId, Accounts, COOKIE, Device, RoleGrantId, SignInId};
use app::organisations::OrganisationId;
use app::state::App;
use kernel::{Actor, Grant, Reach, Role};

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct Person {
    /// What they may do.
    pub actor: Actor,
    /// The header line that says who they are.
    pub cookie: String,
}

/// Adds somebody with one role at one organisation and everything below it.
pub async fn person(app: &App, login: &str, role: Role, organisation: OrganisationId) -> anyhow::Result<Person> {
    let (clock, now) = (app.clock.as_ref(), app.clock.now());
    let account = AccountId::new(clock);
    let grant = Grant { organisation, role, reach: Reach::Subtree };
    let (secret, hash) = new_secret();
    let device = Device { name: "bench".into(), address: "127.0.0.1".into() };
    let mut tx = app.db.begin().await?;
    let mut accounts = Accounts(&mut tx);
    accounts.insert(account, login, login, "no password fits this", now).await?;
    accounts.grant(RoleGrantId::new(clock), account, grant, now, None, None, now).await?;
    accounts.insert_sign_in(SignInId::new(clock), hash, account, now, now.plus_days(1), &device).await?;
    tx.commit().await?;
    let cookie = format!("cookie: {COOKIE}={secret}\r\nsec-fetch-site: same-origin\r\ncontent-type: application/json\r\n");
    Ok(Person { actor: Actor { account, grants: vec![grant], scopes: None }, cookie })
}
