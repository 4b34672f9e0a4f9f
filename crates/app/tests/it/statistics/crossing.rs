//! Two traits at once (F5, F7): every cell equals a count of the records one by one, through moves, and leads to them.

use super::model::{DAYS, Model, day};
use crate::support::{Client, TestApp, both};
use app::deltas::{Day, Traits};
use calamine::{Data, Reader, Xlsx};
use kernel::Role;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;
use std::io::Cursor;

const ORGANISATIONS: usize = 10;

#[derive(Debug, Clone)]
enum Step {
    Held { who: usize, n: i64, kind: usize, people: i64 },
    Voided { which: usize },
    Move { child: usize, parent: usize, n: i64, hour: i64 },
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..ORGANISATIONS;
    prop_oneof![
        9 => (who(), 0..DAYS, 0usize..4, 0i64..90).prop_map(|(who, n, kind, people)| Step::Held { who, n, kind, people }),
        1 => (0usize..40).prop_map(|which| Step::Voided { which }),
        2 => (who(), who(), 0..DAYS, 0i64..24).prop_map(|(child, parent, n, hour)| Step::Move { child, parent, n, hour }),
    ]
}

fn iso(day: Day) -> String {
    day.date().unwrap().to_string()
}

type Cells = BTreeMap<(String, String), (i64, i64)>;

/// Counts one by one.
fn counted(
    model: &Model,
    (first, last): (i64, i64),
    (a, b): (usize, usize),
    only: Option<(usize, &str)>,
    counts: impl Fn(usize, i64) -> bool,
) -> Cells {
    let mut cells = Cells::new();
    for held in model.held.iter().filter(|held| held.counted && (first..=last).contains(&held.n) && counts(held.who, held.n)) {
        let traits: Vec<_> = held.dimension.split('|').collect();
        if only.is_none_or(|(kind, code)| traits[kind] == code) {
            let cell = cells.entry((traits[a].to_owned(), traits[b].to_owned())).or_default();
            *cell = (cell.0 + 1, cell.1 + held.people);
        }
    }
    cells
}

async fn table(who: &Client, query: &str) -> Cells {
    let body = who.get(&format!("/api/v1/statistics/crossing?{query}")).await.expect(200).json();
    let text = |cell: &serde_json::Value, key: &str| cell[key].as_str().unwrap().to_owned();
    let cells = body["cells"].as_array().unwrap().clone();
    let cells: Cells = cells
        .iter()
        .map(|cell| ((text(cell, "row"), text(cell, "column")), (cell["sessions"].as_i64().unwrap(), cell["people"].as_i64().unwrap())))
        .collect();
    assert_eq!(body["sessions"].as_i64().unwrap(), cells.values().map(|cell| cell.0).sum::<i64>());
    cells
}

#[tokio::test]
async fn f5_every_crossing_equals_a_naive_count_through_moves_and_lenses() {
    both(async |app| {
        let mut runner = TestRunner::deterministic();
        let parents: Vec<_> = (0..ORGANISATIONS).map(|n| (n > 0).then(|| (n - 1) / 2)).collect();
        let mut model = Model::new(app, &parents).await;
        for step in proptest::collection::vec(step(), 80).new_tree(&mut runner).unwrap().current() {
            match step {
                Step::Held { who, n, kind, people } => model.held(who, n, 12, kind, people).await,
                Step::Voided { which } => model.voided(which).await,
                Step::Move { child, parent, n, hour } => model.moves(child, parent, n, hour).await,
            }
        }
        model.refold().await;
        let all: Vec<_> = (0..ORGANISATIONS).collect();
        let who = model.somebody("auditor", Role::Auditor, &all).await;
        let kinds: Vec<_> = (0..4).flat_map(|a| (0..4).map(move |b| (a, b))).filter(|(a, b)| a != b).collect();
        for (at, (a, b)) in kinds.into_iter().enumerate() {
            let days = [(0, DAYS), (20, 40), (50, 50)][at % 3];
            let top = at % ORGANISATIONS;
            let (rows, columns) = (Traits::KINDS[a], Traits::KINDS[b]);
            let query =
                format!("organisation={}&from={}&to={}&rows={rows}&columns={columns}", model.ids[top], iso(day(days.0)), iso(day(days.1)));
            assert_eq!(table(&who, &query).await, counted(&model, days, (a, b), None, |who, n| model.is_in(who, top, n)), "{query}");
            let only = counted(&model, days, (a, b), Some((0, "lecture")), |who, n| model.is_in(who, top, n));
            assert_eq!(table(&who, &format!("{query}&only=form:lecture")).await, only, "{query} of lectures");
            let now = counted(&model, days, (a, b), None, |who, _| model.is_in(who, top, 0));
            assert_eq!(table(&who, &format!("{query}&tree=now")).await, now, "{query} by the tree of today");
        }
    })
    .await;
}

