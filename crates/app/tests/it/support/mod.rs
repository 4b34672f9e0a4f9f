//! A whole application per test: own data folder, own database, a clock that stands still, and requests without a socket.

pub mod binary;
pub mod broadcast;
pub mod campaign;
pub mod client;
pub mod held;
pub mod jobs;
pub mod lesson;
pub mod openpyxl;
pub mod python;
pub mod submission;
pub mod tree;

use app::commands;
use app::config::Config;
use app::state::App;
use kernel::{Clock, ManualClock, Timestamp};
use std::future::Future;
use std::sync::Arc;

pub use client::Client;

/// 2026-11-23T09:00:00+08:00, a Monday.
pub const MONDAY: Timestamp = Timestamp(1_795_395_600_000);

/// One application with everything of its own.
pub struct TestApp {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub dir: tempfile::TempDir,
}

impl std::ops::Deref for TestApp {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestApp {
    /// On SQLite.
    pub async fn sqlite() -> Self {
        Self::sqlite_with(|_| ()).await
    }

    /// On SQLite, with other settings.
    pub async fn sqlite_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::on(String::new(), change).await
    }

    /// On the Postgres cluster of the test run, in a database of its own.
    pub async fn postgres(cluster: &str) -> Self {
        Self::on(empty_database(cluster).await, |_| ()).await
    }

    async fn on(database: String, change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(ManualClock::at(MONDAY));
        let mut config = Config {
            data: dir.path().to_owned(),
            database,
            requests_per_minute: 10_000_000,
            sign_in_per_minute: 100_000,
            portal_keep_ms: 0,
            ..Config::default()
        };
        change(&mut config);
        let app = commands::build(config, clock.clone() as Arc<dyn Clock>).await.expect("the application builds");
        Self { app, clock, dir }
    }

    /// Someone who is not signed in, reading English.
    pub fn anonymous(&self) -> Client {
        Client::new(self.app.clone())
    }
}

/// A new database of the cluster: its address.
pub async fn empty_database(cluster: &str) -> String {
    let name = format!("t_{:032x}", u128::from_le_bytes(kernel::random::bytes()));
    let admin = sqlx::postgres::PgPool::connect(cluster).await.expect("the test run's Postgres answers");
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&admin).await.expect("a fresh database");
    admin.close().await;
    let (base, _) = cluster.rsplit_once('/').expect("a database in the address");
    format!("{base}/{name}")
}

/// The Postgres of the test run.
pub fn cluster() -> String {
    std::env::var("KAIJIANG_TEST_POSTGRES").expect("run by scripts/with-postgres, which sets KAIJIANG_TEST_POSTGRES")
}

/// Runs a test on SQLite and on Postgres. `make test` starts Postgres; without its address the test fails and says so.
pub async fn both<F, Fut>(test: F)
where
    F: Fn(TestApp) -> Fut,
    Fut: Future<Output = ()>,
{
    test(TestApp::sqlite().await).await;
    test(TestApp::postgres(&cluster()).await).await;
}
