use super::*;
use crate::held_sessions::sheet::{COLUMNS, REQUIRED};
use crate::held_sessions::{HeldSession, State};
use crate::organisations::{Node, OrganisationId, Tree};
use crate::registers::{Columns, Fault, Reading};
use crate::spreadsheets::{Cell, Row};
use jiff::tz::TimeZone;
use kernel::{Id, Timestamp};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// 2026-11-23T09:00+08:00.
const NOW: Timestamp = Timestamp(1_795_395_600_000);

fn org(n: u128) -> OrganisationId {
    Id::from_u128(n)
}

fn tree() -> Tree {
    let node = |n: u128, code: &str, parent: Option<u128>, closed| Node {
        id: org(n),
        code: code.into(),
        name: code.to_uppercase(),
        kind: "branch".into(),
        members: 3,
        parent: parent.map(org),
        closed,
    };
    Tree::build(1, vec![node(1, "r", None, false), node(2, "a", Some(1), false), node(3, "b", Some(1), false), node(4, "c", Some(1), true)])
}

fn reader() -> Reader {
    let words =
        |codes: &[&'static str]| Words { codes: codes.iter().map(|code| ((*code).to_owned(), *code)).collect(), all: codes.join(", ") };
    Reader {
        tree: Arc::new(tree()),
        zone: TimeZone::fixed(jiff::tz::offset(8)),
        now: NOW,
        words: [words(&["teacher"]), words(&["lecture"]), words(&["hall"]), words(&["law"])],
        campaigns: HashMap::from([("spring".to_owned(), Some("cmp_1".to_owned())), ("twice".to_owned(), None)]),
    }
}

fn entries(rows: &[[&str; 14]]) -> (Vec<Entry>, Vec<Fault>) {
    let names: Vec<_> = COLUMNS.iter().enumerate().map(|(at, code)| (*code, at)).collect();
    let columns = Columns::named(&names, &COLUMNS, REQUIRED);
    let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
    let (reader, mut reading, mut found) = (reader(), Reading::new(&columns), Vec::new());
    for (at, cells) in std::iter::once(&COLUMNS).chain(rows).enumerate() {
        let row = Row { number: at as u32 + 1, cells: cells.iter().map(cell).collect() };
        reading.row(&row, &mut |line, faults| found.extend(reader.entry(line, faults)));
    }
    let faults = reading.finish(&[]);
    (found, faults)
}

/// A row with nothing wrong: organisation, title, people, number.
fn row<'a>(organisation: &'a str, title: &'a str, people: &'a str, reference: &'a str) -> [&'a str; 14] {
    [organisation, "2026-11-20 19:30", title, "Li Wei", "90", people, "teacher", "lecture", "", "", "", "", "", reference]
}

fn one(row: [&str; 14]) -> Entry {
    let (mut found, faults) = entries(&[row]);
    assert!(faults.is_empty(), "{faults:?}");
    found.remove(0)
}

fn planned(entry: &Entry, known: &Known) -> Result<Change, Fault> {
    let (tree, zone) = (tree(), TimeZone::fixed(jiff::tz::offset(8)));
    let sender = Sender { account: Id::from_u128(9), now: NOW, zone: &zone, tree: &tree, records: &|id| id != org(3) };
    plan(entry, known, &sender)
}

fn added(entry: &Entry) -> HeldSession {
    match planned(entry, &Known::default()) {
        Ok(Change::Add(new)) => *new,
        other => panic!("{other:?}"),
    }
}

fn knowing(sessions: &[HeldSession]) -> Known {
    let mut known = Known { by_id: sessions.iter().map(|one| (one.id, one.clone())).collect(), ..Known::default() };
    for one in sessions {
        known.at.entry((one.organisation, one.told.held_at)).or_default().push(one.clone());
    }
    known
}

