//! An address of one's own, proved by a link.

use super::{both, link_in, send_all};
use crate::support::TestApp;
use crate::support::tree::PASSWORD;
use axum::http::Method;
use kernel::Role;
use serde_json::json;

const HOUR: i64 = 3_600_000;

async fn own(who: &crate::support::Client) -> (serde_json::Value, serde_json::Value) {
    let me = who.get("/api/v1/me").await.expect(200).json();
    (me["mail"].clone(), me["mail_wanted"].clone())
}

#[tokio::test]
async fn an_address_counts_once_its_link_was_opened() {
    both(async |app, mut server| {
        let li = app.person("li.wei", Role::Clerk, "branch-a").await;
        li.post_form("/me/mail", &[("mail", " li@example.org ")]).await.expect(303);
        assert_eq!(own(&li).await, (json!(null), json!("li@example.org")));
        assert_eq!(send_all(&app).await, 1);
        let mail = server.next().await;
        assert_eq!((&mail["rcpt"], &mail["headers"]["subject"]), (&json!(["li@example.org"]), &json!("Confirm your mail address")));
        let link = link_in(mail["text"].as_str().unwrap(), "/mail-check/");
        let reader = app.anonymous().browser();
        let page = reader.get(&link).await.expect(200).text();
        assert!(page.contains("li@example.org") && page.contains("li.wei"), "{page}");
        assert_eq!(own(&li).await.0, json!(null), "looking changes nothing: programs look at every link");
        reader.post_form(&link, &[]).await.expect(200);
        assert_eq!(own(&li).await, (json!("li@example.org"), json!(null)));
        reader.post_form(&link, &[]).await.expect(410);
        li.json(Method::DELETE, "/api/v1/me/mail", &json!(null)).await.expect(204);
        assert_eq!(own(&li).await, (json!(null), json!(null)));
    })
    .await;
}

#[tokio::test]
async fn only_the_newest_link_works_and_not_for_long() {
    both(async |app, mut server| {
        let li = app.person("li.wei", Role::Clerk, "branch-a").await;
        let ask = async |address: &str| li.json(Method::PUT, "/api/v1/me/mail", &json!({ "mail": address })).await;
        let mut links = Vec::new();
        for address in ["first@example.org", "second@example.org"] {
            ask(address).await.expect(202);
            assert_eq!(send_all(&app).await, 1);
            links.push(link_in(server.next().await["text"].as_str().unwrap(), "/mail-check/"));
        }
        let reader = app.anonymous();
        reader.post_form(&links[0], &[]).await.expect(410);
        app.clock.advance_ms(24 * HOUR - 1);
        reader.get(&links[1]).await.expect(200);
        app.clock.advance_ms(1);
        reader.get(&links[1]).await.expect(410);
        let (payload, _) = links[1].rsplit_once('.').unwrap();
        for forged in [payload.to_owned(), format!("{payload}."), "/mail-check/x".into(), format!("{}x", links[1])] {
            reader.get(&forged).await.expect(410);
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_floods_a_strangers_box() {
    both(async |app, _server| {
        let li = app.person("li.wei", Role::Clerk, "branch-a").await;
        let ask = async |address: &str| li.json(Method::PUT, "/api/v1/me/mail", &json!({ "mail": address })).await;
        for bad in ["", "nobody", "a@b", "a@example.org\r\nBcc: x@example.org", "a@example.org,b@example.org", &"a".repeat(300)] {
            ask(bad).await.expect(422);
        }
        for _ in 0..5 {
            ask("stranger@example.org").await.expect(202);
        }
        assert_eq!(ask("stranger@example.org").await.expect(429).json()["code"], "mail-checks");
        app.clock.advance_ms(24 * HOUR + 1);
        let li = app.anonymous().signed_in("li.wei", PASSWORD).await;
        li.json(Method::PUT, "/api/v1/me/mail", &json!({ "mail": "stranger@example.org" })).await.expect(202);
    })
    .await;
}

#[tokio::test]
async fn s19_a_token_gives_no_address_and_a_closed_account_confirms_none() {
    let server = super::MailServer::start().await;
    let app: TestApp = server.app(None).await;
    let li = app.person("li.wei", Role::Clerk, "branch-a").await;
    let made = li
        .post("/api/v1/tokens", &json!({ "name": "t", "scopes": ["read", "submit", "review", "administer"], "days": 3 }))
        .await
        .expect(201);
    let program = app.anonymous().with("authorization", &format!("Bearer {}", made.json()["secret"].as_str().unwrap()));
    program.json(Method::PUT, "/api/v1/me/mail", &json!({ "mail": "a@example.org" })).await.expect(403);
    let wanted = json!({ "organisation": crate::support::tree::org("branch-a"), "every": "month", "formats": ["pdf"] });
    program.json(Method::PUT, "/api/v1/report-subscriptions", &wanted).await.expect(403);
}
