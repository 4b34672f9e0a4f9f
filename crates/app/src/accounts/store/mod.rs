//! SQL for accounts, sign-ins, tokens and grants.

mod many;
mod own;
mod people;

pub use own::{SignInLine, TokenLine};
pub use people::{AccountRow, Listed};

use super::{ApiTokenId, Device, RoleGrantId, SignInId};
use crate::db::{DbError, Row, Tx, args};
use kernel::{AccountId, Grant, Reach, Role, Scope, Timestamp};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Accounts<'t>(pub &'t mut Tx);

/// An account as stored.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// What its owner types in.
    pub login: String,
    /// What others see.
    pub name: String,
    /// PHC string; none until its owner set a password.
    pub password_hash: Option<String>,
    /// Chosen language tag, if any.
    pub language: Option<String>,
    /// May sign in.
    pub active: bool,
    /// End of the lock.
    pub locked_until: Option<Timestamp>,
    /// Counts changes.
    pub version: i64,
    /// The address for mail, proved by its owner.
    pub mail: Option<String>,
    /// An address that is still to be proved.
    pub mail_wanted: Option<String>,
    /// Counts links that were asked for: only the newest works.
    pub mail_asked: i64,
}

/// A way in that was found by its secret.
#[derive(Debug, Clone)]
pub struct Way {
    /// Whose.
    pub account: Account,
    /// The sign-in, when it was a cookie.
    pub sign_in: Option<SignInId>,
    /// The token and its scopes, when it was one.
    pub token: Option<(ApiTokenId, Vec<Scope>)>,
    /// When it was last used.
    pub last_seen: Timestamp,
}

fn account(row: &Row) -> Result<Account, DbError> {
    Ok(Account {
        id: row.id("id")?,
        login: row.text("login")?,
        name: row.text("name")?,
        password_hash: Some(row.text("password_hash")?).filter(|hash| !hash.is_empty()),
        language: row.opt_text("language")?,
        active: row.text("state")? == "active",
        locked_until: row.opt_time("locked_until")?,
        version: row.int("version")?,
        mail: row.opt_text("mail")?,
        mail_wanted: row.opt_text("mail_wanted")?,
        mail_asked: row.int("mail_asked")?,
    })
}

/// A granted role with its holder and its time.
#[derive(Debug, Clone)]
pub struct GrantLine {
    /// Its id.
    pub id: RoleGrantId,
    /// The holder.
    pub account: AccountId,
    /// What the holder is called.
    pub name: String,
    /// What the holder types in.
    pub login: String,
    /// Where, what, how far.
    pub grant: Grant,
    /// From when.
    pub from: Timestamp,
    /// Until when; none for open.
    pub to: Option<Timestamp>,
}

fn grant(row: &Row) -> Result<Grant, DbError> {
    Ok(Grant {
        organisation: row.id("organisation")?,
        role: row.code("role", Role::from_code)?,
        reach: row.code("reach", Reach::from_code)?,
    })
}

fn grant_line(row: &Row) -> Result<GrantLine, DbError> {
    Ok(GrantLine {
        id: row.id("id")?,
        account: row.id("account")?,
        name: row.text("name")?,
        login: row.text("login")?,
        grant: grant(row)?,
        from: row.time("from_at")?,
        to: row.opt_time("to_at")?,
    })
}

