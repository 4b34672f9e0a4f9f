//! A showing that begins two minutes after each start, so that there is always something to watch together; the demo's lessons are
//! short, so it is repeated each minute for a while.

use super::{people, refused};
use crate::broadcasts::{Admission, Kind, Plan, actions};
use crate::lessons::{Catalogue, Publication, Wanted};
use crate::state::App;
use crate::web::Cursor;
use kernel::Role;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// From the start of the server to the beginning of the showing, milliseconds.
const AHEAD_MS: i64 = 120_000;
/// At least so much is left before it begins, when the first lesson comes late.
const LEAST_MS: i64 = 20_000;
/// Repeats, one a minute.
const REPEATS: i64 = 9;
const MINUTE_MS: i64 = 60_000;
/// How often the library is looked at until the first lesson is there.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Plans the showing as soon as there is a lesson to show; gives up when `stop` fires.
pub async fn plan(app: App, stop: CancellationToken) {
    let due = app.clock.now().plus_ms(AHEAD_MS);
    while !stop.is_cancelled() {
        match newest(&app).await {
            Ok(Some(lesson)) => {
                if let Err(cause) = planned(&app, &lesson, due.max(app.clock.now().plus_ms(LEAST_MS))).await {
                    tracing::error!(%cause, "the demo's showing could not be planned");
                }
                return;
            }
            Ok(None) => {}
            Err(cause) => tracing::error!(%cause, "the demo's library could not be read"),
        }
        tokio::select! { () = stop.cancelled() => {}, () = tokio::time::sleep(LOOK_EVERY) => {} }
    }
}

async fn newest(app: &App) -> anyhow::Result<Option<Publication>> {
    Ok(Catalogue(&mut app.db.read().await?).page(&Wanted::default(), None, &Cursor::default()).await?.into_iter().next())
}

async fn planned(app: &App, lesson: &Publication, starts_at: kernel::Timestamp) -> anyhow::Result<()> {
    let host = people::actor(app, Role::Host, people::organisation(app, "province")?, "host.province").await?;
    let plan = Plan {
        organisation: lesson.organisation,
        kind: Kind::Showing,
        lesson: Some(lesson.lesson),
        campaign: None,
        title: String::new(),
        lecturer: String::new(),
        abstract_: String::new(),
        admission: Admission::Everybody,
        host: None,
        starts_at,
        ends_at: starts_at,
        keeps_recording: false,
        external_url: None,
    };
    let first = actions::plan(app, &host, plan).await.map_err(refused)?;
    let again: Vec<_> = (1..=REPEATS).map(|n| starts_at.plus_ms(n * MINUTE_MS)).collect();
    actions::repeat(app, &host, first, &again).await.map(drop).map_err(refused)
}
