//! What becomes of a notice: sent, put off, parked, sent again.

use super::{MailServer, both, letter, posted, send_all, state};
use crate::support::{TestApp, both as on_both};
use app::notices::{self, Carried, Guards, NotPosted, NoticeFileId, NoticeState};
use kernel::{Clock, Role};
use std::process::Command;

const MINUTE: i64 = 60_000;

#[tokio::test]
async fn a_mail_is_read_by_others_as_it_was_written() {
    both(async |app, mut server| {
        let account = app.account("li.wei", Role::Viewer, "branch-a").await;
        let file = NoticeFileId::new(app.clock.as_ref());
        let mut tx = app.db.begin().await.unwrap();
        notices::keep_file(&mut tx, file, "application/pdf", vec![0, 1, 255, 13, 10, 46, 13, 10], app.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let mut draft = letter(account, "li@example.org");
        draft.files = vec![Carried { file, name: "report.pdf".into() }];
        draft.unsubscribe = "https://lessons.example/reports/unsubscribe/a.b".into();
        let id = posted(&app, &draft).await;
        assert_eq!(send_all(&app).await, 1);
        let mail = server.next().await;
        assert_eq!((&mail["from"], &mail["rcpt"][0]), (&"reports@lessons.example".into(), &"li@example.org".into()));
        let head = &mail["headers"];
        assert_eq!(head["subject"], "清河省 统计月报");
        assert_eq!(head["to"], "李桂芳 <li@example.org>");
        assert_eq!(head["from"], "开讲 <reports@lessons.example>");
        assert_eq!(head["message-id"], format!("<{id}@lessons.example>"));
        assert_eq!(head["list-unsubscribe"], "<https://lessons.example/reports/unsubscribe/a.b>");
        assert_eq!(head["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
        assert_eq!(mail["text"].as_str().unwrap().trim(), "您好！");
        assert_eq!(mail["files"], serde_json::json!([{ "name": "report.pdf", "kind": "application/pdf", "bytes": "0001ff0d0a2e0d0a" }]));
        assert_eq!(state(&app, id).await, (NoticeState::Sent, 1, None));
        assert_eq!(send_all(&app).await, 0);
        let mut tx = app.db.begin().await.unwrap();
        let rows = tx.fetch_all("select recipient, name, subject, text from notice", vec![]).await.unwrap();
        assert!(
            ["recipient", "name", "subject", "text"].iter().all(|column| rows[0].text(column).unwrap().is_empty()),
            "nothing personal is kept"
        );
    })
    .await;
}

#[tokio::test]
async fn a_full_box_is_tried_again_later_and_given_up_after_eight_attempts() {
    both(async |app, mut server| {
        let account = app.account("li.wei", Role::Viewer, "branch-a").await;
        let full = server.folder.path().join("full");
        std::fs::write(&full, "").unwrap();
        let id = posted(&app, &letter(account, "full@example.org")).await;
        for (attempt, minutes) in (1..).zip([1, 5, 15, 60, 180, 360, 720]) {
            assert_eq!(send_all(&app).await, 1, "attempt {attempt}");
            let (state, attempts, reason) = state(&app, id).await;
            assert_eq!((state, attempts), (NoticeState::Waiting, attempt));
            assert!(reason.unwrap().contains("the box is full"));
            app.clock.advance_ms(minutes * MINUTE - 1);
            assert_eq!(send_all(&app).await, 0, "not before its time");
            app.clock.advance_ms(1);
        }
        assert_eq!(send_all(&app).await, 1);
        assert_eq!(state(&app, id).await.0, NoticeState::Parked);
        app.clock.advance_ms(100_000 * MINUTE);
        assert_eq!(send_all(&app).await, 0);
        std::fs::remove_file(&full).unwrap();
        let root = app.person("root", Role::Administrator, "province").await;
        let listed = root.get("/api/v1/notices?state=parked").await.expect(200).json();
        assert_eq!((&listed["parked"], &listed["items"][0]["recipient"]), (&1.into(), &"f***@example.org".into()));
        root.post(&format!("/api/v1/notices/{id}/again"), &serde_json::Value::Null).await.expect(200);
        root.post(&format!("/api/v1/notices/{id}/again"), &serde_json::Value::Null).await.expect(409);
        assert_eq!(send_all(&app).await, 1);
        assert_eq!(server.next().await["headers"]["message-id"], format!("<{id}@lessons.example>"));
        assert_eq!(state(&app, id).await.0, NoticeState::Sent);
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_none_is_given_up_at_once_and_a_server_that_is_away_is_not() {
    let server = MailServer::start().await;
    let app = server.app(None).await;
    let account = app.account("li.wei", Role::Viewer, "branch-a").await;
    let refused = posted(&app, &letter(account, "nobody@example.org")).await;
    assert_eq!(send_all(&app).await, 1);
    let (now, _, reason) = state(&app, refused).await;
    assert_eq!(now, NoticeState::Parked);
    assert!(reason.unwrap().contains("there is nobody"));
    drop(server);
    let put_off = posted(&app, &letter(account, "li@example.org")).await;
    assert_eq!(send_all(&app).await, 1);
    assert_eq!(state(&app, put_off).await.0, NoticeState::Waiting);
    let page = app.person("root", Role::Administrator, "province").await.browser().get("/administration/mail").await.expect(200).text();
    assert!(page.contains("there is nobody") && page.contains("n***@example.org") && page.contains("Send again"), "{page}");
    assert!(!page.contains("nobody@example.org"), "an address is nobody's business");
}

#[tokio::test]
async fn what_nobody_wants_any_more_is_not_sent() {
    both(async |app, mut server| {
        let account = app.account("li.wei", Role::Viewer, "branch-a").await;
        let mut draft = letter(account, "li@example.org");
        draft.about = "unwanted".into();
        let id = posted(&app, &draft).await;
        let wanted = Guards::default().with("test.letter", |_, about| async move { Ok(about != "unwanted") });
        assert!(notices::send_next(&app, &wanted).await.unwrap());
        assert_eq!(state(&app, id).await.0, NoticeState::Dropped);
        server.nothing_more().await;
    })
    .await;
}

#[tokio::test]
async fn a_sender_that_died_is_followed_by_another_and_after_eight_deaths_by_none() {
    on_both(async |app: TestApp| {
        // A server that takes connections and never says a word is as good as a death when the sender is dropped.
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = silent.local_addr().unwrap().port();
        let database = app.config.database.clone();
        let beside = TestApp::sqlite_with(|config| {
            (config.mail_host, config.mail_port, config.mail_security) = ("127.0.0.1".into(), port, "none".into());
            (config.mail_from, config.public_url, config.database) = ("a@example.org".into(), "https://lessons.example".into(), database);
        });
        let app = beside.await.with_tree().await;
        let account = app.account("li.wei", Role::Viewer, "branch-a").await;
        let id = posted(&app, &letter(account, "li@example.org")).await;
        for _ in 0..notices::ATTEMPTS {
            let guards = Guards::default();
            let dying = notices::send_next(&app, &guards);
            let killed = tokio::time::timeout(std::time::Duration::from_millis(200), dying).await;
            assert!(killed.is_err(), "it hangs");
            assert_eq!(send_all(&app).await, 0, "nobody takes what somebody has");
            app.clock.advance_ms(180_001);
        }
        assert_eq!(send_all(&app).await, 0);
        let (state, attempts, reason) = state(&app, id).await;
        assert_eq!((state, attempts, reason.as_deref()), (NoticeState::Parked, 8, Some("the sender died each time")));
    })
    .await;
}

#[tokio::test]
async fn without_a_mail_server_nothing_is_posted_and_pages_say_so() {
    on_both(async |app: TestApp| {
        let app = app.with_tree().await;
        let account = app.account("li.wei", Role::Viewer, "branch-a").await;
        let mut tx = app.db.begin().await.unwrap();
        assert!(matches!(notices::post(&mut tx, &app, &letter(account, "li@example.org")).await, Err(NotPosted::NoMail)));
        drop(tx);
        let root = app.person("root", Role::Administrator, "province").await;
        let page = root.clone().browser().get("/administration/mail").await.expect(200).text();
        assert!(page.contains("no mail server is set") && page.contains("mail_host"), "{page}");
        let page = root.clone().browser().get("/statistics").await.expect(200).text();
        assert!(page.contains("no mail server is set") && !page.contains("/statistics/subscriptions"), "{page}");
        assert_eq!(
            root.json(axum::http::Method::PUT, "/api/v1/me/mail", &serde_json::json!({ "mail": "a@example.org" })).await.expect(409).json()
                ["code"],
            "mail-missing"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_too_large_or_no_address_is_not_posted() {
    let server = MailServer::start().await;
    let app = server.app(None).await;
    let account = app.account("li.wei", Role::Viewer, "branch-a").await;
    let mut tx = app.db.begin().await.unwrap();
    let file = NoticeFileId::new(app.clock.as_ref());
    notices::keep_file(&mut tx, file, "application/pdf", vec![0; 6 << 20], app.clock.now()).await.unwrap();
    let carried = Carried { file, name: "a.pdf".into() };
    let mut draft = letter(account, "li@example.org");
    draft.files = vec![carried.clone()];
    assert!(notices::post(&mut tx, &app, &draft).await.is_ok());
    draft.files = vec![carried.clone(), carried];
    assert!(matches!(notices::post(&mut tx, &app, &draft).await, Err(NotPosted::TooLarge)));
    let long = notices::Draft { text: "x".repeat(70_000), ..letter(account, "li@example.org") };
    assert!(matches!(notices::post(&mut tx, &app, &long).await, Err(NotPosted::TooLarge)));
    for bad in ["", "li", "li@example.org\r\nBcc: x@y.z", "li@localhost"] {
        assert!(matches!(notices::post(&mut tx, &app, &letter(account, bad)).await, Err(NotPosted::BadAddress)), "{bad}");
    }
}

/// A certificate for `localhost`, signed by an authority of its own.
fn certificates(folder: &std::path::Path) {
    let openssl = |arguments: &[&str]| {
        let made = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    std::fs::write(folder.join("leaf.ext"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n").unwrap();
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    openssl(
        &[&["req", "-x509"], &key[..], &["-keyout", "ca.key", "-out", "ca.pem", "-days", "3650", "-subj", "/CN=own authority"]].concat(),
    );
    openssl(&[&["req"], &key[..], &["-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=localhost"]].concat());
    let sign = ["x509", "-req", "-in", "leaf.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "3650"];
    openssl(&[&sign[..], &["-out", "leaf.pem", "-extfile", "leaf.ext"]].concat());
}

#[tokio::test]
async fn a_server_with_a_certificate_and_a_password_takes_mail_from_whom_it_knows_alone() {
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let mut server = MailServer::with(folder, &["--tls", "leaf.pem", "leaf.key", "--password", "a secret"]).await;
    let (root, password) = (server.folder.path().join("ca.pem"), server.folder.path().join("password"));
    std::fs::write(&password, "a secret\n").unwrap();
    let wrong = server.folder.path().join("wrong");
    std::fs::write(&wrong, "a guess\n").unwrap();
    for (trusts, file, taken) in [(true, &password, true), (false, &password, false), (true, &wrong, false)] {
        let app = TestApp::sqlite_with(|config| {
            server.set(config);
            config.mail_security = "starttls".into();
            config.mail_user = "kaijiang".into();
            config.mail_password_file.clone_from(file);
            if trusts {
                config.mail_root.clone_from(&root);
            }
        });
        let app = app.await.with_tree().await;
        let account = app.account("li.wei", Role::Viewer, "branch-a").await;
        let id = posted(&app, &letter(account, "li@example.org")).await;
        assert_eq!(send_all(&app).await, 1);
        let (state, _, reason) = state(&app, id).await;
        assert_eq!(state, if taken { NoticeState::Sent } else { NoticeState::Waiting }, "{reason:?}");
        if taken {
            let mail = server.next().await;
            assert_eq!((&mail["tls"], &mail["signed_in"]), (&true.into(), &true.into()));
        } else {
            assert!(!reason.unwrap().contains("a guess"));
            server.nothing_more().await;
        }
    }
}
