//! What keeps rooms going on a node: ticks, and news about their broadcasts.

use super::actions;
use super::hub::Room;
use crate::broadcasts::{BroadcastId, Broadcasts};
use crate::problem::Problem;
use crate::state::App;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// How long what is said waits, so that many words are one frame.
const TICK: Duration = Duration::from_millis(100);
/// How often rooms look at the records of their broadcasts, and whether those who stay still may: a right ends within a minute (S19).
const TIDY: Duration = Duration::from_secs(10);

/// Runs until `stop` fires.
pub async fn keep(app: App, stop: CancellationToken) {
    let (mut news, mut stages) = (app.studios.news(), app.machine.stages());
    let (mut tick, mut tidy) = (tokio::time::interval(TICK), tokio::time::interval(TIDY));
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    tidy.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            () = stop.cancelled() => {
                app.rooms.close();
                return;
            }
            _ = tick.tick() => {
                app.rooms.tick(app.clock.now());
                Ok(())
            }
            told = news.recv() => match told {
                Ok(id) => follow(&app, id).await,
                Err(RecvError::Lagged(_)) => look(&app).await,
                // The app itself holds the sender.
                Err(RecvError::Closed) => return,
            },
            Ok(()) = stages.changed() => {
                app.rooms.all().iter().for_each(|room| actions::restage(&app, room));
                Ok(())
            }
            _ = tidy.tick() => {
                app.rooms.go_round();
                look(&app).await
            }
        };
        if let Err(problem) = done {
            tracing::warn!(code = problem.code, "a room could not follow its broadcast");
        }
    }
}

/// Looks at the broadcast of every open room.
async fn look(app: &App) -> Result<(), Problem> {
    app.rooms.tidy(app).await?;
    for room in app.rooms.all() {
        follow(app, room.id).await?;
    }
    Ok(())
}

/// Takes over how a broadcast stands now, and tells its room.
pub async fn follow(app: &App, id: BroadcastId) -> Result<(), Problem> {
    let Some(room): Option<Arc<Room>> = app.rooms.get(id) else { return Ok(()) };
    let broadcast = Broadcasts(&mut app.db.read().await?).find(id).await?.ok_or_else(Problem::not_found)?;
    actions::follow(app, &room, broadcast);
    Ok(())
}
