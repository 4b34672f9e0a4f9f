//! Of a crowd behind caches a sample reports, each for many (G8, S17; decision 0019).

mod alike;
mod crowd;
mod periods;

use crate::support::TestApp;
use crate::support::client::Reply;
use app::broadcasts::{Broadcast, Profile};
use app::deltas::Metric;
use app::watching::actions::sampling;
use app::watching::rules::sampling::{is_in, lot};
use app::watching::{Counts, Watching, work};
use ledger::Weight;
use serde_json::{Value, json};

const PHONE: &str = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36";

/// A broadcast of branch-a for the masses, on air for a minute.
async fn a_mass(app: &TestApp) -> Broadcast {
    app.a_broadcast("branch-a").with(|b| b.profile = Profile::Mass).create().await
}

/// From now on one of so many viewers reports.
async fn announce(app: &TestApp, broadcast: &Broadcast, one_in: u32) {
    sampling::announce(app, broadcast.id, Weight::of(one_in).unwrap()).await.unwrap();
}

/// Somebody who came to a page that names nobody: a device with a ticket.
struct Viewer {
    client: crate::support::Client,
    token: String,
    lot: u32,
}

impl Viewer {
    async fn comes(app: &TestApp, broadcast: &Broadcast, device: u32) -> Self {
        let client = app.anonymous().with("user-agent", PHONE).with("cookie", &format!("kj_device={device:032x}"));
        let ticket = client.get(&format!("/live/{}/ticket", broadcast.id)).await.expect(200).json();
        let lot = lot(ticket["seed"].as_str().unwrap(), &broadcast.id.to_string());
        Self { client, token: ticket["token"].as_str().unwrap().to_owned(), lot }
    }

    /// The first device from `first` on whose lot is in the sample, or is not.
    async fn who(app: &TestApp, broadcast: &Broadcast, first: u32, one_in: u32, drawn: bool) -> Self {
        for device in first..first + 10_000 {
            let viewer = Self::comes(app, broadcast, device).await;
            if viewer.is_in(one_in) == drawn {
                return viewer;
            }
        }
        panic!("nobody of ten thousand is, one in {one_in}");
    }

    fn is_in(&self, one_in: u32) -> bool {
        is_in(self.lot, Weight::of(one_in).unwrap())
    }

    async fn reports(&self, played_s: i64, more: Value) -> Reply {
        let mut report = json!({ "token": self.token, "seq": 1, "played_s": played_s });
        report.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.client.post("/watch/heartbeat", &report).await
    }
}

/// What is told of the broadcast.
async fn state(app: &TestApp, broadcast: &Broadcast) -> Value {
    app.anonymous().get(&format!("/live/{}/state", broadcast.id)).await.expect(200).json()
}

/// The numbers of its lesson when everything is folded.
async fn counts(app: &TestApp, broadcast: &Broadcast) -> Counts {
    while work::fold(app, app.ledger().unwrap()).await.unwrap() > 0 {}
    Watching(&mut app.db.read().await.unwrap()).counts(broadcast.lesson).await.unwrap()
}

/// Everything that is derived equals a count of the ledger from its beginning.
async fn equals_a_recount(app: &TestApp) {
    let (sums, end) = work::sum_all(app.ledger().unwrap(), None).unwrap();
    assert_eq!(end, app.ledger().unwrap().head());
    let mut tx = app.db.read().await.unwrap();
    assert_eq!(sums.lessons, Watching(&mut tx).all_counts().await.unwrap());
    assert_eq!(sums.spreads, Watching(&mut tx).all_spreads().await.unwrap());
    let days = Watching(&mut tx).figures_by_day().await.unwrap();
    let (views, seconds): (i64, i64) = days.values().fold((0, 0), |(v, s), day| (v + day.views, s + day.watch_s));
    assert_eq!(sums.lessons.values().fold((0, 0), |(v, s), counts| (v + counts.views, s + counts.watch_s)), (views, seconds));
    let sql = "select cast(sum(amount) as bigint) from stat_delta where metric in ('views', 'watch-seconds')";
    assert_eq!(tx.fetch_int(sql, vec![]).await.unwrap(), views + seconds, "figures take the weighted amounts");
    drop(tx);
    while app::statistics::drain(app).await.unwrap() > 0 {}
    let compared = app::statistics::compare(app).await.unwrap();
    assert_eq!((compared.lessons, compared.days, compared.spreads), (0, 0, 0), "{compared:?}");
    // Lessons of tests come without the deltas of their registration.
    let watched = |metric: Metric| matches!(metric, Metric::Views | Metric::WatchSeconds);
    assert!(compared.figures.iter().all(|figure| !watched(figure.metric)), "{compared:?}");
}
