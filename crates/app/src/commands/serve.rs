//! `kaijiang serve`: builds the App value, listens, works, stops gently.

use super::Place;
use crate::config::Config;
use crate::db::{Db, DbError, SQLITE};
use crate::i18n::Translations;
use crate::objects::Objects;
use crate::state::{App, Parts};
use crate::{broadcasts, demo, organisations, recordings, rooms, routes, watching, web, work};
use anyhow::Context;
use arc_swap::ArcSwap;
use kernel::{Clock, SystemClock, Timestamp};
use ledger::{Ledger, Options};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Requests that still run when the server stops get this long.
const GRACE: Duration = Duration::from_secs(20);

/// Opens everything that `config` names, the view ledger too, and brings the tables up to date: one server per data folder.
pub async fn build(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<App> {
    std::fs::create_dir_all(&config.data).with_context(|| format!("data folder {}", config.data.display()))?;
    let folder = config.data.join("ledger");
    let opened = tokio::task::spawn_blocking(move || Ledger::open(folder, &ledger_options()));
    let views = opened.await?.context("view ledger")?;
    assemble(config, clock, Some(Arc::new(views))).await
}

/// How the view ledger is kept: each kind of event once a day.
pub(super) fn ledger_options() -> Options {
    let windows_ms = [watching::VIEW, watching::PLAY, watching::WATCHED, watching::SPREAD].map(|kind| (kind, Timestamp::DAY_MS)).into();
    Options { windows_ms, ..Options::default() }
}

/// The same without the view ledger, for commands that may run beside a server.
pub async fn build_tool(config: Config, clock: Arc<dyn Clock>) -> anyhow::Result<App> {
    assemble(config, clock, None).await
}

async fn assemble(mut config: Config, clock: Arc<dyn Clock>, views: Option<Arc<Ledger>>) -> anyhow::Result<App> {
    // ffmpeg works in a folder of its own, where `./data` would be another place.
    config.data = std::path::absolute(&config.data).context("the data folder")?;
    std::fs::create_dir_all(&config.data).with_context(|| format!("data folder {}", config.data.display()))?;
    let db = open_database(&config).await?;
    db.migrate().await?;
    let zone = config.time_zone()?;
    let tree = organisations::load_tree(&db, clock.now()).await?;
    Ok(App::new(Parts {
        secret: secret(&config.data)?,
        objects: Objects::open(&config.data)?,
        words: Translations::load(&config.pack, zone.clone())?,
        assets: web::Assets::load(),
        recent: web::RecentPages::default(),
        limits: web::Limits::default(),
        listening: std::sync::OnceLock::new(),
        metrics: web::Metrics::new()?,
        started_at: clock.now(),
        watching: watching::actions::Progress::default(),
        audiences: watching::Audiences::default(),
        studios: broadcasts::Studios::default(),
        showings: broadcasts::Showings::default(),
        press: crate::typesetting::Press::default(),
        posters: broadcasts::poster::Posters::default(),
        rooms: rooms::Rooms::default(),
        views,
        tree: ArcSwap::from_pointee(tree),
        dated_tree: ArcSwap::default(),
        numbers: ArcSwap::default(),
        cube: crate::statistics::Cube::default(),
        uploads: recordings::Doors::default(),
        shelf: recordings::Shelf::new(config.media_memory_mib),
        standing: recordings::Standing::default(),
        machine: crate::machine::Machine::default(),
        toolbox: recordings::Toolbox::of(config.ffmpeg.clone()),
        wake: tokio::sync::Notify::new(),
        zone,
        clock,
        db,
        config,
    }))
}

/// The database that `config` names, as it is.
pub(super) async fn open_database(config: &Config) -> Result<Db, DbError> {
    if config.database.is_empty() { Db::sqlite(&config.data.join(SQLITE)).await } else { Db::postgres(&config.database).await }
}

/// The same for a command that must not make a new one by mistake.
pub(super) async fn open_existing(config: &Config) -> anyhow::Result<Db> {
    let file = config.data.join(SQLITE);
    anyhow::ensure!(!config.database.is_empty() || file.exists(), "there is no database at {}; is --data right?", file.display());
    Ok(open_database(config).await?)
}

/// The key of signed addresses: made once, readable by the server's user alone.
fn secret(data: &Path) -> anyhow::Result<[u8; 32]> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let path = data.join("secret.key");
    if !path.exists() {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(&kernel::random::bytes::<32>())?;
        file.sync_all()?;
    }
    let bytes = std::fs::read(&path).context("secret.key")?;
    bytes.try_into().map_err(|_| anyhow::anyhow!("{} must hold 32 bytes", path.display()))
}

