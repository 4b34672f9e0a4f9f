//! `GET /broadcasts`: what is on air, what comes, what was.

use crate::broadcasts::views::{Group, Line, ListPage, line};
use crate::broadcasts::{Broadcast, Broadcasts, Wanted};
use crate::organisations::access::domains;
use crate::organisations::{Action, OrganisationId, Tree};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit, html};
use axum::extract::State;
use axum::response::Response;
use kernel::{Actor, Reach, Timestamp};

/// Days back and ahead that the list shows.
const BACK_DAYS: i64 = 60;
const AHEAD_DAYS: i64 = 400;
/// Rows read at most.
const MOST: usize = 400;

/// `GET /broadcasts`
pub async fn list(State(app): State<App>, visit: Visit, me: SignedIn) -> Result<Response, Problem> {
    let tree = app.tree.load_full();
    if domains(&me, Action::Broadcast).is_empty() {
        return Err(Problem::forbidden());
    }
    let now = app.clock.now();
    let wanted = Wanted { from: now.plus_days(-BACK_DAYS), until: now.plus_days(AHEAD_DAYS), most: MOST, ..Wanted::default() };
    let mut found = Broadcasts(&mut app.db.read().await?).between(&wanted).await?;
    found.retain(|broadcast| runs(&tree, &me, broadcast.organisation));
    let lines = |fits: &dyn Fn(&Broadcast) -> bool| -> Vec<Line> {
        found.iter().filter(|b| fits(b)).map(|b| line(&visit.texts, &tree, b)).collect()
    };
    let mut over = lines(&|b| b.state.is_over());
    over.reverse();
    let coming = |b: &Broadcast| !b.state.is_over() && !b.state.is_on_air() && !is_tested(b);
    let groups = vec![
        Group { title: visit.texts.s("broadcasts-now"), lines: lines(&|b| b.state.is_on_air() || is_tested(b)) },
        Group { title: visit.texts.s("broadcasts-coming"), lines: lines(&coming) },
        Group { title: visit.texts.s("broadcasts-over"), lines: over },
    ];
    html(&ListPage {
        p: visit.page(&app, visit.texts.s("broadcasts")),
        groups: groups.into_iter().filter(|g| !g.lines.is_empty()).collect(),
    })
}

fn is_tested(broadcast: &Broadcast) -> bool {
    broadcast.state == crate::broadcasts::State::Testing
}

/// Whether the actor runs broadcasts of `organisation`.
fn runs(tree: &Tree, me: &Actor, organisation: OrganisationId) -> bool {
    domains(me, Action::Broadcast).iter().any(|(top, reach)| match reach {
        Reach::Subtree => tree.contains(*top, organisation),
        Reach::Node => *top == organisation,
    })
}

/// The next full hour, as a new plan suggests it.
pub fn next_hour(now: Timestamp) -> Timestamp {
    Timestamp((now.0.div_euclid(3_600_000) + 2) * 3_600_000)
}
