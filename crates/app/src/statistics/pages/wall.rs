//! The wall display.

use crate::problem::Problem;
use crate::state::App;
use crate::statistics::choice::Asked;
use crate::statistics::overview;
use crate::statistics::records::{self, Narrowed};
use crate::statistics::views::wall::{WallBody, WallPage, href};
use crate::web::{Cursor, SignedIn, Visit, html};
use axum::extract::{Query, State};
use axum::response::Response;
use kernel::Actor;
use serde::Deserialize;

/// What the display itself asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bare {
    /// Anything: only what is renewed.
    bare: String,
}

/// `GET /statistics/wall`
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Query(asked): Query<Asked>,
    Query(Bare { bare }): Query<Bare>,
) -> Result<Response, Problem> {
    let (body, wall, back) = body(&app, &visit, &me, &asked).await?;
    if !bare.is_empty() {
        return html(&body);
    }
    let refresh = format!("{wall}&bare=1");
    html(&WallPage { p: visit.page(&app, visit.texts.s("wall-title")), refresh, back, body })
}

/// What is shown, the address of the wall, and that of the page it belongs to.
async fn body(app: &App, visit: &Visit, actor: &Actor, asked: &Asked) -> Result<(WallBody, String, String), Problem> {
    let overview = overview::load(app, actor, asked).await?;
    let of_sessions = Asked { metric: "sessions".into(), organisation: overview.choice.organisation.to_string(), ..asked.clone() };
    let latest = records::page(app, actor, &of_sessions, &Narrowed::default(), &Cursor::default()).await?;
    let p = visit.page(app, visit.texts.s("wall-title"));
    let addresses = (href(&overview.choice), overview.choice.href("/statistics"));
    Ok((WallBody::new(p, &overview, &latest, app.clock.now().to_jiff().to_string()), addresses.0, addresses.1))
}
