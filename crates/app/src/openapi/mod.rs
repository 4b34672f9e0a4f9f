//! What programs can do: the OpenAPI 3.1 document of everything under `/api/v1`, and a page to read it.
//!
//! * Handlers describe themselves with `#[utoipa::path]`; here stands which there are. A test compares that with the
//!   route table, so that nothing is served without a description.
//! * What holds for all of them is added once: who may ask, problems, keys against repetition.

mod page;

pub use page::{docs, json};

use crate::{
    accounts, administration, broadcasts, campaigns, held_sessions, lecturers, lessons, organisations, recordings, rooms, statistics,
    submissions, watching,
};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(title = "Kaijiang", description = "Everything that the pages can do. Lists are read page by page: pass `next` as `after`. \
        A write may carry `Idempotency-Key`: repeated, it answers as the first time and changes nothing. A change names the \
        version it has seen in `If-Match`. Times are milliseconds since 1970, UTC."),
    paths(
        accounts::api::me, accounts::api::describe, accounts::api::want_mail, accounts::api::forget_mail, accounts::api::change_password, accounts::api::sign_ins, accounts::api::sign_in, accounts::api::revoke_sign_in, accounts::api::tokens, accounts::api::create_token, accounts::api::revoke_token,
        administration::api::overview, administration::api::jobs, administration::api::cancel_job, administration::api::retry_job, administration::api::mail::list, administration::api::mail::again, administration::api::audit_trail, administration::api::verify_audit,
        broadcasts::api::list, broadcasts::api::create, broadcasts::api::show, broadcasts::api::change, broadcasts::api::make_key, broadcasts::api::on_air, broadcasts::api::end, broadcasts::api::cancel, broadcasts::api::hold, broadcasts::api::profile, broadcasts::api::pin_stage, broadcasts::api::repeat, broadcasts::api::unpublish, broadcasts::api::trim, broadcasts::api::untrim, broadcasts::pages::control::measure, watching::pages::standing::state, watching::api::ticket::get,
        broadcasts::api::programme::get,
        campaigns::api::list, campaigns::api::create, campaigns::api::show, campaigns::api::save, campaigns::api::change_state, campaigns::api::copy, campaigns::api::add_category, campaigns::api::save_category, campaigns::api::remove_category, campaigns::api::set_stages, campaigns::api::set_quotas, campaigns::api::put_consent, campaigns::api::retire_consent, campaigns::api::extend, campaigns::api::narrow, campaigns::api::widen, campaigns::api::burden,
        held_sessions::api::list, held_sessions::api::get, held_sessions::api::put, held_sessions::api::verdicts::decide, held_sessions::api::verdicts::decide_all,
        held_sessions::pages::export::csv, held_sessions::pages::export::file, held_sessions::pages::blank::xlsx,
        held_sessions::api::export::order, held_sessions::api::export::get, held_sessions::api::export::cancel,
        held_sessions::api::import::check, held_sessions::api::import::state, held_sessions::api::import::apply, held_sessions::api::import::cancel, held_sessions::api::import::workbook,
        held_sessions::api::photos::put, held_sessions::api::photos::get, held_sessions::api::photos::remove,
        held_sessions::api::plans::list, held_sessions::api::plans::create, held_sessions::api::plans::change, held_sessions::api::plans::cancel, held_sessions::api::plans::remove,
        held_sessions::api::months::list, held_sessions::api::months::close, held_sessions::api::months::adjustments,
        lecturers::api::list, lecturers::api::create, lecturers::api::get, lecturers::api::patch, lecturers::api::retire, lecturers::api::consent, lecturers::api::withdraw_consent, lecturers::api::set_photo, lecturers::api::remove_photo,
        lecturers::api::merging::duplicates, lecturers::api::merging::merge, lecturers::api::merging::unmerge,
        lecturers::api::import::check, lecturers::api::import::state, lecturers::api::import::apply, lecturers::api::import::cancel, lecturers::api::import::workbook,
        lecturers::api::bookings::list, lecturers::api::bookings::request, lecturers::api::bookings::get, lecturers::api::bookings::accept, lecturers::api::bookings::decline, lecturers::api::bookings::cancel, lecturers::api::bookings::rate, lecturers::api::bookings::calendar, lecturers::api::bookings::renew_calendar,
        watching::api::lecturers::list, watching::api::lecturers::one, watching::api::lecturers::lectures,
        lessons::api::list, lessons::api::create, lessons::api::get, lessons::api::patch,
        page::json,
        organisations::api::create, organisations::api::describe, organisations::api::move_under, organisations::api::attach, organisations::api::merge, organisations::api::close,
        organisations::api::import::check, organisations::api::import::import_state, organisations::api::import::apply, organisations::api::import::cancel,
        organisations::api::list, organisations::api::search, organisations::api::show,
        organisations::api::people::list, organisations::api::people::show, organisations::api::people::create, organisations::api::people::change, organisations::api::people::reset_password, organisations::api::people::grant, organisations::api::people::revoke,
        organisations::api::import::import_workbook,
        organisations::api::import::check_people, organisations::api::import::people_state, organisations::api::import::apply_people, organisations::api::import::cancel_people,
        organisations::api::import::people_workbook, organisations::api::import::people_links,
        recordings::api::captions::list, recordings::api::captions::get, recordings::api::captions::put, recordings::api::captions::remove,
        recordings::api::files::list, recordings::api::files::original,
        recordings::api::tus::options, recordings::api::tus::create, recordings::api::tus::head, recordings::api::tus::patch, recordings::api::tus::terminate,
        recordings::api::uploads::list, recordings::api::uploads::status,
        rooms::api::poll::messages, rooms::api::talk::say, rooms::api::talk::react, rooms::api::talk::ask, rooms::api::talk::vote, rooms::api::talk::unvote,
        rooms::api::board::approve, rooms::api::board::remove, rooms::api::board::ban, rooms::api::board::clear, rooms::api::board::rules,
        rooms::api::board::approve_question, rooms::api::board::answer, rooms::api::board::merge, rooms::api::board::remove_question,
        rooms::api::lessons::questions, rooms::api::lessons::ask, rooms::api::lessons::talk,
        rooms::api::groups::of_lesson, rooms::api::groups::count_lesson, rooms::api::groups::leave_lesson,
        rooms::api::groups::of_broadcast, rooms::api::groups::count_broadcast, rooms::api::groups::leave_broadcast,
        rooms::api::words::list, rooms::api::words::keep,
        statistics::api::get,
        statistics::pages::reports::pdf, statistics::api::reports::list, statistics::api::reports::put, statistics::api::reports::end,
        statistics::pages::xlsx, statistics::pages::csv,
        statistics::api::bands::get, statistics::api::bands::put, statistics::api::bands::remove, statistics::pages::bands::xlsx, statistics::pages::bands::csv,
        statistics::api::crossing::get, statistics::pages::crossing::xlsx, statistics::pages::crossing::csv,
        statistics::api::burden::get, statistics::pages::burden::xlsx, statistics::pages::burden::csv,
        statistics::api::workbooks::list, statistics::api::workbooks::add, statistics::api::workbooks::get, statistics::api::workbooks::sheet, statistics::api::workbooks::mark, statistics::api::workbooks::remove, statistics::pages::workbooks::filled,
        statistics::pages::silent::get, statistics::pages::silent::csv,
        statistics::api::records::get, statistics::pages::records::xlsx, statistics::pages::records::csv,
        submissions::api::awards::give, submissions::api::awards::take_back,
        submissions::api::batches::preview, submissions::api::batches::confirm,
        submissions::api::clearance::approve, submissions::api::clearance::unpublish,
        submissions::api::drafts::start, submissions::api::drafts::save, submissions::api::drafts::submit, submissions::api::drafts::pull_back, submissions::api::drafts::withdraw, submissions::api::drafts::presence,
        submissions::api::lists::list, submissions::api::lists::queue, submissions::api::lists::quotas,
        submissions::api::receipts::get,
        submissions::api::show::get, submissions::api::show::checklist, submissions::api::show::revision, submissions::api::show::difference, submissions::api::show::addresses,
        submissions::api::verdicts::open, submissions::api::verdicts::decide, submissions::api::verdicts::reserve, submissions::api::verdicts::rank,
        watching::api::library, watching::api::one, watching::api::facets,
        watching::api::playing::playback, watching::api::playing::captions, watching::api::playing::resume_at, watching::api::playing::heartbeat,
    ),
    tags(
        (name = "me", description = "The reader's own account, sign-ins and API tokens."),
        (name = "sign-in", description = "Coming in by password, for programs that stand in for a browser; all others use a token."),
        (name = "accounts", description = "People: who may come in, and what they were granted."),
        (name = "lecturers", description = "People who lecture: found, kept, merged, booked."),
        (name = "lessons", description = "The works themselves: registered, described, found again."),
        (name = "library", description = "What is public, for anybody."),
        (name = "programme", description = "What is broadcast and shown, for anybody."),
        (name = "watching", description = "What players report while they play."),
        (name = "organisations", description = "The tree: registered, renamed, moved, merged, closed."),
        (name = "broadcasts", description = "Lectures that everybody watches at the same moment: planned, sent, shown, ended."),
        (name = "campaigns", description = "Calls for lectures: categories, stages, quotas, consents."),
        (name = "held-sessions", description = "Lectures that were held before people: recorded, verified, planned, counted."),
        (name = "uploads", description = "Files on their way in, by tus 1.0: created, sent in pieces, gone on with after a broken line."),
        (name = "recordings", description = "Files of a lesson: what was found in them, captions, the original."),
        (name = "submissions", description = "A lesson's way through a campaign: handed in, recommended, returned, selected, published."),
        (name = "receipts", description = "Whether a receipt is genuine, for anybody."),
        (name = "rooms", description = "What is said and asked while a broadcast runs, and how it is moderated."),
        (name = "statistics", description = "Figures of any organisation and period."),
        (name = "administration", description = "How the server is, its long work, its audit trail."),
        (name = "api", description = "This description."),
    )
)]
struct Document;

