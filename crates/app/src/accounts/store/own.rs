//! SQL of what an account keeps for itself: name, password, sign-ins, tokens.

use super::Accounts;
use crate::accounts::{ApiTokenId, SignInId};
use crate::db::{DbError, Row, args};
use kernel::{AccountId, Scope, Timestamp};

/// A sign-in as its owner sees it.
#[derive(Debug, Clone)]
pub struct SignInLine {
    /// Its id.
    pub id: SignInId,
    /// What the browser calls itself.
    pub device: String,
    /// From which address.
    pub address: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
}

/// A token as its owner sees it.
#[derive(Debug, Clone)]
pub struct TokenLine {
    /// Its id.
    pub id: ApiTokenId,
    /// What it is for.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

fn sign_in(row: &Row) -> Result<SignInLine, DbError> {
    Ok(SignInLine {
        id: row.id("id")?,
        device: row.text("device")?,
        address: row.text("address")?,
        created_at: row.time("created_at")?,
        last_seen_at: row.time("last_seen_at")?,
    })
}

fn token(row: &Row) -> Result<TokenLine, DbError> {
    Ok(TokenLine {
        id: row.id("id")?,
        name: row.text("name")?,
        scopes: row.json("scopes")?,
        created_at: row.time("created_at")?,
        expires_at: row.opt_time("expires_at")?,
        last_used_at: row.opt_time("last_used_at")?,
    })
}

impl Accounts<'_> {
    /// Sets name and language.
    pub async fn describe(&mut self, id: AccountId, name: &str, language: Option<&str>) -> Result<(), DbError> {
        let sql = "update account set name = $1, language = $2, version = version + 1 where id = $3";
        self.0.execute(sql, args![name, language, id]).await?;
        Ok(())
    }

    /// Sets the password; forgets wrong ones and the invitation to set the first.
    pub async fn set_password(&mut self, id: AccountId, hash: &str) -> Result<(), DbError> {
        let sql = "update account set password_hash = $1, failed_sign_ins = 0, locked_until = null, version = version + 1 where id = $2";
        self.0.execute(sql, args![hash, id]).await?;
        self.0.execute("delete from invitation where account = $1", args![id]).await?;
        Ok(())
    }

    /// Remembers an address that is to be proved; the number of the link that proves it.
    pub async fn want_mail(&mut self, id: AccountId, address: &str) -> Result<i64, DbError> {
        let sql = "update account set mail_wanted = $1, mail_asked = mail_asked + 1 where id = $2";
        self.0.execute(sql, args![address, id]).await?;
        self.0.fetch_int("select mail_asked from account where id = $1", args![id]).await
    }

    /// Takes the wanted address over, once, by the link with the number `asked`; true if that was the newest.
    pub async fn prove_mail(&mut self, id: AccountId, asked: i64) -> Result<bool, DbError> {
        let sql = "update account set mail = mail_wanted, mail_wanted = null, mail_asked = mail_asked + 1
                   where id = $1 and mail_asked = $2 and mail_wanted is not null";
        Ok(self.0.execute(sql, args![id, asked]).await? == 1)
    }

    /// Forgets both addresses.
    pub async fn forget_mail(&mut self, id: AccountId) -> Result<(), DbError> {
        let sql = "update account set mail = null, mail_wanted = null, mail_asked = mail_asked + 1 where id = $1";
        self.0.execute(sql, args![id]).await?;
        Ok(())
    }

    /// Ends every sign-in of `account` but `keep`.
    pub async fn revoke_sign_ins(&mut self, account: AccountId, keep: Option<SignInId>, now: Timestamp) -> Result<(), DbError> {
        let keep = keep.map(|id| id.to_string()).unwrap_or_default();
        let sql = "update sign_in set revoked_at = $1 where account = $2 and revoked_at is null and id <> $3";
        self.0.execute(sql, args![now, account, keep]).await?;
        Ok(())
    }

    /// Open sign-ins that were used since `idle_since`, newest first, at most 100.
    pub async fn sign_ins(&mut self, account: AccountId, now: Timestamp, idle_since: Timestamp) -> Result<Vec<SignInLine>, DbError> {
        let sql = "select * from sign_in where account = $1 and revoked_at is null and expires_at > $2 and last_seen_at >= $3
                   order by last_seen_at desc, id limit 100";
        self.0.fetch_all(sql, args![account, now, idle_since]).await?.iter().map(sign_in).collect()
    }

    /// Adds a token.
    pub async fn insert_token(
        &mut self,
        id: ApiTokenId,
        hash: [u8; 32],
        account: AccountId,
        name: &str,
        scopes: &[Scope],
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), DbError> {
        let sql =
            "insert into api_token (id, token_hash, account, name, scopes, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7)";
        self.0.execute(sql, args![id, hash, account, name, &serde_json::json!(scopes), now, until]).await?;
        Ok(())
    }

    /// Tokens that still work, newest first, at most 100.
    pub async fn tokens(&mut self, account: AccountId, now: Timestamp) -> Result<Vec<TokenLine>, DbError> {
        let sql = "select * from api_token where account = $1 and revoked_at is null and (expires_at is null or expires_at > $2)
                   order by created_at desc, id limit 100";
        self.0.fetch_all(sql, args![account, now]).await?.iter().map(token).collect()
    }

    /// Ends a token of `account`; true if it was one and worked.
    pub async fn revoke_token(&mut self, id: ApiTokenId, account: AccountId, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update api_token set revoked_at = $1 where id = $2 and account = $3 and revoked_at is null";
        Ok(self.0.execute(sql, args![now, id, account]).await? == 1)
    }
}
