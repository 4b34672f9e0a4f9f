//! Campaigns for people: the list, the overview, the editor.

mod category;
mod edit;
mod sections;

pub use category::{add_category, category_form, new_category_form, remove_category, save_category};
pub use edit::{create, edit, new_form};
pub use sections::{change_state, copy, extend, narrow, put_consent, retire_consent, save_basics, set_quotas, set_stages, widen};

use super::CampaignId;
use super::reading::{self, Seen};
use super::rules::Gate;
use super::views::{Group, ListPage, ShowPage, Words, consents, countdown};
use crate::organisations::{Action, may, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Cursor, Done, SignedIn, Visit, html};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use kernel::Actor;

/// `GET /campaigns`
pub async fn list(State(app): State<App>, visit: Visit, me: SignedIn, Query(cursor): Query<Cursor>) -> Result<Response, Problem> {
    let slice = reading::list(&app, &me, &cursor).await?;
    let tree = app.tree.load();
    let words = Words { texts: &visit.texts, tree: &tree };
    let group = |key: &str, relation: usize| Group {
        title: visit.texts.s(key),
        lines: slice.items.iter().filter(|c| relation_of(&tree, &me, c.organisation) == relation).map(|c| words.line(c)).collect(),
    };
    let groups = vec![group("campaigns-own", 0), group("campaigns-above", 1), group("campaigns-below", 2)];
    html(&ListPage {
        p: visit.page(&app, visit.texts.s("campaigns")),
        groups: groups.into_iter().filter(|g| !g.lines.is_empty()).collect(),
        next: slice.next.unwrap_or_default(),
        may_create: may_anywhere(&tree, &me, Action::ManageCampaign),
    })
}

/// 0 for a campaign of an organisation of the reader's own, 1 for one of a superior, 2 for one of a subordinate.
fn relation_of(tree: &crate::organisations::Tree, me: &Actor, runner: kernel::OrganisationId) -> usize {
    let mut grants = me.grants.iter().map(|g| g.organisation);
    if grants.clone().any(|org| org == runner) {
        0
    } else if grants.any(|org| tree.contains(runner, org)) {
        1
    } else {
        2
    }
}

/// `GET /campaigns/{id}`
pub async fn show(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let seen = reading::see(&app, &me, id).await?;
    html(&overview(&app, &visit, &me, &seen, done.notice(&visit.texts)))
}

fn overview(app: &App, visit: &Visit, me: &Actor, seen: &Seen, notice: String) -> ShowPage {
    let tree = app.tree.load();
    let words = Words { texts: &visit.texts, tree: &tree };
    let head = words.head(&seen.call.campaign);
    let own = seen.standing.as_ref();
    let submit = own.map(|s| s.submit);
    let until = match submit {
        Some(Gate::NotYet { opens_at: at } | Gate::Open { until: at } | Gate::Grace { until: at }) => Some(at),
        _ => None,
    };
    let open = seen.call.campaign.state == super::CampaignState::Open;
    let quota = |category: &super::Category| own.and_then(|s| seen.call.quota(category.id, s.depth));
    ShowPage {
        p: visit.page(app, head.title.clone()),
        notice,
        manages: seen.manages,
        may_submit: open && own.is_some_and(|s| s.submit.permits() && may(&tree, me, Action::EditLesson, s.organisation)),
        gate: submit.map(|gate| words.gate(gate)).unwrap_or_default(),
        gate_open: submit.is_some_and(Gate::permits),
        countdown: until.filter(|_| open).map(|at| countdown(at, app.clock.now())),
        stages: words.stages(seen),
        categories: seen.call.categories.iter().map(|c| words.category(c, quota(c), own.map(|s| s.organisation))).collect(),
        consents: consents(seen),
        extensions: words.extensions(seen),
        head,
    }
}