impl Accounts<'_> {
    /// By id.
    pub async fn find(&mut self, id: AccountId) -> Result<Option<Account>, DbError> {
        self.0.fetch_optional("select * from account where id = $1", args![id]).await?.as_ref().map(account).transpose()
    }

    /// By login, in lower case.
    pub async fn find_by_login(&mut self, login: &str) -> Result<Option<Account>, DbError> {
        let row = self.0.fetch_optional("select * from account where login = $1", args![login.to_lowercase()]).await?;
        row.as_ref().map(account).transpose()
    }

    /// Adds an account; a duplicate login is [`DbError::is_duplicate`].
    pub async fn insert(&mut self, id: AccountId, login: &str, name: &str, hash: &str, now: Timestamp) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into account (id, login, name, password_hash, state, created_at) values ($1, $2, $3, $4, 'active', $5)",
                args![id, login.to_lowercase(), name, hash, now],
            )
            .await?;
        Ok(())
    }

    /// Counts a wrong password; how many there are now since the last right one.
    pub async fn count_failure(&mut self, id: AccountId) -> Result<i64, DbError> {
        self.0.execute("update account set failed_sign_ins = failed_sign_ins + 1 where id = $1", args![id]).await?;
        self.0.fetch_int("select failed_sign_ins from account where id = $1", args![id]).await
    }

    /// Locks until `until`, or not.
    pub async fn lock(&mut self, id: AccountId, until: Option<Timestamp>) -> Result<(), DbError> {
        self.0.execute("update account set locked_until = $1 where id = $2", args![until, id]).await?;
        Ok(())
    }

    /// After a right password.
    pub async fn forget_failures(&mut self, id: AccountId) -> Result<(), DbError> {
        self.0.execute("update account set failed_sign_ins = 0, locked_until = null where id = $1", args![id]).await?;
        Ok(())
    }

    /// Adds a sign-in.
    pub async fn insert_sign_in(
        &mut self,
        id: SignInId,
        hash: [u8; 32],
        account: AccountId,
        now: Timestamp,
        until: Timestamp,
        device: &Device,
    ) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into sign_in (id, token_hash, account, created_at, last_seen_at, expires_at, device, address)
                 values ($1, $2, $3, $4, $4, $5, $6, $7)",
                args![id, hash, account, now, until, &device.name, &device.address],
            )
            .await?;
        Ok(())
    }

    /// The sign-in behind a cookie, unless it was revoked or ran out.
    pub async fn by_sign_in(&mut self, hash: [u8; 32], now: Timestamp) -> Result<Option<Way>, DbError> {
        let sql = "select a.*, s.id as way, s.last_seen_at as seen from sign_in s join account a on a.id = s.account
                   where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2";
        let Some(row) = self.0.fetch_optional(sql, args![hash, now]).await? else { return Ok(None) };
        Ok(Some(Way { account: account(&row)?, sign_in: Some(row.id("way")?), token: None, last_seen: row.time("seen")? }))
    }

    /// The token behind a bearer secret, unless it was revoked or ran out.
    pub async fn by_token(&mut self, hash: [u8; 32], now: Timestamp) -> Result<Option<Way>, DbError> {
        let sql =
            "select a.*, t.id as way, t.scopes, coalesce(t.last_used_at, 0) as seen from api_token t join account a on a.id = t.account
                   where t.token_hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2)";
        let Some(row) = self.0.fetch_optional(sql, args![hash, now]).await? else { return Ok(None) };
        let token = (row.id("way")?, row.json("scopes")?);
        Ok(Some(Way { account: account(&row)?, sign_in: None, token: Some(token), last_seen: row.time("seen")? }))
    }

    /// Remembers that a sign-in was used.
    pub async fn touch_sign_in(&mut self, id: SignInId, now: Timestamp) -> Result<(), DbError> {
        self.0.execute("update sign_in set last_seen_at = $1 where id = $2", args![now, id]).await?;
        Ok(())
    }

    /// Remembers that a token was used.
    pub async fn touch_token(&mut self, id: ApiTokenId, now: Timestamp) -> Result<(), DbError> {
        self.0.execute("update api_token set last_used_at = $1 where id = $2", args![now, id]).await?;
        Ok(())
    }

    /// Ends a sign-in of `account`; true if it was one and was open.
    pub async fn revoke_sign_in(&mut self, id: SignInId, account: AccountId, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update sign_in set revoked_at = $1 where id = $2 and account = $3 and revoked_at is null";
        Ok(self.0.execute(sql, args![now, id, account]).await? == 1)
    }

    /// Grants in force at `now`.
    pub async fn grants(&mut self, account: AccountId, now: Timestamp) -> Result<Vec<Grant>, DbError> {
        let sql = "select organisation, role, reach from role_grant where account = $1 and from_at <= $2 and (to_at is null or to_at > $2)";
        let rows = self.0.fetch_all(sql, args![account, now]).await?;
        rows.iter().map(grant).collect()
    }

    /// Grants `role` at `organisation` from `from` until `to`.
    pub async fn grant(
        &mut self,
        id: RoleGrantId,
        account: AccountId,
        grant: Grant,
        from: Timestamp,
        to: Option<Timestamp>,
        by: Option<AccountId>,
        now: Timestamp,
    ) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into role_grant (id, account, organisation, role, reach, from_at, to_at, granted_by, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                args![id, account, grant.organisation, grant.role.code(), grant.reach.code(), from, to, by, now],
            )
            .await?;
        Ok(())
    }

    /// Ends every grant at `organisation` that would reach beyond `at`; how many.
    pub async fn end_grants_at(&mut self, organisation: kernel::OrganisationId, at: Timestamp) -> Result<u64, DbError> {
        let sql = "update role_grant set to_at = $1 where organisation = $2 and (to_at is null or to_at > $1)";
        self.0.execute(sql, args![at, organisation]).await
    }

    /// Roles in force at `now` at `organisation`, by name, at most `most`.
    pub async fn granted_at(
        &mut self,
        organisation: kernel::OrganisationId,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<GrantLine>, DbError> {
        let sql = "select g.*, a.name, a.login from role_grant g join account a on a.id = g.account
                   where g.organisation = $1 and g.from_at <= $2 and (g.to_at is null or g.to_at > $2) and a.state = 'active'
                   order by a.name, g.id limit $3";
        self.0.fetch_all(sql, args![organisation, now, most]).await?.iter().map(grant_line).collect()
    }
}
