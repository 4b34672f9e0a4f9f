//! The dated tree over HTTP: A3 and A10, and what may not happen to it.

use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::organisations::{self, Organisations};
use axum::http::Method;
use kernel::{Clock, Role, Timestamp};
use serde_json::{Value, json};

const DAY: i64 = Timestamp::DAY_MS;

async fn province(app: TestApp) -> (TestApp, Client) {
    let app = app.with_tree().await;
    let admin = app.person("admin.p", Role::Administrator, "province").await;
    (app, admin)
}

fn path(code: &str) -> String {
    format!("/api/v1/organisations/{}", org(code))
}

async fn act(who: &Client, code: &str, verb: &str, body: Value, status: u16) -> Value {
    who.post(&format!("{}/{verb}", path(code)), &body).await.expect(status).json()
}

fn parent(app: &TestApp, code: &str) -> String {
    let tree = app.tree.load();
    tree.parent(org(code)).map(|p| tree.get(p).unwrap().code.clone()).unwrap_or_default()
}

#[tokio::test]
async fn a3_an_organisation_is_created_and_found_by_its_code_and_name() {
    both(async |app| {
        let (_app, admin) = province(app).await;
        let new = json!({ "code": "B-9", "name": "石桥村党支部", "kind": "branch", "members": 12, "parent": org("township-a") });
        let made = admin.post("/api/v1/organisations", &new).await.expect(201).json();
        assert_eq!(made["path"], "province / city-a / county-a / township-a");
        let found = admin.get("/api/v1/organisations/search?q=%E7%9F%B3%E6%A1%A5").await.expect(200).json();
        assert_eq!(found[0]["code"], "B-9");
        let again = admin.post("/api/v1/organisations", &new).await.expect(422).json();
        assert_eq!(again["errors"][0]["rule"], "taken");
    })
    .await;
}

#[tokio::test]
async fn a3_broken_fields_are_all_named_and_nothing_changes() {
    both(async |app| {
        let (app, admin) = province(app).await;
        let before = app.tree.load().len();
        let new = json!({ "code": "no good", "name": "字".repeat(300), "kind": "empire", "members": -1, "parent": org("township-a") });
        let refused = admin.post("/api/v1/organisations", &new).await.expect(422).json();
        let mut rules: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|e| e["rule"].as_str().unwrap().to_owned()).collect();
        rules.sort();
        assert_eq!(rules, ["code", "kind", "range", "too-long"]);
        for hidden in ["a\u{202E}b", "a\u{7}b"] {
            let new = json!({ "code": "x1", "name": hidden, "kind": "branch", "parent": org("township-a") });
            let refused = admin.post("/api/v1/organisations", &new).await.expect(422).json();
            assert_eq!(refused["errors"][0]["rule"], "hidden-characters");
        }
        assert_eq!(app.tree.load().len(), before);
    })
    .await;
}

#[tokio::test]
async fn a3_a_second_root_cannot_be_made() {
    both(async |app| {
        let (_app, admin) = province(app).await;
        admin.post("/api/v1/organisations", &json!({ "code": "r2", "name": "r2", "kind": "province" })).await.expect(422);
    })
    .await;
}

#[tokio::test]
async fn a3_a_rename_keeps_the_old_name_for_earlier_days() {
    both(async |app| {
        let (app, admin) = province(app).await;
        let named = json!({ "name": "新桥镇", "effective": "2026-11-10" });
        admin.json(Method::PATCH, &path("township-a"), &named).await.expect(200);
        assert_eq!(app.tree.load().get(org("township-a")).unwrap().name, "新桥镇");
        let list = |at: &str| format!("/api/v1/organisations?parent={}&at={at}", org("county-a"));
        let names = async |at: &str| admin.get(&list(at)).await.expect(200).json()["items"][0]["name"].as_str().unwrap().to_owned();
        assert_eq!(names("2026-11-09").await, "township-a");
        assert_eq!(names("2026-11-10").await, "新桥镇");
        let earlier = json!({ "name": "旧桥镇", "effective": "2026-11-01" });
        let refused = admin.json(Method::PATCH, &path("township-a"), &earlier).await.expect(409).json();
        assert_eq!((refused["code"].as_str(), refused["date"].as_str()), (Some("later-change"), Some("2026-11-10")));
    })
    .await;
}

