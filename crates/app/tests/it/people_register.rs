//! Imports of accounts and roles, and the links by which new owners come in (A4, A6, S12, S18, S19).

use crate::support::jobs::ended;
use crate::support::tree::{PASSWORD, org};
use crate::support::{Client, TestApp, both};
use app::accounts::Accounts;
use app::jobs::Handlers;
use app::organisations::actions::import::Run;
use app::organisations::actions::people_import::{Outcome, import};
use app::organisations::work;
use axum::http::Method;
use kernel::{Clock, Role};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

const HEAD: &str = "账号,姓名,组织编码,角色,范围,生效日期,截止日期\n";

/// As the command line does it: with every right.
async fn taken_over(app: &TestApp, text: &str, dry_run: bool) -> Outcome {
    let path = app.dir.path().join("people.csv");
    std::fs::write(&path, text).unwrap();
    let run = Run { actor: None, dry_run, progress: &|_| {}, cancelled: CancellationToken::new() };
    import(app, &path, "by-hand", &run).await.unwrap_or_else(|p| panic!("{} {:?}", p.code, p.args))
}

/// Sends a file as `who` and has it worked on; the import and its address.
async fn sent(app: &TestApp, who: &Client, text: &str) -> (Value, String) {
    let reply = who.send(Method::POST, "/api/v1/accounts/imports?name=people.csv", "text/csv", text.to_owned()).await.expect(202).json();
    let path = format!("/api/v1/accounts/imports/{}", reply["id"].as_str().unwrap());
    (finished(app, who, &path).await, path)
}

async fn applied(app: &TestApp, who: &Client, path: &str) -> (Value, String) {
    let reply = who.post(&format!("{path}/apply"), &Value::Null).await.expect(202).json();
    let path = format!("/api/v1/accounts/imports/{}", reply["id"].as_str().unwrap());
    (finished(app, who, &path).await, path)
}

async fn finished(app: &TestApp, who: &Client, path: &str) -> Value {
    ended(app, Handlers::default().with(work::IMPORT_PEOPLE, work::import_people), who, path).await
}

/// Sign-in name and link of everybody in a workbook of links.
fn links(app: &TestApp, book: &[u8]) -> Vec<(String, String)> {
    let path = app.dir.path().join("links.xlsx");
    std::fs::write(&path, book).unwrap();
    let sheet = app::spreadsheets::read(&path, &app::spreadsheets::Limits::default()).unwrap();
    let path_of = |link: &str| format!("/{}", link.splitn(4, '/').nth(3).unwrap());
    sheet.rows[1..].iter().map(|row| (row.cells[0].text().to_owned(), path_of(row.cells[3].text()))).collect()
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    app.db.read().await.unwrap().fetch_int(sql, vec![]).await.unwrap()
}