#[test]
fn f13_each_fault_names_its_row_and_column() {
    let with = |change: fn(&mut [&'static str; 14])| {
        let mut row = row("a", "One", "42", "");
        change(&mut row);
        row
    };
    let (found, faults) = entries(&[
        with(|_| ()),
        with(|r| r[0] = "z"),
        with(|r| r[0] = "c"),
        with(|r| r[1] = "yesterday"),
        with(|r| r[4] = "1.5"),
        with(|r| r[5] = ""),
        with(|r| r[6] = "boss"),
        with(|r| r[12] = "twice"),
        with(|r| r[12] = "autumn"),
        with(|r| r[13] = "a\u{202E}b"),
    ]);
    assert_eq!(found.len(), 1);
    let told: Vec<_> = faults.iter().map(|f| (f.row, f.column.as_ref(), f.rule.as_ref())).collect();
    let want = [
        (3, "organisation", "unknown-organisation"),
        (4, "organisation", "organisation-closed"),
        (5, "held-at", "moment"),
        (6, "minutes", "number"),
        (7, "people", "required"),
        (8, "lecturer-kind", "one-of"),
        (9, "campaign", "several-campaigns"),
        (10, "campaign", "unknown-campaign"),
        (11, "reference", "hidden-characters"),
    ];
    assert_eq!(told, want);
}

#[test]
fn f13_a_session_is_known_again() {
    let first = added(&one(row("a", "One", "42", "")));
    assert_eq!(added(&one(row("a", "One", "43", ""))).id, first.id, "organisation, begin and title make it");
    assert_ne!(added(&one(row("a", "Two", "42", ""))).id, first.id);
    let numbered = added(&one(row("a", "One", "42", "N-1")));
    assert_eq!(added(&one(row("a", "Renamed", "1", "N-1"))).id, numbered.id, "its number makes it");
    assert_ne!(added(&one(row("r", "One", "42", "N-1"))).id, numbered.id, "within its organisation");
    assert_eq!(planned(&one(row("a", "One", "42", "")), &knowing(std::slice::from_ref(&first))), Ok(Change::Nothing(first.id)));
    let by_hand = HeldSession { id: Id::from_u128(77), ..first.clone() };
    assert_eq!(planned(&one(row("a", "One", "42", "")), &knowing(std::slice::from_ref(&by_hand))), Ok(Change::Nothing(by_hand.id)));
    let ours = by_hand.id.to_string();
    let Ok(Change::Correct(both)) = planned(&one(row("a", "Renamed", "42", &ours)), &knowing(std::slice::from_ref(&by_hand))) else {
        panic!()
    };
    assert_eq!((both.1.id, both.1.told.title.as_str(), both.1.version), (by_hand.id, "Renamed", 2));
    assert_eq!(planned(&one(row("a", "One", "42", &ours)), &Known::default()).unwrap_err().rule, "not-there");
    let void = HeldSession { state: State::Void, ..first.clone() };
    assert_eq!(planned(&one(row("a", "One", "42", "")), &knowing(std::slice::from_ref(&void))).unwrap_err().rule, "voided");
    let both = knowing(&[void, by_hand.clone()]);
    assert_eq!(planned(&one(row("a", "One", "42", "")), &both), Ok(Change::Nothing(by_hand.id)), "one that stands comes first");
    assert_eq!(planned(&one(row("b", "One", "42", "")), &Known::default()).unwrap_err().rule, "not-yours");
}

#[test]
fn f13_f8_a_closed_month_is_not_changed_by_a_file() {
    let first = added(&one(row("a", "One", "42", "N")));
    let closed = |sessions: &[HeldSession]| Known { closed: [(org(1), 202_611)].into(), ..knowing(sessions) };
    assert_eq!(planned(&one(row("a", "One", "42", "N")), &closed(&[])).unwrap_err().rule, "month-closed-for-files");
    assert_eq!(
        planned(&one(row("a", "One", "43", "N")), &closed(std::slice::from_ref(&first))).unwrap_err().rule,
        "month-closed-for-files"
    );
    assert!(
        matches!(planned(&one(row("a", "Renamed", "42", "N")), &closed(std::slice::from_ref(&first))), Ok(Change::Correct(_))),
        "no figure changes"
    );
    let mut moved = row("a", "One", "42", "N");
    moved[1] = "2026-10-20 19:30";
    assert_eq!(planned(&one(moved), &closed(&[first])).unwrap_err().rule, "month-closed-for-files", "nor is anything taken out of it");
}

proptest! {
    /// Whatever a row says, it is an entry or it has a fault; and what is planned from it a second time changes nothing.
    #[test]
    fn f13_a_row_is_taken_or_told_and_only_once(cells in proptest::array::uniform14("[-=+@'a-z0-9:/ .\\PC]{0,12}"), people in 0_i64..200_000) {
        let people = people.to_string();
        let mut rows = [row("a", "One", &people, ""); 2];
        for (at, cell) in cells.iter().enumerate().filter(|(at, _)| at % 3 == 2 || at % 5 == 0 && *at > 0) {
            rows[1][at] = cell;
        }
        for row in rows {
            let (found, faults) = entries(&[row]);
            prop_assert_eq!(found.is_empty(), !faults.is_empty(), "{:?}", row);
            for entry in found {
                if let Ok(Change::Add(new)) = planned(&entry, &Known::default()) {
                    prop_assert_eq!(planned(&entry, &knowing(std::slice::from_ref(new.as_ref()))), Ok(Change::Nothing(new.id)));
                }
            }
        }
    }
}
