//! The pages of the desk: who sees what, what forms do, and how refusals look (ui.md; C2, C5, D2 to D6, S12).

use crate::support::submission::{actor, ruling};
use crate::support::tree::org;
use crate::support::{Client, TestApp};
use app::submissions::rules::Decision;
use app::submissions::{State, SubmissionId, Submissions, actions};
use axum::http::Method;
use kernel::{Clock, Role};
use serde_json::json;

async fn desk() -> TestApp {
    TestApp::sqlite().await.with_tree().await
}

impl TestApp {
    async fn page_for(&self, login: &str, role: Role, code: &str) -> Client {
        self.person(login, role, code).await.browser()
    }
}

/// Words without a translation show themselves in brackets.
fn is_translated(page: &str) -> bool {
    let inside =
        |part: &str| part.split(']').next().is_some_and(|key| key.contains('-') && key.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    !page.split("<script type=\"application/json\"").next().unwrap_or_default().split('[').skip(1).any(inside)
}

async fn reads(client: &Client, path: &str, wanted: &str) {
    for language in ["en", "zh-CN"] {
        let reply = client.clone().with("cookie", &format!("language={language}")).get(path).await.expect(200);
        assert!(is_translated(&reply.text()), "{path} in {language}: {}", reply.text());
        assert!(reply.text().contains(wanted), "{path} in {language} lacks {wanted}");
    }
}

fn path(id: SubmissionId, rest: &str) -> String {
    format!("/submissions/{id}{rest}")
}

#[tokio::test]
async fn every_page_reads_well_in_every_state_and_language() {
    let app = desk().await;
    let clerk = app.page_for("clerk", Role::Clerk, "branch-a").await;
    let reviewer = app.page_for("reviewer", Role::Reviewer, "township-a").await;
    let editor = app.page_for("editor", Role::Editor, "province").await;
    reads(&clerk, "/desk", "/submissions/new").await;
    reads(&clerk, "/submissions", "empty").await;
    reads(&reviewer, "/review", "empty").await;
    reads(&editor, "/clearance", "empty").await;
    for state in State::ALL {
        let title = format!("Lesson {}", state.code());
        let made = app.a_submission().title(&title).at(state).create().await;
        reads(&clerk, &path(made.id, ""), &title).await;
        reads(&clerk, &format!("/submissions?state={}&campaign={}", state.code(), made.campaign), &title).await;
        if matches!(state, State::Draft | State::Returned) {
            reads(&clerk, &path(made.id, "/edit"), "data-autosave").await;
            reads(&clerk, &path(made.id, "/submit"), &title).await;
            reads(&clerk, "/desk", &title).await;
        }
        if state == State::InReview {
            reads(&reviewer, &format!("/review/{}", made.id), "data-review").await;
            reads(&reviewer, &format!("/review/{}?verdict=return", made.id), "remark_text").await;
            reads(&reviewer, &format!("/review?campaign={}&category={}", made.campaign, made.category), "/review/rank").await;
            reads(&reviewer, &format!("/review/rank?campaign={}&category={}", made.campaign, made.category), &title).await;
            reads(&reviewer, "/desk", &title).await;
        }
        if matches!(state, State::Selected | State::Published) {
            reads(&editor, &format!("/clearance/{}", made.id), &title).await;
            reads(&editor, "/clearance", &title).await;
        }
    }
}

#[tokio::test]
async fn s12_beside_the_route_there_is_nothing_to_see() {
    let app = desk().await;
    let draft = app.a_submission().create().await;
    let sent = app.a_submission().title("Seen by few").at(State::InReview).create().await;
    let beside = app.page_for("beside", Role::Clerk, "branch-b").await;
    for id in [draft.id, sent.id] {
        for rest in ["", "/edit", "/submit", "/files/video", "/addresses?material=mat_00000000000000000000000000000001"] {
            beside.get(&path(id, rest)).await.expect(404);
        }
        beside.post_form(&path(id, "/withdrawal"), &[("version", "1"), ("reason", "x")]).await.expect(404);
        beside.get(&format!("/review/{id}")).await.expect(404);
    }
    assert!(!beside.get("/submissions").await.expect(200).text().contains("Seen by few"));
    beside.get("/review").await.expect(403);
    beside.get("/clearance").await.expect(403);
    let above = app.page_for("above", Role::Reviewer, "county-a").await;
    above.get(&path(draft.id, "")).await.expect(404);
    assert_eq!(above.get(&format!("/review/{}", sent.id)).await.expect(303).header("location"), path(sent.id, ""));
    let elsewhere = app.page_for("elsewhere", Role::Reviewer, "county-c").await;
    elsewhere.get(&format!("/review?organisation={}", org("county-a"))).await.expect(403);
    assert_eq!(app.anonymous().browser().get("/desk").await.expect(303).header("location"), "/sign-in?next=/desk");
}

#[tokio::test]
async fn a_lecture_is_registered_by_form_and_a_refused_form_keeps_what_was_typed() {
    let app = desk().await;
    let call = app.spring().await;
    let clerk = app.page_for("clerk", Role::Clerk, "branch-a").await;
    let (campaign, category, owner) = (call.campaign.id.to_string(), call.categories[0].id.to_string(), org("branch-a").to_string());
    let form = |title: &'static str| {
        vec![("campaign", campaign.clone()), ("category", category.clone()), ("organisation", owner.clone()), ("title", title.to_owned())]
    };
    let sent = |fields: Vec<(&'static str, String)>| {
        let clerk = clerk.clone();
        async move {
            let pairs: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            clerk.post_form("/submissions/new", &pairs).await
        }
    };
    let refused = sent(form("hidden \u{202E}4pm")).await.expect(422).text();
    assert!(refused.contains("U+202E") && refused.contains("hidden \u{202E}4pm"), "{refused}");
    let forms = sent(form("<script>alert(1)</script>")).await.expect(303);
    let edit = forms.header("location").split('?').next().unwrap_or_default().to_owned();
    let page = clerk.get(&edit).await.expect(200).text();
    assert!(!page.contains("<script>alert") && page.contains("&#60;script&#62;alert(1)"), "{page}");
    let mut foreign = form("Not mine");
    foreign[2].1 = org("branch-d").to_string();
    sent(foreign).await.expect(403);
}

