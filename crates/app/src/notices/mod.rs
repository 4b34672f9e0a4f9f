//! Notices: mail that a feature writes in the same transaction as what it tells.
//!
//! ```text
//!            ┌── failed for now: later, each time later ──┐
//!            ▼                                            │
//! post ─► waiting ─lease─► sending ─handed to the server─►┴► sent
//!            ▲                 ├─ refused for good, or failed 8 times ─► parked (with its reason) ─send again─► waiting
//!            │                 └─ nobody wants it any more ─► dropped
//!            └── the lease ran out: its process died
//! ```
//!
//! * At least once: a process that dies between the server's "taken" and our row sends again, with the same Message-ID, by which
//!   servers and readers know the repetition.
//! * Attempts are counted when the lease is taken, so that a message which kills the process is parked too (S7).
//! * Whoever posts says who is asked before it goes out ([`Guards`]): rights are looked at again when it is sent (S19).
//! * No header can be smuggled: text of headers is one line, an address is read by the library that writes it.
//! * What was sent keeps neither its text nor its address; the log never has them.
//! * Without a mail server nothing is posted: [`is_set_up`] is asked first, and pages say so.
//! * Not here: what a notice says, who gets it (each feature), the page of administrators (`administration`).

mod links;
mod message;
mod smtp;
mod store;
mod work;

pub use links::{seal, unseal};
pub use message::{is_address, one_line, sender};
pub use store::{Counts, Line, NoticeState, again, count_since, counts, find, has_file, keep_file, older, read_file};
pub use work::{Guards, keep, send_next};

use crate::config::Config;
use crate::db::{DbError, Tx};
use crate::problem::Problem;
use crate::state::App;
use kernel::{AccountId, Id, Identified};
use serde::{Deserialize, Serialize};

/// What a [`NoticeId`] names.
#[derive(Debug)]
pub struct Notice;
impl Identified for Notice {
    const PREFIX: &'static str = "ntc";
}
/// Names a notice.
pub type NoticeId = Id<Notice>;

/// What a [`NoticeFileId`] names.
#[derive(Debug)]
pub struct NoticeFile;
impl Identified for NoticeFile {
    const PREFIX: &'static str = "ntf";
}
/// Names a file that notices carry.
pub type NoticeFileId = Id<NoticeFile>;

/// Attempts before a notice is parked.
pub const ATTEMPTS: i64 = 8;
/// Bytes that a text may have.
const TEXT_MOST: usize = 64 << 10;

/// A file of a notice: kept once, carried by many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The file.
    pub file: NoticeFileId,
    /// What it is called in the mail: letters, digits, `.` and `-`.
    pub name: String,
}

/// A notice to be posted.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What it is, as `statistics.report`: its guard, and the key of its words.
    pub kind: &'static str,
    /// Id of what it is about: what its guard is asked for.
    pub about: String,
    /// Whose it is.
    pub account: AccountId,
    /// The address.
    pub to: String,
    /// What the person is called.
    pub name: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// What it carries.
    pub files: Vec<Carried>,
    /// An address that ends such mails without signing in (RFC 8058); empty without.
    pub unsubscribe: String,
}

/// Why a notice was not posted.
#[derive(Debug, thiserror::Error)]
pub enum NotPosted {
    /// No mail server is set.
    #[error("no mail server is set")]
    NoMail,
    /// The address is none.
    #[error("not a mail address")]
    BadAddress,
    /// More than a mail may carry.
    #[error("text or files are too large for a mail")]
    TooLarge,
    /// The records failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<NotPosted> for Problem {
    fn from(e: NotPosted) -> Self {
        match e {
            NotPosted::NoMail => Self::conflict("mail-missing"),
            e => Self::internal(e),
        }
    }
}

/// Whether there is a mail server.
pub fn is_set_up(config: &Config) -> bool {
    !config.mail_host.is_empty()
}

/// Posts a notice in the open transaction; it goes out after the commit.
///
/// # Errors
///
/// [`NotPosted`]
pub async fn post(tx: &mut Tx, app: &App, draft: &Draft) -> Result<NoticeId, NotPosted> {
    if !is_set_up(&app.config) {
        return Err(NotPosted::NoMail);
    }
    if !is_address(&draft.to) {
        return Err(NotPosted::BadAddress);
    }
    let carried = store::size(tx, &draft.files).await?;
    if draft.text.len() > TEXT_MOST || carried > i64::from(app.config.mail_max_mib) << 20 {
        return Err(NotPosted::TooLarge);
    }
    let id = NoticeId::new(app.clock.as_ref());
    store::insert(tx, id, draft, app.clock.now()).await?;
    Ok(id)
}
