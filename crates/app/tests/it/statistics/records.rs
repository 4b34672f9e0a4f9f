//! From a figure to its records (F7): the links of the page, the rights, the files.

use super::settle;
use crate::support::submission::{actor, ruling};
use crate::support::tree::{PASSWORD, org};
use crate::support::{Client, TestApp, both};
use app::organisations::{self, Organisations};
use app::statistics;
use app::submissions::State;
use app::submissions::rules::Decision;
use app::watching;
use calamine::{Data, Reader, Xlsx};
use kernel::{Clock, Grant, Id, Reach, Role};
use ledger::Event;
use std::io::Cursor;

const RECORDS: &str = "/api/v1/statistics/records";

/// Submissions in every state of two branches; 31 views of two days on the first lesson.
async fn with_records(app: TestApp) -> TestApp {
    let app = app.with_tree().await;
    let mut lessons = Vec::new();
    for (n, state) in State::ALL.into_iter().enumerate() {
        let made = app.a_submission().title(&format!("Lesson {n}")).from(["branch-a", "branch-d"][n % 2]).at(state).create().await;
        lessons.push(made.lesson);
    }
    for day in 0..2 {
        let event = |viewer: u128| Event {
            kind: watching::VIEW,
            weight: ledger::Weight::ONE,
            key: viewer + 100 * day as u128,
            subject: lessons[0].as_u128(),
            group: org("branch-a").as_u128(),
            at: app.clock.now(),
            amount: 1,
            day: app.today().plus(-day).0,
        };
        app.ledger().unwrap().append_all((0..15 + day as u128).map(event).collect()).await.unwrap();
    }
    watching::work::fold(&app, app.ledger().unwrap()).await.unwrap();
    app
}

/// All addresses of records on a page, each with its figure.
fn links(page: &str) -> Vec<(String, i64)> {
    let cells = page.split("<a href=\"/statistics/records?").skip(1);
    let read = |cell: &str| {
        let (address, rest) = cell.split_once("\">").unwrap();
        let figure = rest.split("</a>").next().unwrap().replace(',', "");
        (format!("/statistics/records?{}", address.replace("&amp;", "&").replace("&#38;", "&")), figure.parse().unwrap())
    };
    cells.map(read).collect()
}

/// The sum of all pages of records.
async fn sum(who: &Client, address: &str) -> i64 {
    let (mut sum, mut after) = (0, String::new());
    loop {
        let page = who.get(&format!("/api/v1{address}{after}")).await.expect(200).json();
        sum += page["items"].as_array().unwrap().iter().map(|item| item["amount"].as_i64().unwrap()).sum::<i64>();
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return sum,
        }
    }
}

#[tokio::test]
async fn f7_every_figure_on_the_page_links_to_records_that_make_it_up() {
    both(async |app| {
        let app = with_records(app).await;
        let li = app.person("li.wei", Role::Auditor, "province").await;
        for code in ["province", "township-a"] {
            let shown = li.clone().browser().get(&format!("/statistics?organisation={}", org(code))).await.expect(200).text();
            let links = links(&shown);
            assert!(links.len() > 10, "{code}: {links:?}");
            for (address, figure) in links {
                assert_eq!(sum(&li, &address).await, figure, "{address}");
                let page = li.clone().browser().get(&address).await.expect(200).text();
                assert!(page.contains(&format!(": {figure}")) || address.contains("watch"), "{address}: {page}");
            }
        }
        let body = li.get(&format!("/api/v1/statistics?organisation={}", org("province"))).await.expect(200).json();
        for line in body["below"].as_array().unwrap().iter().chain([&body["before"]]) {
            let address = format!("{}&metric=submissions", line["records"].as_str().unwrap().trim_start_matches("/api/v1"));
            assert_eq!(sum(&li, &address).await, line["figures"]["submissions"], "{address}");
        }
    })
    .await;
}