#[tokio::test]
async fn a3_a_move_to_come_waits_for_its_day() {
    both(async |app| {
        let (app, admin) = province(app).await;
        act(&admin, "township-a", "move", json!({ "parent": org("county-c"), "effective": "2026-12-01" }), 200).await;
        assert_eq!(parent(&app, "township-a"), "county-a");
        assert!(!organisations::keep_current(&app).await.unwrap(), "nothing to do before the day");
        app.clock.advance_ms(8 * DAY);
        assert!(organisations::keep_current(&app).await.unwrap());
        assert_eq!(parent(&app, "township-a"), "county-c");
        assert!(app.tree.load().contains(org("city-b"), org("branch-a")), "everything below came along");
        let then = organisations::tree_on(&app, "2026-11-30").await.unwrap();
        assert!(then.contains(org("city-a"), org("branch-a")), "the past keeps its structure");
    })
    .await;
}

#[tokio::test]
async fn a3_a_move_in_the_past_has_its_figures_folded_anew() {
    both(async |app| {
        let (app, admin) = province(app).await;
        act(&admin, "township-a", "move", json!({ "parent": org("county-c"), "effective": "2026-11-01" }), 200).await;
        let mut tx = app.db.begin().await.unwrap();
        let job = app::jobs::latest_for(&mut tx, "statistics.refold", &org("township-a").to_string()).await.unwrap();
        assert_eq!(job.expect("a job").payload, json!({ "from_day": 20_261_101, "former": org("county-a") }));
        let to_come = json!({ "parent": org("county-b"), "effective": "2026-12-01" });
        drop(tx);
        act(&admin, "branch-d", "move", json!({ "parent": org("township-b"), "effective": "2026-12-01" }), 200).await;
        act(&admin, "township-b", "move", to_come, 200).await;
        let mut tx = app.db.begin().await.unwrap();
        let job = app::jobs::latest_for(&mut tx, "statistics.refold", &org("branch-d").to_string()).await.unwrap();
        assert!(job.is_none(), "what is to come has no figures yet");
    })
    .await;
}

#[tokio::test]
async fn a3_no_organisation_comes_to_stand_under_itself_at_any_time() {
    both(async |app| {
        let (app, admin) = province(app).await;
        for (child, parent) in [("city-a", "branch-a"), ("city-a", "city-a"), ("county-a", "township-b")] {
            let refused = act(&admin, child, "move", json!({ "parent": org(parent) }), 409).await;
            assert_eq!(refused["code"], "under-itself", "{child} under {parent}");
        }
        // From December on township-a stands in county-b; then county-b must not move under township-a, today or later.
        act(&admin, "township-a", "move", json!({ "parent": org("county-b"), "effective": "2026-12-01" }), 200).await;
        for day in ["", "2026-11-25", "2026-12-05"] {
            let refused = act(&admin, "county-b", "move", json!({ "parent": org("township-a"), "effective": day }), 409).await;
            assert_eq!(refused["code"], "under-itself", "{day}");
        }
        // county-a, which it leaves, may go under it once it has left.
        act(&admin, "county-a", "move", json!({ "parent": org("township-a"), "effective": "2026-11-30" }), 409).await;
        act(&admin, "county-a", "move", json!({ "parent": org("township-a"), "effective": "2026-12-01" }), 200).await;
        app.clock.advance_ms(9 * DAY);
        organisations::refresh(&app).await.unwrap();
        assert!(app.tree.load().contains(org("county-b"), org("branch-c")));
    })
    .await;
}