/// Operations of these tags need nobody to be signed in.
const OPEN_TAGS: [&str; 6] = ["sign-in", "library", "programme", "watching", "receipts", "api"];

/// The whole document.
pub fn document() -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(Document::openapi())?;
    document["info"]["license"] = json!({ "name": "Apache-2.0", "identifier": "Apache-2.0" });
    document["servers"] = json!([{ "url": "/" }]);
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "An API token; its scopes narrow what its owner may do." },
        "cookie": { "type": "apiKey", "in": "cookie", "name": accounts::COOKIE, "description": "The sign-in of a browser." },
    });
    document["components"]["schemas"]["Problem"] = problem();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            complete(path, method, operation);
        }
    }
    Ok(document)
}

/// `get_lessons_id` for `GET /api/v1/lessons/{id}`.
fn name(path: &str, method: &str) -> String {
    let words = path.trim_start_matches("/api/v1").split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

/// Adds to one operation what holds for all of its kind.
fn complete(path: &str, method: &str, operation: &mut Value) {
    operation["operationId"] = name(path, method).into();
    let tag = operation["tags"][0].as_str().unwrap_or_default();
    if !OPEN_TAGS.contains(&tag) {
        operation["security"] = json!([{ "token": [] }, { "cookie": [] }]);
        if !matches!(method, "get" | "head" | "options") {
            let key = json!({ "name": "Idempotency-Key", "in": "header", "required": false, "schema": { "type": "string", "maxLength": 200 },
                "description": "Makes a repetition of this request harmless." });
            operation.as_object_mut().into_iter().for_each(|o| add(o, "parameters", key.clone()));
        }
    }
    let refusal = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    operation["responses"]["default"] = json!({ "description": "Refused or failed; the problem says why.", "content": refusal.clone() });
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if status.starts_with('4') && response.get("content").is_none() {
            response["content"] = refusal.clone();
        }
        if response["description"].as_str().unwrap_or_default().is_empty() {
            response["description"] = meaning(status).into();
        }
    }
}

