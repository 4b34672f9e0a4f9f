//! The program as an administrator types it: what it says, what it does, how it ends (H1).

use crate::support::binary::{Binary, run, run_with};
use crate::support::{TestApp, tree::PASSWORD};
use std::path::{Path, PathBuf};
use std::process::Output;

const GOOD: &str = "code,name,parent code,kind,members\np,Some Province,,province,0\nc,Some City,p,city,0\n";
const BAD: &str = "code,name,parent code,kind,members\np,Some Province,,province,0\nc,Some City,p,city,many\n";

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Fails with what the program said when it ended otherwise.
fn ended(output: &Output, code: i32) -> String {
    let said = said(output);
    assert_eq!(output.status.code(), Some(code), "{said}");
    said
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn h1_help_shows_examples_and_every_command_explains_itself() {
    let folder = tempfile::tempdir().unwrap();
    let help = ended(&run(folder.path(), &["--help"]).await, 0);
    for part in ["Examples:", "kaijiang serve --demo", "kaijiang admin create", "kaijiang import organisations", "Exit codes:"] {
        assert!(help.contains(part), "{part}: {help}");
    }
    let commands: Vec<_> =
        help.split("Commands:").nth(1).unwrap().lines().skip(1).map_while(|line| line.split_whitespace().next()).collect();
    for wanted in ["serve", "import", "admin", "audit", "backup", "restore", "recount", "openapi"] {
        assert!(commands.contains(&wanted), "{wanted}: {commands:?}");
        assert!(ended(&run(folder.path(), &[wanted, "--help"]).await, 0).contains("Usage:"), "{wanted}");
    }
    for wrong in [&["serv"][..], &["serve", "--listen", "nowhere"], &["import", "organisations"], &[]] {
        assert!(ended(&run(folder.path(), wrong).await, 2).contains("--help"), "{wrong:?}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was made");
}

#[tokio::test]
async fn h1_a_register_is_tried_refused_with_a_workbook_and_taken_over_and_an_administrator_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (good, bad, errors) =
        (file(folder.path(), "good.csv", GOOD), file(folder.path(), "bad.csv", BAD), folder.path().join("errors.xlsx"));
    let import = async |args: &[&str]| run(&data, &[&["import", "organisations"][..], args].concat()).await;
    let [good, bad, to] = [&good, &bad, &errors].map(|path| path.to_str().unwrap());
    let create = ["admin", "create", "--login", "li.wei", "--name", "Li Wei"];
    let early = ended(&run_with(&data, &create, PASSWORD).await, 1);
    assert!(early.contains("import the tree first"), "{early}");

    assert!(ended(&import(&[good, "--dry-run"]).await, 0).contains('2'), "what would be added");
    let faults = ended(&import(&[bad, "--errors", to]).await, 1);
    assert!(faults.contains("“many” is not a whole number") && faults.contains(to), "{faults}");
    assert!(errors.metadata().unwrap().len() > 1_000);
    ended(&import(&["/nowhere.csv"]).await, 1);
    assert!(ended(&run_with(&data, &create, PASSWORD).await, 1).contains("import the tree first"), "nothing was taken over yet");
    ended(&import(&[good]).await, 0);
    assert!(ended(&import(&[good]).await, 0).contains('2'), "the same again changes nothing");

    let weak = ended(&run_with(&data, &create, "short\n").await, 1);
    assert!(weak.contains("password: has 5 characters"), "{weak}");
    let elsewhere = ended(&run_with(&data, &[&create[..], &["--organisation", "x"]].concat(), PASSWORD).await, 1);
    assert!(elsewhere.contains("there is no such organisation"), "{elsewhere}");
    assert!(ended(&run_with(&data, &create, &format!("{PASSWORD}\n")).await, 0).contains("created li.wei, administrator of Some Province"));
    assert!(ended(&run_with(&data, &create, PASSWORD).await, 1).contains("taken"), "once is enough");

    let mut server = Binary::serve(TestApp::now().await, "").await;
    server.kill().await;
    server.serve_from(&data).await;
    let li = server.signed_in("li.wei").await;
    let page = li.get(server.url("/organisations")).send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
    assert!(page.contains("Some Province"), "{page}");
}