#[tokio::test]
async fn a4_people_are_taken_over_and_a_second_time_changes_nothing() {
    both(async |app| {
        let app = app.with_tree().await;
        app.account("li.wei", Role::Clerk, "township-a").await;
        let text = format!(
            "{HEAD}Wang.Fang,王芳,township-a,填报人,本组织及下级,,2027-06-30\nwang.fang,王芳,county-a,reviewer,node,,\n\
             li.wei,李伟,township-a,clerk,,,2026-12-31\n"
        )
        .replace("填报人", &app.words.texts(app::i18n::Language::Chinese).s("role-clerk"))
        .replace("本组织及下级", &app.words.texts(app::i18n::Language::Chinese).s("reach-subtree"));
        let dry = taken_over(&app, &text, true).await;
        assert_eq!((dry.accounts, dry.granted, dry.renamed, dry.dated, dry.faults.len()), (1, 2, 1, 1, 0), "{dry:?}");
        assert_eq!(count(&app, "select count(*) from account").await, 1, "a dry run writes nothing");
        taken_over(&app, &text, false).await;
        let facts = async || {
            let sql = "select (select count(*) from account) * 1000000 + (select count(*) from role_grant) * 1000 + (select count(*) from audit_record)";
            count(&app, sql).await
        };
        let mut tx = app.db.read().await.unwrap();
        let wang = Accounts(&mut tx).find_by_login("wang.fang").await.unwrap().unwrap();
        assert_eq!((wang.name.as_str(), wang.password_hash.as_deref()), ("王芳", None));
        assert_eq!(Accounts(&mut tx).grants(wang.id, app.clock.now()).await.unwrap().len(), 2);
        let li = Accounts(&mut tx).find_by_login("li.wei").await.unwrap().unwrap();
        assert_eq!(li.name, "李伟");
        let ends = Accounts(&mut tx).grants_of(li.id).await.unwrap()[0].to.unwrap();
        assert_eq!(ends.to_string(), "2026-12-31T16:00:00Z", "the last day counts, in the zone of the installation");
        drop(tx);
        let before = facts().await;
        let again = taken_over(&app, &text, false).await;
        assert_eq!((again.unchanged, again.accounts, again.granted, again.renamed, again.dated), (3, 0, 0, 0, 0), "{again:?}");
        assert_eq!(facts().await, before);
    })
    .await;
}

#[tokio::test]
async fn a4_s12_a_file_is_all_or_nothing_and_reaches_no_further_than_its_sender() {
    both(async |app| {
        let app = app.with_tree().await;
        app.account("boss", Role::Administrator, "province").await;
        let admin = app.person("admin.c", Role::Administrator, "county-a").await;
        let before = count(&app, "select count(*) from account").await;
        let text = format!("{HEAD}new.one,New,township-a,clerk,,,\nnew.two,Two,county-b,clerk,,,\nboss,Boss,township-a,clerk,,,\nadmin.c,admin.c,township-a,clerk,,,\n");
        let (ended, path) = sent(&app, &admin, &text).await;
        let faults: Vec<_> =
            ended["faults"].as_array().unwrap().iter().map(|f| (f["row"].as_i64().unwrap(), f["rule"].as_str().unwrap())).collect();
        assert_eq!(faults, [(3, "not-yours"), (4, "taken"), (5, "not-yourself")], "{ended}");
        admin.post(&format!("{path}/apply"), &Value::Null).await.expect(409);
        let book = admin.get(&format!("{path}/workbook")).await.expect(200);
        let copy = app.dir.path().join("back.xlsx");
        std::fs::write(&copy, &book.body).unwrap();
        let sheet = app::spreadsheets::read(&copy, &app::spreadsheets::Limits::default()).unwrap();
        assert!(sheet.rows[2].cells[0].text().contains("outside the organisations"), "{:?}", sheet.rows[2]);
        assert_eq!(sheet.rows[1].cells[0].text(), "");
        let other = app.person("admin.p", Role::Administrator, "province").await;
        other.get(&path).await.expect(404);
        assert_eq!(count(&app, "select count(*) from account").await, before + 1, "only admin.p is new");
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        clerk.send(Method::POST, "/api/v1/accounts/imports", "text/csv", text).await.expect(403);
        clerk.browser().get("/people/import").await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn s18_a_new_owner_sets_a_password_by_a_link_that_works_once_and_lies_nowhere() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin.c", Role::Administrator, "county-a").await;
        let text = format!("{HEAD}wang.fang,Wang Fang,township-a,clerk,,,\nzhao.yi,Zhao Yi,township-b,clerk,,,\n");
        let (_, path) = sent(&app, &admin, &text).await;
        admin.post(&format!("{path}/links"), &Value::Null).await.expect(409);
        let (ended, path) = applied(&app, &admin, &path).await;
        assert_eq!((ended["accounts"].as_i64(), ended["granted"].as_i64()), (Some(2), Some(2)), "{ended}");
        assert_eq!(app.anonymous().post_form("/sign-in", &[("login", "wang.fang"), ("password", "")]).await.status, 401);
        let first = admin.post(&format!("{path}/links"), &Value::Null).await.expect(200);
        assert_eq!(first.header("cache-control"), "no-store");
        let first = links(&app, &first.body);
        let second = links(&app, &admin.post(&format!("{path}/links"), &Value::Null).await.expect(200).body);
        assert_eq!(second.iter().map(|(login, _)| login.as_str()).collect::<Vec<_>>(), ["wang.fang", "zhao.yi"]);
        let anybody = app.anonymous().browser();
        anybody.get(&first[0].1).await.expect(410);
        let page = anybody.get(&second[0].1).await.expect(200);
        assert!(page.text().contains("Wang Fang") && page.header("cache-control") == "no-store", "{}", page.text());
        let weak = anybody.post_form(&second[0].1, &[("password", "short")]).await.expect(422).text();
        assert!(weak.contains("has 5 characters"), "{weak}");
        anybody.post_form(&second[0].1, &[("password", PASSWORD)]).await.expect(303);
        anybody.get(&second[0].1).await.expect(410);
        anybody.post_form(&second[0].1, &[("password", "another horse entirely")]).await.expect(410);
        app.anonymous().signed_in("wang.fang", PASSWORD).await;
        let left = links(&app, &admin.post(&format!("{path}/links"), &Value::Null).await.expect(200).body);
        assert_eq!(left.len(), 1, "who has a password needs no link");
        let secret = left[0].1.rsplit('/').next().unwrap();
        for sql in [
            "select detail || object as text from audit_record",
            "select payload as text from job",
            "select coalesce(body, '') as text from idempotency",
        ] {
            for row in app.db.read().await.unwrap().fetch_all(sql, vec![]).await.unwrap() {
                assert!(!row.text("text").unwrap().contains(secret), "{sql}");
            }
        }
        app.clock.advance_ms(15 * 86_400_000);
        anybody.get(&left[0].1).await.expect(410);
    })
    .await;
}

