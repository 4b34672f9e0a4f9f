//! What the entries would change, and which of them can't be.

use super::Entry;
use super::entries::{ACCOUNT, NAME, ORGANISATION};
use crate::accounts::AccountId;
use crate::lecturers::rules::{plain, term_fault};
use crate::lecturers::{Fields, Lecturer};
use crate::organisations::OrganisationId;
use crate::registers::Fault;
use std::collections::{BTreeMap, HashMap};

/// What the sender of the file may do.
pub struct Rights<'a> {
    /// Whether he keeps lecturers of this organisation.
    pub keeps: &'a dyn Fn(OrganisationId) -> bool,
}

impl std::fmt::Debug for Rights<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rights")
    }
}

/// The changes of one file.
#[derive(Debug, Default)]
pub struct Plan {
    /// New lecturers: where, what, and the account.
    pub added: Vec<(OrganisationId, Fields, Option<AccountId>)>,
    /// Known ones as they will be.
    pub described: Vec<Lecturer>,
    /// Rows that say what is known.
    pub unchanged: usize,
    /// Everything that refuses the file.
    pub faults: Vec<Fault>,
}

impl Plan {
    /// There is nothing to change.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.described.is_empty()
    }
}

/// Plans the changes of `entries`; `known` are the lecturers of their names, `accounts` those of their sign-in names.
pub fn plan(entries: &[Entry], known: &[Lecturer], accounts: &BTreeMap<String, AccountId>, rights: &Rights<'_>) -> Plan {
    let mut by_person: HashMap<(OrganisationId, String), Vec<&Lecturer>> = HashMap::new();
    for lecturer in known {
        by_person.entry((lecturer.organisation, plain(&lecturer.name))).or_default().push(lecturer);
    }
    let (mut plan, mut seen) = (Plan::default(), BTreeMap::new());
    for entry in entries {
        let person = (entry.organisation, plain(entry.fields.name.as_deref().unwrap_or_default()));
        let name = entry.fields.name.as_deref().unwrap_or_default();
        let mut fault = |column, found: &str, rule, wanted: &dyn std::fmt::Display| {
            plan.faults.push(Fault::new(entry.row, column, found, rule, wanted));
        };
        if let Some(earlier) = seen.insert(person.clone(), entry.row) {
            fault(NAME, name, "duplicate-lecturer", &earlier);
            continue;
        }
        if !(rights.keeps)(entry.organisation) {
            fault(ORGANISATION, "", "not-yours", &"");
            continue;
        }
        let login = entry.fields.account.as_deref().unwrap_or_default();
        let account = accounts.get(login).copied();
        if !login.is_empty() && account.is_none() {
            fault(ACCOUNT, login, "unknown-account", &"");
            continue;
        }
        match by_person.get(&person).map_or(&[][..], Vec::as_slice) {
            [] => plan.added.push((entry.organisation, entry.fields.clone(), account)),
            [one] => describe(&mut plan, entry, one, account),
            several => fault(NAME, name, "ambiguous-person", &several.len()),
        }
    }
    plan
}

fn describe(plan: &mut Plan, entry: &Entry, known: &Lecturer, account: Option<AccountId>) {
    let (mut new, fields) = (known.clone(), &entry.fields);
    let texts = [
        (&fields.kind, &mut new.kind),
        (&fields.occupation, &mut new.occupation),
        (&fields.about, &mut new.about),
        (&fields.contact, &mut new.contact),
        (&fields.term_from, &mut new.term_from),
        (&fields.term_to, &mut new.term_to),
    ];
    for (given, kept) in texts {
        if let Some(text) = given {
            kept.clone_from(text);
        }
    }
    if let Some(topics) = &fields.topics {
        new.topics.clone_from(topics);
    }
    new.account = account.or(new.account);
    if let Some(fault) = term_fault(&new.term_from, &new.term_to) {
        plan.faults.push(Fault::of(entry.row, "term_to", &fault));
    } else if new == *known {
        plan.unchanged += 1;
    } else {
        plan.described.push(new);
    }
}
