//! Imports of a register, over HTTP and as the command does it (A4, S6, S9, S12).

use crate::support::jobs::ended;
use crate::support::tree::org;
use crate::support::{Client, TestApp, both};
use app::jobs::Handlers;
use app::organisations::actions::import::{Outcome, Run, import};
use app::organisations::work;
use axum::http::Method;
use kernel::{Clock, Role};
use serde_json::Value;
use std::fmt::Write;
use std::path::PathBuf;
use tokio_util::sync::CancellationToken;

const HEAD: &str = "编码,名称,上级编码,类别,党员数\n";

fn file(app: &TestApp, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = app.dir.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// As the command line does it: with every right.
async fn taken_over(app: &TestApp, text: &str, dry_run: bool) -> Outcome {
    let run = Run { actor: None, dry_run, progress: &|_| {}, cancelled: CancellationToken::new() };
    import(app, &file(app, "register.csv", text), &run).await.unwrap_or_else(|p| panic!("{} {:?}", p.code, p.args))
}

async fn rows(app: &TestApp, table: &str) -> i64 {
    let sql = match table {
        "organisation" => "select count(*) from organisation",
        "edge" => "select count(*) from organisation_edge",
        "staged" => "select count(*) from organisation_staged",
        "refold" => "select count(*) from job where kind = 'statistics.refold'",
        _ => "select count(*) from audit_record",
    };
    app.db.read().await.unwrap().fetch_int(sql, vec![]).await.unwrap()
}

#[tokio::test]
async fn a4_a_register_is_taken_over_and_a_second_time_changes_nothing() {
    both(async |app| {
        let text = format!("{HEAD}p,某省,,省委,0\nb,石桥村党支部,t,党支部,12\nc,临江市,p,city,0\nt,柳溪镇,c,乡镇党委,0\n");
        let dry = taken_over(&app, &text, true).await;
        assert_eq!((dry.added, rows(&app, "organisation").await), (4, 0), "a dry run writes nothing");
        let done = taken_over(&app, &text, false).await;
        assert_eq!((done.added, done.faults.len()), (4, 0), "children may stand before their parents");
        let tree = app.tree.load_full();
        let b = tree.by_code("b").unwrap();
        assert_eq!((b.kind.as_str(), b.members, tree.depth(b.id)), ("branch", 12, Some(3)));
        let before = (tree.revision, rows(&app, "edge").await, rows(&app, "audit").await);
        let again = taken_over(&app, &text, false).await;
        assert_eq!((again.unchanged, again.added, again.renamed, again.moved), (4, 0, 0, 0));
        app::organisations::refresh(&app).await.unwrap();
        assert_eq!((app.tree.load().revision, rows(&app, "edge").await, rows(&app, "audit").await), before);
    })
    .await;
}

#[tokio::test]
async fn a4_what_differs_is_renamed_and_moved_from_today_on() {
    both(async |app| {
        let app = app.with_tree().await;
        let text = "code;name;parent code\nbranch-a;新支部;township-b\ntownship-c;township-c;county-b\nnew;New;branch-a\n";
        let faulty = taken_over(&app, text, false).await;
        assert_eq!(faulty.faults[0].rule, "required", "a new one needs a kind: {:?}", faulty.faults);
        assert_eq!(app.tree.load().get(org("branch-a")).unwrap().name, "branch-a", "all or nothing");
        let text = text.replace("code;name;parent code", "code;name;parent code;kind").replace("New;branch-a", "New;branch-a;branch");
        let done = taken_over(&app, &text, false).await;
        assert_eq!((done.added, done.renamed, done.moved), (1, 1, 2), "{done:?}");
        assert_eq!((rows(&app, "refold").await, rows(&app, "staged").await), (1, 0), "figures are folded anew once for all that moved");
        let now = app.tree.load_full();
        assert_eq!(now.parent(org("branch-a")), Some(org("township-b")));
        let then = app::organisations::tree_on(&app, "2026-11-22").await.unwrap();
        assert_eq!(then.get(org("branch-a")).unwrap().name, "branch-a");
        assert_eq!(then.parent(org("branch-a")), Some(org("township-a")));
        assert!(then.by_code("new").is_none());
    })
    .await;
}

#[tokio::test]
async fn a4_moves_that_come_later_are_not_crossed() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin.p", Role::Administrator, "province").await;
        let path = format!("/api/v1/organisations/{}/move", org("township-a"));
        let body = serde_json::json!({ "parent": org("county-b"), "effective": "2026-12-01" });
        admin.post(&path, &body).await.expect(200);
        let crossing = taken_over(&app, "code,name,parent code\ntownship-a,township-a,county-c\n", false).await;
        assert_eq!(crossing.faults[0].rule, "later-change");
        let run = Run { actor: None, dry_run: false, progress: &|_| {}, cancelled: CancellationToken::new() };
        let path = file(&app, "ring.csv", "code,name,parent code\ncounty-b,county-b,township-a\n");
        let refused = import(&app, &path, &run).await.unwrap_err();
        assert_eq!(refused.code, "under-itself", "today it fits, in December it would be a ring");
        assert_eq!(app.tree.load().parent(org("county-b")), Some(org("city-a")));
    })
    .await;
}