#[tokio::test]
async fn s19_links_are_made_only_for_those_whom_the_sender_still_administers() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = app.person("admin.c", Role::Administrator, "county-a").await;
    let top = app.person("top", Role::Administrator, "province").await;
    let (_, path) = sent(&app, &admin, &format!("{HEAD}wang.fang,Wang Fang,township-a,clerk,,,\n")).await;
    let (_, path) = applied(&app, &admin, &path).await;
    let wang = Accounts(&mut app.db.read().await.unwrap()).find_by_login("wang.fang").await.unwrap().unwrap().id;
    let elsewhere = json!({ "organisation": org("city-b"), "role": "reviewer", "reach": "node" });
    top.post(&format!("/api/v1/accounts/{wang}/grants"), &elsewhere).await.expect(201);
    assert_eq!(admin.post(&format!("{path}/links"), &Value::Null).await.expect(409).json()["code"], "nobody-invited");
}

#[tokio::test]
async fn pages_tell_what_a_file_would_do_in_both_languages() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = app.person("admin.p", Role::Administrator, "province").await.browser();
    assert!(admin.get("/people").await.expect(200).text().contains("/people/import"));
    assert!(admin.get("/people/import").await.expect(200).text().contains("organisation code"));
    let file = format!(
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\n\r\n{HEAD}new.one,New,nowhere,king,,,\r\n--B--\r\n"
    );
    let reply = admin.send(Method::POST, "/people/import", "multipart/form-data; boundary=B", file).await.expect(303);
    let page = reply.header("location").to_owned();
    finished(&app, &admin, &page.replace("/people", "/api/v1/accounts")).await;
    let text = admin.get(&page).await.expect(200).text();
    assert!(text.contains("2 faults") && text.contains("“king” is not a role"), "{text}");
    let chinese = admin.clone().with("cookie", "language=zh-CN").get(&page).await.expect(200).text();
    assert!(chinese.contains("king") && chinese.contains("角色"), "{chinese}");
}
