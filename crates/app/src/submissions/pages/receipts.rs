//! Receipts: public pages for whoever has the number.

use crate::problem::Problem;
use crate::state::App;
use crate::submissions::views::receipt::{ReceiptPage, ReceiptsPage};
use crate::submissions::views::{Answer, FileLine, Said, words};
use crate::submissions::{self, Receipt};
use crate::web::{Done, Visit, html, qr_svg};
use axum::extract::{Path, Query, State as Shared};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// The number as somebody typed it.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    number: String,
}

/// `GET /receipts`: the form, or on to the receipt whose number was typed.
pub async fn receipts(Shared(app): Shared<App>, visit: Visit, Query(typed): Query<Typed>) -> Result<Response, Problem> {
    if typed.number.trim().is_empty() {
        return form(&app, &visit, String::new(), StatusCode::OK);
    }
    match submissions::receipt(&app, &typed.number).await {
        Ok(receipt) => Ok(Redirect::to(&format!("/receipts/{}", receipt.number)).into_response()),
        Err(problem) if problem.status == StatusCode::NOT_FOUND => form(&app, &visit, typed.number, StatusCode::NOT_FOUND),
        Err(problem) => Err(problem),
    }
}

fn form(app: &App, visit: &Visit, number: String, status: StatusCode) -> Result<Response, Problem> {
    let unknown = if number.is_empty() { String::new() } else { visit.texts.with("receipt-unknown", "number", number.trim()) };
    let mut response = html(&ReceiptsPage { p: visit.page(app, visit.texts.s("receipt-verify")), number, unknown })?;
    *response.status_mut() = status;
    Ok(response)
}

/// `GET /receipts/{number}`
pub async fn receipt(
    Shared(app): Shared<App>,
    visit: Visit,
    Path(number): Path<String>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let found = match submissions::receipt(&app, &number).await {
        Err(problem) if problem.status == StatusCode::NOT_FOUND => return form(&app, &visit, number, StatusCode::NOT_FOUND),
        other => other?,
    };
    let texts = &visit.texts;
    html(&ReceiptPage {
        p: visit.page(&app, format!("{} {}", texts.s("receipt"), found.number)),
        said: Said { done: done.notice(texts), refusal: None },
        at: texts.time(found.at),
        at_iso: found.at.to_string(),
        answers: answers(&visit, &found),
        files: found.files.iter().map(|f| file(&visit, f)).collect(),
        number: found.number,
    })
}

fn answers(visit: &Visit, found: &Receipt) -> Vec<Answer> {
    let texts = &visit.texts;
    let all = [
        (texts.s("field-title"), found.title.clone()),
        (texts.s("field-lecturer"), found.lecturer.clone()),
        (texts.s("receipt-from"), found.organisation.clone()),
        (texts.s("field-campaign"), found.campaign.clone()),
        (texts.s("receipt-revision"), texts.with("line-revision", "n", found.revision)),
    ];
    all.into_iter().map(|(name, value)| Answer { name, value, long: false }).collect()
}

fn file(visit: &Visit, file: &submissions::ReceiptFile) -> FileLine {
    let texts = &visit.texts;
    let variant = if file.slot == "video" { format!(" · {}", words::coded(texts, "variant", &file.variant)) } else { String::new() };
    FileLine {
        name: words::slot(texts, &file.slot),
        facts: format!("{}{variant}", texts.bytes(file.bytes)),
        hash: file.sha256.clone(),
        sent_hash: file.sent_sha256.clone().unwrap_or_default(),
    }
}

/// `GET /receipts/{number}/qr.svg`: leads to the receipt at the address this installation is known by.
pub async fn code(Shared(app): Shared<App>, visit: Visit, Path(number): Path<String>) -> Result<Response, Problem> {
    let found = submissions::receipt(&app, &number).await?;
    let svg = qr_svg(&format!("{}/receipts/{}", visit.origin, found.number))?;
    Ok(([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "private, max-age=3600")], svg).into_response())
}
