use super::*;
use crate::accounts::GrantLine;
use crate::organisations::{Node, OrganisationId, Tree};
use crate::registers::{Columns, Fault, Reading};
use crate::spreadsheets::{Cell, Row};
use kernel::{Grant, Id, Reach, Role, Timestamp};
use std::collections::BTreeMap;

/// 2026-11-23T09:00:00+08:00
const NOW: Timestamp = Timestamp(1_795_395_600_000);

fn org(n: u128) -> OrganisationId {
    Id::from_u128(n)
}

/// r ─► a, and c closed under r.
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

fn entries(rows: &[&[&str]]) -> (Vec<Entry>, Vec<Fault>) {
    let names = [("账号", 0), ("login", 0), ("name", 1), ("organisation", 2), ("role", 3), ("reach", 4), ("from", 5), ("to", 6)];
    let columns = Columns::named(&names, &COLUMNS, REQUIRED);
    let (tree, zone) = (tree(), jiff::tz::TimeZone::get("Asia/Shanghai").unwrap());
    let reader = Reader {
        tree: &tree,
        zone: &zone,
        roles: Role::ALL.iter().map(|role| (role.code().to_owned(), *role)).collect(),
        reaches: [("node".to_owned(), Reach::Node), ("subtree".to_owned(), Reach::Subtree)].into(),
    };
    let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
    let mut all: Vec<&[&str]> = vec![&["Login", "name", "organisation", "role", "reach", "from", "to"]];
    all.extend(rows);
    let (mut reading, mut found) = (Reading::new(&columns), Vec::new());
    for (at, cells) in all.iter().enumerate() {
        let row = Row { number: at as u32 + 1, cells: cells.iter().map(cell).collect() };
        reading.row(&row, &mut |line, faults| found.extend(reader.entry(line, faults)));
    }
    let faults = reading.finish(&[]);
    (found, faults)
}

fn line(n: u128, organisation: u128, role: Role, to: Option<Timestamp>) -> GrantLine {
    GrantLine {
        id: Id::from_u128(n),
        account: Id::from_u128(7),
        name: String::new(),
        login: String::new(),
        grant: Grant { organisation: org(organisation), role, reach: Reach::Subtree },
        from: NOW.plus_days(-10),
        to,
    }
}

/// Li Wei is a clerk at a; the boss an administrator at r.
fn known() -> BTreeMap<String, Known> {
    let known = |n: u128, name: &str, grants| Known { id: Id::from_u128(n), name: name.to_owned(), grants };
    [
        ("li.wei".to_owned(), known(7, "Li Wei", vec![line(1, 2, Role::Clerk, None)])),
        ("boss".to_owned(), known(8, "Boss", vec![line(2, 1, Role::Administrator, None)])),
        ("both".to_owned(), known(9, "Both", vec![line(3, 1, Role::Viewer, None), line(4, 2, Role::Auditor, None)])),
    ]
    .into()
}

/// The plan of somebody who administers a.
fn planned(rows: &[&[&str]]) -> Plan {
    let (entries, faults) = entries(rows);
    assert_eq!(faults, [], "{rows:?}");
    let sees = |id| id == org(2);
    plan(&entries, &known(), &Rights { sender: Some(Id::from_u128(8)), hands_on: &|g| sees(g.organisation), sees: &sees }, NOW)
}

/// A row, and columns and rules of what is wrong with it.
type RowCase<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)]);
/// Rows of a file, and row, column and rule of what is wrong with them.
type FileCase<'a> = (&'a [&'a [&'a str]], &'a [(u32, &'a str, &'a str)]);

#[test]
fn every_bad_row_is_named_with_its_column_and_rule() {
    let table: [RowCase<'_>; 8] = [
        (&["a b", "X", "a", "clerk"], &[("login", "login")]),
        (&["abc", "", "a", "clerk"], &[("name", "required")]),
        (&["abc", "x\u{202E}y", "a", "clerk"], &[("name", "hidden-characters")]),
        (&["abc", "X", "nowhere", "king"], &[("organisation", "unknown-organisation"), ("role", "role")]),
        (&["abc", "X", "c", ""], &[("organisation", "organisation-closed"), ("role", "required")]),
        (&["abc", "X", "a", "clerk", "far"], &[("reach", "reach")]),
        (&["abc", "X", "a", "clerk", "node", "tomorrow", "30.11.2026"], &[("from", "date"), ("to", "date")]),
        (&["abc", "X", "a", "clerk", "node", "2026-12-02", "2026-12-01"], &[("to", "after-from")]),
    ];
    for (row, want) in table {
        let (found, faults) = entries(&[row]);
        assert_eq!(found, [], "{row:?}");
        assert_eq!(faults.iter().map(|f| (&*f.column, &*f.rule)).collect::<Vec<_>>(), want, "{row:?}");
    }
}

#[test]
fn what_can_not_be_is_refused_by_row() {
    let table: [FileCase<'_>; 8] = [
        (&[&["abc", "X", "r", "clerk"]], &[(2, "organisation", "not-yours")]),
        (&[&["boss", "Boss", "a", "clerk"]], &[(2, "login", "taken")]),
        (&[&["abc", "X", "a", "clerk"], &["ABC", "Y", "a", "reviewer"]], &[(3, "name", "other-name")]),
        (&[&["abc", "X", "a", "clerk"], &["abc", "X", "a", "Clerk", "subtree"]], &[(3, "login", "duplicate-role")]),
        (&[&["abc", "X", "a", "auditor"], &["abc", "X", "a", "administrator"]], &[(3, "role", "roles-apart")]),
        (&[&["both", "Both", "a", "administrator"]], &[(2, "role", "roles-apart")]),
        (&[&["both", "Another", "a", "auditor"]], &[(2, "name", "role-elsewhere")]),
        (&[&["li.wei", "Li Wei", "a", "reviewer", "", "", "2026-11-22"]], &[(2, "to", "over-already")]),
    ];
    for (rows, want) in table {
        let plan = planned(rows);
        let found: Vec<_> = plan.faults.iter().map(|f| (f.row, &*f.column, &*f.rule)).collect();
        assert_eq!(found, want, "{rows:?}");
    }
}

#[test]
fn what_is_known_changes_nothing_and_what_differs_is_told_apart() {
    let plan = planned(&[
        &["Li.Wei", "Li Wei", "a", "clerk"],
        &["li.wei", "Li Wei", "a", "reviewer", "node", "2026-12-01", "2026-12-31"],
        &["new.one", "New", "a", "clerk"],
        &["new.one", "New", "a", "viewer"],
    ]);
    assert_eq!((plan.unchanged, plan.faults.len(), plan.dated.len(), plan.renamed.len()), (1, 0, 0, 0));
    assert_eq!(plan.accounts, [("new.one".to_owned(), "New".to_owned())]);
    assert_eq!(plan.granted.iter().map(|g| g.whom).collect::<Vec<_>>(), [Whom::Known(Id::from_u128(7)), Whom::New(0), Whom::New(0)]);
    // From midnight to midnight in Shanghai, the last day included.
    let midnight = NOW.plus_ms(-9 * 3_600_000);
    assert_eq!((plan.granted[0].from, plan.granted[0].to), (midnight.plus_days(8), Some(midnight.plus_days(39))));
    let plan = planned(&[&["li.wei", "Li W.", "a", "clerk", "", "", "2026-12-31"]]);
    assert_eq!(plan.renamed, [(Id::from_u128(7), "Li W.".to_owned())]);
    assert_eq!(plan.dated, [(Id::from_u128(7), Id::from_u128(1), Some(midnight.plus_days(39)))]);
}
