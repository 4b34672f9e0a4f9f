//! Held sessions name lecturers of the register, and stand on their pages, whoever was merged into whom (A8).

use super::registered;
use crate::support::held::{fields, id, save_of, save_over};
use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::held_sessions::actions::{self, Verdict};
use app::held_sessions::rules::Move;
use app::held_sessions::{HeldSession, SessionFields};
use axum::http::Method;
use kernel::{Actor, Role};
use serde_json::{Value, json};

fn by(lecturer: &str) -> SessionFields {
    SessionFields { lecturer: lecturer.into(), ..fields() }
}

async fn verified(app: &TestApp, who: &Actor, one: &HeldSession) {
    let verdict = Verdict { mv: Move::Verify, reason: String::new() };
    actions::decide(app, who, one.id, one.version, &verdict).await.unwrap();
}

/// Ids of held sessions on the page of somebody.
async fn held(who: &Client, lecturer: &str) -> Vec<String> {
    let given = who.get(&format!("/api/v1/lecturers/{lecturer}/lectures")).await.expect(200).json();
    given.as_array().unwrap().iter().filter_map(|one| one["held_session"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a8_a_session_names_the_only_lecturer_nearby_or_the_one_that_was_chosen() {
    both(async |app| {
        let app = app.with_tree().await;
        let keeper = app.person("keeper", Role::Clerk, "province").await;
        let clerk = app.somebody("clerk", Role::Clerk, "branch-a").await;
        let near = registered(&keeper, "李桂芳", "township-a", &json!({})).await;
        let far = registered(&keeper, "李桂芳", "branch-d", &json!({})).await;
        let retired = registered(&keeper, "周立", "township-a", &json!({})).await;
        keeper.json(Method::PUT, &format!("/api/v1/lecturers/{retired}/state"), &json!({ "retired": true })).await;
        let (one, two) =
            (registered(&keeper, "赵一", "township-a", &json!({})).await, registered(&keeper, "赵一", "branch-a", &json!({})).await);
        let table = [
            (by("李　桂芳"), Some(&near), "李　桂芳"),
            (by("李桂芳 · township-a"), Some(&near), "李桂芳"),
            (by("李桂芳 · branch-d"), Some(&far), "李桂芳"),
            (by("赵一"), None, "赵一"),
            (by("赵一 · branch-a"), Some(&two), "赵一"),
            (by("赵一 · nowhere"), None, "赵一 · nowhere"),
            (by("Nobody"), None, "Nobody"),
            (SessionFields { lecturer_id: Some(String::new()), ..by("李桂芳") }, None, "李桂芳"),
            (SessionFields { lecturer_id: Some(far.clone()), ..by("李老师") }, Some(&far), "李老师"),
            (SessionFields { lecturer_id: Some(retired.clone()), ..by("周立") }, Some(&retired), "周立"),
        ];
        for (n, (fields, lecturer, name)) in table.into_iter().enumerate() {
            let saved = app.saved(&clerk, save_of(id(n as u128), "branch-a", fields.clone())).await;
            assert_eq!((saved.told.lecturer_id.as_ref(), saved.told.lecturer.as_str()), (lecturer, name), "{fields:?}");
        }
        let unknown = |lecturer: &str| SessionFields { lecturer_id: Some(lecturer.into()), ..by("x") };
        for lecturer in ["ltr_0", "ltr_00000000000000000000000000000001", "'; drop table lecturer"] {
            assert_eq!(app.refused(&clerk, save_of(id(90), "branch-a", unknown(lecturer))).await, "invalid", "{lecturer}");
        }
        // Corrected without a word about the lecturer, it stays with whom it named, whoever else is called so by now.
        registered(&keeper, "李桂芳", "branch-a", &json!({})).await;
        let corrected = app.saved(&clerk, save_over(id(0), "branch-a", 1, SessionFields { people: 21, ..by("李　桂芳") })).await;
        assert_eq!(corrected.told.lecturer_id, Some(near));
        let other = app.saved(&clerk, save_over(id(0), "branch-a", 2, by("Nobody"))).await;
        assert_eq!(other.told.lecturer_id, None, "another name is another person");
        assert_ne!(one, two);
    })
    .await;
}

#[tokio::test]
async fn a8_a_repeated_save_answers_with_the_lecturer_of_the_first_time() {
    both(async |app| {
        let app = app.with_tree().await;
        let keeper = app.person("keeper", Role::Clerk, "province").await;
        let clerk = app.somebody("clerk", Role::Clerk, "branch-a").await;
        let li = registered(&keeper, "李桂芳", "township-a", &json!({})).await;
        let save = save_of(id(1), "branch-a", by("李桂芳 · township-a"));
        let first = app.saved(&clerk, save.clone()).await;
        registered(&keeper, "李桂芳", "branch-a", &json!({})).await;
        let again = app.saved(&clerk, save).await;
        assert_eq!((first.told.lecturer_id.as_ref(), &first.told), (Some(&li), &again.told));
    })
    .await;
}

#[tokio::test]
async fn a8_pages_of_lecturers_list_held_sessions_through_merge_and_unmerge() {
    both(async |app| {
        let app = app.with_tree().await;
        let keeper = app.person("keeper", Role::Clerk, "province").await;
        let clerk = app.somebody("clerk", Role::Clerk, "county-a").await;
        let above = app.somebody("above", Role::Reviewer, "city-a").await;
        let one = registered(&keeper, "Li Wei", "county-a", &json!({})).await;
        let two = registered(&keeper, "Li Wei", "city-b", &json!({})).await;
        let named = |lecturer: &str, title: &str| SessionFields { lecturer_id: Some(lecturer.into()), title: title.into(), ..fields() };
        let first = app.saved(&clerk, save_of(id(1), "branch-a", named(&one, "Verified talk"))).await;
        verified(&app, &above, &first).await;
        app.saved(&clerk, save_of(id(2), "branch-a", named(&one, "Unverified talk"))).await;
        app.saved(&clerk, save_of(id(3), "branch-b", named(&two, "Of the twin"))).await;
        assert_eq!((held(&keeper, &one).await.len(), held(&keeper, &two).await), (2, vec![id(3).to_string()]));
        keeper.post(&format!("/api/v1/lecturers/{two}/merge"), &json!({ "into": one })).await.expect(204);
        assert_eq!((held(&keeper, &one).await.len(), held(&keeper, &two).await.len()), (3, 3));
        let page = keeper.clone().browser().get(&format!("/desk/lecturers/{one}")).await.expect(200).text();
        assert!(page.contains(&format!("/held-sessions/{}", id(2))) && page.contains("Of the twin"), "{page}");
        // Who may not see an organisation's held sessions does not learn of them here.
        let beside = app.person("beside", Role::Clerk, "township-b").await;
        assert_eq!(held(&beside, &one).await, Vec::<String>::new());
        let page = beside.browser().get(&format!("/desk/lecturers/{one}")).await.expect(200).text();
        assert!(!page.contains("Verified talk"), "{page}");
        public(&app, &keeper, &one).await;
        keeper.json(Method::DELETE, &format!("/api/v1/lecturers/{two}/merge"), &Value::Null).await.expect(204);
        assert_eq!((held(&keeper, &one).await.len(), held(&keeper, &two).await), (2, vec![id(3).to_string()]));
    })
    .await;
}

/// In public stands what was verified, only with consent, and no place, note or photo.
async fn public(app: &TestApp, keeper: &Client, lecturer: &str) {
    let (anybody, page) = (app.anonymous(), format!("/lecturers/{lecturer}"));
    anybody.clone().browser().get(&page).await.expect(404);
    keeper.json(Method::PUT, &format!("/api/v1/lecturers/{lecturer}/consent"), &json!({ "how": "on paper" })).await.expect(204);
    let shown = anybody.clone().browser().get(&page).await.expect(200).text();
    assert!(shown.contains("Verified talk") && !shown.contains("Unverified talk"), "{shown}");
    assert!(!shown.contains("Village hall") && !shown.contains("/held-sessions/"), "{shown}");
    let told = anybody.get(&format!("/api/v1/library{page}")).await.expect(200).json();
    assert_eq!((told["held"].as_i64(), told["held_people"].as_i64()), (Some(1), Some(20)));
    let sessions = told["sessions"].as_array().unwrap();
    assert_eq!((sessions.len(), &sessions[0]["title"], &sessions[0]["held_on"]), (1, &json!("Verified talk"), &json!("2026-11-20")));
    assert!(!told.to_string().contains("Village hall"));
    keeper.json(Method::DELETE, &format!("/api/v1/lecturers/{lecturer}/consent"), &Value::Null).await.expect(204);
    anybody.get(&format!("/api/v1/library{page}")).await.expect(404);
}

#[tokio::test]
async fn a8_the_plain_form_proposes_lecturers_and_drops_the_id_of_a_changed_name() {
    both(async |app| {
        let app = app.with_tree().await;
        let keeper = app.person("keeper", Role::Clerk, "province").await;
        let li = registered(&keeper, "李桂芳", "township-a", &json!({})).await;
        registered(&keeper, "远方", "branch-d", &json!({})).await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let browser = clerk.clone().browser();
        let form = browser.get("/held-sessions/new").await.expect(200).text();
        assert!(form.contains(&format!("<option value=\"李桂芳 · township-a\" data-id=\"{li}\"")) && !form.contains("远方"), "{form}");
        let (session, branch) = (id(1).to_string(), org("branch-a").to_string());
        let fields = |name: &'static str, of: &'static str, version: &'static str, operation: &'static str| {
            vec![
                ("id", session.clone()),
                ("organisation", branch.clone()),
                ("version", version.into()),
                ("operation", operation.into()),
                ("title", "t".into()),
                ("held_at", "2026-11-20T19:30".into()),
                ("minutes", "60".into()),
                ("people", "3".into()),
                ("lecturer", name.into()),
                ("lecturer_of", of.into()),
            ]
        };
        let send = async |path: &str, sent: Vec<(&str, String)>| {
            let pairs: Vec<_> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post_form(path, &pairs).await.expect(303);
            clerk.get(&format!("/api/v1/held-sessions/{session}")).await.expect(200).json()["fields"].clone()
        };
        let saved = send("/held-sessions", fields("李桂芳 · township-a", "", "0", "0123456789abcdef0")).await;
        assert_eq!((saved["lecturer"].as_str(), saved["lecturer_id"].as_str()), (Some("李桂芳"), Some(li.as_str())));
        let shown = browser.get(&format!("/held-sessions/{session}")).await.expect(200).text();
        assert!(shown.contains(&format!("/desk/lecturers/{li}")), "{shown}");
        let edit = format!("/held-sessions/{session}/edit");
        let mut same = fields("李桂芳", "李桂芳", "1", "0123456789abcdef1");
        same.push(("lecturer_id", li.clone()));
        assert_eq!(send(&edit, same).await["lecturer_id"], json!(li));
        let mut changed = fields("王强", "李桂芳", "2", "0123456789abcdef2");
        changed.push(("lecturer_id", li.clone()));
        let saved = send(&edit, changed).await;
        assert_eq!((saved["lecturer"].as_str(), &saved["lecturer_id"]), (Some("王强"), &Value::Null));
    })
    .await;
}
