//! The mass profile behind a cache, and the page that keeps the picture alone: what reaches us does not grow with the number of viewers.

use super::{Host, publish};
use crate::support::TestApp;
use crate::support::binary::Binary;
use kernel::Role;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::Instant;

/// Viewers arrive evenly over so long.
const WINDOW: Duration = Duration::from_secs(12);

/// nginx as a cache before the server.
struct Cache {
    child: Child,
    address: String,
    log: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl Cache {
    async fn before(server: &Binary) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, settings(folder.path(), port, &server.url(""))).expect("settings");
        let program = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|p| Path::new(p).exists()).expect("nginx: scripts/need nginx");
        let child = Command::new(program)
            .args(["-p", folder.path().to_str().expect("UTF-8"), "-c", file.to_str().expect("UTF-8"), "-e", "stderr"])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx starts");
        let cache = Self { child, address: format!("http://127.0.0.1:{port}"), log: folder.path().join("access"), _folder: folder };
        while reqwest::get(format!("{}/healthz", cache.address)).await.is_err() {
            tokio::time::sleep(super::PAUSE).await;
        }
        cache
    }

    /// Requests that it could not answer by itself, so far. Whatever it did not keep counts, for whatever reason.
    fn passed_on(&self) -> usize {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let passed =
            |line: &&str| line.starts_with("/live") && !["HIT", "STALE", "UPDATING"].iter().any(|by_itself| line.ends_with(by_itself));
        log.lines().filter(passed).count()
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // Its workers end with it.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

fn settings(folder: &Path, port: u16, upstream: &str) -> String {
    let folder = folder.display();
    format!(
        "daemon off; worker_processes 1; pid {folder}/pid; user root;
events {{ worker_connections 8192; }}
http {{
  log_format passed '$uri $upstream_cache_status'; access_log {folder}/access passed; error_log {folder}/error;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  proxy_cache_path {folder}/cache keys_zone=live:10m;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {upstream}; proxy_http_version 1.1; proxy_set_header Connection '';
      proxy_cache live; proxy_cache_lock on; proxy_cache_use_stale updating;
    }}
  }}
}}
"
    )
}

/// What one viewer fetches on arriving: master, both playlists, the newest segment of each.
async fn watch(client: reqwest::Client, master: String) -> bool {
    let get = async |address: &str| {
        let answer = client.get(address).send().await.ok()?;
        (answer.status() == 200).then_some(answer)
    };
    let base = master.rsplit_once('/').expect("a folder").0.to_owned();
    if get(&master).await.is_none() {
        return false;
    }
    for track in ["video", "audio"] {
        let Some(answer) = get(&format!("{base}/{track}/plain.m3u8")).await else { return false };
        let text = answer.text().await.unwrap_or_default();
        let Some(newest) = text.lines().rfind(|line| line.contains(".m4s")) else { return false };
        if get(&format!("{base}/{track}/{newest}")).await.is_none() {
            return false;
        }
    }
    true
}

/// So many viewers over [`WINDOW`], each of whom `visit`s; requests a second that reached the server.
async fn origin_rate<F>(cache: &Cache, viewers: u32, visit: impl Fn(u32) -> F) -> f64
where
    F: Future<Output = bool> + Send + 'static,
{
    let (before, began) = (cache.passed_on(), Instant::now());
    let mut watching = tokio::task::JoinSet::new();
    for n in 0..viewers {
        let due = WINDOW * n / viewers;
        tokio::time::sleep(due.saturating_sub(began.elapsed())).await;
        watching.spawn(visit(n));
    }
    let seen = watching.join_all().await.into_iter().filter(|seen| *seen).count();
    assert_eq!(seen, viewers as usize, "everybody sees it");
    (cache.passed_on() - before) as f64 / began.elapsed().as_secs_f64()
}

#[tokio::test]
async fn g5_in_the_mass_profile_the_work_of_the_origin_does_not_grow_with_the_viewers() {
    let app = TestApp::now().await.with_tree().await;
    app.account("host.a", Role::Host, "township-a").await;
    let mut server = Binary::serve(app, "rtmp_listen = \"127.0.0.1:0\"").await;
    let rtmp = server.rtmp().await;
    let host = Host::with_a_broadcast(&server, "host.a").await;
    let _publisher = publish(&rtmp, &host.key, 180);
    host.is("testing").await;
    assert_eq!(host.post("on-air").await.0, 200);
    let path = format!("/api/v1/broadcasts/{}/profile", host.id);
    let chosen = host.client.put(server.url(&path)).json(&serde_json::json!({ "profile": "mass" })).send().await.expect("an answer");
    assert_eq!(chosen.status(), 200);
    let standing = host.until(&format!("/live/{}/state", host.id), |s| s["mode"] == "mass" && s["state"] == "on_air").await;
    let cache = Cache::before(&server).await;
    let master = format!("{}{}", cache.address, standing["manifest"].as_str().expect("an address"));
    assert!(master.ends_with("/plain.m3u8"), "{master}");
    while !watch(reqwest::Client::new(), master.clone()).await {
        tokio::time::sleep(super::PAUSE).await;
    }
    let client = reqwest::Client::new();
    let visit = |_| watch(client.clone(), master.clone());
    let (few, many) = (origin_rate(&cache, 1_000, visit).await, origin_rate(&cache, 4_000, visit).await);
    assert!(many < few * 1.1, "{few:.2}/s for 1,000 viewers, {many:.2}/s for 4,000");
}

/// Somebody with a device and a language of their own opens the page and looks how the broadcast stands.
async fn open_page(client: reqwest::Client, page: String, n: u32) -> bool {
    let language = ["zh-CN,zh;q=0.9", "en-GB,en;q=0.5", "zh-TW"][n as usize % 3];
    let request = client.get(&page).header("accept", "text/html").header("accept-language", language);
    let Ok(answer) = request.header("cookie", format!("kj_device={n:032x}; elder={}", n % 2)).send().await else { return false };
    let alike = answer.status() == 200 && !answer.headers().contains_key("set-cookie");
    let text = answer.text().await.unwrap_or_default();
    let state = client.get(format!("{page}/state")).send().await;
    alike && text.contains("<kj-player") && text.contains(" token=\"\"") && state.is_ok_and(|state| state.status() == 200)
}

#[tokio::test]
async fn g9_the_page_that_keeps_the_picture_alone_is_carried_by_the_cache() {
    let app = TestApp::now().await.with_tree().await;
    app.account("host.a", Role::Host, "township-a").await;
    let server = Binary::serve(app, "rtmp_listen = \"127.0.0.1:0\"").await;
    let host = Host::with_a_broadcast(&server, "host.a").await;
    let path = format!("/api/v1/broadcasts/{}/stage", host.id);
    let pinned = host.client.put(server.url(&path)).json(&serde_json::json!({ "stage": "static" })).send().await.expect("an answer");
    assert_eq!(pinned.status(), 200);
    let cache = Cache::before(&server).await;
    let page = format!("{}/live/{}", cache.address, host.id);
    let client = reqwest::Client::new();
    let visit = |n| open_page(client.clone(), page.clone(), n);
    assert!(visit(0).await);
    let (few, many) = (origin_rate(&cache, 1_000, visit).await, origin_rate(&cache, 4_000, visit).await);
    assert!(many < few * 1.1 + 0.2, "{few:.2}/s for 1,000 viewers, {many:.2}/s for 4,000");
    // Three languages every three seconds, and the state each second.
    assert!(many < 3.0, "{many:.2}/s reach the server");
}
