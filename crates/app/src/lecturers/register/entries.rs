//! What one row says: a lecturer.

use crate::lecturers::{Fields, rules};
use crate::organisations::{OrganisationId, Tree};
use crate::problem::FieldError;
use crate::registers::{Fault, Line, plain};
use std::collections::HashMap;

/// Codes of the columns; the first [`REQUIRED`] must be there.
pub const COLUMNS: [&str; 10] = [NAME, ORGANISATION, KIND, "topics", "occupation", "about", "contact", "term_from", "term_to", ACCOUNT];
/// How many columns must be there.
pub const REQUIRED: usize = 3;
/// Who.
pub const NAME: &str = "name";
/// Code of the organisation.
pub const ORGANISATION: &str = "organisation";
/// What kind of lecturer.
pub const KIND: &str = "lecturer-kind";
/// Sign-in name of the account that answers.
pub const ACCOUNT: &str = "account";

/// What one row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Row as the spreadsheet program numbers it.
    pub row: u32,
    /// Where the lecturer belongs.
    pub organisation: OrganisationId,
    /// Who it is; texts are checked and trimmed, what is empty is not given.
    pub fields: Fields,
}

/// Reads lines against the tree.
#[derive(Debug)]
pub struct Reader<'t> {
    /// Where codes are looked up.
    pub tree: &'t Tree,
    /// A kind in words or as code, in its plain form.
    pub kinds: HashMap<String, &'static str>,
    /// A topic in words or as code, in its plain form.
    pub topics: HashMap<String, &'static str>,
}

impl Reader<'_> {
    /// The entry of a line, unless something is wrong with it.
    pub fn entry(&self, line: Line<'_>, faults: &mut Vec<Fault>) -> Option<Entry> {
        let before = faults.len();
        let organisation = self.organisation(line, faults);
        let kind = self.kind(line, faults);
        let topics = self.topics(line, faults);
        let given = |column: usize| Some(line.text(column).trim().to_owned()).filter(|text| !text.is_empty());
        let fields = Fields {
            name: Some(line.text(0).to_owned()),
            kind: kind.map(str::to_owned),
            topics: (!topics.is_empty()).then_some(topics),
            occupation: given(4),
            about: given(5),
            contact: given(6),
            term_from: given(7),
            term_to: given(8),
            account: given(9).map(|login| login.to_lowercase()),
            organisation: None,
        };
        let checked = rules::checked(fields).map_err(|broken| faults.extend(broken.iter().map(|fault| of_column(line.number, fault))));
        let (organisation, fields) = (organisation?, checked.ok()?);
        (faults.len() == before).then_some(Entry { row: line.number, organisation, fields })
    }

    fn organisation(&self, line: Line<'_>, faults: &mut Vec<Fault>) -> Option<OrganisationId> {
        let code = line.text(1);
        let rule = match self.tree.by_code(code) {
            _ if code.is_empty() => "required",
            None => "unknown-organisation",
            Some(node) if node.closed => "organisation-closed",
            Some(node) => return Some(node.id),
        };
        faults.push(Fault::new(line.number, ORGANISATION, code, rule, &""));
        None
    }

    fn kind(&self, line: Line<'_>, faults: &mut Vec<Fault>) -> Option<&'static str> {
        let text = line.text(2);
        let known = self.kinds.get(&plain(text)).copied();
        if known.is_none() {
            let rule = if text.is_empty() { "required" } else { "lecturer-kind" };
            faults.push(Fault::new(line.number, KIND, text, rule, &""));
        }
        known
    }

    /// Several topics in one cell are parted as people part them.
    fn topics(&self, line: Line<'_>, faults: &mut Vec<Fault>) -> Vec<String> {
        let mut found = Vec::new();
        for word in line.text(3).split(['、', ',', '，', ';', '；', '/', '|']).map(str::trim).filter(|word| !word.is_empty()) {
            match self.topics.get(&plain(word)) {
                Some(code) => found.push((*code).to_owned()),
                None => faults.push(Fault::new(line.number, "topics", word, "topic", &"")),
            }
        }
        found
    }
}

/// A broken rule at the column that it belongs to.
fn of_column(row: u32, fault: &FieldError) -> Fault {
    let column = COLUMNS.into_iter().find(|column| *column == fault.field).unwrap_or(NAME);
    Fault::of(row, column, fault)
}
