//! The programme as a page, for programs and for calendars.

use super::{a_showing, as_others_read, host, planned};
use crate::support::{Client, MONDAY, TestApp, both, tree::org};
use app::broadcasts::rules::{Signal, Standing};
use app::broadcasts::{Admission, BroadcastId, Broadcasts, Kind, Plan, actions, programme};
use kernel::{Actor, Clock, Role, Timestamp};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;

/// A week with one broadcast of each sort: their ids in the order of their times.
struct Week {
    on_air: BroadcastId,
    next: BroadcastId,
    own: BroadcastId,
    cancelled: BroadcastId,
    later: BroadcastId,
}

async fn week(app: &TestApp, host: &Actor) -> Week {
    let lesson = app.a_submission().at(app::submissions::State::Published).create().await.lesson;
    let showing = |hours: i64| Plan { starts_at: MONDAY.plus_ms(hours * HOUR), ..a_showing(app, lesson) };
    let live = |title: &str, hours: i64| Plan {
        kind: Kind::Live,
        lesson: None,
        title: title.into(),
        lecturer: "Zhang, San; \\ the elder".into(),
        ends_at: MONDAY.plus_ms(hours * HOUR + HOUR),
        ..showing(hours)
    };
    let week = Week {
        on_air: planned(app, host, showing(0)).await,
        next: planned(app, host, live("秋收里的一堂课，讲给全村人听；也讲给在外面打工的年轻人听，请大家准时来", 8)).await,
        own: planned(app, host, Plan { admission: Admission::SignedIn, ..live("For members", 30) }).await,
        cancelled: planned(app, host, live("Called off", 40)).await,
        later: planned(app, host, Plan { organisation: org("township-a"), ..live("Of the township", 50) }).await,
    };
    actions::move_by(app, None, week.on_air, Signal::Due, "broadcast.on-air").await.unwrap();
    actions::cancel(app, host, week.cancelled).await.unwrap();
    week
}

