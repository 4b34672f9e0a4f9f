//! What deltas say and what the table says, read beside each other.

use crate::support::TestApp;
use app::deltas::{Day, Fact, Metric};
use app::held_sessions::HeldSessions;
use kernel::OrganisationId;
use std::collections::BTreeMap;

/// Organisation, day, metric, dimension.
type Figures = BTreeMap<(OrganisationId, Day, Metric, String), i64>;

fn add(figures: &mut Figures, fact: Fact) {
    *figures.entry((fact.organisation, fact.day, fact.metric, fact.dimension)).or_default() += fact.amount;
}

/// What was posted, summed up.
pub async fn posted(app: &TestApp) -> Figures {
    let mut figures = Figures::new();
    let mut tx = app.db.read().await.unwrap();
    for fact in app::deltas::waiting(&mut tx, Day(0), Day(99_991_231)).await.unwrap() {
        add(&mut figures, fact);
    }
    figures.retain(|(_, _, metric, _), amount| *amount != 0 && metric.has_traits());
    figures
}

/// What a recount finds in the table, in batches of three.
pub async fn recounted(app: &TestApp) -> Figures {
    let (mut figures, mut after) = (Figures::new(), String::new());
    let mut tx = app.db.read().await.unwrap();
    loop {
        let facts = HeldSessions(&mut tx).facts(&after, 3).await.unwrap();
        let Some((last, _)) = facts.last() else { break };
        after.clone_from(last);
        for (_, fact) in facts {
            add(&mut figures, fact);
        }
    }
    figures.retain(|_, amount| *amount != 0);
    figures
}

/// What the sums by day say of these organisations.
pub async fn summed(app: &TestApp, organisations: &[OrganisationId]) -> Figures {
    let mut figures = Figures::new();
    let mut tx = app.db.read().await.unwrap();
    for sum in HeldSessions(&mut tx).sums_by_day(organisations, Day(0), Day(99_991_231)).await.unwrap() {
        let day = Day(i32::try_from(sum.at).unwrap());
        for (metric, amount) in [(Metric::Sessions, sum.sessions), (Metric::Attendances, sum.people)] {
            add(&mut figures, Fact { organisation: sum.organisation, day, metric, dimension: sum.traits().dimension(), amount });
        }
    }
    figures.retain(|_, amount| *amount != 0);
    figures
}
