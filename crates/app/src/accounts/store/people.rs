//! SQL about other people's accounts and roles.

use super::{Accounts, GrantLine, grant_line};
use crate::accounts::RoleGrantId;
use crate::db::{DbError, Value, args, assembled};
use kernel::{AccountId, OrganisationId, Timestamp};

/// Rows read at a time.
const BATCH: usize = 1_000;
/// Up to so many organisations are named in the query; more are sorted out afterwards.
const NAMED_MOST: usize = 500;

/// One account with the roles that the asker may see.
#[derive(Debug, Clone)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// What its owner types in.
    pub login: String,
    /// What others see.
    pub name: String,
    /// May sign in.
    pub active: bool,
    /// Roles within the asker's reach, past and to come included.
    pub grants: Vec<GrantLine>,
}

/// Which accounts to list.
#[derive(Debug, Default)]
pub struct Listed<'a> {
    /// Part of login or name; empty for all.
    pub text: &'a str,
    /// Only after this login.
    pub after: &'a str,
    /// Only roles at these organisations, when there are few of them; empty for a reach too large to name.
    pub at: &'a [OrganisationId],
    /// At most so many.
    pub most: usize,
}

fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern + "%"
}

impl Accounts<'_> {
    /// Accounts with a role for which `visible` holds, by login.
    pub async fn listed(&mut self, wanted: &Listed<'_>, visible: impl Fn(OrganisationId) -> bool) -> Result<Vec<AccountRow>, DbError> {
        let mut found: Vec<AccountRow> = Vec::new();
        let mut after = wanted.after.to_owned();
        loop {
            let mut rows = self.batch(wanted, &after).await?;
            let full = rows.len() == BATCH;
            // The last account of a full batch may have more roles in the next one: it is read again there.
            if full && let Some(last) = rows.last().map(|(row, _)| row.login.clone()).filter(|last| rows[0].0.login != *last) {
                rows.retain(|(row, _)| row.login != last);
            }
            let Some(last) = rows.last().map(|(row, _)| row.login.clone()) else { return Ok(found) };
            for (row, grant) in rows.into_iter().filter(|(_, grant)| visible(grant.grant.organisation)) {
                if let Some(known) = found.last_mut().filter(|f| f.id == row.id) {
                    known.grants.push(grant);
                } else if found.len() == wanted.most {
                    return Ok(found);
                } else {
                    found.push(AccountRow { grants: vec![grant], ..row });
                }
            }
            if !full {
                return Ok(found);
            }
            after = last;
        }
    }

    async fn batch(&mut self, wanted: &Listed<'_>, after: &str) -> Result<Vec<(AccountRow, GrantLine)>, DbError> {
        let mut values = args![after, pattern(wanted.text)];
        let mut at = String::new();
        if !wanted.at.is_empty() && wanted.at.len() <= NAMED_MOST {
            at = format!("and g.organisation in ({})", crate::db::places(3, wanted.at.len()));
            values.extend(wanted.at.iter().map(|id| Value::from(*id)));
        }
        let sql = format!(
            "select g.*, a.login, a.name, a.state from account a join role_grant g on g.account = a.id
             where a.login > $1 and (a.login like $2 escape '\\' or lower(a.name) like $2 escape '\\') {at}
             order by a.login, g.from_at, g.id limit {BATCH}"
        );
        let rows = self.0.fetch_all(assembled(sql), values).await?;
        let read = |row: &crate::db::Row| {
            let grant = grant_line(row)?;
            let active = row.text("state")? == "active";
            Ok((AccountRow { id: grant.account, login: grant.login.clone(), name: grant.name.clone(), active, grants: Vec::new() }, grant))
        };
        rows.iter().map(read).collect()
    }

    /// Every role of an account, past and to come included.
    pub async fn grants_of(&mut self, account: AccountId) -> Result<Vec<GrantLine>, DbError> {
        let sql = "select g.*, a.name, a.login from role_grant g join account a on a.id = g.account where g.account = $1
                   order by g.from_at, g.id";
        self.0.fetch_all(sql, args![account]).await?.iter().map(grant_line).collect()
    }

    /// Ends a role at `at`, unless it ends before; true if it did.
    pub async fn revoke_grant(&mut self, id: RoleGrantId, account: AccountId, at: Timestamp) -> Result<bool, DbError> {
        let sql = "update role_grant set to_at = $1 where id = $2 and account = $3 and (to_at is null or to_at > $1)";
        Ok(self.0.execute(sql, args![at, id, account]).await? == 1)
    }

    /// Lets an account in, or not.
    pub async fn set_active(&mut self, id: AccountId, active: bool) -> Result<(), DbError> {
        let state = if active { "active" } else { "disabled" };
        self.0.execute("update account set state = $1, version = version + 1 where id = $2", args![state, id]).await?;
        Ok(())
    }

    /// Counts a change unless somebody changed the account since `seen`; true if it was counted.
    pub async fn touch(&mut self, id: AccountId, seen: i64) -> Result<bool, DbError> {
        let sql = "update account set version = version + 1 where id = $1 and version = $2";
        Ok(self.0.execute(sql, args![id, seen]).await? == 1)
    }

    /// Keeps other transactions from changing an account until this one ends.
    pub async fn hold(&mut self, id: AccountId) -> Result<(), DbError> {
        let sql = format!("select id from account where id = $1{}", self.0.for_update());
        self.0.fetch_all(assembled(sql), args![id]).await.map(drop)
    }
}
