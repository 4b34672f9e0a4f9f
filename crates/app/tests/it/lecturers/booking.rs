//! A9: an organisation books a lecturer.

use super::registered;
use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::lecturers::actions::booking;
use app::lecturers::{BookingId, Bookings, Which};
use axum::http::Method;
use kernel::{Actor, Clock, Grant, Reach, Role};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;

/// Asks for a lecture in so many hours, an hour long.
async fn asked(clerk: &Client, app: &TestApp, lecturer: &str, code: &str, hours: i64) -> (u16, Value) {
    let starts = app.clock.now().0 + hours * HOUR;
    let body =
        json!({ "organisation": org(code), "title": "Law", "place": "Hall", "people": 40, "starts_at": starts, "ends_at": starts + HOUR });
    let reply = clerk.post(&format!("/api/v1/lecturers/{lecturer}/bookings"), &body).await;
    (reply.status.as_u16(), reply.json())
}

async fn act(who: &Client, booking: &Value, act: &str, body: &Value) -> u16 {
    let method = if act == "rating" { Method::PUT } else { Method::POST };
    who.json(method, &format!("/api/v1/bookings/{}/{act}", booking["id"].as_str().unwrap()), body).await.status.as_u16()
}

/// Signs in anew: sign-ins do not outlive a day.
async fn again(app: &TestApp, login: &str) -> Client {
    app.anonymous().signed_in(login, crate::support::tree::PASSWORD).await
}

