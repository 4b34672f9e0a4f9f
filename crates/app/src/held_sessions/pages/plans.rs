//! Plans of a month, and what became of them.

use super::{Pairs, named, organisation_filter, places};
use crate::deltas::Day;
use crate::held_sessions::actions::plans as act;
use crate::held_sessions::actions::plans::outcome;
use crate::held_sessions::filters::WhichPlans;
use crate::held_sessions::rules::{Outcome, PlanFields};
use crate::held_sessions::views::{PlanLine, PlansPage, plan_line};
use crate::held_sessions::{PlanId, actions};
use crate::organisations::access::domains;
use crate::organisations::{Action, may, may_anywhere};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, Form, SignedIn, Visit, html, in_words, is_mendable};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;

const HERE: &str = "/held-sessions/plans";

/// `GET /held-sessions/plans`
pub async fn plans(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(which): Query<WhichPlans>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    html(&PlansPage { notice: done.notice(&visit.texts), ..page(&app, &visit, &me, &which).await? })
}

async fn page(app: &App, visit: &Visit, me: &Actor, which: &WhichPlans) -> Result<PlansPage, Problem> {
    let (tree, texts) = (app.tree.load_full(), &visit.texts);
    if !may_anywhere(&tree, me, Action::SeeSessions) {
        return Err(Problem::forbidden());
    }
    let days = which.days(app.today())?;
    let (plans, added) = act::of_days(app, me, which.organisation()?, days).await?;
    let line = |plan: &_| {
        let plan: &crate::held_sessions::Plan = plan;
        plan_line(texts, &tree, &app.zone, plan, outcome(app, plan), may(&tree, me, Action::RecordSession, plan.organisation))
    };
    let mut lines: Vec<_> = plans.iter().map(line).collect();
    lines.extend(added.iter().map(|one| PlanLine::added(texts, &tree, one)));
    lines.sort_by_key(|line| line.day);
    let count = |o: &Outcome| {
        let n = lines.iter().filter(|line| line.outcome() == o.code()).count();
        format!("{} {n}", texts.coded("plan-outcome", o.code()))
    };
    let tops = domains(me, Action::SeeSessions).into_iter().map(|(top, _)| top).collect();
    let mut f = Form::default();
    f.set("day", app.today().max(days.0).date().map(|date| date.to_string()).unwrap_or_default());
    Ok(PlansPage {
        p: visit.page(app, texts.s("held-plans")),
        notice: String::new(),
        error: String::new(),
        f,
        month: month(days.0),
        around: (month(days.0.plus(-1)), month(days.1.plus(1))),
        filters: organisation_filter(&tree, tops, &which.organisation, texts.s("field-organisation")).into_iter().collect(),
        counts: Outcome::ALL.iter().map(count).collect(),
        organisations: named(&tree, &places(&tree, me, Action::RecordSession)),
        lines,
    })
}

fn month(day: Day) -> String {
    actions::written(day.month().into())
}

fn fields(sent: &Form) -> PlanFields {
    let optional = |name: &str| Some(sent.v(name).to_owned()).filter(|text| !text.is_empty());
    PlanFields {
        title: sent.v("title").to_owned(),
        day: sent.v("day").to_owned(),
        lecturer: sent.v("lecturer").to_owned(),
        lecturer_id: optional("lecturer_id"),
        campaign: optional("campaign"),
        note: sent.v("note").to_owned(),
    }
}

/// `POST /held-sessions/plans`
pub async fn create_plan(State(app): State<App>, visit: Visit, me: SignedIn, Sent(pairs): Sent<Pairs>) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    let organisation = sent.v("organisation").parse().map_err(|_| Problem::field("organisation", "required", "", ""))?;
    match act::make(&app, &me, organisation, fields(&sent)).await {
        Ok(plan) => Ok(back(plan.day, "plan-made")),
        Err(problem) => again(&app, &visit, &me, sent, problem).await,
    }
}

/// `POST /held-sessions/plans/{id}`
pub async fn change_plan(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<PlanId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    match act::change(&app, &me, id, seen(&sent), fields(&sent)).await {
        Ok(plan) => Ok(back(plan.day, "plan-changed")),
        Err(problem) => again(&app, &visit, &me, Form::default(), problem).await,
    }
}

/// `POST /held-sessions/plans/{id}/cancellation`
pub async fn cancel_plan(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<PlanId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    let sent = Form::sent(pairs);
    match act::cancel(&app, &me, id, seen(&sent), sent.v("reason")).await {
        Ok(plan) => Ok(back(plan.day, "plan-cancelled")),
        Err(problem) => again(&app, &visit, &me, Form::default(), problem).await,
    }
}

/// `POST /held-sessions/plans/{id}/remove`
pub async fn remove_plan(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<PlanId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    match act::remove(&app, &me, id, seen(&Form::sent(pairs))).await {
        Ok(()) => Ok(Redirect::to(&format!("{HERE}?done=plan-removed")).into_response()),
        Err(problem) => again(&app, &visit, &me, Form::default(), problem).await,
    }
}

fn seen(sent: &Form) -> i64 {
    sent.v("version").parse().unwrap_or(-1)
}

fn back(day: Day, done: &str) -> Response {
    Redirect::to(&format!("{HERE}?month={}&done={done}", month(day))).into_response()
}

/// The page with what was typed and what is wrong with it.
async fn again(app: &App, visit: &Visit, me: &Actor, sent: Form, problem: Problem) -> Result<Response, Problem> {
    if !is_mendable(&problem) {
        return Err(problem);
    }
    let (error, faults) = in_words(&visit.texts, &problem);
    let mut page = page(app, visit, me, &WhichPlans::default()).await?;
    page.error = faults.first().map_or(error, |fault| format!("{}: {}", fault.label, fault.text));
    if !sent.v("organisation").is_empty() {
        page.f.overlay("", sent, faults);
    }
    Ok((problem.status, html(&page)?).into_response())
}