/// A root with a branch; sessions of three kinds on one day.
async fn small(app: TestApp) -> (Model, Client) {
    let mut model = Model::new(app, &[None, Some(0), Some(0)]).await;
    for (who, kind, people) in [(1, 0, 10), (1, 0, 20), (2, 1, 30), (2, 2, 40), (1, 3, 50)] {
        model.held(who, 1, 12, kind, people).await;
    }
    let who = model.somebody("auditor", Role::Auditor, &[0]).await;
    (model, who)
}

fn query(model: &Model, more: &str) -> String {
    format!("organisation={}&from=2026-11-24&to=2026-11-24{more}", model.ids[0])
}

#[tokio::test]
async fn f7_every_cell_leads_to_its_records_and_files_equal_the_screen() {
    both(async |app| {
        let (model, who) = small(app).await;
        for metric in ["sessions", "attendances"] {
            let page =
                who.clone().browser().get(&format!("/statistics/crossing?{}&metric={metric}", query(&model, ""))).await.expect(200).text();
            let cells: Vec<_> = page.split("<a href=\"/statistics/records?").skip(1).map(|cell| cell.split_once("\">").unwrap()).collect();
            assert_eq!(cells.len(), 4, "{page}");
            for (address, rest) in cells {
                let address = address.replace("&amp;", "&").replace("&#38;", "&");
                let figure: i64 = rest.split("</a>").next().unwrap().parse().unwrap();
                let body = who.get(&format!("/api/v1/statistics/records?{address}")).await.expect(200).json();
                let sum: i64 = body["items"].as_array().unwrap().iter().map(|item| item["amount"].as_i64().unwrap()).sum();
                assert_eq!((body["figure"].as_i64(), sum), (Some(figure), figure), "{address}");
                who.clone().browser().get(&format!("/statistics/records?{address}")).await.expect(200);
            }
        }
        let text = who.get(&format!("/statistics/crossing.csv?{}", query(&model, ""))).await.expect(200).text();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        let last = rows.last().unwrap();
        assert_eq!((last[0].as_str(), last.last().unwrap().as_str()), ("Total", "5"));
        assert!(rows.iter().any(|row| row[0] == "Not said"), "{rows:?}");
        let bytes = who.get(&format!("/api/v1/statistics/crossing.xlsx?{}", query(&model, ""))).await.expect(200).body;
        let sheet = Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range_at(0).unwrap().unwrap();
        let cells: Vec<Vec<String>> = sheet.rows().skip(1).map(|row| row.iter().map(Data::to_string).collect()).collect();
        assert_eq!(cells, rows);
    })
    .await;
}

#[tokio::test]
async fn s11_s12_crossings_name_known_traits_of_what_the_reader_may_see() {
    let (model, who) = small(TestApp::sqlite().await).await;
    let plain = table(&who, &query(&model, "")).await;
    for odd in ["&rows=form&columns=form", "&rows='; drop table held_session", "&rows=people&columns=", "&columns=lecturer"] {
        let cells = table(&who, &query(&model, &odd.replace(' ', "%20"))).await;
        assert_eq!(cells.values().map(|cell| cell.0).sum::<i64>(), 5, "{odd}");
    }
    assert_eq!(plain.values().map(|cell| cell.1).sum::<i64>(), 150);
    for cross in [
        "form:lecture",
        "form:lecture,form:story",
        "people:x,form:lecture",
        "form:A,lecturer:b",
        "form:lecture,lecturer:teacher,venue:hall",
    ] {
        who.get(&format!("/api/v1/statistics/records?{}&metric=sessions&cross={cross}", query(&model, ""))).await.expect(404);
    }
    let other = model.somebody("other", Role::Clerk, &[1]).await;
    other.get(&format!("/api/v1/statistics/crossing?{}", query(&model, ""))).await.expect(403);
    let mine = format!("organisation={}&from=2026-11-24&to=2026-11-24", model.ids[1]);
    assert_eq!(table(&other, &mine).await.values().map(|cell| cell.0).sum::<i64>(), 3);
}
