//! `kill -9` between the server's "taken" and our note of it.

use super::{MailServer, give_address, letter, posted};
use crate::support::TestApp;
use crate::support::binary::Binary;
use app::config::Config;
use kernel::{Clock, Role, SystemClock};

#[tokio::test]
async fn a_mail_whose_sender_was_killed_comes_again_with_the_same_name() {
    let mut server = MailServer::start().await;
    let app = TestApp::sqlite_with(|config| server.set(config)).await.with_tree().await;
    app.clock.advance_ms(SystemClock.now() - app.clock.now());
    let account = app.account("li.wei", Role::Viewer, "branch-a").await;
    give_address(&app, account, "slow@example.org").await;
    let id = posted(&app, &letter(account, "slow@example.org")).await;
    let mut set = Config::default();
    server.set(&mut set);
    let settings = format!(
        "mail_host = \"{}\"\nmail_port = {}\nmail_security = \"none\"\nmail_from = \"{}\"\npublic_url = \"{}\"",
        set.mail_host, set.mail_port, set.mail_from, set.public_url
    );
    let mut binary = Binary::serve(app, &settings).await;
    let first = server.next().await;
    binary.kill().await;
    // The server has it and waits before it says so: nobody knows any more. Time passes until the lease is over.
    let records = binary.open().await;
    let mut tx = records.db.begin().await.unwrap();
    let row = tx.fetch_optional("select state, attempts from notice", vec![]).await.unwrap().unwrap();
    assert_eq!((row.text("state").unwrap().as_str(), row.int("attempts").unwrap()), ("sending", 1));
    tx.execute("update notice set lease_until = 1", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    records.db.close().await;
    std::fs::write(server.folder.path().join("go"), "").unwrap();
    binary.restart().await;
    let second = server.next().await;
    let name = |mail: &serde_json::Value| mail["headers"]["message-id"].clone();
    assert_eq!((name(&first), name(&second)), (format!("<{id}@lessons.example>").into(), name(&first)));
    assert_eq!(first["hash"], second["hash"], "byte by byte");
    server.nothing_more().await;
    binary.terminate();
    binary.ended().await;
    let log = binary.log();
    assert!(!log.contains("slow@example.org") && !log.contains("李桂芳"), "{log}");
    let records = binary.open().await;
    let left = records.db.read().await.unwrap().fetch_int("select count(*) from notice where state <> 'sent'", vec![]).await.unwrap();
    assert_eq!(left, 0);
}
