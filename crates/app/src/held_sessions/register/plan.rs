//! What an entry would change, or why it can't be.

use super::{Entry, KnownBy};
use crate::deltas::Day;
use crate::held_sessions::rules::Move;
use crate::held_sessions::sheet::{HELD_AT, ORGANISATION, REFERENCE, TITLE};
use crate::held_sessions::{HeldSession, HeldSessionId, State, Told};
use crate::organisations::{OrganisationId, Tree};
use crate::registers::Fault;
use jiff::tz::TimeZone;
use kernel::{AccountId, Timestamp};
use std::collections::{HashMap, HashSet};

/// What is recorded that entries may be about.
#[derive(Debug, Default)]
pub struct Known {
    /// By id.
    pub by_id: HashMap<HeldSessionId, HeldSession>,
    /// What an organisation holds at a moment.
    pub at: HashMap<(OrganisationId, Timestamp), Vec<HeldSession>>,
    /// Months (`yyyymm`) that an organisation closed for itself and everything below it.
    pub closed: HashSet<(OrganisationId, i32)>,
}

/// Who sends the file, and when.
pub struct Sender<'a> {
    /// Whose account.
    pub account: AccountId,
    /// When.
    pub now: Timestamp,
    /// Zone of the days.
    pub zone: &'a TimeZone,
    /// Where organisations stand.
    pub tree: &'a Tree,
    /// Whether he records sessions of this organisation.
    pub records: &'a (dyn Fn(OrganisationId) -> bool + Sync),
}

impl std::fmt::Debug for Sender<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sender({})", self.account)
    }
}

/// What an entry changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Add(Box<HeldSession>),
    /// It is recorded otherwise: as it is, and as it will be.
    Correct(Box<(HeldSession, HeldSession)>),
    /// This one says the same.
    Nothing(HeldSessionId),
}

impl Change {
    /// Whom it is about.
    pub fn id(&self) -> HeldSessionId {
        match self {
            Self::Add(new) => new.id,
            Self::Correct(both) => both.1.id,
            Self::Nothing(id) => *id,
        }
    }
}

/// What `entry` changes.
///
/// # Errors
///
/// The fault that refuses the file.
pub fn plan(entry: &Entry, known: &Known, sender: &Sender<'_>) -> Result<Change, Fault> {
    let fault = |column, found: &str, rule, wanted: &str| Fault::new(entry.row, column, found, rule, &wanted);
    if !(sender.records)(entry.organisation) {
        let code = sender.tree.get(entry.organisation).map(|node| node.code.as_str()).unwrap_or_default();
        return Err(fault(ORGANISATION, code, "not-yours", ""));
    }
    let change = match found(entry, known) {
        None if matches!(entry.known_by, KnownBy::Ours(_)) => {
            return Err(fault(REFERENCE, &entry.known_by.id().to_string(), "not-there", ""));
        }
        None => Change::Add(Box::new(new(entry, sender))),
        Some(one) if one.organisation != entry.organisation => {
            return Err(fault(ORGANISATION, "", "fixed", ""));
        }
        Some(one) if one.state == State::Void => return Err(fault(TITLE, &one.told.title, "voided", "")),
        Some(one) => corrected(entry, one, sender),
    };
    match closed(&change, known, sender) {
        Some(day) => {
            let month = format!("{}-{:02}", day.month() / 100, day.month() % 100);
            Err(fault(HELD_AT, &month, "month-closed-for-files", ""))
        }
        None => Ok(change),
    }
}

/// What is recorded of the session that the entry means.
fn found<'k>(entry: &Entry, known: &'k Known) -> Option<&'k HeldSession> {
    let by_id = known.by_id.get(&entry.known_by.id());
    if !matches!(entry.known_by, KnownBy::Content(_)) {
        return by_id;
    }
    // By hand it got another id.
    let twins = known.at.get(&(entry.organisation, entry.told.held_at)).map(Vec::as_slice).unwrap_or_default();
    let mut twins = twins.iter().filter(|one| one.told.title == entry.told.title);
    let standing = twins.clone().find(|one| one.state != State::Void);
    standing.or(by_id).or_else(|| twins.next())
}

fn new(entry: &Entry, sender: &Sender<'_>) -> HeldSession {
    HeldSession {
        id: entry.known_by.id(),
        organisation: entry.organisation,
        day: Day::of(entry.told.held_at, sender.zone),
        told: entry.told.clone(),
        state: State::Registered,
        reason: String::new(),
        decided_by: None,
        decided_at: None,
        created_by: sender.account,
        created_at: sender.now,
        changed_at: sender.now,
        version: 1,
    }
}

/// Texts that the file gives, else those that are there.
fn or_known(given: &str, known: &str) -> String {
    if given.is_empty() { known.to_owned() } else { given.to_owned() }
}

fn corrected(entry: &Entry, one: &HeldSession, sender: &Sender<'_>) -> Change {
    let (given, kept) = (&entry.told, &one.told);
    let told = Told {
        title: given.title.clone(),
        held_at: given.held_at,
        minutes: given.minutes,
        lecturer: given.lecturer.clone(),
        // Another name is another person than the one of the register.
        lecturer_id: kept.lecturer_id.clone().filter(|_| given.lecturer == kept.lecturer),
        lecturer_kind: or_known(&given.lecturer_kind, &kept.lecturer_kind),
        form: or_known(&given.form, &kept.form),
        venue_kind: or_known(&given.venue_kind, &kept.venue_kind),
        topic: or_known(&given.topic, &kept.topic),
        people: given.people,
        place: or_known(&given.place, &kept.place),
        note: or_known(&given.note, &kept.note),
        campaign: given.campaign.clone().or_else(|| kept.campaign.clone()),
        plan: kept.plan,
    };
    let Ok(state) = one.state.after(Move::Correct) else { return Change::Nothing(one.id) };
    if told == one.told {
        return Change::Nothing(one.id);
    }
    let next = HeldSession {
        day: Day::of(told.held_at, sender.zone),
        told,
        state,
        reason: String::new(),
        decided_by: None,
        decided_at: None,
        changed_at: sender.now,
        version: one.version + 1,
        ..one.clone()
    };
    Change::Correct(Box::new((one.clone(), next)))
}

/// A day of a closed month whose figures the change would alter.
fn closed(change: &Change, known: &Known, sender: &Sender<'_>) -> Option<Day> {
    let (before, after) = match change {
        Change::Nothing(_) => return None,
        Change::Add(new) => (None, new.as_ref()),
        Change::Correct(both) => (both.0.figure(), &both.1),
    };
    let figure = after.figure();
    if before == figure {
        return None;
    }
    let path = sender.tree.path_up(after.organisation);
    let days = before.into_iter().chain(figure).map(|figure| figure.day);
    days.into_iter().find(|day| path.iter().any(|id| known.closed.contains(&(*id, day.month()))))
}
