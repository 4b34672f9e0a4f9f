//! Campaigns for people: the pages work as plain forms, keep what was typed, and say what is wrong in place.

use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use kernel::{Clock, Role};

async fn administrator(app: &TestApp) -> Client {
    app.person("admin", Role::Administrator, "province").await.browser()
}

/// A draft made with the form; its path.
async fn draft(admin: &Client) -> String {
    let province = org("province").to_string();
    let fields = [
        ("basics.organisation", province.as_str()),
        ("basics.code", "autumn"),
        ("basics.title", "Autumn lectures"),
        ("basics.theme", "Fields and books"),
        ("basics.zone", "Asia/Shanghai"),
        ("basics.opens_at", "2026-12-01T09:00"),
        ("basics.closes_at", "2027-03-01T18:00"),
        ("basics.approvals", "3"),
    ];
    let made = admin.post_form("/campaigns", &fields).await.expect(303);
    made.header("location").trim_end_matches("?done=campaign-created").trim_end_matches("/edit").to_owned()
}

const VIDEO: [(&str, &str); 7] = [
    ("name", "Main"),
    ("code", "main"),
    ("position", "0"),
    ("/rules/slots/video/required", "yes"),
    ("/rules/slots/video/most", "1"),
    ("/rules/slots/video/kinds", "mp4"),
    ("/rules/slots/video/min_seconds", "8:30"),
];

const STAGES: [(&str, &str); 6] = [
    ("stages./stages/0/depth", "-1"),
    ("stages./stages/0/opens_at", "2026-12-01T09:00"),
    ("stages./stages/0/closes_at", "2026-12-20T18:00"),
    ("stages./stages/1/depth", "0"),
    ("stages./stages/1/opens_at", "2026-12-01T09:00"),
    ("stages./stages/1/closes_at", "2027-01-20T18:00"),
];

#[tokio::test]
async fn b1_a_campaign_is_made_with_plain_forms_and_read_by_a_clerk() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = administrator(&app).await;
        let path = draft(&admin).await;
        admin.post_form(&format!("{path}/categories"), &VIDEO).await.expect(303);
        admin.post_form(&format!("{path}/stages"), &STAGES).await.expect(303);
        let consent =
            [("consent-.code", "portrait"), ("consent-.title", "Portrait"), ("consent-.body", "I agree."), ("consent-.required", "1")];
        admin.post_form(&format!("{path}/consents"), &consent).await.expect(303);
        let page = admin.get(&format!("{path}/edit")).await.expect(200).text();
        assert!(page.contains("value=\"2026-12-20T18:00\""), "the deadline stands in its field, in the zone of the campaign");
        let category = page.split(&format!("{path}/categories/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let quotas = [
            ("quotas./quotas/0/category", category.as_str()),
            ("quotas./quotas/0/depth", "4"),
            ("quotas./quotas/0/kind", "number"),
            ("quotas./quotas/0/amount", "3"),
        ];
        admin.post_form(&format!("{path}/quotas"), &quotas).await.expect(303);
        admin.post_form(&format!("{path}/state"), &[("state.state", "open")]).await.expect(303);
        app.clock.advance_ms(10 * 86_400_000);
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await.browser();
        let seen = clerk.get(&path).await.expect(200).text();
        for told in [
            "Autumn lectures",
            "8:30",
            "until 20 Dec 2026 18:00 (UTC+8)",
            "may pass on 3",
            "/submissions/new?campaign=",
            "data-countdown=\"2026-12-20T10:00:00Z\"",
            "Portrait",
        ] {
            assert!(seen.contains(told), "{told}\n{seen}");
        }
        assert!(clerk.get("/campaigns").await.expect(200).text().contains("Calls for us"));
        clerk.get(&format!("{path}/edit")).await.expect(403);
    })
    .await;
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong_beside_it() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = administrator(&app).await;
    let path = draft(&admin).await;
    let mut stages = STAGES;
    stages[5].1 = "2026-12-10T18:00";
    let refused = admin.post_form(&format!("{path}/stages"), &stages).await.expect(422).text();
    assert!(refused.contains("value=\"2026-12-10T18:00\""), "{refused}");
    assert!(refused.contains("id=\"stages./stages/1/closes_at-error\""), "{refused}");
    assert!(refused.contains("before the level below is done (20 Dec 2026 18:00 (UTC+8))"), "{refused}");
    let mut video = VIDEO;
    video[6].1 = "long";
    let refused = admin.post_form(&format!("{path}/categories"), &video).await.expect(422).text();
    assert!(refused.contains("value=\"long\"") && refused.contains("id=\"/rules/slots/video/min_seconds-error\""), "{refused}");
    let refused = admin.post_form(&format!("{path}/state"), &[("state.state", "open")]).await.expect(422).text();
    assert!(refused.contains("the stage in which lessons are handed in is missing"), "{refused}");
}

