//! The whole URL table on one page.

use crate::recordings::api as recordings;
use crate::state::App;
use crate::{
    accounts, administration, broadcasts, campaigns, health, lessons, openapi, organisations, statistics, submissions, watching, web,
};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, options, patch, post, put};
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// Scripts, styles and pictures come from us alone; nothing inline runs (H9).
const CONTENT_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Bodies of forms and JSON; uploads and imports set their own.
const BODY_LIMIT: usize = 1 << 20;

/// The body of a heartbeat.
const BEAT_LIMIT: usize = 4 << 10;

/// Every route with its layers.
pub fn router(app: App) -> Router {
    let fixed = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .merge(pages().layer(from_fn(web::utf8_forms)))
        .merge(uploads())
        .nest("/api/v1", api().layer(from_fn_with_state(app.clone(), web::idempotent)).merge(uploads()))
        .route("/assets/{name}", get(web::serve_asset))
        .route("/favicon.svg", get(web::favicon))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(health::nothing_here)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), web::limit))
        .layer(from_fn_with_state(app.clone(), web::describe))
        .layer(from_fn_with_state(app.clone(), web::identify))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/octet-stream"))))
        .layer(fixed(CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(fixed(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(REFERRER_POLICY, "same-origin"))
        .layer(fixed(X_FRAME_OPTIONS, "DENY"))
        .layer(from_fn_with_state(app.clone(), web::recent))
        .merge(beats())
        .layer(from_fn_with_state(app.clone(), web::measure))
        .merge(media())
        .with_state(app)
}

/// Outside every layer: signed addresses need nobody's name, and bytes of media are not compressed again.
fn media() -> Router<App> {
    Router::new()
        .route("/media/{grant}/{material}/{*rest}", get(recordings::media::serve))
        .route("/live-media/{grant}/{broadcast}/{*rest}", get(broadcasts::api::media::serve))
}

/// Outside the layers of pages: a player's report proves itself by its token and comes twice a minute from everybody.
fn beats() -> Router<App> {
    Router::new().route("/watch/heartbeat", post(watching::api::playing::beat)).layer(DefaultBodyLimit::max(BEAT_LIMIT))
}

/// Outside the layer of idempotency keys, which reads whole bodies: offsets make tus repeatable by itself.
fn uploads() -> Router<App> {
    Router::new()
        .route("/uploads", options(recordings::tus::options).get(recordings::uploads::list).post(recordings::tus::create))
        .route("/uploads/{id}", recordings::tus::at_upload())
        .route("/uploads/{id}/status", get(recordings::uploads::status))
}

/// A register, with the multipart frame around it.
fn registers() -> DefaultBodyLimit {
    DefaultBodyLimit::max(crate::registers::FILE_MOST + (1 << 20))
}

#[allow(clippy::too_many_lines, reason = "a table: one line a route")]
fn pages() -> Router<App> {
    Router::new()
        .route("/sign-in", get(accounts::pages::sign_in_form).post(accounts::pages::sign_in))
        .route("/welcome/{secret}", get(accounts::pages::welcome_form).post(accounts::pages::welcome))
        .route("/sign-out", post(accounts::pages::sign_out))
        .route("/preferences", post(accounts::pages::preferences))
        .route("/", get(watching::pages::catalogue::home))
        .route("/lessons", get(watching::pages::catalogue::catalogue))
        .route("/places", get(watching::pages::catalogue::places))
        .route("/places/{id}", get(watching::pages::catalogue::place))
        .route("/lessons/{id}", get(watching::pages::lesson::lesson))
        .route("/lessons/{id}/addresses", get(watching::api::playing::playback))
        .route("/lessons/{id}/resume-point", put(watching::api::playing::resume_at))
        .route("/lessons/{id}/captions/{track}", get(watching::api::playing::track))
        .route("/lessons/{id}/qr.svg", get(watching::pages::lesson::qr))
        .route("/me", get(accounts::pages::me).post(accounts::pages::describe_me))
        .route("/me/password", post(accounts::pages::change_my_password))
        .route("/me/sign-ins/{id}/revoke", post(accounts::pages::revoke_my_sign_in))
        .route("/me/tokens", post(accounts::pages::create_my_token))
        .route("/me/tokens/{id}/revoke", post(accounts::pages::revoke_my_token))
        .route("/people", get(organisations::pages::people::people).post(organisations::pages::people::create_person))
        .route(
            "/people/import",
            get(organisations::pages::people_import_form).post(organisations::pages::people_import_file).layer(registers()),
        )
        .route("/people/imports/{id}", get(organisations::pages::people_import_page))
        .route("/people/imports/{id}/apply", post(organisations::pages::people_import_apply))
        .route("/people/imports/{id}/cancel", post(organisations::pages::people_import_cancel))
        .route("/people/imports/{id}/workbook", get(organisations::api::import::people_workbook))
        .route("/people/imports/{id}/links", post(organisations::api::import::people_links))
        .route("/people/{id}", get(organisations::pages::people::person))
        .route("/people/{id}/active", post(organisations::pages::people::set_active))
        .route("/people/{id}/password", post(organisations::pages::people::reset_password))
        .route("/people/{id}/grants", post(organisations::pages::people::grant))
        .route("/people/{id}/grants/{grant}/revoke", post(organisations::pages::people::revoke_grant))
        .route("/statistics", get(statistics::pages::page))
        .route("/statistics/records", get(statistics::pages::records::page))
        .route("/statistics/records.xlsx", get(statistics::pages::records::xlsx))
        .route("/statistics/records.csv", get(statistics::pages::records::csv))
        .route("/statistics/export.xlsx", get(statistics::pages::xlsx))
        .route("/statistics/export.csv", get(statistics::pages::csv))
        .route("/organisations", get(organisations::pages::tree_page))
        .route("/organisations/search", get(organisations::pages::search))
        .route("/organisations/kept", get(organisations::pages::search_kept))
        .route("/organisations/import", get(organisations::pages::import_form).post(organisations::pages::import_file).layer(registers()))
        .route("/organisations/imports/{id}", get(organisations::pages::import_page))
        .route("/organisations/imports/{id}/apply", post(organisations::pages::import_apply))
        .route("/organisations/imports/{id}/cancel", post(organisations::pages::import_cancel))
        .route("/organisations/imports/{id}/workbook", get(organisations::api::import::import_workbook))
        .route("/organisations/{id}", get(organisations::pages::show).post(organisations::pages::describe))
        .route("/organisations/{id}/children", get(organisations::pages::children).post(organisations::pages::create))
        .route("/organisations/{id}/move", post(organisations::pages::move_under))
        .route("/organisations/{id}/merge", post(organisations::pages::merge))
        .route("/organisations/{id}/close", post(organisations::pages::close))
        .route("/lessons/{id}/captions", post(recordings::captions::form))
        .route("/lessons/{id}/materials", post(recordings::plain::form).layer(recordings::plain::limit()))
        .route("/materials/{id}/original", get(recordings::files::original))
        .route("/campaigns", get(campaigns::pages::list).post(campaigns::pages::create))
        .route("/campaigns/new", get(campaigns::pages::new_form))
        .route("/campaigns/{id}", get(campaigns::pages::show))
        .route("/campaigns/{id}/edit", get(campaigns::pages::edit).post(campaigns::pages::save_basics))
        .route("/campaigns/{id}/state", post(campaigns::pages::change_state))
        .route("/campaigns/{id}/copies", post(campaigns::pages::copy))
        .route("/campaigns/{id}/categories", post(campaigns::pages::add_category))
        .route("/campaigns/{id}/categories/new", get(campaigns::pages::new_category_form))
        .route("/campaigns/{id}/categories/{category}", get(campaigns::pages::category_form).post(campaigns::pages::save_category))
        .route("/campaigns/{id}/categories/{category}/remove", post(campaigns::pages::remove_category))
        .route("/campaigns/{id}/stages", post(campaigns::pages::set_stages))
        .route("/campaigns/{id}/quotas", post(campaigns::pages::set_quotas))
        .route("/campaigns/{id}/consents", post(campaigns::pages::put_consent))
        .route("/campaigns/{id}/consents/{code}/remove", post(campaigns::pages::retire_consent))
        .route("/campaigns/{id}/extensions", post(campaigns::pages::extend))
        .route("/campaigns/{id}/narrowed", post(campaigns::pages::narrow))
        .route("/campaigns/{id}/narrowed/{row}/remove", post(campaigns::pages::widen))
        .route("/desk", get(submissions::pages::desk))
        .route("/desk/lessons", get(submissions::pages::lessons))
        .route("/submissions", get(submissions::pages::submissions))
        .route("/submissions/new", get(submissions::pages::new).post(submissions::pages::create))
        .route("/submissions/{id}", get(submissions::pages::submission))
        .route("/submissions/{id}/edit", get(submissions::pages::editor).post(submissions::pages::save))
        .route("/submissions/{id}/draft", patch(submissions::pages::autosave))
        .route("/submissions/{id}/files/{slot}", get(submissions::pages::uploads))
        .route("/submissions/{id}/addresses", get(submissions::api::show::addresses))
        .route("/submissions/{id}/submit", get(submissions::pages::preview).post(submissions::pages::submit))
        .route("/submissions/{id}/pull-back", post(submissions::pages::pull_back))
        .route("/submissions/{id}/withdrawal", post(submissions::pages::withdraw))
        .route("/review", get(submissions::pages::queue))
        .route("/review/rank", get(submissions::pages::board).post(submissions::pages::order))
        .route("/review/rank/move", post(submissions::pages::move_one))
        .route("/review/batch", post(submissions::pages::batch))
        .route("/review/{id}", get(submissions::pages::review).post(submissions::pages::decide))
        .route("/clearance", get(submissions::pages::clearances))
        .route("/clearance/{id}", get(submissions::pages::clearance))
        .route("/clearance/{id}/approval", post(submissions::pages::approve))
        .route("/clearance/{id}/unpublication", post(submissions::pages::unpublish))
        .route("/receipts", get(submissions::pages::receipts))
        .route("/receipts/{number}", get(submissions::pages::receipt))
        .route("/receipts/{number}/qr.svg", get(submissions::pages::code))
        .route("/administration", get(administration::pages::overview))
        .route("/administration/jobs", get(administration::pages::jobs))
        .route("/administration/jobs/{id}/cancel", post(administration::pages::cancel_job))
        .route("/administration/jobs/{id}/retry", post(administration::pages::retry_job))
        .route("/administration/audit", get(administration::pages::audit))
        .route("/administration/audit/verification", get(administration::pages::verify_audit))
        .route("/administration/audit.csv", get(administration::pages::audit_csv))
        .route("/administration/audit.jsonl", get(administration::pages::audit_jsonl))
        .route("/api/docs", get(openapi::docs))
}

#[allow(clippy::too_many_lines, reason = "a table: one line a route")]
fn api() -> Router<App> {
    Router::new()
        .route("/lessons", get(lessons::api::list).post(lessons::api::create))
        .route("/lessons/{id}", get(lessons::api::get).patch(lessons::api::patch))
        .route("/library", get(watching::api::library))
        .route("/library/facets", get(watching::api::facets))
        .route("/library/{id}", get(watching::api::one))
        .route("/library/{id}/playback", get(watching::api::playing::playback))
        .route("/library/{id}/captions/{language}", get(watching::api::playing::captions))
        .route("/library/{id}/resume-point", put(watching::api::playing::resume_at))
        .route("/watch/heartbeat", post(watching::api::playing::heartbeat))
        .route("/statistics", get(statistics::api::get))
        .route("/statistics/records", get(statistics::api::records::get))
        .route("/statistics/records.xlsx", get(statistics::pages::records::xlsx))
        .route("/statistics/records.csv", get(statistics::pages::records::csv))
        .route("/statistics/export.xlsx", get(statistics::pages::xlsx))
        .route("/statistics/export.csv", get(statistics::pages::csv))
        .route("/me", get(accounts::api::me).patch(accounts::api::describe))
        .route("/me/password", post(accounts::api::change_password))
        .route("/sign-ins", get(accounts::api::sign_ins).post(accounts::api::sign_in))
        .route("/sign-ins/{id}", delete(accounts::api::revoke_sign_in))
        .route("/tokens", get(accounts::api::tokens).post(accounts::api::create_token))
        .route("/tokens/{id}", delete(accounts::api::revoke_token))
        .route("/accounts", get(organisations::api::people::list).post(organisations::api::people::create))
        .route("/accounts/imports", post(organisations::api::import::check_people).layer(registers()))
        .route("/accounts/imports/{id}", get(organisations::api::import::people_state).delete(organisations::api::import::cancel_people))
        .route("/accounts/imports/{id}/apply", post(organisations::api::import::apply_people))
        .route("/accounts/imports/{id}/workbook", get(organisations::api::import::people_workbook))
        .route("/accounts/imports/{id}/links", post(organisations::api::import::people_links))
        .route("/accounts/{id}", get(organisations::api::people::show).patch(organisations::api::people::change))
        .route("/accounts/{id}/password", post(organisations::api::people::reset_password))
        .route("/accounts/{id}/grants", post(organisations::api::people::grant))
        .route("/accounts/{id}/grants/{grant}", delete(organisations::api::people::revoke))
        .route("/organisations", get(organisations::api::list).post(organisations::api::create))
        .route("/organisations/search", get(organisations::api::search))
        .route("/organisations/imports", post(organisations::api::import::check).layer(registers()))
        .route("/organisations/imports/{id}", get(organisations::api::import::import_state).delete(organisations::api::import::cancel))
        .route("/organisations/imports/{id}/apply", post(organisations::api::import::apply))
        .route("/organisations/imports/{id}/workbook", get(organisations::api::import::import_workbook))
        .route("/organisations/{id}", get(organisations::api::show).patch(organisations::api::describe))
        .route("/organisations/{id}/move", post(organisations::api::move_under))
        .route("/organisations/{id}/merge", post(organisations::api::merge))
        .route("/organisations/{id}/close", post(organisations::api::close))
        .route("/campaigns", get(campaigns::api::list).post(campaigns::api::create))
        .route("/campaigns/{id}", get(campaigns::api::show).put(campaigns::api::save))
        .route("/campaigns/{id}/state", post(campaigns::api::change_state))
        .route("/campaigns/{id}/copies", post(campaigns::api::copy))
        .route("/campaigns/{id}/categories", post(campaigns::api::add_category))
        .route("/campaigns/{id}/categories/{category}", put(campaigns::api::save_category).delete(campaigns::api::remove_category))
        .route("/campaigns/{id}/stages", put(campaigns::api::set_stages))
        .route("/campaigns/{id}/quotas", put(campaigns::api::set_quotas))
        .route("/campaigns/{id}/consents", post(campaigns::api::put_consent))
        .route("/campaigns/{id}/consents/{code}", delete(campaigns::api::retire_consent))
        .route("/campaigns/{id}/extensions", post(campaigns::api::extend))
        .route("/campaigns/{id}/narrowed", post(campaigns::api::narrow))
        .route("/campaigns/{id}/narrowed/{row}", delete(campaigns::api::widen))
        .route("/lessons/{id}/materials", get(recordings::files::list))
        .route("/lessons/{id}/captions", get(recordings::captions::list))
        .route(
            "/lessons/{id}/captions/{language}",
            get(recordings::captions::get).put(recordings::captions::put).delete(recordings::captions::remove),
        )
        .route("/materials/{id}/original", get(recordings::files::original))
        .route("/submissions", get(submissions::api::lists::list).post(submissions::api::drafts::start))
        .route("/submissions/queue", get(submissions::api::lists::queue))
        .route("/submissions/quotas", get(submissions::api::lists::quotas))
        .route("/submissions/order", put(submissions::api::verdicts::rank))
        .route("/submissions/batches", post(submissions::api::batches::confirm))
        .route("/submissions/batches/preview", post(submissions::api::batches::preview))
        .route("/submissions/{id}", get(submissions::api::show::get).patch(submissions::api::drafts::save))
        .route("/submissions/{id}/checklist", get(submissions::api::show::checklist))
        .route("/submissions/{id}/difference", get(submissions::api::show::difference))
        .route("/submissions/{id}/addresses", get(submissions::api::show::addresses))
        .route("/submissions/{id}/presence", post(submissions::api::drafts::presence))
        .route("/submissions/{id}/revisions", post(submissions::api::drafts::submit))
        .route("/submissions/{id}/revisions/{number}", get(submissions::api::show::revision))
        .route("/submissions/{id}/opening", post(submissions::api::verdicts::open))
        .route("/submissions/{id}/verdict", post(submissions::api::verdicts::decide))
        .route("/submissions/{id}/reserve", put(submissions::api::verdicts::reserve))
        .route("/submissions/{id}/pull-back", post(submissions::api::drafts::pull_back))
        .route("/submissions/{id}/withdrawal", post(submissions::api::drafts::withdraw))
        .route("/submissions/{id}/approvals", post(submissions::api::clearance::approve))
        .route("/submissions/{id}/unpublication", post(submissions::api::clearance::unpublish))
        .route("/receipts/{number}", get(submissions::api::receipts::get))
        .route("/administration", get(administration::api::overview))
        .route("/jobs", get(administration::api::jobs))
        .route("/jobs/{id}/cancel", post(administration::api::cancel_job))
        .route("/jobs/{id}/retry", post(administration::api::retry_job))
        .route("/audit-records", get(administration::api::audit_trail))
        .route("/audit-records/verification", get(administration::api::verify_audit))
        .route("/openapi.json", get(openapi::json))
}