#[tokio::test]
async fn a4_what_is_given_back_its_place_and_name_on_the_same_day_leaves_no_trace() {
    both(async |app| {
        let app = app.with_tree().await;
        let (edges, text) = (rows(&app, "edge").await, "code,name,parent code\nbranch-a,Other,township-b\n");
        taken_over(&app, text, false).await;
        let again = taken_over(&app, &text.replace("Other,township-b", "Another,township-c"), false).await;
        assert_eq!((again.renamed, again.moved, rows(&app, "edge").await), (1, 1, edges + 1), "the place of today was replaced");
        let node = app.tree.load().get(org("branch-a")).unwrap().clone();
        assert_eq!((node.name.as_str(), node.parent), ("Another", Some(org("township-c"))));
        let kind = taken_over(&app, "code,name,parent code,kind,members\nbranch-a,Another,township-c,township,99\n", false).await;
        let node = app.tree.load().get(org("branch-a")).unwrap().clone();
        assert_eq!((kind.corrected, node.kind.as_str(), node.members), (1, "township", 99));
    })
    .await;
}

/// A register of `rows` branches below one root.
fn large(rows: usize) -> String {
    let mut text = format!("{HEAD}r,Root,,省委,0\n");
    for n in 0..rows {
        writeln!(text, "{n},Branch {n},r,branch,1").unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn others_write_while_an_import_is_staged_and_it_can_still_be_cancelled() {
    both(async |app| {
        let (wrote, stop) = (std::sync::atomic::AtomicBool::new(false), CancellationToken::new());
        let path = file(&app, "r.csv", large(2_500));
        let write = async || {
            let mut tx = app.db.begin().await.unwrap();
            tx.execute("insert into setting (name, value) values ('other', '1') on conflict do nothing", vec![]).await.unwrap();
            tx.commit().await.unwrap();
        };
        let handle = tokio::runtime::Handle::current();
        let progress = |percent: i64| {
            if (21..90).contains(&percent) && !wrote.swap(true, std::sync::atomic::Ordering::Relaxed) {
                // The import stands still here: if it held the writer, this would never end.
                tokio::task::block_in_place(|| handle.block_on(write()));
                stop.cancel();
            }
        };
        let run = Run { actor: None, dry_run: false, progress: &progress, cancelled: stop.clone() };
        assert_eq!(import(&app, &path, &run).await.unwrap_err().code, "import-cancelled");
        assert!(wrote.load(std::sync::atomic::Ordering::Relaxed));
        assert_eq!((rows(&app, "organisation").await, rows(&app, "staged").await), (0, 0), "nothing is left");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s22_a_tree_that_changes_while_an_import_is_staged_is_planned_for_anew() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin.p", Role::Administrator, "province").await;
        let once = std::sync::atomic::AtomicBool::new(false);
        let handle = tokio::runtime::Handle::current();
        let path = format!("/api/v1/organisations/{}/move", org("township-a"));
        let body = serde_json::json!({ "parent": org("county-b") });
        let progress = |percent: i64| {
            if percent == 90 && !once.swap(true, std::sync::atomic::Ordering::Relaxed) {
                let moved = tokio::task::block_in_place(|| handle.block_on(admin.post(&path, &body)));
                moved.expect(200);
            }
        };
        let run = Run { actor: None, dry_run: false, progress: &progress, cancelled: CancellationToken::new() };
        let sent = file(&app, "r.csv", "code,name,parent code\ncounty-b,county-b,township-a\n");
        let outcome = import(&app, &sent, &run).await.unwrap();
        assert_eq!(outcome.faults.first().map(|f| f.rule.to_string()).as_deref(), Some("cycle"), "{outcome:?}");
        assert_eq!(app.tree.load().parent(org("county-b")), Some(org("city-a")));
        assert_eq!(rows(&app, "staged").await, 0);
    })
    .await;
}

#[tokio::test]
async fn remains_of_imports_are_forgotten_when_they_are_old() {
    both(async |app| {
        let spooled = app.objects.spool("import-job_1");
        let (report, other) = (app.objects.report("job_1.xlsx"), app.objects.report("poster.xlsx"));
        for path in [&spooled, &report, &other] {
            std::fs::write(path, "x").unwrap();
        }
        // Files carry the time of the machine, rows that of the clock.
        app.clock.advance_ms(kernel::SystemClock.now() - app.clock.now());
        let stage = "insert into organisation_staged (staging, act, organisation, fact) values ($1, 'add', 'org_1', 'x')";
        let mut tx = app.db.begin().await.unwrap();
        let id = app::organisations::StagingId::new(app.clock.as_ref());
        tx.execute(stage, vec![app::db::Value::from(id)]).await.unwrap();
        tx.commit().await.unwrap();
        let there = async || (spooled.exists(), report.exists(), rows(&app, "staged").await);
        work::sweep(&app).await.unwrap();
        assert_eq!(there().await, (true, true, 1));
        app.clock.advance_ms(2 * 86_400_000);
        work::sweep(&app).await.unwrap();
        assert_eq!(there().await, (false, true, 0));
        app.clock.advance_ms(30 * 86_400_000);
        work::sweep(&app).await.unwrap();
        assert_eq!((there().await, other.exists()), ((false, false, 0), true));
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_import_leaves_nothing() {
    both(async |app| {
        let stop = CancellationToken::new();
        stop.cancel();
        let run = Run { actor: None, dry_run: false, progress: &|_| {}, cancelled: stop };
        let path = file(&app, "r.csv", format!("{HEAD}p,某省,,省委,0\n"));
        assert_eq!(import(&app, &path, &run).await.unwrap_err().code, "import-cancelled");
        assert_eq!((rows(&app, "organisation").await, rows(&app, "audit").await), (0, 0));
    })
    .await;
}

/// Works on imports until the one at `path` is finished; how it ended.
pub async fn finished(app: &TestApp, who: &Client, path: &str) -> Value {
    ended(app, Handlers::default().with(work::IMPORT, work::import), who, path).await
}

#[tokio::test]
async fn a4_a_file_is_checked_then_confirmed_and_its_faults_come_back_in_a_workbook() {
    both(async |app| {
        let app = app.with_tree().await;
        let admin = app.person("admin.c", Role::Administrator, "county-a").await;
        let send = async |bytes: Vec<u8>| {
            let sent = admin.send(Method::POST, "/api/v1/organisations/imports?name=r.csv", "text/csv", bytes).await.expect(202).json();
            let path = format!("/api/v1/organisations/imports/{}", sent["id"].as_str().unwrap());
            (finished(&app, &admin, &path).await, path)
        };
        let (gb, _, _) = encoding_rs::GB18030
            .encode("编码,名称,上级编码,类别\nx,新支部,township-a,党支部\ny,外人,township-c,党支部\nz,=1+1,township-a,党支部\n");
        let (ended, path) = send(gb.into_owned()).await;
        let rules: Vec<_> = ended["faults"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap().to_owned()).collect();
        assert_eq!(rules, ["formula"], "what can't be read hides what it would do: {ended}");
        let book = admin.get(&format!("{path}/workbook")).await.expect(200);
        let copy = file(&app, "back.xlsx", &book.body);
        let sheet = app::spreadsheets::read(&copy, &app::spreadsheets::Limits::default()).unwrap();
        let texts: Vec<_> = sheet.rows[3].cells.iter().map(|c| c.text().to_owned()).collect();
        assert!(texts[0].contains("formula") && texts[2] == "'=1+1", "S9: {texts:?}");
        admin.post(&format!("{path}/apply"), &Value::Null).await.expect(409);

        let (ended, _) = send("code,name,parent code,kind\nx,X,township-a,branch\ny,Y,township-c,branch\n".into()).await;
        assert_eq!(ended["groups"][0]["rule"], "not-yours", "S12: township-c is not below county-a");
        let (ended, path) = send("code,name,parent code,kind\nx,X,township-a,branch\n".into()).await;
        assert_eq!((ended["added"].as_i64(), app.tree.load().by_code("x").is_none()), (Some(1), true), "only checked");
        let other = app.person("admin.p", Role::Administrator, "province").await;
        other.get(&path).await.expect(404);
        other.post(&format!("{path}/apply"), &Value::Null).await.expect(404);
        let applied = admin.post(&format!("{path}/apply"), &Value::Null).await.expect(202).json();
        finished(&app, &admin, &format!("/api/v1/organisations/imports/{}", applied["id"].as_str().unwrap())).await;
        app::organisations::refresh(&app).await.unwrap();
        assert_eq!(app.tree.load().by_code("x").map(|n| n.name.clone()).as_deref(), Some("X"));
    })
    .await;
}

#[tokio::test]
async fn s19_rights_that_ended_between_check_and_import_stop_it() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = app.person("admin.c", Role::Administrator, "county-a").await;
    let text = "code,name,parent code,kind\nx,X,township-a,branch\n";
    let sent = admin.send(Method::POST, "/api/v1/organisations/imports", "text/csv", text).await.expect(202).json();
    let path = format!("/api/v1/organisations/imports/{}", sent["id"].as_str().unwrap());
    finished(&app, &admin, &path).await;
    let applied = admin.post(&format!("{path}/apply"), &Value::Null).await.expect(202).json();
    let mut tx = app.db.begin().await.unwrap();
    app::accounts::Accounts(&mut tx).end_grants_at(org("county-a"), app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    let ended = finished(&app, &admin, &format!("/api/v1/organisations/imports/{}", applied["id"].as_str().unwrap())).await;
    assert_eq!(ended["groups"][0]["rule"], "not-yours", "{ended}");
}

#[tokio::test]
async fn pages_show_the_check_in_words_and_refuse_what_is_no_table() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = app.person("admin.p", Role::Administrator, "province").await.browser();
    let clerk = app.person("clerk", Role::Clerk, "province").await.browser();
    assert!(admin.get("/organisations/import").await.expect(200).text().contains("parent code"));
    clerk.get("/organisations/import").await.expect(403);
    let send = async |bytes: &[u8]| {
        let mut body = b"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.csv\"\r\n\r\n".to_vec();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--B--\r\n");
        let reply = admin.send(Method::POST, "/organisations/import", "multipart/form-data; boundary=B", body).await.expect(303);
        let page = reply.header("location").to_owned();
        finished(&app, &admin, &page.replace("/organisations", "/api/v1/organisations")).await;
        (admin.get(&page).await.expect(200).text(), page)
    };
    let (text, page) = send(b"code,name,parent code,kind\nx,X,nowhere,branch\n").await;
    assert!(text.contains("has one fault.") && text.contains("“nowhere”"), "{text}");
    let chinese = admin.clone().with("cookie", "language=zh-CN").get(&page).await.expect(200).text();
    assert!(chinese.contains("没有编码为“nowhere”的组织"), "{chinese}");
    for (bytes, words) in
        [(&b""[..], "empty"), (b"\0\x01\x02\x03", "not a spreadsheet"), (b"PK\x03\x04oh", "damaged"), (b"code,kind\nx,y\n", "missing")]
    {
        let (text, _) = send(bytes).await;
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn s6_200_000_rows_are_read_and_more_than_the_limit_is_refused_by_name() {
    let app = TestApp::sqlite().await;
    let mut text = String::from("code,name,parent code,kind\nr,Root,,province\n");
    for n in 0..200_000 {
        writeln!(text, "{n},Branch {n},r,branch").unwrap();
    }
    let dry = taken_over(&app, &text, true).await;
    assert_eq!((dry.added, dry.faults.len()), (200_001, 0));
    for n in 200_000..260_000 {
        writeln!(text, "{n},Branch {n},r,branch").unwrap();
    }
    let run = Run { actor: None, dry_run: true, progress: &|_| {}, cancelled: CancellationToken::new() };
    let refused = import(&app, &file(&app, "big.csv", &text), &run).await.unwrap_err();
    assert_eq!(refused.code, "sheet-too-much");
    assert!(refused.args.contains(&("what", "rows".to_owned())), "{:?}", refused.args);
}