#[tokio::test]
async fn what_people_write_is_shown_and_never_run() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = administrator(&app).await;
    let call = app.a_campaign().title("<script>alert(1)</script>").create().await;
    for path in ["/campaigns".to_owned(), format!("/campaigns/{}", call.campaign.id), format!("/campaigns/{}/edit", call.campaign.id)] {
        let page = admin.get(&path).await.expect(200).text();
        assert!(page.contains("alert(1)") && !page.contains("<script>alert"), "{path}");
    }
}

#[tokio::test]
async fn no_page_lacks_a_word_in_either_language() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = administrator(&app).await;
    let now = app.clock.now();
    let call = app.a_campaign().consent("portrait").submit(now.plus_days(-30), now.plus_days(3)).grace_s(3600).create().await;
    let at = format!("/campaigns/{}", call.campaign.id);
    let category = format!("{at}/categories/{}", call.categories[0].id);
    let until = "2026-12-24T18:00";
    let more = [
        ("extension.organisation", "branch-a"),
        ("extension.kind", "submit"),
        ("extension.until_at", until),
        ("extension.reason", "flood"),
    ];
    admin.post_form(&format!("{at}/extensions"), &more).await.expect(303);
    let paths = ["/campaigns", "/campaigns/new", &at, &format!("{at}/edit"), &format!("{at}/categories/new"), &category].map(str::to_owned);
    for path in paths {
        for language in ["en", "zh-CN"] {
            let page = admin.clone().with("cookie", &format!("language={language}")).get(&path).await.expect(200).text();
            assert!(page.contains(&format!("<html lang=\"{language}\"")), "{path}");
            let lacking = page
                .split('[')
                .skip(1)
                .find(|rest| rest.starts_with("campaign") || rest.starts_with("field-") || rest.starts_with("slot-"));
            assert_eq!(lacking.map(|rest| rest.chars().take(40).collect::<String>()), None, "{path} in {language}");
        }
    }
}

#[tokio::test]
async fn a_form_that_was_overtaken_changes_nothing() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = administrator(&app).await;
    let path = draft(&admin).await;
    let mut stages = STAGES.to_vec();
    stages.push(("version", "1"));
    admin.post_form(&format!("{path}/stages"), &stages).await.expect(303);
    let late = admin.post_form(&format!("{path}/stages"), &stages).await.expect(409).text();
    assert!(late.contains("Someone else was quicker"), "{late}");
}

#[tokio::test]
async fn b1_a_closed_campaign_is_reopened_with_a_reason_and_copied_for_next_year() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = administrator(&app).await;
        let call = app.a_campaign().create().await;
        let at = format!("/campaigns/{}", call.campaign.id);
        admin.post_form(&format!("{at}/state"), &[("state.state", "closed")]).await.expect(303);
        let refused = admin.post_form(&format!("{at}/state"), &[("state.state", "open"), ("state.reason", "")]).await.expect(422).text();
        assert!(refused.contains("id=\"state.reason-error\""), "{refused}");
        admin.post_form(&format!("{at}/state"), &[("state.state", "open"), ("state.reason", "by mistake")]).await.expect(303);
        let copied = admin.post_form(&format!("{at}/copies"), &[("copy.code", "spring-2027"), ("copy.years", "1")]).await.expect(303);
        let copy = admin.get(copied.header("location")).await.expect(200).text();
        assert!(copy.contains("value=\"2027-12-13T09:00\""), "{copy}");
        assert!(copy.contains("This is the copy"), "{copy}");
    })
    .await;
}