#[tokio::test]
async fn f7_records_tell_what_stands_behind_a_figure() {
    both(async |app| {
        let app = with_records(app).await;
        let li = app.person("li.wei", Role::Auditor, "province").await;
        let of = async |more: &str| {
            let body = li.get(&format!("{RECORDS}?organisation={}&{more}", org("province"))).await.expect(200).json();
            let texts =
                |key: &str| body["items"].as_array().unwrap().iter().map(|i| i[key].as_str().unwrap().to_owned()).collect::<Vec<_>>();
            (body["figure"].as_i64().unwrap(), texts("title"), texts("organisation_name"))
        };
        let (figure, titles, places) = of("metric=submissions&state=published").await;
        assert_eq!((figure, titles, places), (1, vec!["Lesson 6".to_owned()], vec!["branch-a".to_owned()]));
        assert_eq!(
            of("metric=views&period=all").await,
            (31, vec!["Lesson 0".to_owned()], vec!["branch-a".to_owned()]),
            "one line a lesson"
        );
        let through = |code: &str| format!("metric=submissions&part={}", org(code));
        assert!(of(&through("city-b")).await.2.iter().all(|place| place == "branch-d"));
        assert_eq!(of("metric=submissions&part=itself").await.0, 0);
        let views =
            li.clone().browser().get(&format!("/statistics/records?organisation={}&metric=views&period=all", org("province"))).await;
        let lessons = format!("<a href=\"/desk/lessons?organisation={}\">Lesson 0</a>", org("branch-a"));
        assert!(views.text().contains(&lessons), "a draft is not in the library: {}", views.text());
        let page = li.clone().browser().get(&format!("/statistics/records?organisation={}&metric=published", org("city-b"))).await;
        assert!(page.expect(200).text().contains("Nothing stands behind this figure"));
        li.get(&format!("{RECORDS}?organisation={}&part={}", org("province"), org("county-a"))).await.expect(404);
        li.get(&format!("{RECORDS}?organisation={}&state=lost", org("province"))).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn f7_the_files_hold_the_records_of_the_screen() {
    both(async |app| {
        let app = with_records(app).await;
        let li = app.person("li.wei", Role::Clerk, "province").await;
        let query = format!("?organisation={}&metric=submissions&period=all", org("province"));
        let items = li.get(&format!("{RECORDS}{query}")).await.expect(200).json()["items"].as_array().unwrap().clone();
        let screen: Vec<_> = items.iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect();
        assert_eq!(screen.len(), 7, "all but the draft");
        let text = li.get(&format!("/statistics/records.csv{query}")).await.expect(200).text();
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let titles: Vec<_> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
        assert_eq!(titles, screen);
        let bytes = li.get(&format!("/api/v1/statistics/records.xlsx{query}")).await.expect(200).body;
        let sheet = Xlsx::new(Cursor::new(bytes)).unwrap().worksheet_range_at(0).unwrap().unwrap();
        assert_eq!(sheet.rows().skip(1).map(|row| row[0].to_string()).collect::<Vec<_>>(), screen);
        assert_eq!(sheet.rows().next().unwrap()[4], Data::String("State".into()));
    })
    .await;
}

#[tokio::test]
async fn a5_records_show_nothing_beyond_the_readers_rights() {
    both(async |app| {
        let app = with_records(app).await;
        let li = app.person("li.wei", Role::Clerk, "city-a").await;
        for path in ["/statistics/records", "/statistics/records.csv", "/statistics/records.xlsx", RECORDS] {
            assert_eq!(app.anonymous().get(&format!("{path}?organisation={}", org("city-a"))).await.status, 401, "{path}");
            for code in ["province", "city-b", "branch-d"] {
                li.get(&format!("{path}?organisation={}&metric=submissions", org(code))).await.expect(403);
            }
            let through = format!("{path}?organisation={}&part={}", org("city-a"), org("county-c"));
            li.get(&through).await.expect(404);
        }
        // A role for one organisation alone: its own records, whatever the line that is asked for.
        let grants = vec![Grant { organisation: org("township-a"), role: Role::Auditor, reach: Reach::Node }];
        let near = kernel::Actor { account: Id::from_u128(1), grants, scopes: None };
        let asked = statistics::Asked { organisation: org("township-a").to_string(), ..Default::default() };
        let page = async |part: &str| {
            let narrowed = statistics::records::Narrowed { part: part.into(), ..Default::default() };
            statistics::records::page(&app.app, &near, &asked, &narrowed, &app::web::Cursor::default()).await
        };
        assert_eq!(page("").await.unwrap().page.items.len(), 0);
        assert_eq!(page(&org("branch-a").to_string()).await.unwrap_err().code, "forbidden");
    })
    .await;
}

/// What belonged to a county then counts for it then; now it is another's, and only that it counts is told.
#[tokio::test]
async fn a5_a_record_that_moved_out_of_reach_counts_and_is_not_shown() {
    both(async |app| {
        let app = with_records(app).await;
        let li = app.person("li.wei", Role::Clerk, "county-a").await;
        let address = format!("/statistics/records?organisation={}&metric=submissions&period=all", org("county-a"));
        let before = sum(&li, &address).await;
        app.clock.advance_ms(3 * 86_400_000);
        let when = organisations::actions::When { effective: String::new(), seen: None };
        organisations::actions::move_under(&app, &super::keeper(), org("township-a"), org("county-b"), &when).await.unwrap();
        settle(&app).await;
        let li = app.anonymous().signed_in("li.wei", PASSWORD).await;
        assert!(before > 0 && sum(&li, &address).await == before, "past figures stay");
        let items = li.get(&format!("/api/v1{address}")).await.expect(200).json()["items"].as_array().unwrap().clone();
        for item in &items {
            assert!(item["title"].is_null() && item["lesson"].is_null() && item["submission"].is_null(), "{item}");
        }
        let page = li.clone().browser().get(&address).await.expect(200).text();
        assert!(page.contains("Belongs today to an organisation that is not yours") && !page.contains("Lesson "), "{page}");
    })
    .await;
}

/// With thousands of organisations below, records are sorted out one by one; they are the same.
#[tokio::test]
async fn f7_an_organisation_over_thousands_has_the_same_records() {
    both(async |app| {
        let app = with_records(app).await;
        app.give(app.a_submission().at(State::InReview).create().await.id, &ruling(Decision::Recommend)).await;
        let auditor = actor(Role::Auditor, "province");
        let read = async || {
            let mut found = Vec::new();
            for metric in app::deltas::Metric::ALL {
                let asked =
                    statistics::Asked { organisation: org("city-a").to_string(), metric: metric.code().into(), ..Default::default() };
                let records =
                    statistics::records::all(&app.app, &auditor, &asked, &statistics::records::Narrowed::default()).await.unwrap();
                let items: Vec<_> = records.page.items.into_iter().map(|r| (r.amount, r.shown.unwrap().lesson)).collect();
                found.push((records.figure, items));
            }
            found
        };
        let few = read().await;
        assert!(few.iter().filter(|(figure, _)| *figure > 0).count() >= 4, "{few:?}");
        let mut tx = app.db.begin().await.unwrap();
        for n in 0..2_010_u32 {
            let (id, code) = (Id::from_u128(0x9_0000 + u128::from(n)), format!("x{n}"));
            let mut tree = Organisations(&mut tx);
            tree.insert_plain(id, &code, &code, "branch", 1, Some(org("county-b")), organisations::BEGINNING, app.clock.as_ref())
                .await
                .unwrap();
        }
        Organisations(&mut tx).bump_revision().await.unwrap();
        tx.commit().await.unwrap();
        organisations::refresh(&app.app).await.unwrap();
        assert_eq!(read().await, few);
    })
    .await;
}

/// Views that were folded before lessons had days are found again in the ledger, once.
#[tokio::test]
async fn f7_days_of_views_catch_up_after_an_upgrade() {
    both(async |app| {
        let app = with_records(app).await;
        let days = async || {
            let mut tx = app.db.read().await.unwrap();
            watching::Watching(&mut tx).figures_by_day().await.unwrap()
        };
        let wanted = days().await;
        assert_eq!(wanted.len(), 2);
        let mut tx = app.db.begin().await.unwrap();
        tx.execute("delete from lesson_day", vec![]).await.unwrap();
        tx.execute("delete from ledger_position where reader = 'days'", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(statistics::compare(&app).await.unwrap().days == 2, "the nightly comparison sees it");
        while watching::work::fold(&app, app.ledger().unwrap()).await.unwrap() > 0 {}
        assert_eq!(days().await, wanted);
        assert_eq!(statistics::compare(&app).await.unwrap().days, 0);
    })
    .await;
}
