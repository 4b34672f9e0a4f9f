//! Between HTTP and the features: who asks and in which language, how pages and problems look, limits and headers.
//!
//! ```text
//! request ─► limits ─► identify (cookie or token → Visit) ─► CSRF ─► handler ─► problems in words ─► headers ─► response
//! ```

mod assets;
mod cursor;
mod device;
mod done;
mod form;
mod idempotency;
mod identify;
mod install;
mod limits;
mod metrics;
mod origin;
mod page;
mod policy;
mod problems;
mod recent;
mod utf8;
mod version;
mod visit;

pub use assets::{Assets, favicon, serve as serve_asset};
pub use cursor::{Cursor, PAGE_SIZE, Slice};
pub use device::DeviceNumber;
pub use done::Done;
pub use form::{Form, is_mendable};
pub use idempotency::idempotent;
pub use identify::{Pass, cookie, identify};
pub use install::{manifest, offline, worker};
pub use limits::{Limits, client_address, limit};
pub use metrics::{Metrics, measure};
pub use origin::origin;
pub use page::{NavItem, Page, html, qr_svg};
pub use policy::{CONTENT_POLICY, policy_with_stream};
pub use problems::{Asked, Fault, describe, in_words, percent_encode, tell};
pub use recent::{RecentPages, recent};
pub use utf8::{text_of, utf8_forms};
pub use version::{IfMatch, etag};
pub use visit::{SignedIn, Visit};
