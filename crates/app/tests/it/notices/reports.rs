//! Reports by mail: who gets which, once, whatever happens in between.

use super::{MailServer, both, give_address, link_in, path_of, send_all, subscriber};
use crate::broadcasts::as_others_read;
use crate::support::held::{fields, id, save_of};
use crate::support::tree::{PASSWORD, org};
use crate::support::{Client, TestApp};
use app::jobs::{self, Job, JobState};
use app::statistics::reports::{self, REPORTS};
use app::work::start;
use axum::http::Method;
use kernel::{Clock, Role, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;
/// 2026-12-01T06:00:00+08:00.
const DECEMBER: Timestamp = Timestamp(1_796_076_000_000);

async fn subscribe(who: &Client, code: &str, every: &str, formats: &[&str]) -> Value {
    let wanted = json!({ "organisation": org(code), "every": every, "formats": formats });
    who.json(Method::PUT, "/api/v1/report-subscriptions", &wanted).await.expect(200).json()
}

/// A session that counts for November.
async fn held(app: &TestApp) {
    let clerk = app.somebody("recorder", Role::Clerk, "branch-a").await;
    app.saved(&clerk, save_of(id(1), "branch-a", fields())).await;
}

async fn queued(app: &TestApp) -> Vec<Job> {
    jobs::unfinished(&mut app.db.read().await.unwrap(), REPORTS).await.unwrap()
}

/// Lets the workers of the program do what is due, until no report waits.
async fn run(app: &TestApp) {
    reports::begin_due(app).await.unwrap();
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    let handlers = jobs::Handlers::default().with(REPORTS, reports::post_job);
    tracker.spawn(jobs::run(app.app.clone(), handlers, stop.clone()));
    tokio::time::timeout(Duration::from_mins(1), async {
        while !queued(app).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("reports are made in time");
    stop.cancel();
    tracker.close();
    tracker.wait().await;
}

fn until(app: &TestApp, at: Timestamp) {
    app.clock.advance_ms(at - app.clock.now());
}

#[tokio::test]
async fn f12_the_months_report_comes_on_the_first_once_as_pdf_and_workbook() {
    both(async |app, mut server| {
        held(&app).await;
        let li = subscriber(&app, "li.wei", Role::Auditor, "city-a").await;
        subscribe(&li, "county-a", "month", &["pdf", "xlsx"]).await;
        until(&app, DECEMBER);
        app.clock.advance_ms(-1);
        run(&app).await;
        assert_eq!(send_all(&app).await, 0, "October was over before; nothing of November in its last night");
        server.nothing_more().await;
        app.clock.advance_ms(1);
        for _ in 0..3 {
            run(&app).await;
        }
        assert_eq!(send_all(&app).await, 1, "once, however often it is looked at");
        let mail = server.next().await;
        assert_eq!(
            (&mail["rcpt"], &mail["headers"]["subject"]),
            (&json!(["li.wei@example.org"]), &json!("county-a · Monthly report, Nov 2026"))
        );
        let text = mail["text"].as_str().unwrap();
        assert!(text.contains("Sessions held: 1 (+1)") && text.contains("Attendances: 20 (+20)"), "{text}");
        let files = mail["files"].as_array().unwrap();
        let named =
            |name: &str| hex(files.iter().find(|file| file["name"] == name).unwrap_or_else(|| panic!("{name}"))["bytes"].as_str().unwrap());
        let read = as_others_read("poster_read.py", &named("statistics-month-2026-11-01.pdf"));
        let paper = read["texts"].to_string();
        for said in ["county-a", "Nov 2026", "township-a", "township-b", "Total"] {
            assert!(paper.contains(said), "{said} is not in {paper}");
        }
        assert!(named("statistics-month-2026-11-01.xlsx").starts_with(b"PK"));
        assert_eq!(files.len(), 2);
        app.clock.advance_ms(20 * DAY);
        run(&app).await;
        assert_eq!(send_all(&app).await, 0);
    })
    .await;
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[tokio::test]
async fn after_a_long_standstill_only_the_newest_period_is_told() {
    both(async |app, mut server| {
        let li = subscriber(&app, "li.wei", Role::Auditor, "city-a").await;
        subscribe(&li, "city-a", "month", &["xlsx"]).await;
        subscribe(&li, "city-a", "quarter", &["xlsx"]).await;
        // A job that was queued in December and slept until April tells nothing.
        until(&app, DECEMBER);
        reports::begin_due(&app).await.unwrap();
        app.clock.advance_ms(130 * DAY);
        run(&app).await;
        assert_eq!(send_all(&app).await, 2);
        let mut subjects = [server.next().await, server.next().await].map(|mail| mail["headers"]["subject"].as_str().unwrap().to_owned());
        subjects.sort();
        assert_eq!(subjects, ["city-a · Monthly report, Mar 2027", "city-a · Quarterly report, Q1 2027"]);
        server.nothing_more().await;
    })
    .await;
}

#[tokio::test]
async fn a_crash_between_two_subscribers_sends_to_nobody_twice() {
    both(async |app, mut server| {
        for (n, login) in ["anna", "bert", "carl"].into_iter().enumerate() {
            let who = subscriber(&app, login, Role::Auditor, "city-a").await;
            subscribe(&who, "city-a", "month", if n == 0 { &["xlsx"] } else { &["pdf", "xlsx"] }).await;
        }
        until(&app, DECEMBER);
        run(&app).await;
        // As if it had died after the first: the second's note is gone with its notice, and the job begins anew.
        let mut tx = app.db.begin().await.unwrap();
        tx.execute("delete from notice where recipient = 'bert@example.org'", vec![]).await.unwrap();
        let second = "delete from report_posted where subscription in (select s.id from report_subscription s join account a on a.id = s.account where a.login = 'bert')";
        tx.execute(second, vec![]).await.unwrap();
        jobs::enqueue(&mut tx, app.clock.as_ref(), REPORTS, "month", &json!({ "first": 20_261_101 }), None).await.unwrap();
        tx.commit().await.unwrap();
        run(&app).await;
        assert_eq!(send_all(&app).await, 3);
        let mut got = Vec::new();
        for _ in 0..3 {
            let mail = server.next().await;
            got.push((mail["rcpt"][0].as_str().unwrap().to_owned(), mail["files"].as_array().unwrap().len()));
        }
        got.sort();
        assert_eq!(got, [("anna@example.org".to_owned(), 1), ("bert@example.org".to_owned(), 2), ("carl@example.org".to_owned(), 2)]);
        let mut tx = app.db.read().await.unwrap();
        let made = tx.fetch_int("select count(*) from notice_file", vec![]).await.unwrap();
        assert_eq!(made, 3, "one text, one workbook, one PDF for all three");
    })
    .await;
}

#[tokio::test]
async fn s19_whoever_lost_the_right_gets_nothing_not_even_what_waits_already() {
    both(async |app, mut server| {
        let stays = subscriber(&app, "stays", Role::Auditor, "city-a").await;
        let goes = subscriber(&app, "goes", Role::Auditor, "city-a").await;
        let late = subscriber(&app, "late", Role::Auditor, "city-a").await;
        for who in [&stays, &goes, &late] {
            subscribe(who, "county-a", "month", &["xlsx"]).await;
        }
        goes.json(
            Method::PUT,
            "/api/v1/report-subscriptions",
            &json!({ "organisation": org("county-c"), "every": "month", "formats": ["pdf"] }),
        )
        .await
        .expect(403);
        let revoke = async |login: &str| {
            let mut tx = app.db.begin().await.unwrap();
            let sql = format!("update role_grant set to_at = 1 where account = (select id from account where login = '{login}')");
            tx.execute(sqlx::AssertSqlSafe(sql), vec![]).await.unwrap();
            tx.commit().await.unwrap();
        };
        revoke("goes").await;
        until(&app, DECEMBER);
        run(&app).await;
        revoke("late").await;
        assert_eq!(send_all(&app).await, 2, "two were posted");
        assert_eq!(server.next().await["rcpt"], json!(["stays@example.org"]));
        server.nothing_more().await;
        let goes = app.anonymous().signed_in("goes", PASSWORD).await;
        let page = goes.browser().get("/me/reports").await.expect(200).text();
        assert!(page.contains("You do not see these statistics any more"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn s19_whoever_sees_less_than_a_report_tells_does_not_get_it() {
    both(async |app, mut server| {
        for login in ["stays", "narrowed"] {
            subscribe(&subscriber(&app, login, Role::Auditor, "county-a").await, "county-a", "month", &["xlsx"]).await;
        }
        until(&app, DECEMBER);
        run(&app).await;
        let mut tx = app.db.begin().await.unwrap();
        let sql = "update role_grant set reach = 'node' where account = (select id from account where login = 'narrowed')";
        tx.execute(sql, vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(send_all(&app).await, 2, "both were looked at");
        assert_eq!(server.next().await["rcpt"], json!(["stays@example.org"]));
        server.nothing_more().await;
    })
    .await;
}

#[tokio::test]
async fn whoever_sees_only_the_organisation_itself_gets_no_figures_from_below() {
    let mut server = MailServer::start().await;
    let app = server.app(None).await;
    held(&app).await;
    let whole = subscriber(&app, "whole", Role::Auditor, "county-a").await;
    let narrow = subscriber(&app, "narrow", Role::Auditor, "county-a").await;
    let mut tx = app.db.begin().await.unwrap();
    let sql = "update role_grant set reach = 'node' where account = (select id from account where login = 'narrow')";
    tx.execute(sql, vec![]).await.unwrap();
    tx.commit().await.unwrap();
    for who in [&whole, &narrow] {
        subscribe(who, "county-a", "month", &["pdf"]).await;
    }
    until(&app, DECEMBER);
    run(&app).await;
    assert_eq!(send_all(&app).await, 2);
    for _ in 0..2 {
        let mail = server.next().await;
        let sees = mail["rcpt"][0] == "whole@example.org";
        assert_eq!(mail["text"].as_str().unwrap().contains("Sessions held: 1 (+1)"), sees);
        let paper = as_others_read("poster_read.py", &hex(mail["files"][0]["bytes"].as_str().unwrap()))["texts"].to_string();
        assert_eq!(paper.contains("township-a"), sees, "{paper}");
    }
}

#[tokio::test]
async fn one_click_ends_it_without_signing_in_and_twice_is_as_good() {
    both(async |app, mut server| {
        let li = subscriber(&app, "li.wei", Role::Auditor, "city-a").await;
        let kept = subscribe(&li, "county-a", "quarter", &["pdf"]).await;
        subscribe(&li, "county-a", "month", &["xlsx"]).await;
        until(&app, DECEMBER);
        run(&app).await;
        assert_eq!(send_all(&app).await, 2, "the month's and that of the last whole quarter");
        let mails = [server.next().await, server.next().await];
        let mail = mails.iter().find(|mail| mail["headers"]["subject"].to_string().contains("Monthly")).unwrap();
        let header = mail["headers"]["list-unsubscribe"].as_str().unwrap();
        let link = path_of(header.trim_matches(['<', '>']));
        assert_eq!(link, link_in(mail["text"].as_str().unwrap(), "/reports/unsubscribe/"));
        let stranger = app.anonymous().browser();
        let page = stranger.get(&link).await.expect(200).text();
        assert!(page.contains("county-a") && page.contains("Every month"), "{page}");
        let li = app.anonymous().signed_in("li.wei", PASSWORD).await;
        let own = async || li.get("/api/v1/report-subscriptions").await.expect(200).json();
        assert_eq!(own().await.as_array().unwrap().len(), 2, "looking ends nothing");
        for _ in 0..2 {
            // As mail programs send it: a form from nowhere.
            let said = app.anonymous().post_form(&link, &[("List-Unsubscribe", "One-Click")]).await.expect(200).text();
            assert!(said.contains("You are unsubscribed"), "{said}");
        }
        assert_eq!(own().await, json!([kept]));
        for forged in [format!("{link}x"), link.replace('.', ""), "/reports/unsubscribe/a.b".into()] {
            stranger.post_form(&forged, &[]).await.expect(410);
        }
        app.clock.advance_ms(31 * DAY);
        run(&app).await;
        assert_eq!(send_all(&app).await, 1, "the quarter's goes on");
    })
    .await;
}

#[tokio::test]
async fn subscriptions_are_chosen_on_the_page_and_ended_in_the_account() {
    let server = MailServer::start().await;
    let app = server.app(None).await;
    let account = app.account("li.wei", Role::Auditor, "city-a").await;
    let li = app.anonymous().signed_in("li.wei", PASSWORD).await;
    let address = format!("/statistics?organisation={}", org("county-a"));
    let browser = li.clone().browser();
    assert!(browser.get(&address).await.expect(200).text().contains("your account has none"));
    let organisation = org("county-a").to_string();
    let form = |boxes: &[(&'static str, &'static str)]| {
        let fixed = [("organisation", organisation.as_str()), ("every", "month"), ("back", "//evil.example")];
        fixed.into_iter().chain(boxes.iter().copied()).collect::<Vec<_>>()
    };
    assert_eq!(li.post_form("/statistics/subscriptions", &form(&[("pdf", "1")])).await.expect(409).json()["code"], "mail-unproved");
    give_address(&app, account, "li@example.org").await;
    li.post_form("/statistics/subscriptions", &form(&[])).await.expect(422);
    let done = li.post_form("/statistics/subscriptions", &form(&[("pdf", "1"), ("xlsx", "1")])).await.expect(303);
    assert_eq!(done.header("location"), "/me/reports", "never to another site");
    li.post_form("/statistics/subscriptions", &form(&[("xlsx", "1")])).await.expect(303);
    let own = li.get("/api/v1/report-subscriptions").await.expect(200).json();
    assert_eq!((own.as_array().unwrap().len(), &own[0]["formats"], &own[0]["language"]), (1, &json!(["xlsx"]), &json!("en")));
    assert!(browser.get(&address).await.expect(200).text().contains("subscribed"));
    let page = browser.get("/me/reports").await.expect(200).text();
    assert!(page.contains("county-a") && page.contains("Every month · .xlsx · English"), "{page}");
    let id = own[0]["id"].as_str().unwrap();
    let other = subscriber(&app, "other", Role::Auditor, "city-a").await;
    other.post_form(&format!("/me/reports/{id}/end"), &[]).await.expect(404);
    li.post_form(&format!("/me/reports/{id}/end"), &[]).await.expect(303);
    assert_eq!(li.get("/api/v1/report-subscriptions").await.expect(200).json(), json!([]));
}

#[tokio::test]
async fn the_programs_own_workers_bring_it_to_the_box() {
    let mut server = MailServer::start().await;
    let app = server.app(None).await;
    let li = subscriber(&app, "li.wei", Role::Auditor, "city-a").await;
    subscribe(&li, "county-a", "month", &["xlsx"]).await;
    until(&app, DECEMBER);
    app.clock.advance_ms(HOUR);
    let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
    start(&app, &tracker, &stop);
    assert_eq!(server.next().await["rcpt"], json!(["li.wei@example.org"]));
    stop.cancel();
    tracker.close();
    tracker.wait().await;
    let metrics = String::from_utf8(app.metrics.render().unwrap()).unwrap();
    assert!(metrics.contains("kaijiang_notices_total{outcome=\"sent\"} 1"), "{metrics}");
    let left = jobs::older(&mut app.db.read().await.unwrap(), Some(JobState::Parked), "", 10).await.unwrap();
    assert!(left.is_empty(), "{left:?}");
}