#[tokio::test]
async fn a9_asked_accepted_held_rated() {
    both(async |app| {
        let app = app.with_tree().await;
        let home = app.person("home", Role::Clerk, "county-a").await;
        let asker = app.person("asker", Role::Clerk, "county-c").await;
        app.account("li.wei", Role::Lecturer, "township-a").await;
        let own = app.anonymous().signed_in("li.wei", crate::support::tree::PASSWORD).await;
        let id = registered(&home, "Li Wei", "township-a", &json!({ "account": "li.wei" })).await;
        let (status, booking) = asked(&asker, &app, &id, "county-c", 24).await;
        assert_eq!((status, booking["state"].as_str()), (201, Some("requested")), "{booking}");
        assert_eq!(act(&asker, &booking, "acceptance", &Value::Null).await, 403, "who asks does not answer");
        let other = app.person("other", Role::Clerk, "county-b").await;
        assert_eq!(other.get(&format!("/api/v1/bookings/{}", booking["id"].as_str().unwrap())).await.status, 404);
        let waiting = own.get("/api/v1/bookings").await.expect(200).json();
        assert_eq!(waiting["items"].as_array().unwrap().len(), 1);
        assert_eq!(act(&own, &booking, "acceptance", &Value::Null).await, 200);
        assert_eq!(act(&own, &booking, "acceptance", &Value::Null).await, 409);
        assert_eq!(asked(&asker, &app, &id, "county-c", 24).await.0, 409, "a taken time cannot even be asked for");
        assert_eq!(act(&asker, &booking, "rating", &json!({ "stars": 5 })).await, 409, "not over yet");
        app.clock.advance_ms(26 * HOUR);
        let (asker, home) = (again(&app, "asker").await, again(&app, "home").await);
        assert_eq!(act(&asker, &booking, "cancellation", &json!({})).await, 409, "it has begun");
        assert_eq!(act(&asker, &booking, "rating", &json!({ "stars": 6 })).await, 422);
        assert_eq!(act(&home, &booking, "rating", &json!({ "stars": 5 })).await, 403);
        assert_eq!(act(&asker, &booking, "rating", &json!({ "stars": 4, "comment": "clear" })).await, 200);
        let page = home.clone().browser().get(&format!("/desk/lecturers/{id}")).await.expect(200).text();
        assert!(page.contains("clear") && !page.contains("of 5, from"), "one rating is no average");
        for _ in 0..2 {
            let (asker, home) = (again(&app, "asker").await, again(&app, "home").await);
            let (_, next) = asked(&asker, &app, &id, "county-c", 24).await;
            assert_eq!(act(&home, &next, "acceptance", &Value::Null).await, 200);
            app.clock.advance_ms(26 * HOUR);
            let asker = again(&app, "asker").await;
            assert_eq!(act(&asker, &next, "rating", &json!({ "stars": 5 })).await, 200);
        }
        let home = again(&app, "home").await;
        let page = home.browser().get(&format!("/desk/lecturers/{id}")).await.expect(200).text();
        assert!(page.contains("4.7 of 5, from 3 ratings"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a9_declined_with_a_reason_and_taken_back() {
    both(async |app| {
        let app = app.with_tree().await;
        let home = app.person("home", Role::Clerk, "county-a").await;
        let asker = app.person("asker", Role::Clerk, "county-c").await;
        let id = registered(&home, "Li Wei", "township-a", &json!({})).await;
        let (_, first) = asked(&asker, &app, &id, "county-c", 24).await;
        let (_, second) = asked(&asker, &app, &id, "county-c", 24).await;
        assert_eq!(act(&home, &first, "refusal", &json!({ "reason": " " })).await, 422);
        let page = home.clone().browser().get(&format!("/desk/bookings/{}", first["id"].as_str().unwrap())).await.expect(200).text();
        assert!(page.contains(second["id"].as_str().unwrap()), "a request for the same time is shown");
        assert_eq!(act(&home, &first, "refusal", &json!({ "reason": "harvest" })).await, 200);
        assert_eq!(act(&asker, &second, "cancellation", &json!({})).await, 200);
        let mine = asker.get("/api/v1/bookings?side=requested").await.expect(200).json();
        let states: Vec<_> = mine["items"].as_array().unwrap().iter().map(|b| (b["state"].clone(), b["answer"].clone())).collect();
        assert!(states.contains(&(json!("declined"), json!("harvest"))) && states.contains(&(json!("cancelled"), json!(""))), "{mine}");
        home.json(Method::PUT, &format!("/api/v1/lecturers/{id}/state"), &json!({ "retired": true })).await.expect(204);
        assert_eq!(asked(&asker, &app, &id, "county-c", 24).await.0, 404, "who has retired is not found");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a9_s22_of_two_who_accept_for_the_same_time_one_is_refused() {
    both(async |app| {
        let app = app.with_tree().await;
        let home = app.person("home", Role::Clerk, "county-a").await;
        let account = app.account("second", Role::Clerk, "county-a").await;
        let answers = Actor {
            account,
            grants: vec![Grant { organisation: org("county-a"), role: Role::Clerk, reach: Reach::Subtree }],
            scopes: None,
        };
        let id = registered(&home, "Li Wei", "township-a", &json!({})).await;
        let twin = registered(&home, "LiWei", "township-a", &json!({})).await;
        for round in 0..4 {
            let (_, one) = asked(&home, &app, &id, "county-a", 24 + round * 5).await;
            // The second request names another row of the same person, once they are merged.
            let (_, two) = asked(&home, &app, &twin, "county-a", 24 + round * 5).await;
            if round == 0 {
                home.post(&format!("/api/v1/lecturers/{twin}/merge"), &json!({ "into": id })).await.expect(204);
            }
            let accept = |booking: &Value| {
                let (app, actor, id): (_, _, BookingId) =
                    (app.app.clone(), answers.clone(), booking["id"].as_str().unwrap().parse().unwrap());
                tokio::spawn(async move { booking::accept(&app, &actor, id, None).await })
            };
            let (first, second) = (accept(&one), accept(&two));
            let results = [first.await.unwrap(), second.await.unwrap()];
            let codes: Vec<_> = results.iter().filter_map(|r| r.as_ref().err()).map(|p| p.code).collect();
            assert_eq!(codes, ["booking-clash"], "round {round}");
        }
        let mut tx = app.db.read().await.unwrap();
        let which = Which { person: Some(id.parse().unwrap()), ..Which::default() };
        let all = Bookings(&mut tx).coming(&which, 50).await.unwrap();
        assert_eq!((all.len(), all.iter().filter(|row| row.booking.state.holds_time()).count()), (8, 4));
    })
    .await;
}

#[tokio::test]
async fn a9_calendars_are_read_by_address_until_it_is_renewed() {
    both(async |app| {
        let app = app.with_tree().await;
        let home = app.person("home", Role::Clerk, "county-a").await;
        let id = registered(&home, "Li Wei", "township-a", &json!({ "contact": "13900001111" })).await;
        let (_, booking) = asked(&home, &app, &id, "county-a", 24).await;
        let path = format!("/api/v1/booking-calendars/{id}");
        assert_eq!(home.get(&path).await.expect(200).json()["path"], Value::Null);
        let address = home.post(&path, &Value::Null).await.expect(200).json()["path"].as_str().unwrap().to_owned();
        let text = app.anonymous().get(&address).await.expect(200).text();
        assert!(text.starts_with("BEGIN:VCALENDAR") && text.contains("STATUS:TENTATIVE") && text.contains("LOCATION:Hall"), "{text}");
        assert!(!text.contains("13900001111"));
        act(&home, &booking, "acceptance", &Value::Null).await;
        assert!(app.anonymous().get(&address).await.expect(200).text().contains("STATUS:CONFIRMED"));
        home.post(&path, &Value::Null).await.expect(200);
        app.anonymous().get(&address).await.expect(404);
        app.anonymous().get(&format!("/calendars/{id}/{}.ics", "0".repeat(32))).await.expect(404);
        let organisation = home.post(&format!("/api/v1/booking-calendars/{}", org("county-a")), &Value::Null).await.expect(200).json();
        assert!(app.anonymous().get(organisation["path"].as_str().unwrap()).await.expect(200).text().contains("SUMMARY:Law"));
        let beside = app.person("beside", Role::Clerk, "county-c").await;
        beside.get(&path).await.expect(404);
        let month = home.clone().browser().get(&format!("/desk/bookings/calendar?lecturer={id}")).await.expect(200).text();
        assert!(month.contains("Law") && month.contains("/calendars/"), "{month}");
    })
    .await;
}
