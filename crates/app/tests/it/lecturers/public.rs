//! A8: a public page only with consent, and the way there from a lesson.

use super::registered;
use crate::support::both;
use app::submissions::State;
use axum::http::Method;
use kernel::Role;
use serde_json::{Value, json};

#[tokio::test]
async fn a8_a_public_page_lives_and_ends_with_the_consent() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().run_by("county-a").quota(None).create().await;
        let lesson = app.a_submission().from("county-a").to(&call).at(State::Published).create().await.lesson;
        let clerk = app.person("clerk", Role::Clerk, "county-a").await;
        let id = registered(&clerk, "Li Wei", "township-a", &json!({ "contact": "13900001111", "about": "Speaks of fields." })).await;
        let twin = registered(&clerk, "Li Wei", "branch-a", &json!({})).await;
        clerk.json(Method::PATCH, &format!("/api/v1/lessons/{lesson}"), &json!({ "lecturer_id": twin })).await.expect(200);
        clerk.post(&format!("/api/v1/lecturers/{twin}/merge"), &json!({ "into": id })).await.expect(204);
        let anybody = app.anonymous().browser();
        let page = format!("/lecturers/{id}");
        anybody.get(&page).await.expect(404);
        assert!(!anybody.get("/lecturers").await.expect(200).text().contains(&id));
        assert!(!anybody.get(&format!("/lessons/{lesson}")).await.expect(200).text().contains(&page));
        clerk.json(Method::PUT, &format!("/api/v1/lecturers/{id}/consent"), &json!({ "how": "on paper" })).await.expect(204);
        let shown = anybody.get(&page).await.expect(200).text();
        assert!(shown.contains("Speaks of fields.") && shown.contains(&format!("/lessons/{lesson}")), "{shown}");
        assert!(!shown.contains("13900001111") && !shown.contains("on paper"));
        assert!(anybody.get("/lecturers?kind=teacher").await.expect(200).text().contains(&id));
        assert!(!anybody.get("/lecturers?kind=model").await.expect(200).text().contains(&id));
        assert!(anybody.get(&format!("/lessons/{lesson}")).await.expect(200).text().contains(&page));
        assert!(
            anybody.get(&format!("/lecturers/{twin}")).await.expect(200).text().contains("Speaks of fields."),
            "merged rows lead to the person"
        );
        let told = app.anonymous().get(&format!("/api/v1/library/lecturers/{id}")).await.expect(200).json();
        assert_eq!((told["given"].as_i64(), told["lessons"].as_array().map(Vec::len)), (Some(1), Some(1)));
        // Who speaks was cleared under a name; under another the lesson is nobody's in public.
        clerk.json(Method::PATCH, &format!("/api/v1/lessons/{lesson}"), &json!({ "lecturer": "Somebody" })).await.expect(200);
        assert!(!anybody.get(&page).await.expect(200).text().contains(&format!("/lessons/{lesson}")));
        clerk.json(Method::DELETE, &format!("/api/v1/lecturers/{id}/consent"), &Value::Null).await.expect(204);
        anybody.get(&page).await.expect(404);
        app.anonymous().get(&format!("/api/v1/library/lecturers/{id}")).await.expect(404);
        assert!(!anybody.get("/lecturers").await.expect(200).text().contains(&id));
    })
    .await;
}

#[tokio::test]
async fn a8_the_editor_links_the_lecturer_that_its_field_names() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().run_by("county-a").quota(None).create().await;
        let draft = app.a_submission().from("branch-a").to(&call).at(State::Draft).create().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await;
        let county = app.person("county", Role::Clerk, "county-a").await;
        let id = registered(&county, "王芳", "township-a", &json!({})).await;
        registered(&county, "赵一", "branch-b", &json!({})).await;
        registered(&county, "赵一", "branch-c", &json!({})).await;
        let browser = clerk.clone().browser();
        let path = format!("/submissions/{}/edit", draft.id);
        let form = browser.get(&path).await.expect(200).text();
        assert!(form.contains("<option value=\"王芳 · township-a\">"), "{form}");
        let versions = form.split("name=\"_version\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let send = async |versions: &str, text: &str| {
            browser.post_form(&path, &[("_version", versions), ("lecturer_link", text), ("_then", "stay")]).await
        };
        let refused = send(&versions, "赵一").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("赵一 · branch-b / 赵一 · branch-c"), "{}", refused.text());
        send(&versions, "王芳 · township-a").await.expect(303);
        let lesson = clerk.get(&format!("/api/v1/lessons/{}", draft.lesson)).await.expect(200).json();
        assert_eq!(lesson["lecturer_id"], json!(id));
        clerk.json(Method::PATCH, &format!("/api/v1/lessons/{}", draft.lesson), &json!({ "lecturer_id": "ltr_0" })).await.expect(422);
        let gone = clerk.json(Method::PATCH, &format!("/api/v1/lessons/{}", draft.lesson), &json!({ "lecturer_id": "" })).await.expect(200);
        assert_eq!(gone.json()["lecturer_id"], Value::Null);
    })
    .await;
}
