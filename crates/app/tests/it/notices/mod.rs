//! Mail, handed to a server that others wrote.

mod accounts;
mod killed;
mod reports;
mod sending;

use crate::support::python::python;
use crate::support::tree::PASSWORD;
use crate::support::{Client, TestApp, empty_database};
use app::accounts::Accounts;
use app::config::Config;
use app::notices::{self, Draft, NoticeId, NoticeState};
use app::work::guards;
use kernel::{AccountId, Role};
use serde_json::Value;
use std::future::Future;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;
use tokio::sync::mpsc;

/// A mail that does not come within this time does not come.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running mail server.
pub struct MailServer {
    _child: Child,
    mails: mpsc::UnboundedReceiver<String>,
    pub port: u16,
    pub folder: tempfile::TempDir,
}

impl MailServer {
    pub async fn start() -> Self {
        Self::with(tempfile::tempdir().unwrap(), &[]).await
    }

    pub async fn with(folder: tempfile::TempDir, arguments: &[&str]) -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/server.py");
        let mut command = tokio::process::Command::new(python("mail"));
        command.arg(program).arg(folder.path()).args(arguments).current_dir(folder.path()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().expect("the mail server starts");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next_line().await.unwrap().expect("it tells its port").trim().parse().unwrap();
        // Read all the while: a server that could not write would not answer either.
        let (send, mails) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let _ = send.send(line);
            }
        });
        Self { _child: child, mails, port, folder }
    }

    /// The next mail that it took.
    pub async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.mails.recv()).await.expect("a mail comes in time");
        serde_json::from_str(&line.expect("the server runs")).unwrap()
    }

    /// Fails when it took another one.
    pub async fn nothing_more(&mut self) {
        let more = tokio::time::timeout(Duration::from_millis(300), self.mails.recv()).await;
        assert!(more.is_err(), "{more:?}");
    }

    /// Settings that hand mail to it.
    pub fn set(&self, config: &mut Config) {
        config.mail_host = "localhost".into();
        config.mail_port = self.port;
        config.mail_security = "none".into();
        config.mail_from = "开讲 <reports@lessons.example>".into();
        config.public_url = "https://lessons.example".into();
    }

    /// An application with the tree that hands its mail to this server, on one of the databases.
    pub async fn app(&self, cluster: Option<&str>) -> TestApp {
        let database = match cluster {
            Some(cluster) => empty_database(cluster).await,
            None => String::new(),
        };
        let app = TestApp::sqlite_with(|config| {
            self.set(config);
            config.database = database;
        });
        app.await.with_tree().await
    }
}

/// Runs a test with a mail server, on SQLite and on Postgres.
async fn both<F, Fut>(test: F)
where
    F: Fn(TestApp, MailServer) -> Fut,
    Fut: Future<Output = ()>,
{
    for cluster in [None, Some(crate::support::cluster())] {
        let server = MailServer::start().await;
        test(server.app(cluster.as_deref()).await, server).await;
    }
}

/// Sends all that is due; how many.
async fn send_all(app: &TestApp) -> usize {
    let mut sent = 0;
    while notices::send_next(app, &guards()).await.unwrap() {
        sent += 1;
    }
    sent
}

/// A letter to `to`.
fn letter(account: AccountId, to: &str) -> Draft {
    Draft {
        kind: "test.letter",
        about: String::new(),
        account,
        to: to.into(),
        name: "李桂芳".into(),
        subject: "清河省 统计月报".into(),
        text: "您好！\n".into(),
        files: Vec::new(),
        unsubscribe: String::new(),
    }
}

async fn posted(app: &TestApp, draft: &Draft) -> NoticeId {
    let mut tx = app.db.begin().await.unwrap();
    let id = notices::post(&mut tx, app, draft).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn state(app: &TestApp, id: NoticeId) -> (NoticeState, i64, Option<String>) {
    let line = notices::find(&mut app.db.read().await.unwrap(), id).await.unwrap().unwrap();
    (line.state, line.attempts, line.reason)
}

/// Somebody with a role and a proved address, signed in.
async fn subscriber(app: &TestApp, login: &str, role: Role, code: &str) -> Client {
    let account = app.account(login, role, code).await;
    give_address(app, account, &format!("{login}@example.org")).await;
    app.anonymous().signed_in(login, PASSWORD).await
}

async fn give_address(app: &TestApp, account: AccountId, address: &str) {
    let mut tx = app.db.begin().await.unwrap();
    let asked = Accounts(&mut tx).want_mail(account, address).await.unwrap();
    assert!(Accounts(&mut tx).prove_mail(account, asked).await.unwrap());
    tx.commit().await.unwrap();
}

/// The address of a link in a mail, without what is before its path.
fn path_of(link: &str) -> String {
    link.strip_prefix("https://lessons.example").unwrap_or_else(|| panic!("{link}")).to_owned()
}

/// The first link in a text that leads below `path`.
fn link_in(text: &str, path: &str) -> String {
    let start = format!("https://lessons.example{path}");
    let link = text.split_whitespace().find(|word| word.starts_with(&start)).unwrap_or_else(|| panic!("no {path} in {text}"));
    path_of(link)
}
