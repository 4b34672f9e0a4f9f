//! Posters as printers, phones and people without rights meet them.

use super::{a_showing, as_others_read, host, planned};
use crate::support::TestApp;
use app::broadcasts::{Admission, BroadcastId, BroadcastRow, Plan, actions};
use kernel::{Actor, Id, Role};
use resvg::tiny_skia::Pixmap;

const TITLE: &str = "秋收里的一堂课";

/// What a phone reads in the code.
fn scanned(picture: &Pixmap) -> String {
    let grey = |x: usize, y: usize| picture.pixel(x as u32, y as u32).map_or(255, |p| p.demultiply().green());
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let codes = image.detect_grids();
    assert_eq!(codes.len(), 1, "one code on the sheet");
    codes[0].decode().expect("it is readable").1
}

async fn of_showing(app: &TestApp, change: impl FnOnce(Plan) -> Plan) -> BroadcastId {
    shown_by(app, &host(app).await, change).await
}

async fn shown_by(app: &TestApp, host: &Actor, change: impl FnOnce(Plan) -> Plan) -> BroadcastId {
    let lesson = app.a_submission().at(app::submissions::State::Published).create().await.lesson;
    planned(app, host, change(a_showing(app, lesson))).await
}

#[tokio::test]
async fn g6_a_poster_is_printed_and_sent_and_its_code_leads_to_the_broadcast() {
    let app = TestApp::sqlite_with(|config| config.public_url = "https://lessons.example".into()).await.with_tree().await;
    let id = of_showing(&app, |plan| Plan { title: TITLE.into(), ..plan }).await;
    let reader = app.anonymous();
    let pdf = reader.get(&format!("/live/{id}/poster.pdf")).await.expect(200);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    let read = as_others_read("poster_read.py", &pdf.body);
    let text = read["text"].as_str().unwrap();
    assert_eq!((&read["pages"], &read["title"], &read["size"]), (&1.into(), &TITLE.into(), &serde_json::json!([595.0, 842.0])));
    for said in [TITLE, "Li Wei", "county-a", "23 Nov", "09:01", "Asia/Shanghai (UTC+08:00)", "How a village shows its books."] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let png = reader.get(&format!("/live/{id}/poster.png")).await.expect(200);
    let picture = Pixmap::decode_png(&png.body).unwrap();
    assert_eq!((picture.width(), picture.height()), (1240, 1755));
    assert_eq!(scanned(&picture), format!("https://lessons.example/live/{id}"));
    assert_eq!(reader.get(&format!("/live/{id}/poster.png")).await.body, png.body);
    let mut chinese = app.anonymous();
    chinese.headers.insert(0, ("accept-language".into(), "zh-CN".into()));
    let chinese = chinese.get(&format!("/live/{id}/poster.pdf")).await.expect(200);
    assert!(as_others_read("poster_read.py", &chinese.body)["text"].as_str().unwrap().contains("11月23日"));
}

#[tokio::test]
async fn a_title_of_two_hundred_characters_stands_on_the_sheet_whole_and_the_code_is_still_read() {
    let app = TestApp::sqlite().await.with_tree().await;
    let title = "把账本摊开，让每一户都看得懂，一笔一笔地算".repeat(9);
    let id = of_showing(&app, |plan| Plan { title: title.clone(), lecturer: "欧阳明月、".repeat(19), ..plan }).await;
    let reader = app.anonymous();
    let pdf = reader.get(&format!("/live/{id}/poster.pdf")).await.expect(200);
    let text = as_others_read("poster_read.py", &pdf.body)["text"].as_str().unwrap().replace(['\n', ' '], "");
    assert!(text.contains(&title), "{text}");
    let png = reader.get(&format!("/live/{id}/poster.png")).await.expect(200);
    assert!(scanned(&Pixmap::decode_png(&png.body).unwrap()).ends_with(&format!("/live/{id}")));
}

#[tokio::test]
async fn s12_posters_are_for_whom_the_broadcast_is() {
    let app = TestApp::sqlite().await.with_tree().await;
    let host = host(&app).await;
    let id = shown_by(&app, &host, |plan| Plan { admission: Admission::SignedIn, ..plan }).await;
    let path = format!("/live/{id}/poster.png");
    app.anonymous().get(&path).await.expect(401);
    let member = app.person("member", Role::Lecturer, "branch-d").await;
    member.get(&path).await.expect(200);
    app.anonymous().get(&format!("/live/{}/poster.pdf", Id::<BroadcastRow>::from_u128(7))).await.expect(404);
    actions::cancel(&app, &host, id).await.unwrap();
    member.get(&path).await.expect(404);
}
