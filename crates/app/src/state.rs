//! The App value: everything a request or a job needs, built once by `main` and passed along.

use crate::config::Config;
use crate::db::Db;
use crate::i18n::Translations;
use crate::objects::Objects;
use crate::organisations::{DatedTree, Tree};
use crate::statistics::Numbers;
use arc_swap::ArcSwap;
use kernel::{Clock, Timestamp};
use ledger::Ledger;
use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// A cheap handle on the running program.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] consists of.
pub struct Parts {
    /// Settings, checked.
    pub config: Config,
    /// The time zone of days and deadlines.
    pub zone: jiff::tz::TimeZone,
    /// Where "now" comes from.
    pub clock: Arc<dyn Clock>,
    /// Records.
    pub db: Db,
    /// Files.
    pub objects: Objects,
    /// The tree as it is now.
    pub tree: ArcSwap<Tree>,
    /// The tree as it was on any day; read through [`crate::organisations::dated_tree`], which keeps it current.
    pub dated_tree: ArcSwap<DatedTree>,
    /// Numbers of organisations in the sets of statistics; read through `statistics`, which keeps them current.
    pub numbers: ArcSwap<Numbers>,
    /// Months of statistics that were read.
    pub cube: crate::statistics::Cube,
    /// Words.
    pub words: Translations,
    /// Wakes a job worker before its next look at the queue.
    pub wake: tokio::sync::Notify,
    /// Who is at which upload.
    pub uploads: crate::recordings::Doors,
    /// Files that many players fetch.
    pub shelf: crate::recordings::Shelf,
    /// Who may still use their signed media addresses.
    pub standing: crate::recordings::Standing,
    /// How busy this machine is.
    pub machine: crate::machine::Machine,
    /// ffmpeg and its jail.
    pub toolbox: crate::recordings::Toolbox,
    /// Key of signed media addresses and playback tokens.
    pub secret: [u8; 32],
    /// Hashed names of scripts and styles.
    pub assets: crate::web::Assets,
    /// Pages of the portal that anonymous readers get alike.
    pub recent: crate::web::RecentPages,
    /// Counters and limits of this node.
    pub limits: crate::web::Limits,
    /// Where the server really listens, once it does.
    pub listening: OnceLock<SocketAddr>,
    /// Figures for Prometheus.
    pub metrics: crate::web::Metrics,
    /// When this node started.
    pub started_at: Timestamp,
    /// Plays and views, append-only; only the server holds it, a command beside a running server does not.
    pub views: Option<Arc<Ledger>>,
    /// Broadcasts that are tested or on air on this node.
    pub studios: crate::broadcasts::Studios,
    /// Playlists of showings that players fetch now.
    pub showings: crate::broadcasts::Showings,
    /// What prints sheets of paper.
    pub press: crate::typesetting::Press,
    /// Posters of broadcasts.
    pub posters: crate::broadcasts::poster::Posters,
    /// Rooms that are open on this node.
    pub rooms: crate::rooms::Rooms,
    /// How far each player's reports are counted.
    pub watching: crate::watching::actions::Progress,
    /// Who watches which broadcast, and how many of them report.
    pub audiences: crate::watching::Audiences,
}

impl App {
    /// Wraps the parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The view ledger, or `ledger-closed` in a program that counts no views.
    pub fn ledger(&self) -> Result<&Arc<Ledger>, crate::problem::Problem> {
        self.views.as_ref().ok_or_else(|| crate::problem::Problem::conflict("ledger-closed"))
    }

    /// The address that readers use, without a slash at its end, where no request tells it better
    /// ([`crate::web::origin`]): as set, else where the server listens.
    pub fn public_url(&self) -> String {
        let set = self.config.public_url.trim_end_matches('/');
        if !set.is_empty() {
            return set.to_owned();
        }
        let at = self.listening.get().copied().unwrap_or(self.config.listen);
        // Listening everywhere is no address to go to.
        if at.ip().is_unspecified() { format!("http://localhost:{}", at.port()) } else { format!("http://{at}") }
    }

    /// The time now, as calendar day of this installation.
    pub fn today(&self) -> crate::deltas::Day {
        crate::deltas::Day::of(self.clock.now(), &self.zone)
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("data", &self.config.data).finish_non_exhaustive()
    }
}
