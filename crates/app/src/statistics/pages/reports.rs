//! The report on paper, subscribing to it, and the page behind a link in a mail.

use super::file;
use crate::accounts::Accounts;
use crate::organisations::{Action, OrganisationId, may};
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::choice::{Asked, iso};
use crate::statistics::reports::actions::{self, Wanted};
use crate::statistics::reports::{self, Every, Format, SubscriptionId};
use crate::statistics::views::reports::{Offer, ReportsPage, UnsubscribePage, lines, what};
use crate::web::{Done, SignedIn, Visit, html};
use crate::{notices, web};
use axum::extract::{Form, Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Redirect, Response};
use kernel::Actor;
use serde::Deserialize;

/// What the statistics page offers `actor` beside the figures.
pub(super) async fn offer(app: &App, actor: &Actor, offer: &mut Offer) -> Result<(), Problem> {
    if notices::is_set_up(&app.config) {
        let account = Accounts(&mut app.db.read().await?).find(actor.account).await?;
        offer.fill(account.and_then(|account| account.mail), &actions::own(app, actor).await?);
    }
    Ok(())
}

/// `GET /statistics/report.pdf`, also below `/api/v1`: the report on paper.
#[utoipa::path(get, path = "/api/v1/statistics/report.pdf", tag = "statistics", operation_id = "statistics_report", params(Asked), responses((status = 200, description = "A PDF"), (status = 403), (status = 503, description = "The server has no font with Chinese characters")))]
pub async fn pdf(State(app): State<App>, visit: Visit, me: SignedIn, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let gathered = reports::gather(&app, &me, &asked).await?;
    let name = format!("statistics-{}.pdf", iso(gathered.overview.choice.period.first));
    Ok(file(Format::Pdf.kind(), &name, reports::pdf(&app, &visit.texts, &gathered).await?))
}

/// What is subscribed: the formats are check boxes, each with its own name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SubscribeForm {
    organisation: String,
    every: String,
    pdf: String,
    xlsx: String,
    back: String,
}

/// `POST /statistics/subscriptions`
pub async fn subscribe(State(app): State<App>, visit: Visit, me: SignedIn, Form(form): Form<SubscribeForm>) -> Result<Redirect, Problem> {
    let organisation: OrganisationId = form.organisation.parse().map_err(|_| Problem::not_found())?;
    let every = Every::from_code(&form.every).ok_or_else(|| Problem::field("every", "one-of", &form.every, "month, quarter"))?;
    let boxes = [(Format::Pdf, &form.pdf), (Format::Xlsx, &form.xlsx)];
    let formats = boxes.into_iter().filter(|(_, on)| !on.is_empty()).map(|(format, _)| format).collect();
    actions::subscribe(&app, &me, &Wanted { organisation, every, formats, language: visit.texts.language }).await?;
    // Back to where the form stood; anything else leads to the list.
    let back = if form.back.starts_with("/statistics?") { format!("{}#report-by-mail", form.back) } else { "/me/reports".to_owned() };
    Ok(Redirect::to(&back))
}

/// `GET /me/reports`
pub async fn own(State(app): State<App>, visit: Visit, me: SignedIn, Query(done): Query<Done>) -> Result<Response, Problem> {
    let account = Accounts(&mut app.db.read().await?).find(me.account).await?;
    let own = actions::own(&app, &me).await?;
    let tree = app.tree.load_full();
    html(&ReportsPage {
        notice: done.notice(&visit.texts),
        is_set_up: notices::is_set_up(&app.config),
        mail: account.and_then(|account| account.mail).unwrap_or_default(),
        lines: lines(&own, &tree, &visit.texts, |id| may(&tree, &me, Action::SeeStatistics, id)),
        p: visit.page(&app, visit.texts.s("me-reports")),
    })
}

/// `POST /me/reports/{id}/end`
pub async fn end(State(app): State<App>, me: SignedIn, Path(id): Path<SubscriptionId>) -> Result<Redirect, Problem> {
    actions::end(&app, &me, id).await?;
    Ok(Redirect::to("/me/reports?done=report-ended"))
}

fn unsubscribed(p: web::Page, what: String) -> Result<Response, Problem> {
    let mut response = html(&UnsubscribePage { p, what })?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /reports/unsubscribe/{token}`: asks, since programs that look through mail open every link.
pub async fn unsubscribe_form(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Response, Problem> {
    let one = actions::linked(&app, &token).await?;
    let tree = app.tree.load();
    let what = one.map(|one| format!("{} · {}", tree.name(one.organisation), what(&one, &visit.texts))).unwrap_or_default();
    unsubscribed(visit.page(&app, visit.texts.s("unsubscribe-title")), what)
}

/// `POST /reports/unsubscribe/{token}`: the button of the page, and the one click of mail programs (RFC 8058).
pub async fn unsubscribe(State(app): State<App>, visit: Visit, Path(token): Path<String>) -> Result<Response, Problem> {
    actions::end_linked(&app, &token).await?;
    unsubscribed(visit.page(&app, visit.texts.s("unsubscribe-title")), String::new())
}