async fn ids(client: &Client, query: &str) -> Vec<String> {
    let found = client.get(&format!("/api/v1/programme{query}")).await.expect(200).json();
    found["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn texts(ids: &[BroadcastId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn g6_the_programme_shows_each_reader_the_week_that_is_for_them() {
    both(async |app| {
        let app = app.with_tree().await;
        let host = host(&app).await;
        let week = week(&app, &host).await;
        let anybody = app.anonymous();
        let member = app.person("member", Role::Lecturer, "branch-d").await;
        assert_eq!(ids(&anybody, "").await, texts(&[week.on_air, week.next, week.later]));
        assert_eq!(ids(&member, "").await, texts(&[week.on_air, week.next, week.own, week.later]));
        assert_eq!(ids(&anybody, &format!("?organisation={}", org("township-a"))).await, texts(&[week.later]));
        assert_eq!(ids(&anybody, &format!("?organisation={}", org("city-a"))).await.len(), 3, "superiors show their subtree");
        assert_eq!(ids(&anybody, "?from=2026-11-24").await, texts(&[week.later]));
        assert!(ids(&anybody, "?from=2026-11-30").await.is_empty());
        let now = programme::now_and_next(&app, false).await.unwrap();
        let now: Vec<_> = now.iter().map(|e| (e.broadcast.id, e.standing)).collect();
        assert_eq!(now, [(week.on_air, Standing::Showing), (week.next, Standing::Next), (week.later, Standing::Later)]);
        let found = anybody.get("/api/v1/programme").await.expect(200).json();
        assert_eq!((&found["from"], &found["until"]), (&"2026-11-23".into(), &"2026-11-30".into()));
        assert_eq!((&found["items"][0]["standing"], &found["items"][0]["starts_at"]), (&"showing".into(), &MONDAY.0.into()));
    })
    .await;
}

#[tokio::test]
async fn g6_the_page_says_days_times_zone_and_what_is_next() {
    let app = TestApp::sqlite().await.with_tree().await;
    let host = host(&app).await;
    let week = week(&app, &host).await;
    let page = app.anonymous().browser().get("/programme").await.expect(200).text();
    for said in [
        "All times are Asia/Shanghai (UTC+08:00)",
        "23 Nov 2026 – 29 Nov",
        "Showing now",
        "data-countdown=\"2026-11-23T09:00:00Z\"",
        "17:00–18:00",
        &format!("/live/{}/event.ics", week.next),
        "/programme?from=2026-11-30",
        "/programme?from=2026-11-16",
    ] {
        assert!(page.contains(said), "{said} is not in {page}");
    }
    assert!(!page.contains("For members") && !page.contains("Called off"));
    let township = app.anonymous().browser().get(&format!("/programme?from=2026-11-25&organisation={}", org("township-a"))).await;
    let township = township.expect(200).text();
    assert!(township.contains("Of the township") && township.contains("selected"), "{township}");
    assert!(township.contains(&format!("/programme?from=2026-12-02&amp;organisation={}", org("township-a"))) || township.contains("&#38;"));
    let mut chinese = app.anonymous().browser();
    chinese.headers.insert(0, ("accept-language".into(), "zh-CN".into()));
    assert!(chinese.get("/programme?from=2027-01-01").await.expect(200).text().contains("这一周没有安排"));
}

/// The calendar as a program reads it that others wrote, after its lines were looked at.
fn read(text: &str) -> Value {
    assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    as_others_read("calendar_read.py", text.as_bytes())
}

#[tokio::test]
async fn g6_calendars_take_the_programme_and_hear_what_was_changed_and_called_off() {
    let app = TestApp::sqlite_with(|config| config.public_url = "https://lessons.example".into()).await.with_tree().await;
    let host = host(&app).await;
    let week = week(&app, &host).await;
    let reply = app.anonymous().get("/programme.ics").await.expect(200);
    assert_eq!(reply.header("content-type"), "text/calendar; charset=utf-8");
    let found = read(&reply.text());
    assert_eq!((&found["faults"], &found["missing"], &found["name"]), (&json!([]), &json!([]), &"Kaijiang programme".into()));
    let events = found["events"].as_array().unwrap();
    let uids: Vec<_> = events.iter().map(|e| e["uid"].as_str().unwrap().to_owned()).collect();
    assert_eq!(uids, [week.on_air, week.next, week.cancelled, week.later].map(|id| format!("{id}@lessons.example")));
    let url = format!("https://lessons.example/live/{}", week.next);
    let next = json!({
        "uid": uids[1], "url": url, "status": "CONFIRMED", "sequence": 1, "alarms": [-600.0],
        "summary": "秋收里的一堂课，讲给全村人听；也讲给在外面打工的年轻人听，请大家准时来",
        "description": format!("Zhang, San; \\ the elder\ncounty-a\n{url}"),
        "stamp": "2026-11-23T01:00:00+00:00", "start": "2026-11-23T09:00:00+00:00", "end": "2026-11-23T10:00:00+00:00",
        "in_alarms": ["ACTION", "DESCRIPTION", "TRIGGER"],
    });
    assert_eq!(events[1], next);
    assert_eq!((&events[2]["status"], &events[2]["sequence"], &events[2]["alarms"]), (&"CANCELLED".into(), &2.into(), &json!([])));
}

#[tokio::test]
async fn s12_one_broadcast_goes_into_the_calendars_of_those_it_is_for() {
    let app = TestApp::sqlite().await.with_tree().await;
    let host = host(&app).await;
    let week = week(&app, &host).await;
    let member = app.person("member", Role::Lecturer, "branch-d").await;
    let event = |id: BroadcastId| format!("/live/{id}/event.ics");
    let one = app.anonymous().get(&event(week.next)).await.expect(200).text();
    assert_eq!(one.matches("BEGIN:VEVENT").count(), 1);
    app.anonymous().get(&event(week.own)).await.expect(401);
    assert!(member.get(&event(week.own)).await.expect(200).text().contains("SUMMARY:For members"));
    app.anonymous().get(&event(kernel::Id::from_u128(7))).await.expect(404);
    let row = Broadcasts(&mut app.db.read().await.unwrap()).find(week.own).await.unwrap().unwrap();
    let plan = Plan { starts_at: row.starts_at.plus_ms(HOUR), ends_at: row.ends_at.plus_ms(HOUR), ..Plan::of(&row) };
    actions::change(&app, &host, week.own, row.version, plan).await.unwrap();
    let moved = member.get(&event(week.own)).await.expect(200).text();
    assert!(moved.contains("SEQUENCE:2\r\n") && moved.contains("DTSTART:20261124T080000Z\r\n"), "{moved}");
    assert!(app.clock.now() > Timestamp(0));
}
