//! The real program: how it stops, what survives a kill, what its log tells (H7, S20).

use crate::support::TestApp;
use crate::support::binary::{Binary, run};
use crate::support::tree::PASSWORD;
use app::commands;
use app::config::Config;
use kernel::{Role, SystemClock};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const PAUSE: Duration = Duration::from_millis(20);

async fn connect(server: &Binary) -> std::io::Result<TcpStream> {
    let address = server.url("");
    TcpStream::connect(address.trim_start_matches("http://")).await
}

#[tokio::test]
async fn h7_a_request_under_way_is_answered_when_the_server_stops_and_new_ones_are_refused() {
    let app = TestApp::now().await.with_tree().await;
    app.account("li.wei", Role::Clerk, "branch-a").await;
    let mut server = Binary::serve(app, "").await;
    let body = format!("login=li.wei&password={}", PASSWORD.replace(' ', "+"));
    let (first, rest) = body.split_at(10);
    let head =
        "POST /sign-in HTTP/1.1\r\nhost: kaijiang.test\r\ncontent-type: application/x-www-form-urlencoded\r\nexpect: 100-continue\r\n";
    let mut slow = connect(&server).await.unwrap();
    slow.write_all(format!("{head}content-length: {}\r\n\r\n", body.len()).as_bytes()).await.unwrap();
    // The server asks for the body when the handler reads it: from here on the request is under way.
    let mut asked = [0; 25];
    slow.read_exact(&mut asked).await.unwrap();
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");
    slow.write_all(first.as_bytes()).await.unwrap();
    server.terminate();
    while connect(&server).await.is_ok() {
        tokio::time::sleep(PAUSE).await;
    }
    slow.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert!(server.ended().await.success());
}

/// Name, labels and value of a line of the text format.
fn sample(line: &str) -> (String, String, f64) {
    let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
    let (name, labels) =
        series.split_once('{').map_or((series, ""), |(name, rest)| (name, rest.strip_suffix('}').unwrap_or_else(|| panic!("{line}"))));
    assert!(name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'), "{line}");
    (name.to_owned(), labels.to_owned(), value.parse().unwrap_or_else(|_| panic!("{line}")))
}

#[tokio::test]
async fn h7_metrics_can_be_read_and_count_requests_by_route_and_never_by_path() {
    let server = Binary::serve(TestApp::now().await.with_tree().await, "").await;
    let client = server.client();
    for path in ["/lessons?q=secret", "/lessons/lsn_00000000000000000000000000000007", "/nowhere"] {
        client.get(server.url(path)).send().await.unwrap();
    }
    let answer = client.get(server.url("/metrics")).send().await.unwrap().error_for_status().unwrap();
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"), "{:?}", answer.headers());
    let text = answer.text().await.unwrap();
    let samples: Vec<_> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(sample).collect();
    let described = |name: &str| text.contains(&format!("# TYPE {name} ")) && text.contains(&format!("# HELP {name} "));
    for (name, _, value) in &samples {
        let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
        assert!(described(family) && value.is_finite() || name.ends_with("_bucket"), "{name}");
    }
    let requests = |route: &str, status: &str| {
        let fits = |labels: &str| labels.contains(&format!("route=\"{route}\"")) && labels.contains(&format!("status=\"{status}\""));
        samples.iter().filter(|(name, labels, _)| name == "kaijiang_requests_total" && fits(labels)).map(|(.., n)| n).sum::<f64>()
    };
    assert!((requests("/lessons", "200") - 1.0).abs() < 0.1 && (requests("/lessons/{id}", "404") - 1.0).abs() < 0.1, "{text}");
    assert!(samples.iter().any(|(name, ..)| name == "kaijiang_request_seconds_count"), "{text}");
    assert!(!text.contains("secret") && !text.contains("lsn_"), "{text}");
}

#[tokio::test]
async fn a_sign_in_survives_a_kill() {
    let app = TestApp::now().await.with_tree().await;
    app.account("li.wei", Role::Clerk, "branch-a").await;
    let mut server = Binary::serve(app, "").await;
    let li = server.signed_in("li.wei").await;
    server.kill().await;
    server.restart().await;
    assert_eq!(li.post(server.url("/sign-out")).send().await.unwrap().status(), 303);
}

#[tokio::test]
async fn bad_settings_are_refused_with_name_value_and_bounds() {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("kaijiang.toml");
    for (line, told) in [
        ("idle_minutes = 1", "setting idle_minutes is 1; it must be 5 to 1440"),
        ("pack = \"none\"", "setting pack is none; it must be generic or lecture-opens"),
        ("idle_minuets = 30", "unknown field `idle_minuets`"),
        ("listen = \"here\"", "invalid socket address"),
    ] {
        std::fs::write(&config, line).unwrap();
        let ended = run(dir.path(), &["serve", "--config", config.to_str().unwrap()]).await;
        let words = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(1), "{words}");
        assert!(words.contains(told), "{words}");
    }
    let ended = run(dir.path(), &["serve", "--listen", "8080"]).await;
    assert_eq!(ended.status.code(), Some(2), "a wrong flag is wrong use");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("8080"));
    assert!(!dir.path().join("kaijiang.sqlite").exists(), "nothing was started");
}

#[tokio::test]
async fn a_reader_who_has_read_enough_is_no_failure() {
    let dir = tempfile::tempdir().unwrap();
    let line = format!("set -o pipefail; '{}' openapi | head -n 1", env!("CARGO_BIN_EXE_kaijiang"));
    let done = tokio::process::Command::new("bash").args(["-c", &line]).current_dir(dir.path()).output().await.unwrap();
    assert!(done.status.success(), "{done:?}");
    assert_eq!((done.stdout.as_slice(), done.stderr.as_slice()), (&b"{\n"[..], &b""[..]));
}

#[tokio::test]
async fn a_data_folder_named_from_here_is_found_from_anywhere() {
    let dir = tempfile::tempdir().unwrap();
    let here = std::env::current_dir().unwrap();
    let up = "../".repeat(here.components().count() - 1);
    let data = format!("{up}{}", dir.path().to_str().unwrap().trim_start_matches('/'));
    let config = Config { data: data.into(), ..Config::default() };
    let app = commands::build_tool(config, Arc::new(SystemClock)).await.unwrap();
    // ffmpeg runs elsewhere: `make run` with its `./data` made every recording "not a recording".
    assert!(app.config.data.is_absolute() && app.objects.root().is_absolute(), "{}", app.objects.root().display());
    assert!(dir.path().join("files/originals").is_dir());
}
