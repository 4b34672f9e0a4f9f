//! What one row says: a held session.

use crate::held_sessions::sheet::{CAMPAIGN, COLUMNS, ORGANISATION, REFERENCE, REFERENCE_AT};
use crate::held_sessions::{HeldSessionId, SessionFields, Told, rules};
use crate::organisations::{OrganisationId, Tree};
use crate::problem::FieldError;
use crate::registers::{Fault, Line, plain};
use jiff::tz::TimeZone;
use kernel::{Id, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// Longest number that a sender gives a session.
const REFERENCE_MOST: usize = 64;

/// By what a session is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnownBy {
    /// Our own number.
    Ours(HeldSessionId),
    /// The sender's number within the organisation, from which its id is made.
    Theirs(HeldSessionId),
    /// Organisation, begin and title, from which its id is made.
    Content(HeldSessionId),
}

impl KnownBy {
    /// The id that it has, or would get.
    pub const fn id(self) -> HeldSessionId {
        match self {
            Self::Ours(id) | Self::Theirs(id) | Self::Content(id) => id,
        }
    }
}

/// What one row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Row as the spreadsheet program numbers it.
    pub row: u32,
    /// Who held it.
    pub organisation: OrganisationId,
    /// By what it is known again.
    pub known_by: KnownBy,
    /// What was recorded, checked; what is empty is not given.
    pub told: Told,
}

/// Codes and the words for them.
#[derive(Debug, Clone, Default)]
pub struct Words {
    /// A word or code in its plain form, and its code.
    pub codes: HashMap<String, &'static str>,
    /// All words, as a refusal lists them.
    pub all: String,
}

/// Reads lines against the tree.
#[derive(Debug)]
pub struct Reader {
    /// Where codes are looked up.
    pub tree: Arc<Tree>,
    /// Zone of the times.
    pub zone: TimeZone,
    /// What is later has not been held.
    pub now: Timestamp,
    /// Kinds of lecturer, forms, kinds of venue, topics, in the order of their columns.
    pub words: [Words; 4],
    /// Id of a campaign by its id, code or title in their plain form; none when several are meant.
    pub campaigns: HashMap<String, Option<String>>,
}

/// Position of the first column with [`Words`].
const WORDS_AT: usize = 6;

impl Reader {
    /// The entry of a line, unless something is wrong with it.
    pub fn entry(&self, line: Line<'_>, faults: &mut Vec<Fault>) -> Option<Entry> {
        let before = faults.len();
        let organisation = self.organisation(line, faults);
        let [lecturer_kind, form, venue_kind, topic] = std::array::from_fn(|at| self.word(line, at, faults));
        let written = line.text(1);
        let at = rules::moment_written(written).map_or_else(|| written.to_owned(), |at| at.to_string());
        let fields = SessionFields {
            title: text(line, 2),
            held_at: at,
            minutes: number(line, 4, faults),
            lecturer: text(line, 3),
            lecturer_kind,
            form,
            venue_kind,
            topic,
            people: number(line, 5, faults),
            place: text(line, 10),
            note: text(line, 11),
            campaign: self.campaign(line, faults),
            ..SessionFields::default()
        };
        let told = rules::checked(&fields, &self.zone, self.now);
        let told = told.map_err(|broken| faults.extend(broken.iter().map(|fault| of_column(line.number, fault)))).ok();
        let known_by = known_by(line, organisation, told.as_ref(), faults);
        let (organisation, told, known_by) = (organisation?, told?, known_by?);
        (faults.len() == before).then_some(Entry { row: line.number, organisation, known_by, told })
    }

    fn organisation(&self, line: Line<'_>, faults: &mut Vec<Fault>) -> Option<OrganisationId> {
        let code = &text(line, 0);
        let rule = match self.tree.by_code(code) {
            _ if code.is_empty() => "required",
            None => "unknown-organisation",
            Some(node) if node.closed => "organisation-closed",
            Some(node) => return Some(node.id),
        };
        faults.push(Fault::new(line.number, ORGANISATION, code, rule, &""));
        None
    }

    fn word(&self, line: Line<'_>, at: usize, faults: &mut Vec<Fault>) -> String {
        let (words, found) = (&self.words[at], line.text(WORDS_AT + at));
        if found.is_empty() {
            return String::new();
        }
        let code = words.codes.get(&plain(found));
        if code.is_none() {
            faults.push(Fault::new(line.number, COLUMNS[WORDS_AT + at], found, "one-of", &words.all));
        }
        code.copied().unwrap_or_default().to_owned()
    }

    fn campaign(&self, line: Line<'_>, faults: &mut Vec<Fault>) -> Option<String> {
        let found = line.text(12);
        if found.is_empty() {
            return None;
        }
        let rule = match self.campaigns.get(&plain(found)) {
            Some(Some(id)) => return Some(id.clone()),
            Some(None) => "several-campaigns",
            None => "unknown-campaign",
        };
        faults.push(Fault::new(line.number, CAMPAIGN, found, rule, &""));
        None
    }
}

/// A text without the apostrophe that kept it from being a formula.
fn text(line: Line<'_>, column: usize) -> String {
    let found = line.text(column);
    let bare = found.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r']));
    bare.unwrap_or(found).to_owned()
}

/// A whole number; one that breaks no rule when it was none, which is told already.
fn number(line: Line<'_>, column: usize, faults: &mut Vec<Fault>) -> i64 {
    let found = line.text(column);
    found.parse().unwrap_or_else(|_| {
        let rule = if found.is_empty() { "required" } else { "number" };
        faults.push(Fault::new(line.number, COLUMNS[column], found, rule, &""));
        1
    })
}

fn known_by(line: Line<'_>, organisation: Option<OrganisationId>, told: Option<&Told>, faults: &mut Vec<Fault>) -> Option<KnownBy> {
    let reference = match crate::texts::check(REFERENCE, &text(line, REFERENCE_AT), 0, REFERENCE_MOST) {
        Ok(reference) => reference,
        Err(fault) => {
            faults.push(of_column(line.number, &fault));
            return None;
        }
    };
    if let Ok(ours) = reference.parse::<HeldSessionId>() {
        return Some(KnownBy::Ours(ours));
    }
    let organisation = organisation?.to_string();
    if reference.is_empty() {
        let told = told?;
        return Some(KnownBy::Content(made_of(&["content", &organisation, &told.held_at.0.to_string(), &told.title])));
    }
    Some(KnownBy::Theirs(made_of(&["reference", &organisation, &reference])))
}

/// The id of what these parts name: the same for the same parts, whoever asks and however often.
fn made_of(parts: &[&str]) -> HeldSessionId {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut first = [0; 16];
    first.copy_from_slice(&hash.finalize()[..16]);
    Id::from_u128(u128::from_be_bytes(first))
}

/// A broken rule at the column that it belongs to.
fn of_column(row: u32, fault: &FieldError) -> Fault {
    let named = fault.field.replace('_', "-");
    let column = COLUMNS.into_iter().find(|column| *column == named).unwrap_or(COLUMNS[2]);
    Fault::of(row, column, fault)
}