#[tokio::test]
async fn a3_a_merge_hands_over_what_is_below_and_ends_roles() {
    both(async |app| {
        let (app, admin) = province(app).await;
        let clerk = app.account("clerk.t", Role::Clerk, "township-b").await;
        let merged = act(&admin, "township-b", "merge", json!({ "into": org("township-a") }), 200).await;
        assert_eq!(
            (merged["closed"].as_bool(), merged["merged_into"].as_str()),
            (Some(true), Some(org("township-a").to_string().as_str()))
        );
        assert_eq!(parent(&app, "branch-c"), "township-a");
        assert_eq!(parent(&app, "township-b"), "township-a", "its past can be seen from there");
        let mut tx = app.db.read().await.unwrap();
        let grants = app::accounts::Accounts(&mut tx).grants(clerk, app.clock.now()).await.unwrap();
        assert_eq!(grants, [], "S19: the role ended with the organisation");
        drop(tx);
        let refused = act(&admin, "township-b", "move", json!({ "parent": org("county-b") }), 409).await;
        assert_eq!(refused["code"], "organisation-closed");
        let refused = act(&admin, "branch-d", "move", json!({ "parent": org("township-b") }), 409).await;
        assert_eq!(refused["code"], "closed-parent");
    })
    .await;
}

#[tokio::test]
async fn a3_an_organisation_closes_when_it_is_empty() {
    both(async |app| {
        let (app, admin) = province(app).await;
        assert_eq!(act(&admin, "province", "close", json!({}), 409).await["code"], "root-stays");
        assert_eq!(act(&admin, "township-b", "close", json!({}), 409).await["code"], "has-children");
        act(&admin, "branch-c", "close", json!({ "effective": "2026-12-01" }), 200).await;
        assert!(!app.tree.load().get(org("branch-c")).unwrap().closed);
        assert_eq!(act(&admin, "township-b", "close", json!({ "effective": "2026-11-30" }), 409).await["code"], "has-children");
        act(&admin, "township-b", "close", json!({ "effective": "2026-12-01" }), 200).await;
        app.clock.advance_ms(9 * DAY);
        assert!(organisations::keep_current(&app).await.unwrap());
        assert!(app.tree.load().get(org("township-b")).unwrap().closed);
    })
    .await;
}

#[tokio::test]
async fn s22_a_stale_version_loses() {
    both(async |app| {
        let (_app, admin) = province(app).await;
        let tag = admin.get(&path("city-a")).await.expect(200).header("etag").to_owned();
        let first = admin.clone().with("if-match", &tag);
        first.json(Method::PATCH, &path("city-a"), &json!({ "name": "one" })).await.expect(200);
        let stale = first.json(Method::PATCH, &path("city-a"), &json!({ "name": "two" })).await.expect(412).json();
        assert_eq!(stale["code"], "stale");
        let stale = json!({ "name": "three", "version": 1 });
        assert_eq!(admin.json(Method::PATCH, &path("city-a"), &stale).await.expect(409).json()["code"], "moved-meanwhile");
    })
    .await;
}

#[tokio::test]
async fn s22_two_moves_at_once_make_no_cycle() {
    both(async |app| {
        let (app, admin) = province(app).await;
        let one = json!({ "parent": org("county-b") });
        let two = json!({ "parent": org("county-a") });
        let (one_path, two_path) = (format!("{}/move", path("county-a")), format!("{}/move", path("county-b")));
        let (a, b) = tokio::join!(admin.post(&one_path, &one), admin.post(&two_path, &two));
        let mut codes = [a.status.as_u16(), b.status.as_u16()];
        codes.sort_unstable();
        assert_eq!(codes, [200, 409]);
        assert_eq!(app.tree.load().roots().count(), 1);
        assert_eq!(app.tree.load().subtree(org("province")).count(), 13);
    })
    .await;
}

