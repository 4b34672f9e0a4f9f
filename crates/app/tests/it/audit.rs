//! Tampering with the audit trail, in every way that a person with the database could (H5, S21).

use crate::support::binary::{Binary, run};
use crate::support::{TestApp, both};
use app::audit::{self, Entry};
use app::db::{Db, assembled};

/// Records `count` acts, one a second, and seals them.
async fn a_trail(app: &TestApp, count: u8) {
    for n in 0..count {
        app.clock.advance_ms(1_000);
        let detail = serde_json::json!({ "n": n });
        let entry = Entry { account: None, organisation: None, action: "thing.done", object: format!("thing-{n}"), allowed: true, detail };
        let mut tx = app.db.begin().await.unwrap();
        audit::record(&mut tx, app.clock.as_ref(), entry).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(audit::seal(&app.db).await.unwrap(), usize::from(count));
}

async fn tamper(db: &Db, sql: &str) {
    let mut tx = db.begin().await.unwrap();
    for statement in sql.split(';') {
        assert!(tx.execute(assembled(statement.to_owned()), vec![]).await.unwrap() > 0, "{statement}");
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn s21_an_honest_trail_is_whole() {
    both(async |app| {
        a_trail(&app, 9).await;
        let found = audit::verify(&app.db).await.unwrap();
        assert_eq!((found.records, found.unsealed, found.broken), (9, 0, None));
        assert_eq!(found.head.len(), 64);
        assert_eq!(audit::seal(&app.db).await.unwrap(), 0, "sealed once");
    })
    .await;
}

#[tokio::test]
async fn s21_the_first_record_that_was_tampered_with_is_named() {
    let swap = "update audit_record set seq = 100 where seq = 4; update audit_record set seq = 4 where seq = 5; update audit_record set seq = 5 where seq = 100";
    let insert = "update audit_record set seq = seq + 100 where seq > 4; update audit_record set seq = seq - 99 where seq > 100;
        insert into audit_record (id, seq, at, action, object, outcome, detail, previous_hash, hash)
        select 'aud_00000000000000000000000000000001', 5, at, action, object, outcome, detail, hash, hash from audit_record where seq = 4";
    let table = [
        ("changed text", "update audit_record set detail = '{}' where seq = 3", 3, "its text was changed"),
        ("changed time", "update audit_record set at = at - 60000 where seq = 7", 7, "its text was changed"),
        ("changed actor", "update audit_record set account = 'acc_0' where seq = 2", 2, "its text was changed"),
        ("changed outcome", "update audit_record set outcome = 'refused' where seq = 9", 9, "its text was changed"),
        ("deleted", "delete from audit_record where seq = 4", 5, "a record before it is missing"),
        ("deleted first", "delete from audit_record where seq = 1", 2, "a record before it is missing"),
        ("swapped", swap, 4, "it does not follow the record before it"),
        ("inserted", insert, 5, "its text was changed"),
        ("sealed anew", "update audit_record set object = 'x', hash = repeat_a where seq = 6", 6, "its text was changed"),
    ];
    for (what, sql, seq, reason) in table {
        let sql = sql.replace("repeat_a", &format!("'{}'", "a".repeat(64)));
        both(async |app| {
            a_trail(&app, 9).await;
            tamper(&app.db, &sql).await;
            let broken = audit::verify(&app.db).await.unwrap().broken.unwrap_or_else(|| panic!("{what}: not found"));
            assert_eq!((broken.seq, broken.reason), (seq, reason), "{what}");
        })
        .await;
    }
}

#[tokio::test]
async fn s21_records_cut_off_at_the_end_are_found_by_a_published_head() {
    both(async |app| {
        a_trail(&app, 5).await;
        let published = audit::verify(&app.db).await.unwrap().head;
        assert!(audit::holds(&mut app.db.read().await.unwrap(), &published).await.unwrap());
        tamper(&app.db, "delete from audit_record where seq = 5").await;
        assert_eq!(audit::verify(&app.db).await.unwrap().broken, None, "what is left is a chain");
        assert!(!audit::holds(&mut app.db.read().await.unwrap(), &published).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn s21_the_command_names_the_broken_record_and_ends_with_3() {
    let app = TestApp::now().await;
    a_trail(&app, 4).await;
    let server = Binary::serve(app, "").await;
    let whole = run(server.data(), &["audit", "verify"]).await;
    let words = String::from_utf8(whole.stdout).unwrap();
    assert!(whole.status.success() && words.starts_with("4 audit records are whole, 0 wait"), "{words}");
    let head = words.trim().rsplit(' ').next().unwrap().to_owned();
    assert!(run(server.data(), &["audit", "verify", "--head", &head]).await.status.success());
    assert_eq!(run(server.data(), &["audit", "verify", "--head", &"0".repeat(64)]).await.status.code(), Some(3));
    let lines = run(server.data(), &["audit", "export"]).await;
    let lines: Vec<serde_json::Value> =
        String::from_utf8(lines.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.iter().map(|l| l["seq"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4]);

    tamper(&server.open().await.db, "update audit_record set object = 'other' where seq = 3").await;
    let broken = run(server.data(), &["audit", "verify"]).await;
    let words = String::from_utf8(broken.stdout).unwrap();
    assert_eq!(broken.status.code(), Some(3));
    let id = lines[2]["id"].as_str().unwrap();
    assert!(words.starts_with("audit record 3 does not fit: its text was changed") && words.contains(id), "{words}");
}

#[tokio::test]
async fn verifying_a_folder_without_a_database_makes_none() {
    let dir = tempfile::tempdir().unwrap();
    let ended = run(dir.path(), &["audit", "verify"]).await;
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("is --data right?"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
