//! The real program on a data folder of its own: started on a free port, killed, restarted.
//!
//! ```ignore
//! let app = TestApp::now().await.with_tree().await;
//! app.account("li.wei", Role::Clerk, "branch-a").await;
//! let mut server = Binary::serve(app, "").await;
//! let li = server.signed_in("li.wei").await;
//! li.get(server.url("/desk")).send().await;
//! server.kill().await;
//! server.restart().await;
//! ```

use super::{TestApp, tree::PASSWORD};
use app::state::App;
use kernel::{Clock, SystemClock};
use reqwest::redirect::Policy;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// A start that takes longer than this failed.
const START: Duration = Duration::from_mins(1);
/// A stop that takes longer than this failed; the program gives its requests 20 s.
const STOP: Duration = Duration::from_secs(40);

/// The program, running or stopped, with its folder.
pub struct Binary {
    running: Option<(Child, BufReader<ChildStdout>)>,
    base: String,
    data: PathBuf,
    database: String,
    config: PathBuf,
    log: PathBuf,
    _folders: [tempfile::TempDir; 2],
}

/// A command line of the program on a data folder, with nothing from the environment of the test run.
fn kaijiang(wrapper: &[&str], data: &Path, args: &[&str]) -> Command {
    let mut words = wrapper.iter().copied().chain([env!("CARGO_BIN_EXE_kaijiang")]);
    let mut command = Command::new(words.next().expect("at least the program"));
    command.args(words);
    for name in ["KAIJIANG_DATABASE", "KAIJIANG_CONFIG", "KAIJIANG_LISTEN", "KAIJIANG_LOG"] {
        command.env_remove(name);
    }
    command.args(args).env("KAIJIANG_DATA", data).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// Runs the program to its end.
pub async fn run(data: &Path, args: &[&str]) -> Output {
    kaijiang(&[], data, args).output().await.expect("the program starts")
}

impl TestApp {
    /// On SQLite, with a clock that stands at the time of the machine: what it stores is good for [`Binary::serve`].
    pub async fn now() -> Self {
        let app = Self::sqlite().await;
        app.clock.advance_ms(SystemClock.now() - app.clock.now());
        app
    }
}

impl Binary {
    /// Serves what `app` stored, whose handles are closed first. `settings` are lines of TOML; limits of requests are lifted
    /// unless they name them.
    pub async fn serve(app: TestApp, settings: &str) -> Self {
        let TestApp { app, dir, .. } = app;
        let database = app.config.database.clone();
        if let Some(views) = &app.views {
            views.close().await.expect("the ledger closes");
        }
        app.db.close().await;
        drop(app);
        let beside = tempfile::tempdir().expect("a temporary folder");
        let config = beside.path().join("kaijiang.toml");
        let lifted = ["requests_per_minute = 10000000", "sign_in_per_minute = 100000"];
        let named = |line: &&str| settings.contains(line.split(' ').next().expect("a name"));
        let mut lines: Vec<_> = lifted.into_iter().filter(|l| !named(l)).collect();
        lines.push(settings);
        std::fs::write(&config, lines.join("\n")).expect("settings are written");
        let mut binary = Self {
            running: None,
            base: String::new(),
            data: dir.path().to_owned(),
            database,
            config,
            log: beside.path().join("log"),
            _folders: [dir, beside],
        };
        binary.restart().await;
        binary
    }

    /// Starts it (again) on the same data and another free port; returns when it listens.
    pub async fn restart(&mut self) {
        self.restart_behind(&[]).await;
    }

    /// The same behind `wrapper`: a program with arguments that ends by starting what follows them.
    pub async fn restart_behind(&mut self, wrapper: &[&str]) {
        assert!(self.running.is_none(), "it runs already");
        let log = std::fs::File::options().append(true).create(true).open(&self.log).expect("a log file");
        let mut command = kaijiang(wrapper, &self.data, &["serve", "--listen", "127.0.0.1:0"]);
        command.env("KAIJIANG_CONFIG", &self.config).stdout(Stdio::piped()).stderr(log);
        if !self.database.is_empty() {
            command.env("KAIJIANG_DATABASE", &self.database);
        }
        let mut child = command.spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output is piped"));
        let mut line = String::new();
        // Other lines may come before, such as the accounts of the demonstration.
        while !line.starts_with("listening on ") {
            line.clear();
            let read = tokio::time::timeout(START, out.read_line(&mut line)).await.expect("it listens in time").expect("its output");
            assert!(read > 0, "it ended before it listened: {}", self.log());
        }
        line.trim_start_matches("listening on ").trim().clone_into(&mut self.base);
        self.running = Some((child, out));
    }

    /// Where it takes broadcasts in, as encoders write it; the line behind the one that says that it listens.
    pub async fn rtmp(&mut self) -> String {
        let (_, out) = self.running.as_mut().expect("it runs");
        let mut line = String::new();
        tokio::time::timeout(START, out.read_line(&mut line)).await.expect("it tells in time").expect("its output");
        let address = line.trim().strip_prefix("broadcasts are taken in at ").map(str::to_owned);
        address.unwrap_or_else(|| panic!("no address of broadcasts: {line:?}; log: {}", self.log()))
    }

    /// Starts it on another data folder.
    pub async fn serve_from(&mut self, data: &Path) {
        data.clone_into(&mut self.data);
        self.restart().await;
    }

    /// The same with the records in another database; empty for SQLite in the folder.
    pub async fn serve_copy(&mut self, data: &Path, database: &str) {
        database.clone_into(&mut self.database);
        self.serve_from(data).await;
    }

    fn child(&mut self) -> &mut Child {
        &mut self.running.as_mut().expect("it runs").0
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.running.as_ref().and_then(|(child, _)| child.id()).expect("it runs")
    }

    /// `kill -9`: nothing is finished, nothing is flushed.
    pub async fn kill(&mut self) {
        self.child().kill().await.expect("it can be killed");
        self.running = None;
    }

    /// Asks it to stop (`SIGTERM`) and returns at once.
    pub fn terminate(&mut self) {
        let id = self.child().id().and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
        rustix::process::kill_process(id.expect("it runs"), rustix::process::Signal::TERM).expect("it can be told");
    }

    /// Waits until it ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        let status = tokio::time::timeout(STOP, self.child().wait()).await.expect("it ends in time").expect("a status");
        self.running = None;
        status
    }

    /// The address of `path` at the running server.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Everything it wrote to its log, over all its starts.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A client that keeps cookies and follows no redirect.
    #[allow(clippy::unused_self, reason = "it reads as the server's client")]
    pub fn client(&self) -> reqwest::Client {
        reqwest::Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("a client")
    }

    /// A client of someone with the password of every test account.
    pub async fn signed_in(&self, login: &str) -> reqwest::Client {
        let client = self.client();
        let form = [("login", login), ("password", PASSWORD)];
        let answer = client.post(self.url("/sign-in")).form(&form).send().await.expect("an answer");
        assert_eq!(answer.status(), 303, "{login} signs in");
        client
    }

    /// Someone's cookie, for programs of others.
    pub async fn cookie(&self, login: &str) -> String {
        let form = [("login", login), ("password", PASSWORD)];
        let answer = self.client().post(self.url("/sign-in")).form(&form).send().await.expect("an answer");
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        cookie.split(';').next().expect("a name and a value").to_owned()
    }

    /// The stored records, opened in this process too, without the view ledger.
    pub async fn open(&self) -> App {
        let config = app::config::Config { data: self.data.clone(), database: self.database.clone(), ..app::config::Config::default() };
        app::commands::build_tool(config, std::sync::Arc::new(SystemClock)).await.expect("the application builds")
    }
}
