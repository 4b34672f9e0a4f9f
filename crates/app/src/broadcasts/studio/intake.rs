//! Publishers: who may come in, and what becomes of what they send.

use super::recorder::OnAir;
use super::{Studio, packaging, takes_publishers};
use crate::broadcasts::actions::{hash_key, move_by};
use crate::broadcasts::rules::Signal;
use crate::broadcasts::{Broadcast, Broadcasts, Kind};
use crate::problem::Problem;
use crate::state::App;
use live::rtmp::{PublishRequest, Times};
use live::serve::{Admitted, Door, End, Gate, Input, ServeError};
use live::{Event, Live, PackagingError};
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

/// Messages between a connection and the package: about a second of picture and sound.
const WAITING: usize = 128;
/// Publishers on one node.
const MOST: usize = 200;
/// The application that encoders name in `rtmp://HOST/live`.
pub const APPLICATION: &str = "live";

/// Decides by stream keys.
struct Keys {
    app: App,
    stop: CancellationToken,
}

impl Gate for Keys {
    async fn may_publish(&self, request: PublishRequest, peer: Option<SocketAddr>) -> Result<Admitted, String> {
        let address = peer.map(|peer| peer.ip().to_string()).unwrap_or_default();
        if !may_try_key(&self.app, &address) {
            return Err("Too many attempts from this address; wait a minute.".to_owned());
        }
        if request.app != APPLICATION {
            return Err(format!("The address must end in /{APPLICATION}."));
        }
        let found = by_key(&self.app, request.key.expose()).await.map_err(|cause| {
            tracing::error!(%cause, "a stream key could not be looked up");
            "The server cannot look up keys now; try again.".to_owned()
        })?;
        let broadcast = found.ok_or("This stream key is not known.")?;
        admit(&self.app, broadcast, false, &self.stop).await.map_err(|problem| match problem.code {
            "broadcast-over" => "This broadcast is over.".to_owned(),
            code => format!("This broadcast cannot be sent now ({code})."),
        })
    }
}

/// Whether an address may try another key: whoever guesses is slowed down, an encoder that comes back is not.
pub fn may_try_key(app: &App, address: &str) -> bool {
    const KEYS_PER_MINUTE: u32 = 60;
    app.limits.allow("stream-key", address, KEYS_PER_MINUTE, app.clock.now())
}

/// The broadcast that a stream key opens.
pub async fn by_key(app: &App, key: &str) -> Result<Option<Broadcast>, crate::db::DbError> {
    Broadcasts(&mut app.db.read().await?).by_key(&hash_key(key)).await
}

/// Lets a publisher in, an encoder or a `phone`, in the place of the one before; what it sends is followed until `stop` fires.
///
/// # Errors
///
/// `broadcast-over`; or what speaks against the step to testing or back on air.
pub async fn admit(app: &App, broadcast: Broadcast, phone: bool, stop: &CancellationToken) -> Result<Admitted, Problem> {
    if broadcast.kind == Kind::Live {
        if !takes_publishers(broadcast.state, app.clock.now()) {
            return Err(Problem::conflict("broadcast-over"));
        }
        move_by(app, None, broadcast.id, Signal::Publishing, "broadcast.publishing").await?;
    } else if broadcast.state.is_over() {
        return Err(Problem::conflict("broadcast-over"));
    }
    let studio = app.studios.open(&broadcast);
    let ((sink, inputs), (word, last_word)) = (mpsc::channel(WAITING), oneshot::channel());
    let (epoch, away) = studio.admit(phone, word, app.clock.now());
    let following = Following { app: app.clone(), studio, epoch, broadcast };
    let stop = stop.clone();
    tokio::spawn(async move { following.run(inputs, away, stop).await });
    Ok(Admitted { sink, last_word })
}

/// One publisher from its admission to its end.
struct Following {
    app: App,
    studio: Arc<Studio>,
    epoch: u64,
    broadcast: Broadcast,
}

