//! Files of a lesson as a plain form, for browsers without script.

use super::{back, drain};
use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::recordings::{actions, rules};
use crate::state::App;
use crate::web::SignedIn;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Redirect;
use kernel::Actor;
use std::collections::BTreeMap;

/// What a form has beside its file, at most.
const FRAME: u64 = 1 << 20;
/// Longest value of a field that is not the file.
const FIELD: usize = 4 << 10;

/// What a request may bring: the largest file with the form around it.
pub fn limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(usize::try_from(rules::FORM_MOST + FRAME).unwrap_or(usize::MAX))
}

/// `POST /lessons/{id}/materials`: a form with `slot`, `variant`, `next` and then `file`, which goes straight to the spool.
pub async fn form(State(app): State<App>, me: SignedIn, Path(id): Path<LessonId>, request: Request) -> Result<Redirect, Problem> {
    let announced = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let most = rules::form_most(app.config.upload_max_mib);
    if announced.is_some_and(|size: u64| size > most + FRAME) {
        drain(request.into_body()).await;
        return Err(actions::too_large(most));
    }
    let form = Multipart::from_request(request, &()).await.map_err(|e| malformed(&e.body_text()))?;
    // A task of its own tidies up even when the connection and with it the request is gone.
    tokio::spawn(taken(app, me.0, id, announced, form)).await.map_err(Problem::internal)?
}

async fn taken(app: App, actor: Actor, id: LessonId, announced: Option<u64>, mut form: Multipart) -> Result<Redirect, Problem> {
    let mut fields = BTreeMap::from([("lesson".to_owned(), id.to_string())]);
    while let Some(mut field) = form.next_field().await.map_err(|e| unreadable(&app, &e))? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            let filename = field.file_name().unwrap_or_default().to_owned();
            if filename.is_empty() {
                return Err(Problem::field("file", "required", "", ""));
            }
            fields.insert("filename".into(), filename);
            let next = fields.remove("next").unwrap_or_default();
            actions::take(&app, &actor, fields, announced, field).await?;
            return Ok(back(&next, "file-taken"));
        }
        let mut value = Vec::new();
        while let Some(piece) = field.chunk().await.map_err(|e| unreadable(&app, &e))? {
            value.extend_from_slice(&piece);
            if value.len() > FIELD {
                return Err(malformed("field"));
            }
        }
        if matches!(name.as_str(), "slot" | "variant" | "next") {
            let value = String::from_utf8(value).map_err(|bad| {
                let found = String::from_utf8_lossy(bad.as_bytes()).into_owned();
                Problem::field(&name, "not-utf8", found, "UTF-8")
            })?;
            fields.insert(name, value);
        }
    }
    Err(Problem::field("file", "required", "", ""))
}

/// Why a form cannot be read on: too much of it, a broken line, or no form at all.
fn unreadable(app: &App, error: &MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => actions::too_large(rules::form_most(app.config.upload_max_mib)),
        status if status.is_server_error() => Problem::bad_request("upload-form-interrupted"),
        _ => malformed(&error.body_text()),
    }
}

fn malformed(reason: &str) -> Problem {
    Problem::bad_request("malformed").with("reason", reason)
}
