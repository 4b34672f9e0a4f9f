//! Several versions of one recording at the desk (D5), and what its player is given.

use crate::support::{TestApp, both};
use app::recordings::{Recordings, Rendition, Variant};
use app::submissions::State;
use kernel::{Clock, Id, Role};
use serde_json::json;

/// The list of one version's files, as the editor renews it.
async fn version(client: &crate::support::Client, id: app::submissions::SubmissionId, variant: &str) -> String {
    client.get(&format!("/submissions/{id}/files/video?variant={variant}")).await.expect(200).text()
}

const SHOWN: &str = "Reviewers and viewers see this version";

#[tokio::test]
async fn d5_each_version_is_listed_and_the_most_finished_is_named_as_the_one_shown() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.person("clerk", Role::Clerk, "branch-a").await.browser();
        let made = app.a_submission().create().await;
        let page = clerk.get(&format!("/submissions/{}/edit", made.id)).await.expect(200).text();
        for variant in Variant::ALL {
            let code = variant.code();
            assert!(page.contains(&format!("slot=\"video\" variant=\"{code}\"")), "{code} can be uploaded: {page}");
            assert!(page.contains(&format!("form id=\"file-video-{code}\"")), "{code} can be uploaded without script");
        }
        assert!(page.contains("Upload the polished version") && page.contains("at most 2.0 GB"), "{page}");
        assert!(version(&clerk, made.id, "field").await.contains(SHOWN));
        assert!(version(&clerk, made.id, "polished").await.contains("Not there yet"));
        app.add_video(made.lesson, Variant::Polished, Id::from_u128(1)).await;
        let polished = version(&clerk, made.id, "polished").await;
        assert!(polished.contains(SHOWN) && polished.contains("1.0 MB") && polished.contains("1280×720"), "{polished}");
        let field = version(&clerk, made.id, "field").await;
        assert!(field.contains("lesson.mp4") && !field.contains(SHOWN), "{field}");
        let page = clerk.get(&format!("/submissions/{}/edit", made.id)).await.expect(200).text();
        assert!(page.contains("Replace the polished version") && page.contains("Upload the version for broadcast"));
        clerk.get(&format!("/submissions/{}/files/video?variant=wild", made.id)).await.expect(400);
        let stranger = app.person("stranger", Role::Clerk, "branch-b").await.browser();
        stranger.get(&format!("/submissions/{}/files/video?variant=polished", made.id)).await.expect(404);
    })
    .await;
}

#[tokio::test]
async fn the_player_of_the_desk_offers_the_sound_alone_where_there_is_some() {
    let app = TestApp::sqlite().await.with_tree().await;
    let reviewer = app.person("reviewer", Role::Reviewer, "township-a").await.browser();
    let made = app.a_submission().at(State::InReview).create().await;
    let material = Recordings(&mut app.db.read().await.unwrap()).current(made.lesson).await.unwrap()[0].id;
    let (review, addresses) = (format!("/review/{}", made.id), format!("/submissions/{}/addresses?material={material}", made.id));
    assert!(!reviewer.get(&review).await.expect(200).text().contains("audio-manifest"));
    assert_eq!(reviewer.get(&addresses).await.expect(200).json()["audio_manifest"], json!(null));
    let mut tx = app.db.begin().await.unwrap();
    let detail = json!({ "is": "audio", "folder": "a", "codec": "mp4a.40.2", "channels": 2, "peak_bps": 96_000, "average_bps": 96_000 });
    let sound = Rendition { name: "a".into(), kind: "audio".into(), detail, bytes: 1 };
    Recordings(&mut tx).keep_rendition(material, &sound, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let page = reviewer.get(&review).await.expect(200).text();
    assert!(page.contains(&format!("/{material}/a/index.m3u8\"")) && page.contains(" audio-manifest=\"/media/"), "{page}");
    let renewed = reviewer.get(&addresses).await.expect(200).json();
    assert!(renewed["audio_manifest"].as_str().unwrap().ends_with(&format!("/{material}/a/index.m3u8")), "{renewed}");
}

/// The key under which a browser keeps notes that are not sent yet.
fn keep(page: &str) -> String {
    page.split_once("data-keep=\"").and_then(|(_, rest)| rest.split('"').next()).expect("a key").to_owned()
}

#[tokio::test]
async fn unsent_notes_belong_to_one_reader_and_one_stay() {
    let app = TestApp::sqlite().await.with_tree().await;
    let made = app.a_submission().at(State::InReview).create().await;
    let review = format!("/review/{}", made.id);
    let mut keys = Vec::new();
    for login in ["one", "two"] {
        let reviewer = app.person(login, Role::Reviewer, "township-a").await.browser();
        keys.push(keep(&reviewer.get(&review).await.expect(200).text()));
        assert_eq!(keep(&reviewer.get(&review).await.expect(200).text()), keys[keys.len() - 1], "the same after a reload");
    }
    app.give(made.id, &crate::support::submission::ruling(app::submissions::rules::Decision::Recommend)).await;
    let above = app.person("above", Role::Reviewer, "county-a").await.browser();
    keys.push(keep(&above.get(&review).await.expect(200).text()));
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 3, "{keys:?}");
}