/// A server that listens.
#[derive(Debug)]
pub struct Server {
    /// Where.
    pub address: SocketAddr,
    /// Where publishers are taken in; none when the address was taken.
    pub rtmp: Option<SocketAddr>,
    /// Fires to stop it.
    pub stop: CancellationToken,
    /// Its tasks.
    pub tracker: TaskTracker,
}

/// Listens and starts the workers; returns at once.
pub async fn start(app: &App) -> anyhow::Result<Server> {
    let listener = TcpListener::bind(app.config.listen).await.with_context(|| format!("cannot listen on {}", app.config.listen))?;
    let publishers = intake(app.config.rtmp_listen).await;
    let server = Server {
        address: listener.local_addr()?,
        rtmp: publishers.as_ref().and_then(|publishers| publishers.local_addr().ok()),
        stop: CancellationToken::new(),
        tracker: TaskTracker::new(),
    };
    // A second start in one process (tests) keeps the first.
    let _ = app.listening.set(server.address);
    work::start(app, &server.tracker, &server.stop);
    if let Some(at) = server.rtmp {
        app.studios.opened_at(at);
    }
    if let Some(publishers) = publishers {
        server.tracker.spawn(broadcasts::studio::intake::listen(app.clone(), publishers, live::serve::Plain, server.stop.clone()));
    }
    if !app.config.rtmps_certificate.as_os_str().is_empty() {
        let door = live::serve::Tls::from_pem(&app.config.rtmps_certificate, &app.config.rtmps_key).context("RTMPS")?;
        if let Some(publishers) = intake(app.config.rtmps_listen).await {
            server.tracker.spawn(broadcasts::studio::intake::listen(app.clone(), publishers, door, server.stop.clone()));
        }
    }
    if let Some(phones) = broadcasts::studio::phones::listen(app, &server.stop).await {
        server.tracker.spawn(phones);
    }
    server.tracker.spawn({
        let app = app.clone();
        async move { app.toolbox.tell().await }
    });
    let service = routes::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let stopped = server.stop.clone().cancelled_owned();
    server.tracker.spawn(async move {
        if let Err(cause) = axum::serve(listener, service).with_graceful_shutdown(stopped).await {
            tracing::error!(%cause, "the listener failed");
        }
    });
    server.tracker.close();
    Ok(server)
}

/// The door for publishers. Without it everything but broadcasts works, so a taken address stops nothing else.
async fn intake(at: SocketAddr) -> Option<TcpListener> {
    match TcpListener::bind(at).await {
        Ok(listener) => Some(listener),
        Err(cause) => {
            tracing::error!(%at, %cause, "no broadcasts are taken in: set rtmp_listen to a free address");
            None
        }
    }
}

pub(super) async fn serve(place: &Place, listen: Option<SocketAddr>, demo: bool) -> anyhow::Result<ExitCode> {
    let mut config = place.config()?;
    config.listen = listen.unwrap_or(config.listen);
    log_as_json();
    let app = build(config, Arc::new(SystemClock)).await?;
    let planted = demo && demo::plant(&app).await?;
    let server = start(&app).await?;
    // From here on a stop is heard: whoever reads the line below may send one at once.
    let told_to_stop = stop_signal()?;
    say(&format!("listening on http://{}", server.address))?;
    if let Some(rtmp) = server.rtmp {
        say(&format!("broadcasts are taken in at rtmp://{rtmp}/{}", broadcasts::studio::intake::APPLICATION))?;
    }
    if demo {
        tell_demo_accounts(planted)?;
        tokio::spawn(demo::plan_showing(app.clone(), server.stop.clone()));
    }
    told_to_stop.await;
    server.stop.cancel();
    if tokio::time::timeout(GRACE, server.tracker.wait()).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    if let Some(views) = &app.views {
        views.close().await?;
    }
    app.db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// One line for people and for the programs that start us.
fn say(line: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn tell_demo_accounts(planted: bool) -> std::io::Result<()> {
    let levels = demo::LEVELS.join(", ");
    say(&format!("demo accounts: ROLE.LEVEL, password {}; levels: {levels}", demo::PASSWORD))?;
    say("  for example clerk.branch, reviewer.township, reviewer.county, reviewer.city, reviewer.province,")?;
    say("  editor.province, editor2.province, editor3.province, administrator.province, auditor.province")?;
    say("  host.province runs broadcasts; a lesson is shown to everyone together two minutes from now")?;
    say(if planted {
        "  lessons are being rendered and walk up the tree: about four minutes"
    } else {
        "  the data folder was filled before and is left as it is"
    })
}

fn log_as_json() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KAIJIANG_LOG").unwrap_or_else(|_| "info,sqlx=warn".into());
    // A second call (tests in one process) keeps the first subscriber.
    let _ = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Ends when the program is told to stop; hears it from the call on, not from the first poll.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! { _ = interrupted.recv() => {}, _ = terminated.recv() => {} }
    })
}