#[tokio::test]
async fn a_draft_saves_itself_and_tells_a_second_editor() {
    let app = desk().await;
    let draft = app.a_submission().create().await;
    let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
    let second = app.person("second", Role::Clerk, "branch-a").await;
    let save = async |who: &Client, version: &str, title: &str| {
        let who = who.clone().with("if-match", &format!("\"{version}\""));
        who.json(Method::PATCH, &path(draft.id, "/draft"), &json!({ "fields": { "title": title, "consents": [], "chapters": "0:00 a" } }))
            .await
    };
    let first = save(&clerk, &format!("{}.1", draft.version), "Second title").await.expect(200).json();
    assert!(first["checklist_html"].as_str().is_some_and(|html| html.contains("data-state=\"done\"")), "{first}");
    assert_eq!(save(&second, &format!("{}.1", draft.version), "Mine").await.expect(412).json()["code"], "stale");
    let version = first["version"].as_str().unwrap_or_default().to_owned();
    let broken = save(&clerk, &version, &"x".repeat(201)).await.expect(422).json();
    assert_eq!((broken["errors"][0]["field"].as_str(), broken["errors"][0]["found"].as_str()), (Some("title"), Some("201")));
    assert_eq!(save(&second, &version, "Ours").await.expect(200).json()["also_editing"], json!(["clerk"]));
    assert!(clerk.browser().get(&path(draft.id, "/edit")).await.expect(200).text().contains("second"), "the page names the other editor");
}

#[tokio::test]
async fn a_plain_form_saves_a_draft_and_names_what_is_wrong() {
    let app = desk().await;
    let draft = app.a_submission().create().await;
    let clerk = app.page_for("clerk", Role::Clerk, "branch-a").await;
    let version = format!("{}.1", draft.version);
    let form = |audience: &'static str, chapters: &'static str, then: &'static str| {
        vec![
            ("_version", version.as_str()),
            ("_then", then),
            ("title", "Kept"),
            ("audience", audience),
            ("chapters", chapters),
            ("held_on", "2026-11-20"),
        ]
    };
    let refused = clerk.post_form(&path(draft.id, "/edit"), &form("many", "", "stay")).await.expect(422).text();
    assert!(refused.contains("“many” is not a whole number") && refused.contains("href=\"#f-audience\""), "{refused}");
    assert!(refused.contains("value=\"many\"") && refused.contains("value=\"Kept\""), "what was typed is still there");
    clerk.post_form(&path(draft.id, "/edit"), &form("1", "somewhen later", "stay")).await.expect(422);
    let saved = clerk.post_form(&path(draft.id, "/edit"), &form("12", "0:00 Start\n1:30 End", "submit")).await.expect(303);
    assert_eq!(saved.header("location"), path(draft.id, "/submit"));
    let again = clerk.post_form(&path(draft.id, "/edit"), &form("12", "0:00 Start\n1:30 End", "submit")).await.expect(303);
    assert_eq!(again.header("location"), path(draft.id, "/submit"), "the same once more loses nothing");
    clerk.post_form(&path(draft.id, "/edit"), &form("13", "", "stay")).await.expect(409);
}

