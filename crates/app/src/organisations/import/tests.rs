use super::*;
use crate::organisations::{Node, OrganisationId, Tree};
use crate::registers::{Columns, Fault, Reading};
use crate::spreadsheets::{Cell, Merged, Row, Sheet};
use kernel::Id;

fn entries(sheet: &Sheet) -> (Entries, Vec<Fault>) {
    let names = [("编码", 0), ("code", 0), ("name", 1), ("parentcode", 2), ("kind", 3), ("members", 4)];
    let kinds = [("branch", "branch"), ("党支部", "branch"), ("city", "city")];
    let columns = Columns::named(&names, &COLUMNS, REQUIRED);
    let mut entries = Entries::new(kinds.map(|(word, code)| (word.to_owned(), code.to_owned())));
    let mut reading = Reading::new(&columns);
    for row in &sheet.rows {
        reading.row(row, &mut |line, faults| entries.take(line, faults));
    }
    let faults = reading.finish(&sheet.merged);
    (entries, faults)
}

fn sheet(rows: &[&[&str]]) -> Sheet {
    let cell = |text: &&str| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) };
    let row = |(at, cells): (usize, &&[&str])| Row { number: at as u32 + 1, cells: cells.iter().map(cell).collect() };
    Sheet { rows: rows.iter().enumerate().map(row).collect(), merged: Vec::new() }
}

fn id(n: u128) -> OrganisationId {
    Id::from_u128(n)
}

/// r ─► a ─► b, and c closed under r.
fn tree() -> Tree {
    let node = |n: u128, code: &str, parent: Option<u128>, closed| Node {
        id: id(n),
        code: code.into(),
        name: code.to_uppercase(),
        kind: "branch".into(),
        members: 3,
        parent: parent.map(id),
        closed,
    };
    Tree::build(1, vec![node(1, "r", None, false), node(2, "a", Some(1), false), node(3, "b", Some(2), false), node(4, "c", Some(1), true)])
}

fn faults_of(tree: &Tree, rows: &[&[&str]]) -> Vec<(u32, String, String)> {
    let mut all: Vec<&[&str]> = vec![&["code", "name", "parent_code", "Kind", "members"]];
    all.extend(rows);
    let (entries, mut faults) = entries(&sheet(&all));
    faults.extend(plan(tree, &entries, &Rights { keeps: &|_| true, may_found: true }).faults);
    faults.into_iter().map(|f| (f.row, f.column.into_owned(), f.rule.into_owned())).collect()
}

/// Rows of a file, and row, column and rule of what is wrong with them.
type Case<'a> = (&'a [&'a [&'a str]], &'a [(u32, &'a str, &'a str)]);

#[test]
fn every_bad_row_is_named_with_its_column_and_rule() {
    let long = "字".repeat(300);
    let table: [Case<'_>; 12] = [
        (&[&["x", "X", "y", "branch"], &["y", "Y", "x", "branch"]], &[(2, "parent", "cycle"), (3, "parent", "cycle")]),
        (&[&["x", "X", "x", "branch"]], &[(2, "parent", "cycle")]),
        (&[&["a", "A", "b"]], &[(2, "parent", "cycle")]),
        (&[&["x", "X", "nowhere", "branch"]], &[(2, "parent", "unknown-parent")]),
        (&[&["x", "X", "r", "branch"], &["x", "Y", "r", "branch"]], &[(3, "code", "duplicate-code")]),
        (&[&["x", "X", "", "branch"]], &[(2, "parent", "second-root")]),
        (&[&["x", &long, "r", "branch"]], &[(2, "name", "too-long")]),
        (&[&["x", "X", "c", "branch"]], &[(2, "parent", "closed-parent")]),
        (&[&["c", "Other", "r"]], &[(2, "code", "closed")]),
        (&[&["r", "R", "a"]], &[(2, "parent", "root-moves"), (2, "parent", "cycle")]),
        (&[&["x", "X", "r", "empire"], &["y", "Y", "r", ""]], &[(2, "kind", "kind"), (3, "kind", "required")]),
        (&[&["", "X", "r", "branch", "many"]], &[(2, "code", "required"), (2, "members", "number")]),
    ];
    for (rows, want) in table {
        let found = faults_of(&tree(), rows);
        let found: Vec<_> = found.iter().map(|(row, column, rule)| (*row, column.as_str(), rule.as_str())).collect();
        assert_eq!(found, want, "{rows:?}");
    }
    let two = faults_of(&Tree::default(), &[&["x", "X", "", "city"], &["y", "Y", "", "city"]]);
    assert_eq!(two, [(3, "parent".to_owned(), "second-root".to_owned())], "two roots in one file");
}

