//! The pages as plain forms, in both languages.

use crate::support::held::{fields, id, save_of};
use crate::support::{Client, TestApp, both, tree::org};
use app::held_sessions::SessionFields;
use kernel::Role;

/// The value of the hidden field `name`.
fn hidden(page: &str, name: &str) -> String {
    let after = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name} in {page}"));
    after.split('"').next().unwrap().to_owned()
}

/// The form as a browser sends it, with some fields typed.
async fn typed(clerk: &Client, form: &str, send_to: &str, typed: &[(&str, &str)]) -> crate::support::client::Reply {
    let page = clerk.get(form).await.expect(200).text();
    let (id, version, operation) = (hidden(&page, "id"), hidden(&page, "version"), hidden(&page, "operation"));
    let organisation = org("branch-a").to_string();
    let mut sent = vec![("id", id.as_str()), ("version", &version), ("operation", &operation), ("organisation", &organisation)];
    sent.extend_from_slice(typed);
    clerk.post_form(send_to, &sent).await
}

const FILLED: [(&str, &str); 7] = [
    ("title", "Accounts in the open"),
    ("held_at", "2026-11-20T19:30"),
    ("minutes", "90"),
    ("people", "20"),
    ("lecturer", "Li Wei"),
    ("form", "lecture"),
    ("place", "Village hall"),
];

#[tokio::test]
async fn f1_a_session_is_recorded_corrected_and_shown_without_script() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await.browser();
        let refused = typed(&clerk, "/held-sessions/new", "/held-sessions", &FILLED[1..]).await.expect(422).text();
        assert!(refused.contains("id=\"title-error\"") && refused.contains("value=\"Village hall\""), "what was typed stays");
        let made = typed(&clerk, "/held-sessions/new", "/held-sessions", &FILLED).await.expect(303);
        let place = made.header("location").split('?').next().unwrap().to_owned();
        let next = clerk.get("/held-sessions/new").await.text();
        assert!(next.contains("value=\"Li Wei\"") && next.contains("value=\"Village hall\""), "filled in from the last time");
        assert!(!next.contains("value=\"Accounts in the open\""));
        let mut corrected = FILLED;
        corrected[3].1 = "25";
        typed_over(&clerk, &place, "1", &corrected).await.expect(303);
        let shown = clerk.get(&place).await.expect(200).text();
        assert!(shown.contains("<del>20</del>") && shown.contains("<ins>25</ins>"), "{shown}");
        let late = typed_over(&clerk, &place, "1", &FILLED).await.expect(409).text();
        assert!(late.contains("data-conflict=\"people\"") && late.contains("name=\"version\" value=\"2\""), "{late}");
        let ledger = clerk.get("/held-sessions?form=lecture&from=2026-11-20").await.expect(200).text();
        assert!(ledger.contains("Accounts in the open"));
        assert!(!clerk.get("/held-sessions?form=story").await.expect(200).text().contains("Accounts in the open"));
    })
    .await;
}

async fn typed_over(clerk: &Client, place: &str, version: &str, fields: &[(&str, &str)]) -> crate::support::client::Reply {
    let operation = format!("operation-over-{version}-{}", fields.len() + fields[3].1.len() + usize::from(fields[3].1 == "20"));
    let mut sent = vec![("version", version), ("operation", operation.as_str())];
    sent.extend_from_slice(fields);
    clerk.post_form(&format!("{place}/edit"), &sent).await
}

#[tokio::test]
async fn f4_a_superior_previews_and_verifies_many_and_returns_one() {
    both(async |app| {
        let app = app.with_tree().await;
        let recorder = app.somebody("recorder", Role::Clerk, "branch-a").await;
        for n in 1..=3 {
            app.saved(&recorder, save_of(id(n), "branch-a", SessionFields { title: format!("Title {n}"), ..fields() })).await;
        }
        let above = app.person("above", Role::Reviewer, "township-a").await.browser();
        let here = "/held-sessions/verification";
        let (one, two) = (format!("{}~1", id(1)), format!("{}~1", id(2)));
        let waiting = above.get(here).await.expect(200).text();
        assert!(waiting.contains(&format!("value=\"{one}\"")), "{waiting}");
        let chosen = [("verdict", "verify"), ("chosen", one.as_str()), ("chosen", &two)];
        let preview = above.post_form(here, &chosen).await.expect(200).text();
        assert!(preview.contains("2 sessions with 40 people"), "{preview}");
        above.post_form(here, &[&chosen[..], &[("confirm", "1")]].concat()).await.expect(303);
        above.post_form(here, &[("verdict", "verify")]).await.expect(422);
        let place = format!("/held-sessions/{}", id(3));
        let shown = above.get(&place).await.expect(200).text();
        assert!(shown.contains("data-key=\"v\"") && !shown.contains("/edit\""), "{shown}");
        let verdict = |reason| [("version", "1"), ("verdict", "return"), ("reason", reason)];
        assert!(above.post_form(&format!("{place}/verdict"), &verdict("")).await.expect(422).text().contains("Reason"));
        above.post_form(&format!("{place}/verdict"), &verdict("Who spoke?")).await.expect(303);
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await.browser();
        assert!(clerk.get(&format!("{place}/edit")).await.expect(200).text().contains("Who spoke?"));
        assert!(!clerk.get(&place).await.expect(200).text().contains("data-key"), "nobody verifies their own");
    })
    .await;
}

#[tokio::test]
async fn f3_f8_plans_and_months_work_as_plain_forms_in_both_languages() {
    let app = TestApp::sqlite().await.with_tree().await;
    let clerk = app.person("clerk", Role::Clerk, "township-a").await.browser();
    let branch = org("branch-a").to_string();
    let plan = [("organisation", branch.as_str()), ("title", "Planned"), ("day", "2026-11-25"), ("lecturer", "Li Wei")];
    clerk.post_form("/held-sessions/plans", &plan).await.expect(303);
    assert!(clerk.post_form("/held-sessions/plans", &plan[..2]).await.expect(422).text().contains("id=\"day-error\""));
    let page = clerk.get("/held-sessions/plans?month=2026-11").await.expect(200).text();
    let from = page.split("href=\"/held-sessions/new?plan=").nth(1).unwrap().split('"').next().unwrap();
    let form = clerk.get(&format!("/held-sessions/new?plan={from}")).await.expect(200).text();
    assert!(form.contains("value=\"Planned\"") && form.contains("value=\"2026-11-25T09:00\""), "{form}");
    let township = org("township-a").to_string();
    clerk.post_form("/held-sessions/months", &[("organisation", &township), ("month", "2026-11")]).await.expect(422);
    clerk.post_form("/held-sessions/months", &[("organisation", &township), ("month", "2026-10")]).await.expect(303);
    assert!(clerk.get("/held-sessions/months").await.expect(200).text().contains("2026-10"));
    let chinese = clerk.with("cookie", "language=zh-CN");
    for path in ["/held-sessions", "/held-sessions/new", "/held-sessions/plans", "/held-sessions/months", "/held-sessions/verification"] {
        let text = chinese.get(path).await.expect(200).text();
        assert!(!text.contains("[held") && !text.contains("[field") && text.contains("宣讲场次"), "{path}");
    }
}
