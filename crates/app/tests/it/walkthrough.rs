//! `docs/api-walkthrough.md` does the main job with curl, as it stands, against the real program.

use crate::support::{TestApp, binary::Binary, tree::org};
use app::accounts::actions::own;
use kernel::{Actor, Role, Scope};
use media::demo_clip::{self, DemoClip};
use media::{CancellationToken, Frame};
use std::path::Path;
use tokio::process::Command;

/// Variable, role and place of everybody in the walk.
const PEOPLE: [(&str, Role, &str); 8] = [
    ("CLERK", Role::Clerk, "branch-a"),
    ("TOWNSHIP", Role::Reviewer, "township-a"),
    ("COUNTY", Role::Reviewer, "county-a"),
    ("CITY", Role::Reviewer, "city-a"),
    ("PROVINCE", Role::Reviewer, "province"),
    ("EDITOR1", Role::Editor, "province"),
    ("EDITOR2", Role::Editor, "province"),
    ("EDITOR3", Role::Editor, "province"),
];

/// The blocks of shell in the page, in their order.
fn commands() -> String {
    let page = include_str!("../../../../docs/api-walkthrough.md");
    let blocks: Vec<_> = page.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 6, "the page has lost its commands");
    blocks.join("\n")
}

async fn token(app: &TestApp, name: &str, role: Role, place: &str) -> String {
    let account = app.account(&name.to_lowercase(), role, place).await;
    let actor = Actor { account, grants: Vec::new(), scopes: None };
    let all = [Scope::Read, Scope::Submit, Scope::Review];
    own::create_token(app, &actor, "walk", &all, 30).await.unwrap_or_else(|p| panic!("{name}: {}", p.code)).secret
}

async fn clip(app: &TestApp, to: &Path) {
    let (tools, jail) = app.toolbox.ready().await.expect("ffmpeg is installed by scripts/need");
    let clip = DemoClip { seconds: 6, title: "A lesson from the fields", seed: 1, frame: Frame { width: 640, height: 360 } };
    demo_clip::render(&tools, jail, &clip, to, &CancellationToken::new()).await.expect("a clip");
}

#[tokio::test]
async fn the_walk_over_the_api_ends_with_a_counted_view() {
    let app = TestApp::now().await.with_tree().await;
    let call = app.a_campaign().create().await;
    let beside = tempfile::tempdir().unwrap();
    let video = beside.path().join("lesson.mp4");
    clip(&app, &video).await;
    let mut walk = Command::new("bash");
    for (name, role, place) in PEOPLE {
        walk.env(name, token(&app, name, role, place).await);
    }
    let consents: Vec<_> = call.consents.iter().map(|c| c.code.clone()).collect();
    walk.env("CAMPAIGN", call.campaign.id.to_string())
        .env("CATEGORY", call.categories[0].id.to_string())
        .env("CONSENTS", serde_json::to_string(&consents).unwrap())
        .env("BRANCH", org("branch-a").to_string())
        .env("VIDEO", &video);
    let server = Binary::serve(app, "").await;
    let done = walk.env("BASE", server.url("")).arg("-c").arg(commands()).output().await.expect("bash starts");
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{out}\n{err}\n{}", server.log());
    assert!(out.contains("selected") && out.contains("published") && out.contains("true"), "{out}");
}
