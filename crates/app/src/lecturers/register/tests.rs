use super::*;
use crate::lecturers::rules::{LECTURER_KINDS, TOPICS};
use crate::lecturers::{Fields, Lecturer};
use crate::organisations::{Node, OrganisationId, Tree};
use crate::registers::{Columns, Fault, Reading};
use crate::spreadsheets::{Cell, Row};
use kernel::{Id, Timestamp};
use std::collections::{BTreeMap, HashMap};

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
    Tree::build(1, vec![node(1, "r", None, false), node(2, "a", Some(1), false), node(3, "c", Some(1), true)])
}

fn entries(rows: &[[&str; 10]]) -> (Vec<Entry>, Vec<Fault>) {
    let names: Vec<_> = COLUMNS.iter().enumerate().map(|(at, code)| (*code, at)).collect();
    let columns = Columns::named(&names, &COLUMNS, REQUIRED);
    let tree = tree();
    let plain = |codes: &[&'static str]| codes.iter().map(|code| ((*code).to_owned(), *code)).collect::<HashMap<_, _>>();
    let reader = Reader { tree: &tree, kinds: plain(&LECTURER_KINDS), topics: plain(&TOPICS) };
    let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
    let (mut reading, mut found) = (Reading::new(&columns), Vec::new());
    for (at, cells) in std::iter::once(&COLUMNS).chain(rows).enumerate() {
        let row = Row { number: at as u32 + 1, cells: cells.iter().map(cell).collect() };
        reading.row(&row, &mut |line, faults| found.extend(reader.entry(line, faults)));
    }
    let faults = reading.finish(&[]);
    (found, faults)
}

fn known(n: u128, name: &str, organisation: u128) -> Lecturer {
    Lecturer {
        id: Id::from_u128(n),
        organisation: org(organisation),
        name: name.into(),
        kind: "teacher".into(),
        topics: vec!["law".into()],
        occupation: String::new(),
        about: String::new(),
        contact: String::new(),
        term_from: String::new(),
        term_to: String::new(),
        photo: None,
        account: None,
        consent_at: None,
        consent_text: String::new(),
        retired: false,
        merged_into: None,
        root: Id::from_u128(n),
        created_by: Id::from_u128(9),
        created_at: Timestamp(0),
        version: 1,
    }
}

fn planned(entries: &[Entry], people: &[Lecturer]) -> Plan {
    plan(entries, people, &BTreeMap::from([("li.wei".to_owned(), Id::from_u128(5))]), &Rights { keeps: &|at| at == org(2) })
}

#[test]
fn each_fault_names_its_row_and_column() {
    let (found, faults) = entries(&[
        ["Li Wei", "a", "teacher", "law、history", "", "", "", "2026-01-01", "", ""],
        ["", "a", "teacher", "", "", "", "", "", "", ""],
        ["Wang", "z", "boss", "law, gossip", "", "", "", "", "", ""],
        ["Zhao", "c", "", "", "", "", "", "2026-01-02", "2026-01-01", ""],
    ]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].fields.topics.as_deref(), Some(&["history".to_owned(), "law".to_owned()][..]));
    let told: Vec<_> = faults.iter().map(|f| (f.row, f.column.as_ref(), f.rule.as_ref())).collect();
    let want = [
        (3, "name", "required"),
        (4, "organisation", "unknown-organisation"),
        (4, "lecturer-kind", "lecturer-kind"),
        (4, "topics", "topic"),
        (5, "organisation", "organisation-closed"),
        (5, "lecturer-kind", "required"),
        (5, "term_to", "term-order"),
    ];
    assert_eq!(told, want);
}

#[test]
fn a_person_is_known_again_by_name_and_organisation() {
    let row = |name: &'static str, occupation: &'static str, account: &'static str| -> [&'static str; 10] {
        [name, "a", "teacher", "", occupation, "", "", "", "", account]
    };
    let (found, _) = entries(&[row("Ｌi Wei", "", ""), row("Wang", "Head", "li.wei"), row("Zhao", "", "")]);
    let plan = planned(&found, &[known(1, "Li Wei", 2), known(2, "Wang", 2), known(3, "Zhao", 1)]);
    assert_eq!((plan.added.len(), plan.described.len(), plan.unchanged, plan.faults.len()), (1, 1, 1, 0), "{plan:?}");
    assert_eq!((plan.described[0].occupation.as_str(), plan.described[0].account), ("Head", Some(Id::from_u128(5))));
    assert!(planned(&[], &[]).is_empty());
}

#[test]
fn what_cannot_be_told_apart_or_is_not_the_senders_refuses_the_file() {
    let entry = |row, organisation, name: &str, account: Option<&str>| Entry {
        row,
        organisation: org(organisation),
        fields: Fields { name: Some(name.into()), kind: Some("teacher".into()), account: account.map(str::to_owned), ..Fields::default() },
    };
    let found = [
        entry(2, 2, "Li", None),
        entry(3, 2, "L i", None),
        entry(4, 1, "Wang", None),
        entry(5, 2, "Zhao", Some("nobody")),
        entry(6, 2, "Sun", None),
    ];
    let plan = planned(&found, &[known(1, "Sun", 2), known(2, "Sun", 2)]);
    let told: Vec<_> = plan.faults.iter().map(|f| (f.row, f.rule.as_ref())).collect();
    assert_eq!(told, [(3, "duplicate-lecturer"), (4, "not-yours"), (5, "unknown-account"), (6, "ambiguous-person")]);
}