#[tokio::test]
async fn a_submission_gets_a_receipt_that_anybody_can_verify() {
    let app = desk().await;
    let draft = app.a_submission().create().await;
    let clerk = app.page_for("clerk", Role::Clerk, "branch-a").await;
    let version = draft.version.to_string();
    let sent = clerk.post_form(&path(draft.id, "/submit"), &[("version", &version)]).await.expect(303);
    let receipt = sent.header("location").split('?').next().unwrap_or_default().to_owned();
    let number = receipt.rsplit('/').next().unwrap_or_default().to_owned();
    let anybody = app.anonymous().browser();
    let page = anybody.get(&receipt).await.expect(200).text();
    assert!(page.contains(&number) && page.contains(crate::support::lesson::SHA256) && page.contains("qr.svg"), "{page}");
    assert!(anybody.get(&format!("{receipt}/qr.svg")).await.expect(200).text().contains("<svg"));
    let typed = anybody.get(&format!("/receipts?number=%20{}", number.to_lowercase())).await.expect(303);
    assert_eq!(typed.header("location"), receipt);
    let wrong = anybody.get("/receipts?number=KJ-2026-0000-%3Cb%3E").await.expect(404).text();
    assert!(wrong.contains("KJ-2026-0000-&#60;b&#62;") && wrong.contains("name=\"number\""), "{wrong}");
    let twice = clerk.post_form(&path(draft.id, "/submit"), &[("version", &version)]).await;
    assert_eq!((twice.status.as_u16(), app.submission(draft.id).await.revision), (409, 1));
}

#[tokio::test]
async fn a_reviewer_opens_returns_with_remarks_and_goes_on_to_the_next() {
    let app = desk().await;
    let one = app.a_submission().at(State::InReview).create().await;
    let two = app.a_submission().title("The next").at(State::InReview).create().await;
    let reviewer = app.page_for("reviewer", Role::Reviewer, "township-a").await;
    let here = format!("/review/{}", one.id);
    reviewer.get(&here).await.expect(200);
    let opened = Submissions(&mut app.db.read().await.unwrap()).hops(one.id).await.unwrap()[0].opened_at;
    assert_eq!(opened, Some(app.clock.now()));
    let version = app.submission(one.id).await.version.to_string();
    let fields = |reason: &'static str, due: &'static str| {
        vec![
            ("version", version.clone()),
            ("verdict", "return".into()),
            ("reason_return", reason.into()),
            ("note_return", "Nearly there".into()),
            ("due", due.into()),
            ("remark_field", "title".into()),
            ("remark_text", "Say where".into()),
            ("remark_field", String::new()),
            ("remark_text", String::new()),
            ("note_at_ms", "192000".into()),
            ("note_text", "Louder".into()),
        ]
    };
    let send = async |fields: Vec<(&'static str, String)>| {
        let pairs: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        reviewer.post_form(&here, &pairs).await
    };
    let refused = send(fields("", "2026-11-26T18:00")).await.expect(422).text();
    assert!(
        refused.contains("error-summary") && refused.contains("value=\"Say where\"") && refused.contains("value=\"Louder\""),
        "{refused}"
    );
    assert!(send(fields("content", "tomorrow")).await.expect(422).text().contains("tomorrow"));
    let on = send(fields("content", "2026-11-26T18:00")).await.expect(303);
    assert!(
        on.header("location").starts_with(&format!("/review/{}?", two.id)) && on.header("location").ends_with("done=returned"),
        "{on:?}"
    );
    let back = app.submission(one.id).await;
    assert_eq!((back.state, back.due_at.map(|d| d.to_string())), (State::Returned, Some("2026-11-26T10:00:00Z".into())));
    let hop = Submissions(&mut app.db.read().await.unwrap()).hops(one.id).await.unwrap().remove(0);
    let remarks: Vec<_> = hop.remarks.iter().map(|r| (r.field.as_deref(), r.at_ms, r.text.as_str())).collect();
    assert_eq!(remarks, [(Some("title"), None, "Say where"), (None, Some(192_000), "Louder")]);
    let stale = send(fields("content", "")).await;
    assert!(stale.status.is_redirection() || stale.status.as_u16() == 409, "{}", stale.status);
}

