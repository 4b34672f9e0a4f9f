//! What one row says: an account and one of its roles.

use crate::accounts::rules as account_rules;
use crate::organisations::{Tree, rules};
use crate::registers::{Fault, Line, plain};
use jiff::tz::TimeZone;
use kernel::{Grant, Reach, Role, Timestamp};
use std::collections::HashMap;

/// Codes of the columns; the first [`REQUIRED`] must be there.
pub const COLUMNS: [&str; 7] = [LOGIN, NAME, ORGANISATION, ROLE, REACH, FROM, TO];
/// How many columns must be there.
pub const REQUIRED: usize = 4;
/// What the owner types in.
pub const LOGIN: &str = "login";
/// What others see.
pub const NAME: &str = "name";
/// Code of the organisation of the role.
pub const ORGANISATION: &str = "organisation";
/// The role.
pub const ROLE: &str = "role";
/// How far down; empty for everything below.
pub const REACH: &str = "reach";
/// First day; empty for at once.
pub const FROM: &str = "from";
/// Last day; empty for no end.
pub const TO: &str = "to";

/// What one row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Row as the spreadsheet program numbers it.
    pub row: u32,
    /// What the owner types in, in lower case.
    pub login: String,
    /// What others see.
    pub name: String,
    /// The role.
    pub grant: Grant,
    /// Start of the first day; none for at once.
    pub from: Option<Timestamp>,
    /// End of the last day; none for no end.
    pub to: Option<Timestamp>,
}

/// Reads lines against the tree.
#[derive(Debug)]
pub struct Reader<'t> {
    /// Where codes are looked up.
    pub tree: &'t Tree,
    /// Where days begin.
    pub zone: &'t TimeZone,
    /// A role in words or as code, in its plain form.
    pub roles: HashMap<String, Role>,
    /// A reach in words or as code, in its plain form.
    pub reaches: HashMap<String, Reach>,
}

impl Reader<'_> {
    /// The entry of a line, unless something is wrong with it.
    pub fn entry(&self, line: Line<'_>, faults: &mut Vec<Fault>) -> Option<Entry> {
        let before = faults.len();
        let [login, name, organisation, role, reach, from, to] = [0, 1, 2, 3, 4, 5, 6].map(|column| line.text(column));
        let mut fault = |column, found: &str, rule, wanted: &dyn std::fmt::Display| {
            faults.push(Fault::new(line.number, column, found, rule, wanted));
        };
        for broken in account_rules::login_faults(login) {
            fault(LOGIN, &broken.found, broken.rule, &broken.wanted);
        }
        if let Err(broken) = crate::texts::check(NAME, name, 1, account_rules::NAME_MAX) {
            fault(NAME, &broken.found, broken.rule, &broken.wanted);
        }
        let at = self.tree.by_code(organisation);
        match at {
            _ if organisation.is_empty() => fault(ORGANISATION, "", "required", &""),
            None => fault(ORGANISATION, organisation, "unknown-organisation", &""),
            Some(node) if node.closed => fault(ORGANISATION, organisation, "organisation-closed", &""),
            Some(_) => {}
        }
        let known = self.roles.get(&plain(role)).copied();
        if known.is_none() {
            fault(ROLE, role, if role.is_empty() { "required" } else { "role" }, &"");
        }
        let far = if reach.is_empty() { Some(Reach::Subtree) } else { self.reaches.get(&plain(reach)).copied() };
        if far.is_none() {
            fault(REACH, reach, "reach", &"");
        }
        let mut day = |column, text: &str| match (!text.is_empty()).then(|| rules::day(text, self.zone)) {
            Some(Err(broken)) => {
                fault(column, text, broken.rule, &broken.wanted);
                None
            }
            day => day.and_then(Result::ok),
        };
        let (from, to) = (day(FROM, from), day(TO, to).map(|last| last.plus_days(1)));
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            fault(TO, line.text(6), "after-from", &"");
        }
        let grant = Grant { organisation: at?.id, role: known?, reach: far? };
        (faults.len() == before).then(|| Entry {
            row: line.number,
            login: login.to_lowercase(),
            name: name.trim().to_owned(),
            grant,
            from,
            to,
        })
    }
}