#[test]
fn columns_come_in_any_order_below_a_title_and_a_missing_one_is_named() {
    let rows: &[&[&str]] =
        &[&["组织名册 2026"], &["members", "Parent code", "编码", "note", "name", "kind"], &["7", "a", "x", "-", "X", "党支部"]];
    let (found, faults) = entries(&sheet(rows));
    assert_eq!((faults, found.count()), (vec![], 1));
    assert_eq!(found.get(0), Entry { row: 3, code: "x", name: "X", parent: "a", kind: Some("branch"), members: Some(7) });
    let (_, missing) = entries(&sheet(&[&["code", "kind"], &["x", "branch"]]));
    assert_eq!(
        missing.iter().map(|f| (&*f.column, &*f.rule)).collect::<Vec<_>>(),
        [("name", "missing-column"), ("parent", "missing-column")]
    );
}

#[test]
fn formulas_and_merged_cells_are_faults() {
    let mut sheet = sheet(&[&["title"], &["code", "name", "parent_code"], &["x", "X", "a"], &["y", "Y", ""]]);
    sheet.rows[2].cells[1] = Cell::Formula("=A1".into());
    sheet.merged = vec![Merged { first_row: 1, last_row: 1, column: 0 }, Merged { first_row: 3, last_row: 4, column: 2 }];
    let (_, faults) = entries(&sheet);
    let found: Vec<_> = faults.iter().map(|f| (f.row, &*f.column, &*f.rule)).collect();
    assert_eq!(found, [(3, "name", "formula"), (3, "parent", "merged-cells")], "a merged title above the header is none");
}

#[test]
fn what_is_known_changes_nothing_and_what_differs_is_told_apart() {
    let rows: &[&[&str]] = &[
        &["code", "name", "parent_code", "kind", "members"],
        &["r", "R", "", "branch", "3"],
        &["a", "New name", "r"],
        &["b", "B", "r", "city", "3"],
        &["x", "X", "y", "branch", ""],
        &["y", "Y", "a", "branch", "1"],
    ];
    let (entries, _) = entries(&sheet(rows));
    let plan = plan(&tree(), &entries, &Rights { keeps: &|_| true, may_found: false });
    assert_eq!(plan.faults, []);
    assert_eq!((plan.unchanged, plan.added), (1, vec![3, 4]));
    assert_eq!((plan.renamed, plan.moved, plan.corrected), (vec![(id(2), 1)], vec![(id(3), 2)], vec![(id(3), 2)]));
}

#[test]
fn s12_a_file_changes_only_what_its_sender_keeps() {
    let rows: &[&[&str]] = &[
        &["code", "name", "parent_code", "kind"],
        &["r", "Mine now", ""],
        &["x", "X", "r", "branch"],
        &["b", "B", "r"],
        &["y", "Y", "a", "branch"],
    ];
    let (entries, _) = entries(&sheet(rows));
    let plan = plan(&tree(), &entries, &Rights { keeps: &|o| o == id(2) || o == id(3), may_found: false });
    let found: Vec<_> = plan.faults.iter().map(|f| (f.row, &*f.rule)).collect();
    assert_eq!(found, [(2, "not-yours"), (3, "not-yours"), (4, "not-yours")]);
    assert_eq!(plan.added, [3]);
}