#[tokio::test]
async fn a_recommendation_takes_a_place_and_without_one_the_button_is_off() {
    let app = desk().await;
    let reviewer = app.page_for("reviewer", Role::Reviewer, "township-a").await;
    for n in 0..2 {
        let made = app.a_submission().title(&format!("Lesson {n}")).at(State::InReview).create().await;
        let fields = [
            ("version", made.version.to_string()),
            ("verdict", "recommend".into()),
            ("note_text", "kept aside".into()),
            ("note_at_ms", "1".into()),
        ];
        let pairs: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        reviewer.post_form(&format!("/review/{}", made.id), &pairs).await.expect(303);
        assert_eq!(app.submission(made.id).await.holder, org("county-a"));
    }
    let last = app.a_submission().title("One too many").at(State::InReview).create().await;
    let page = reviewer.get(&format!("/review/{}", last.id)).await.expect(200).text();
    assert!(page.contains("value=\"recommend\" data-key=\"r\" disabled"), "{page}");
    let version = last.version.to_string();
    let refused = reviewer.post_form(&format!("/review/{}", last.id), &[("version", &version), ("verdict", "recommend")]).await.expect(409);
    assert!(refused.text().contains("All places are taken (2)"), "{}", refused.text());
}

#[tokio::test]
async fn the_board_is_ordered_with_and_without_script_and_a_batch_is_confirmed_once() {
    let app = desk().await;
    let a = app.a_submission().title("First in").at(State::InReview).create().await;
    let b = app.a_submission().title("Second in").at(State::InReview).create().await;
    let reviewer = app.page_for("reviewer", Role::Reviewer, "township-a").await;
    let query = format!("campaign={}&category={}&organisation={}", a.campaign, a.category, org("township-a"));
    let order = async || {
        let mut tx = app.db.read().await.unwrap();
        let found = Submissions(&mut tx).rankable(a.campaign, a.category, org("township-a"), 10).await.unwrap();
        found.into_iter().map(|(id, _)| id).collect::<Vec<_>>()
    };
    reviewer.post_form(&format!("/review/rank/move?{query}"), &[("up", &b.id.to_string())]).await.expect(303);
    assert_eq!(order().await, [b.id, a.id]);
    reviewer.post(&format!("/review/rank?{query}"), &json!({ "order": [a.id, b.id], "version": null })).await.expect(204);
    assert_eq!(order().await, [a.id, b.id]);
    let stranger = app.page_for("stranger", Role::Reviewer, "township-b").await;
    stranger.post(&format!("/review/rank?{query}"), &json!({ "order": [] })).await.expect(403);
    let (one, two) = (a.id.to_string(), b.id.to_string());
    let chosen = [("verdict", "recommend"), ("chosen", one.as_str()), ("chosen", &two)];
    let preview = reviewer.post_form("/review/batch", &chosen).await.expect(200).text();
    assert_eq!((app.submission(a.id).await.holder, app.submission(b.id).await.holder), (org("township-a"), org("township-a")));
    let token = preview.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    reviewer.post_form("/review/batch", &[("verdict", "keep"), ("token", &token)]).await.expect(422);
    reviewer.post_form("/review/batch", &[("verdict", "recommend"), ("token", &token)]).await.expect(303);
    assert_eq!((app.submission(a.id).await.holder, app.submission(b.id).await.holder), (org("county-a"), org("county-a")));
}