fn add(operation: &mut Map<String, Value>, list: &str, item: Value) {
    if let Some(items) = operation.entry(list).or_insert_with(|| json!([])).as_array_mut() {
        items.push(item);
    }
}

/// What a status means here, where a handler has nothing to add.
fn meaning(status: &str) -> &'static str {
    match status {
        "200" => "Done; this is how it is now.",
        "201" => "Made; `Location` says where it is.",
        "202" => "Queued; the job says how far it is.",
        "204" => "Done; there is nothing to tell.",
        "401" => "Nobody is signed in, or the token is not good.",
        "403" => "The roles do not include this.",
        "404" => "It is not there, or the reader may not see it.",
        "409" => "Not as things stand now.",
        "412" => "It was changed since the version named in `If-Match`.",
        "422" => "An entry breaks a rule; nothing was changed.",
        "429" => "Too often; `Retry-After` says when again.",
        _ => "See the problem.",
    }
}

/// RFC 9457, as `problem.rs` writes it.
fn problem() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    let error = json!({ "type": "object", "required": ["field", "rule", "text"], "properties": {
        "field": text("The form field or JSON pointer."), "label": text("The field as readers know it."), "rule": text("Code of the rule."),
        "found": text("What was given, shortened."), "wanted": text("What is wanted."), "text": text("The rule in the reader's language."),
    } });
    json!({ "type": "object", "required": ["type", "title", "status", "code", "detail"], "description": "Why a request was not done.",
        "properties": {
            "type": text("`/problems/CODE`."), "title": text("In the reader's language."), "code": text("Stable code."),
            "status": { "type": "integer", "description": "The HTTP status." }, "detail": text("In the reader's language."),
            "errors": { "type": "array", "items": error, "description": "Broken rules, field by field." },
        } })
}
