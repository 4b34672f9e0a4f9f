//! SQL that adds many accounts and roles at once, and the invitations by which their owners come in.

use super::people::AccountRow;
use super::{Accounts, GrantLine, grant_line};
use crate::accounts::RoleGrantId;
use crate::db::{DbError, Row, Value, args, assembled, places};
use kernel::{AccountId, Grant, Timestamp};

/// Rows of one statement.
const BATCH: usize = 500;

/// A new account: id, sign-in name, name.
pub type Newcomer<'a> = (AccountId, &'a str, &'a str);
/// A new role: its id, whose, what, from when, until when.
pub type NewRole = (RoleGrantId, AccountId, Grant, Timestamp, Option<Timestamp>);

/// `($1, …), ($n, …)` for rows of `columns` values.
fn rows_of(rows: usize, columns: usize) -> String {
    (0..rows).map(|row| format!("({})", places(row * columns + 1, columns))).collect::<Vec<_>>().join(", ")
}

fn bare(row: &Row) -> Result<AccountRow, DbError> {
    let active = row.text("state")? == "active";
    Ok(AccountRow { id: row.id("id")?, login: row.text("login")?, name: row.text("name")?, active, grants: Vec::new() })
}

impl Accounts<'_> {
    /// The accounts with these sign-in names (in lower case), each with every role, past and to come included.
    pub async fn with_roles(&mut self, logins: &[&str]) -> Result<Vec<AccountRow>, DbError> {
        let mut wanted = logins.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let mut found = Vec::new();
        for some in wanted.chunks(BATCH) {
            let list = places(1, some.len());
            let values = || some.iter().map(|login| Value::from(*login)).collect::<Vec<_>>();
            let accounts =
                self.0.fetch_all(assembled(format!("select * from account where login in ({list}) order by id")), values()).await?;
            let sql = format!("select g.*, a.name, a.login from role_grant g join account a on a.id = g.account where a.login in ({list})");
            let grants = self.0.fetch_all(assembled(format!("{sql} order by g.account, g.from_at, g.id")), values()).await?;
            found.extend(joined(&accounts, &grants)?);
        }
        Ok(found)
    }

    /// The accounts of the import `register` that have no password yet, each with every role.
    pub async fn invited(&mut self, register: &str) -> Result<Vec<AccountRow>, DbError> {
        let accounts = "select a.* from account a join invitation i on i.account = a.id where i.register = $1 order by a.id";
        let accounts = self.0.fetch_all(accounts, args![register]).await?;
        let grants = "select g.*, a.name, a.login from role_grant g join account a on a.id = g.account
                      join invitation i on i.account = a.id where i.register = $1 order by g.account, g.from_at, g.id";
        let grants = self.0.fetch_all(grants, args![register]).await?;
        joined(&accounts, &grants)
    }

    /// Adds accounts without a password, invited by the import `register`; a duplicate login is [`DbError::is_duplicate`].
    pub async fn insert_invited(&mut self, new: &[Newcomer<'_>], register: &str, now: Timestamp) -> Result<(), DbError> {
        for some in new.chunks(BATCH) {
            let sql = "insert into account (id, login, name, password_hash, state, created_at) values";
            let values = some.iter().flat_map(|(id, login, name)| args![*id, *login, *name, "", "active", now]).collect();
            self.0.execute(assembled(format!("{sql} {}", rows_of(some.len(), 6))), values).await?;
            let sql = "insert into invitation (account, register, created_at) values";
            let values = some.iter().flat_map(|(id, ..)| args![*id, register, now]).collect();
            self.0.execute(assembled(format!("{sql} {}", rows_of(some.len(), 3))), values).await?;
        }
        Ok(())
    }

    /// Grants many roles.
    pub async fn grant_many(&mut self, roles: &[NewRole], by: Option<AccountId>, now: Timestamp) -> Result<(), DbError> {
        for some in roles.chunks(BATCH) {
            let sql = "insert into role_grant (id, account, organisation, role, reach, from_at, to_at, granted_by, created_at) values";
            let row = |(id, account, g, from, to): &NewRole| {
                args![*id, *account, g.organisation, g.role.code(), g.reach.code(), *from, *to, by, now]
            };
            self.0.execute(assembled(format!("{sql} {}", rows_of(some.len(), 9))), some.iter().flat_map(row).collect()).await?;
        }
        Ok(())
    }

    /// Gives an account another name.
    pub async fn rename(&mut self, id: AccountId, name: &str) -> Result<(), DbError> {
        self.0.execute("update account set name = $1, version = version + 1 where id = $2", args![name, id]).await?;
        Ok(())
    }

    /// Has a role end at `to`, or not at all.
    pub async fn end_grant_on(&mut self, id: RoleGrantId, to: Option<Timestamp>) -> Result<(), DbError> {
        self.0.execute("update role_grant set to_at = $1 where id = $2", args![to, id]).await?;
        Ok(())
    }

    /// Gives an invitation its link, which ends the one before; nothing happens when it was used meanwhile.
    pub async fn renew_invitation(&mut self, account: AccountId, hash: [u8; 32], until: Timestamp) -> Result<(), DbError> {
        let sql = "update invitation set token_hash = $1, expires_at = $2 where account = $3";
        self.0.execute(sql, args![hash, until, account]).await?;
        Ok(())
    }

    /// Who was invited by the link with this hash, while it works: an active account without a password.
    pub async fn by_invitation(&mut self, hash: [u8; 32], now: Timestamp) -> Result<Option<super::Account>, DbError> {
        let sql = "select a.* from account a join invitation i on i.account = a.id
                   where i.token_hash = $1 and i.expires_at > $2 and a.state = 'active'";
        self.0.fetch_optional(sql, args![hash, now]).await?.as_ref().map(super::account).transpose()
    }

    /// Uses up the invitation with this hash; true if it was there.
    pub async fn use_invitation(&mut self, hash: [u8; 32], now: Timestamp) -> Result<bool, DbError> {
        Ok(self.0.execute("delete from invitation where token_hash = $1 and expires_at > $2", args![hash, now]).await? == 1)
    }
}

/// Accounts with their grants; both in the order of the accounts' ids.
fn joined(accounts: &[Row], grants: &[Row]) -> Result<Vec<AccountRow>, DbError> {
    let mut found = accounts.iter().map(bare).collect::<Result<Vec<_>, _>>()?;
    for grant in grants.iter().map(grant_line) {
        let grant: GrantLine = grant?;
        if let Ok(at) = found.binary_search_by(|row| row.id.cmp(&grant.account)) {
            found[at].grants.push(grant);
        }
    }
    Ok(found)
}