#[tokio::test]
async fn three_editors_clear_and_one_takes_it_back() {
    let app = desk().await;
    let made = app.a_submission().at(State::Selected).create().await;
    let here = format!("/clearance/{}", made.id);
    for n in 1..=3 {
        let editor = app.page_for(&format!("editor{n}"), Role::Editor, "province").await;
        assert!(editor.get(&here).await.expect(200).text().contains(&format!("{} of 3 approvals", n - 1)));
        let version = app.submission(made.id).await.version.to_string();
        editor.post_form(&format!("{here}/approval"), &[("version", &version), ("note", "Good")]).await.expect(303);
        let version = app.submission(made.id).await.version.to_string();
        let twice = editor.post_form(&format!("{here}/approval"), &[("version", &version)]).await;
        assert_eq!(twice.status.as_u16(), 409, "{}", twice.text());
    }
    assert_eq!(app.submission(made.id).await.state, State::Published);
    let editor = app.page_for("editor4", Role::Editor, "province").await;
    let version = app.submission(made.id).await.version.to_string();
    editor.post_form(&format!("{here}/unpublication"), &[("version", &version), ("reason", " ")]).await.expect(422);
    editor.post_form(&format!("{here}/unpublication"), &[("version", &version), ("reason", "A wrong name")]).await.expect(303);
    assert_eq!(app.submission(made.id).await.state, State::Selected);
    app.page_for("reader", Role::Auditor, "province").await.get(&here).await.expect(403);
}

#[tokio::test]
async fn an_award_is_given_changed_shown_counted_and_taken_back() {
    let app = desk().await;
    let made = app.a_submission().title("Straw for warmth").at(State::Published).create().await;
    let (editor, visitor) = (app.page_for("editor", Role::Editor, "province").await, app.anonymous().browser());
    let here = format!("/clearance/{}", made.id);
    let version = async || app.submission(made.id).await.version.to_string();
    let refused =
        editor.post_form(&format!("{here}/award"), &[("version", version().await.as_str()), ("level", "golden")]).await.expect(422).text();
    assert!(refused.contains("Level"), "{refused}");
    editor
        .post_form(&format!("{here}/award/removal"), &[("version", version().await.as_str()), ("reason", "none there")])
        .await
        .expect(409);
    for level in ["second", "first"] {
        editor.post_form(&format!("{here}/award"), &[("version", version().await.as_str()), ("level", level)]).await.expect(303);
    }
    let again =
        editor.post_form(&format!("{here}/award"), &[("version", version().await.as_str()), ("level", "first")]).await.expect(409).text();
    assert!(again.contains("It has this award already"), "{again}");
    for page in ["/", "/lessons?award=first", &format!("/lessons/{}", made.lesson)] {
        assert!(visitor.get(page).await.expect(200).text().contains("First prize"), "{page}");
    }
    let figures = async || {
        let body = editor.get(&format!("/api/v1/statistics?organisation={}&period=all", org("branch-a"))).await.expect(200).json();
        (body["total"]["awards"].clone(), body["awards_by_level"].clone())
    };
    assert_eq!(figures().await, (json!(1), json!({ "first": 1 })));
    editor.post_form(&format!("{here}/award/removal"), &[("version", version().await.as_str()), ("reason", " ")]).await.expect(422);
    editor.post_form(&format!("{here}/award/removal"), &[("version", version().await.as_str()), ("reason", "Copied")]).await.expect(303);
    assert_eq!(figures().await, (json!(0), json!({})));
    assert!(!visitor.get("/").await.expect(200).text().contains("First prize"));
}

#[tokio::test]
async fn an_owner_pulls_back_until_it_is_opened_and_withdraws_with_a_reason() {
    let app = desk().await;
    let made = app.a_submission().at(State::InReview).create().await;
    let clerk = app.page_for("clerk", Role::Clerk, "branch-a").await;
    let version = async || app.submission(made.id).await.version.to_string();
    actions::open(&app.app, &actor(Role::Reviewer, "township-a"), made.id).await.unwrap();
    let late = clerk.post_form(&path(made.id, "/pull-back"), &[("version", &version().await)]).await.expect(409);
    assert!(late.text().contains("A reviewer has opened it"), "{}", late.text());
    app.give(made.id, &ruling(Decision::Return)).await;
    clerk.post_form(&path(made.id, "/withdrawal"), &[("version", &version().await), ("reason", "")]).await.expect(422);
    clerk.post_form(&path(made.id, "/withdrawal"), &[("version", &version().await), ("reason", "Filmed anew")]).await.expect(303);
    assert_eq!(app.submission(made.id).await.state, State::Withdrawn);
}
