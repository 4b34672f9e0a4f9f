//! Closed months, and what changed in them afterwards.

use super::{Pairs, named, places};
use crate::accounts::Accounts;
use crate::deltas::Day;
use crate::held_sessions::views::{AdjustmentLine, ClosedLine, MonthsPage};
use crate::held_sessions::{Adjustment, ClosedMonth, actions, rules};
use crate::organisations::{Action, OrganisationId, Tree, may};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, Form, SignedIn, Visit, html, in_words, is_mendable};
use axum::extract::{Form as Sent, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;
use serde::Deserialize;

/// Closed months that the page shows, and months back that adjustments are shown of.
const MOST: usize = 36;
const DAYS_BACK: i64 = 400;

/// Whose months.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    organisation: String,
}

/// `GET /held-sessions/months`
pub async fn months(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    html(&MonthsPage { notice: done.notice(&visit.texts), ..page(&app, &visit, &me, &asked.organisation).await? })
}

async fn page(app: &App, visit: &Visit, me: &Actor, asked: &str) -> Result<MonthsPage, Problem> {
    let (tree, texts) = (app.tree.load_full(), &visit.texts);
    let seen = places(&tree, me, Action::SeeSessions);
    let organisation = match asked {
        "" => *seen.first().ok_or_else(Problem::forbidden)?,
        id => id.parse::<OrganisationId>().map_err(|_| Problem::not_found())?,
    };
    let closed = actions::closed_months(app, me, organisation, MOST).await?;
    let today = app.today();
    let adjustments = actions::adjustments(app, me, organisation, (today.plus(-DAYS_BACK), today)).await?;
    let mut f = Form::default();
    f.set("month", actions::written(Day(today.month() * 100 + 1).plus(-1).month().into()));
    Ok(MonthsPage {
        p: visit.page(app, texts.s("held-months")),
        notice: String::new(),
        error: String::new(),
        f,
        organisations: named(&tree, &seen),
        organisation: organisation.to_string(),
        name: tree.name(organisation),
        may_close: may(&tree, me, Action::CloseMonth, organisation),
        closed: closed_lines(app, visit, &tree, closed).await?,
        adjustments: adjustments.iter().map(|one| adjustment_line(app, visit, &tree, one)).collect(),
    })
}

async fn closed_lines(app: &App, visit: &Visit, tree: &Tree, closed: Vec<ClosedMonth>) -> Result<Vec<ClosedLine>, Problem> {
    let (mut lines, mut tx) = (Vec::new(), app.db.read().await?);
    for one in closed {
        let who = Accounts(&mut tx).find(one.closed_by).await?.map(|account| account.name).unwrap_or_default();
        lines.push(ClosedLine {
            month: actions::written(one.month),
            organisation: tree.name(one.organisation),
            closed: visit.texts.args("held-month-closed-by", &[("who", who), ("when", visit.texts.time(one.closed_at))]),
        });
    }
    Ok(lines)
}

fn adjustment_line(app: &App, visit: &Visit, tree: &Tree, one: &Adjustment) -> AdjustmentLine {
    let signed = |n: i64| if n > 0 { format!("+{}", visit.texts.number(n)) } else { visit.texts.number(n) };
    AdjustmentLine {
        day: visit.texts.date(one.day.start(&app.zone)),
        organisation: tree.name(one.organisation),
        sessions: signed(one.sessions),
        people: signed(one.people),
        reason: one.reason.clone(),
        when: visit.texts.time(one.at),
        href: format!("/held-sessions/{}", one.held_session),
    }
}

/// `POST /held-sessions/months`
pub async fn close_month(State(app): State<App>, visit: Visit, me: SignedIn, Sent(pairs): Sent<Pairs>) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let organisation = sent.v("organisation").parse::<OrganisationId>().map_err(|_| Problem::not_found())?;
    let month = rules::month(sent.v("month")).map_or(0, |(first, _)| Day::from(first).month());
    match actions::close_month(&app, &me, organisation, month.into()).await {
        Ok(_) => Ok(Redirect::to(&format!("/held-sessions/months?organisation={organisation}&done=month-closed")).into_response()),
        Err(problem) if is_mendable(&problem) => {
            let (error, faults) = in_words(&visit.texts, &problem);
            let error = faults.first().map_or(error, |fault| format!("{}: {}", fault.label, fault.text));
            let page = MonthsPage { error, ..page(&app, &visit, &me, sent.v("organisation")).await? };
            Ok((problem.status, html(&page)?).into_response())
        }
        Err(problem) => Err(problem),
    }
}