#[tokio::test]
async fn every_change_is_in_the_audit_trail_and_counts_the_revision() {
    both(async |app| {
        let (app, admin) = province(app).await;
        let before = app.tree.load().revision;
        act(&admin, "branch-a", "move", json!({ "parent": org("township-b") }), 200).await;
        assert_eq!(app.tree.load().revision, before + 1);
        let sql = "select action, outcome from audit_record where object = $1";
        let mut tx = app.db.read().await.unwrap();
        let rows = tx.fetch_all(sql, vec![app::db::Value::from(org("branch-a"))]).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].text("action").unwrap(), "organisation.moved");
        assert_eq!(Organisations(&mut tx).revision().await.unwrap(), before + 1);
    })
    .await;
}

#[tokio::test]
async fn s12_an_administrator_changes_only_below_himself() {
    both(async |app| {
        let (app, _) = province(app).await;
        let county = app.person("admin.c", Role::Administrator, "county-a").await;
        act(&county, "township-a", "move", json!({ "parent": org("county-c") }), 403).await;
        act(&county, "county-a", "move", json!({ "parent": org("county-b") }), 403).await;
        act(&county, "township-c", "close", json!({}), 403).await;
        act(&county, "county-a", "close", json!({}), 403).await;
        county.json(Method::PATCH, &path("city-a"), &json!({ "name": "mine" })).await.expect(403);
        act(&county, "branch-a", "move", json!({ "parent": org("township-b") }), 200).await;
        let page = county.clone().browser().get("/organisations").await.expect(200).text();
        assert!(page.contains("township-a") && !page.contains("county-c"), "the tree begins with what he keeps");
        let kept = county.get("/organisations/kept?q=township").await.expect(200).json();
        assert_eq!(kept.as_array().unwrap().len(), 2, "{kept}");
    })
    .await;
}

#[tokio::test]
async fn the_pages_do_it_with_plain_forms_in_both_languages() {
    let (app, admin) = province(TestApp::sqlite().await).await;
    let page = admin.clone().browser();
    let node = format!("/organisations/{}", org("township-a"));
    let text = page.get(&node).await.expect(200).text();
    assert!(text.contains("branch-a") && text.contains("Merge"), "{text}");
    assert!(!text.contains("[organisation"), "every key has words");
    let fields = [("code", "b-77"), ("name", "第七支部"), ("kind", "branch"), ("members", "7"), ("effective", "")];
    let reply = page.post_form(&format!("{node}/children"), &fields).await.expect(303);
    let notice = page.get(reply.header("location")).await.expect(200).text();
    assert!(notice.contains("The organisation was added") && notice.contains("第七支部"));
    let chinese = page.clone().with("cookie", "language=zh-CN");
    let refused = chinese.post_form(&format!("{node}/children"), &[("code", "b-77"), ("name", ""), ("kind", "x")]).await.expect(422).text();
    assert!(refused.contains("类别") && refused.contains("未填写"), "{refused}");
    let version = app.db.read().await.unwrap().fetch_int("select version from organisation where code = 'b-77'", vec![]).await.unwrap();
    let id = app.tree.load().by_code("b-77").unwrap().id;
    let moved = [("organisation_text", "township-b"), ("organisation", ""), ("effective", ""), ("version", &version.to_string())];
    page.post_form(&format!("/organisations/{id}/move"), &moved).await.expect(303);
    let children = page.get(&format!("/organisations/{}/children?at=", org("township-b"))).await.expect(200).text();
    assert!(children.contains("第七支部"));
}

#[tokio::test]
async fn a1_search_in_150_000_organisations_reads_no_table() {
    use kernel::Id;
    let node = |n: u128| organisations::Node {
        id: Id::from_u128(n),
        code: format!("{n:08}"),
        name: format!("第{n}支部"),
        kind: "branch".into(),
        members: 1,
        parent: (n > 1).then(|| Id::from_u128(n / 8 + u128::from(n < 8))),
        closed: false,
    };
    let tree = organisations::Tree::build(1, (1..=150_000).map(node).collect());
    assert_eq!(tree.search("第149999支部", |_| true, 20).len(), 1);
    assert_eq!(tree.search("支部", |_| true, 20).len(), 20);
    assert_eq!(tree.by_code("00150000").unwrap().name, "第150000支部");
}