impl Following {
    async fn run(self, mut inputs: mpsc::Receiver<Input>, away: CancellationToken, stop: CancellationToken) {
        loop {
            let input = tokio::select! {
                () = away.cancelled() => break,
                () = stop.cancelled() => return,
                input = inputs.recv() => input,
            };
            let fed = match input {
                Some(Input::Event(event)) => self.take(event).await,
                Some(Input::Metadata(_)) => Ok(()),
                Some(Input::Refused(why)) => Err(why),
                Some(Input::Ended) | None => break,
            };
            if let Err(why) = fed {
                self.studio.inner().meter.refuse(&why);
                self.studio.turn_away(&why);
                break;
            }
        }
        drop(inputs);
        self.leave().await;
    }

    async fn leave(&self) {
        if !self.studio.leave(self.epoch, self.app.clock.now()) || self.broadcast.kind != Kind::Live {
            return;
        }
        match move_by(&self.app, None, self.broadcast.id, Signal::Lost, "broadcast.lost").await {
            Ok(_) => {}
            // It was ended or called off: that is why the publisher is gone.
            Err(problem) if problem.code == "not-possible" => {}
            Err(problem) => tracing::error!(code = problem.code, "a lost publisher could not be noted"),
        }
    }

    /// Feeds an event to whoever sees it now.
    async fn take(&self, event: Event) -> Result<(), String> {
        self.note(&event);
        let broadcast = self.studio.broadcast();
        if broadcast.state.is_over() {
            return Err("This broadcast is over.".to_owned());
        }
        let on_air = broadcast.state.is_on_air();
        let fed = if on_air { self.feed_air(&broadcast, event).await? } else { self.feed_preview(event) };
        fed.map_err(|why| why.to_string())
    }

    fn note(&self, event: &Event) {
        let (mut inner, now) = (self.studio.inner(), self.app.clock.now());
        inner.meter.note(event, now);
        let Some(publisher) = inner.publisher.as_mut().filter(|newest| newest.epoch == self.epoch) else { return };
        match event {
            Event::Video(_) => publisher.coding.retain(|known| !matches!(known, Event::Video(_))),
            Event::Audio(_) => publisher.coding.retain(|known| !matches!(known, Event::Audio(_))),
            Event::Sample(_) => return,
        }
        publisher.coding.push(event.clone());
    }

    fn feed_preview(&self, event: Event) -> Result<(), PackagingError> {
        let live = {
            let mut inner = self.studio.inner();
            let now = self.app.clock.now().0;
            inner.preview.get_or_insert_with(|| Arc::new(Live::new(packaging(), now))).clone()
        };
        live.push(event).map(drop)
    }

    async fn feed_air(&self, broadcast: &Broadcast, event: Event) -> Result<Result<(), PackagingError>, String> {
        let known = self.studio.inner().air.clone();
        let air = match known {
            Some(air) => air,
            None => self.begin(broadcast).await.map_err(|cause| {
                tracing::error!(%cause, "a broadcast could not go on air");
                "The server cannot put this broadcast on air now.".to_owned()
            })?,
        };
        Ok(air.live.push(event).map(|closed| air.keep(closed)))
    }

    /// The package for everybody, told first how its publisher codes.
    async fn begin(&self, broadcast: &Broadcast) -> Result<Arc<OnAir>, crate::db::DbError> {
        let air = OnAir::begin(&self.app, broadcast, self.app.clock.now().0).await?;
        air.make_rungs(&self.app);
        let mut inner = self.studio.inner();
        let coding = inner.publisher.as_ref().map(|publisher| publisher.coding.clone()).unwrap_or_default();
        for event in coding {
            // Only samples can be refused.
            if let Ok(closed) = air.live.push(event) {
                air.keep(closed);
            }
        }
        inner.air = Some(air.clone());
        Ok(air)
    }
}

/// Takes publishers at `listener` until `stop` fires.
pub async fn listen<D: Door>(app: App, listener: TcpListener, door: D, stop: CancellationToken) {
    let gate = Arc::new(Keys { app, stop: stop.clone() });
    tokio::select! {
        () = live::serve::listen(listener, Arc::new(door), gate, Times::default(), MOST, report) => {}
        () = stop.cancelled() => {}
    }
}

fn report(_: SocketAddr, end: &Result<End, ServeError>) {
    match end {
        Ok(end) => tracing::info!(?end, "a publisher left"),
        Err(cause) => tracing::warn!(%cause, "a publisher was cut off"),
    }
}
