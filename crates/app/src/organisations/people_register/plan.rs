//! What the entries would change, and which of them can't be.

use super::Entry;
use super::entries::{LOGIN, NAME, ORGANISATION, ROLE, TO};
use crate::accounts::rules::clash;
use crate::accounts::{AccountId, GrantLine, RoleGrantId};
use crate::organisations::OrganisationId;
use crate::registers::Fault;
use kernel::{Grant, Timestamp};
use std::collections::BTreeMap;

/// An account that is there already.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its id.
    pub id: AccountId,
    /// What others see.
    pub name: String,
    /// Every role, past and to come included.
    pub grants: Vec<GrantLine>,
}

/// What the sender of the file may do.
pub struct Rights<'a> {
    /// The sender himself, who changes nothing of his own.
    pub sender: Option<AccountId>,
    /// Whether he may hand on this role.
    pub hands_on: &'a dyn Fn(&Grant) -> bool,
    /// Whether he administers accounts at this organisation, and so knows of those with a role there.
    pub sees: &'a dyn Fn(OrganisationId) -> bool,
}

impl std::fmt::Debug for Rights<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rights").field("sender", &self.sender).finish_non_exhaustive()
    }
}

/// Whose role it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// A known account.
    Known(AccountId),
    /// The new account at this place of [`Plan::accounts`].
    New(usize),
}

/// A role to be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Whose.
    pub whom: Whom,
    /// Where, what, how far.
    pub grant: Grant,
    /// From when.
    pub from: Timestamp,
    /// Until when; none for no end.
    pub to: Option<Timestamp>,
}

/// The changes of one file.
#[derive(Debug, Default)]
pub struct Plan {
    /// New accounts: sign-in name and name.
    pub accounts: Vec<(String, String)>,
    /// New roles.
    pub granted: Vec<Planned>,
    /// Known accounts that get another name.
    pub renamed: Vec<(AccountId, String)>,
    /// Known roles that end on another day.
    pub dated: Vec<(AccountId, RoleGrantId, Option<Timestamp>)>,
    /// Entries that say what is known.
    pub unchanged: usize,
    /// Everything that refuses the file.
    pub faults: Vec<Fault>,
}

struct Planner<'a> {
    known: &'a BTreeMap<String, Known>,
    rights: &'a Rights<'a>,
    now: Timestamp,
    plan: Plan,
}

/// Plans the changes of `entries`; `known` are the accounts with their sign-in names.
pub fn plan(entries: &[Entry], known: &BTreeMap<String, Known>, rights: &Rights<'_>, now: Timestamp) -> Plan {
    let mut by_login: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        by_login.entry(&entry.login).or_default().push(entry);
    }
    let mut planner = Planner { known, rights, now, plan: Plan::default() };
    for (login, rows) in by_login {
        planner.account(login, &rows);
    }
    let mut plan = planner.plan;
    plan.faults.sort_by(|a, b| (a.row, &a.column).cmp(&(b.row, &b.column)));
    plan
}

impl Planner<'_> {
    fn fault(&mut self, row: u32, column: &'static str, found: &str, rule: &'static str, wanted: &dyn std::fmt::Display) {
        self.plan.faults.push(Fault::new(row, column, found, rule, wanted));
    }

    fn is_open(&self, line: &GrantLine) -> bool {
        line.to.is_none_or(|to| to > self.now)
    }

    /// All rows of one account.
    fn account(&mut self, login: &str, rows: &[&Entry]) {
        let first = rows[0];
        for other in rows.iter().filter(|row| row.name != first.name) {
            self.fault(other.row, NAME, &other.name, "other-name", &first.row);
        }
        let known = self.known.get(login);
        if let Some(known) = known {
            if !known.grants.iter().any(|g| (self.rights.sees)(g.grant.organisation)) {
                return self.fault(first.row, LOGIN, login, "taken", &"");
            }
            if known.name != first.name {
                self.rename(known, first);
            }
        }
        let whom = known.map_or(Whom::New(self.plan.accounts.len()), |known| Whom::Known(known.id));
        self.roles(whom, known, rows);
        if known.is_none() {
            self.plan.accounts.push((login.to_owned(), first.name.clone()));
        }
    }

    /// An account is described only by who administers all of it.
    fn rename(&mut self, known: &Known, entry: &Entry) {
        if self.rights.sender == Some(known.id) {
            self.fault(entry.row, LOGIN, &entry.login, "not-yourself", &"");
        } else if known.grants.iter().filter(|g| self.is_open(g)).all(|g| (self.rights.hands_on)(&g.grant)) {
            self.plan.renamed.push((known.id, entry.name.clone()));
        } else {
            self.fault(entry.row, NAME, &known.name, "role-elsewhere", &"");
        }
    }

    fn roles(&mut self, whom: Whom, known: Option<&Known>, rows: &[&Entry]) {
        let mut held: Vec<_> = known.iter().flat_map(|k| &k.grants).filter(|g| self.is_open(g)).map(|g| g.grant.role).collect();
        let mut seen = BTreeMap::new();
        for entry in rows {
            let role = (entry.grant.organisation, entry.grant.role.code(), entry.grant.reach.code());
            if let Some(earlier) = seen.insert(role, entry.row) {
                self.fault(entry.row, LOGIN, &entry.login, "duplicate-role", &earlier);
                continue;
            }
            if let Some(apart) = clash(&held, entry.grant.role) {
                self.fault(entry.row, ROLE, entry.grant.role.code(), "roles-apart", &apart.code());
            }
            held.push(entry.grant.role);
            self.role(whom, known, entry);
        }
    }

    fn role(&mut self, whom: Whom, known: Option<&Known>, entry: &Entry) {
        let same: Vec<_> = known.iter().flat_map(|k| &k.grants).filter(|g| g.grant == entry.grant).collect();
        if same.iter().any(|g| g.to == entry.to) {
            self.plan.unchanged += 1;
            return;
        }
        if matches!(whom, Whom::Known(id) if self.rights.sender == Some(id)) {
            return self.fault(entry.row, LOGIN, &entry.login, "not-yourself", &"");
        }
        if !(self.rights.hands_on)(&entry.grant) {
            return self.fault(entry.row, ORGANISATION, "", "not-yours", &"");
        }
        let open = same.iter().find(|g| self.is_open(g));
        let from = open.map_or(self.now, |g| g.from).max(entry.from.unwrap_or(self.now));
        if entry.to.is_some_and(|to| to <= from.max(self.now)) {
            return self.fault(entry.row, TO, "", "over-already", &"");
        }
        match (open, whom) {
            (Some(line), Whom::Known(id)) => self.plan.dated.push((id, line.id, entry.to)),
            _ => self.plan.granted.push(Planned { whom, grant: entry.grant, from, to: entry.to }),
        }
    }
}

impl Plan {
    /// There is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.granted.is_empty() && self.renamed.is_empty() && self.dated.is_empty()
    }
}
