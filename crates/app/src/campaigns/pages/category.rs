//! The page of one category: its name and what is to be handed in.

use super::edit::{Pairs, faults_in_words};
use crate::campaigns::forms::{self, Form, Reader};
use crate::campaigns::reading::{self, Seen};
use crate::campaigns::views::{CategoryPage, Words};
use crate::campaigns::{CampaignId, CategoryId, actions};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{SignedIn, Visit, html};
use axum::extract::{Form as Sent, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use kernel::Actor;

/// `GET /campaigns/{id}/categories/new`
pub async fn new_category_form(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
) -> Result<Response, Problem> {
    let seen = reading::see_to_change(&app, &me, id).await?;
    let mut form = Form::default();
    forms::fill_slot_defaults(&mut form);
    form.set("position", seen.call.categories.len());
    html(&category_page(&app, &visit, &seen, None, form))
}

/// `GET /campaigns/{id}/categories/{category}`
pub async fn category_form(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path((id, category)): Path<(CampaignId, CategoryId)>,
) -> Result<Response, Problem> {
    let seen = reading::see_to_change(&app, &me, id).await?;
    let mut form = Form::default();
    forms::fill_slot_defaults(&mut form);
    forms::fill_category(&mut form, seen.call.category(category).ok_or_else(Problem::not_found)?);
    html(&category_page(&app, &visit, &seen, Some(category), form))
}

fn category_page(app: &App, visit: &Visit, seen: &Seen, category: Option<CategoryId>, f: Form) -> CategoryPage {
    let tree = app.tree.load();
    let words = Words { texts: &visit.texts, tree: &tree };
    let head = words.head(&seen.call.campaign);
    let base = format!("/campaigns/{}/categories", head.id);
    CategoryPage {
        p: visit.page(app, visit.texts.s("campaign-category")),
        error: String::new(),
        action: category.map_or_else(|| base.clone(), |id| format!("{base}/{id}")),
        slots: words.slot_forms(),
        removable: category.is_some(),
        head,
        f,
    }
}

/// `POST /campaigns/{id}/categories`
pub async fn add_category(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<CampaignId>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    saved(&app, &visit, &me, id, None, Form::sent(pairs)).await
}

/// `POST /campaigns/{id}/categories/{category}`
pub async fn save_category(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path((id, category)): Path<(CampaignId, CategoryId)>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Response, Problem> {
    saved(&app, &visit, &me, id, Some(category), Form::sent(pairs)).await
}

async fn saved(
    app: &App,
    visit: &Visit,
    me: &Actor,
    id: CampaignId,
    category: Option<CategoryId>,
    sent: Form,
) -> Result<Response, Problem> {
    let problem = match put(app, me, id, category, &sent).await {
        Ok(()) => return Ok(Redirect::to(&format!("/campaigns/{id}/edit?done=campaign-category-saved")).into_response()),
        Err(problem) if problem.status != StatusCode::UNPROCESSABLE_ENTITY => return Err(problem),
        Err(problem) => problem,
    };
    let seen = reading::see_to_change(app, me, id).await?;
    let (error, faults) = faults_in_words(&visit.texts, problem);
    let mut form = Form::default();
    form.overlay("", sent, faults);
    let page = CategoryPage { error, ..category_page(app, visit, &seen, category, form) };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

async fn put(app: &App, me: &Actor, id: CampaignId, category: Option<CategoryId>, sent: &Form) -> Result<(), Problem> {
    let mut reader = Reader::new(sent, "");
    let fields = forms::read_category(&mut reader);
    let slots: Vec<_> = fields.rules.slots.iter().map(|s| s.slot.clone()).collect();
    let version = reader.version();
    let put = actions::put_category(app, me, id, category, version, reader.done(fields)?).await;
    put.map(drop).map_err(|problem| forms::slots_by_name(problem, &slots))
}

/// `POST /campaigns/{id}/categories/{category}/remove`
pub async fn remove_category(
    State(app): State<App>,
    me: SignedIn,
    Path((id, category)): Path<(CampaignId, CategoryId)>,
    Sent(pairs): Sent<Pairs>,
) -> Result<Redirect, Problem> {
    let sent = Form::sent(pairs);
    actions::remove_category(&app, &me, id, category, Reader::new(&sent, "").version()).await?;
    Ok(Redirect::to(&format!("/campaigns/{id}/edit?done=campaign-category-removed")))
}
