//! The signed addresses that players of broadcasts are given; what answers them is `api::media` and `api::showing`.

use super::{BroadcastId, Profile};
use crate::recordings::{Audience, signed_base};
use crate::state::App;
use kernel::AccountId;

fn base(app: &App, audience: Audience, id: BroadcastId) -> String {
    signed_base(app, "live-media", audience, &id.to_string())
}

/// What everybody sees of a broadcast, for `audience`.
pub fn on_air(app: &App, audience: Audience, id: BroadcastId, profile: Profile) -> String {
    let file = if profile == Profile::Mass { "plain.m3u8" } else { "master.m3u8" };
    format!("{}/air/{file}", base(app, audience, id))
}

/// The host's preview, for one account.
pub fn preview(app: &App, account: AccountId, id: BroadcastId) -> String {
    format!("{}/preview/master.m3u8", base(app, Audience::Account(account), id))
}

/// What everybody sees of a showing, for `audience`.
pub fn showing(app: &App, audience: Audience, id: BroadcastId) -> String {
    format!("{}/showing/master.m3u8", base(app, audience, id))
}
