//! Puts problems into words: JSON for programs, a page for people; and tells attempts against rights to the audit trail.

use super::{Visit, html};
use crate::audit::{self, Entry};
use crate::i18n::Texts;
use crate::problem::Problem;
use crate::state::App;
use askama::Template;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "web/views/problem.html")]
struct PortalProblem {
    p: super::Page,
    told: Told,
}

/// The same inside the desk, so that whoever works there keeps the way on.
#[derive(Template)]
#[template(path = "web/views/problem_desk.html")]
struct DeskProblem {
    p: super::Page,
    told: Told,
}

struct Told {
    status: u16,
    detail: String,
    fields: Vec<(String, String)>,
}

/// The layer: replaces a response that carries a [`Problem`], or a bare refusal of the framework.
pub async fn describe(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    let response = next.run(request).await;
    let bare = response.status().as_u16() >= 400 && is_plain(&response);
    if response.extensions().get::<Problem>().is_none() && !bare {
        return response;
    }
    tell(app, asked, response).await
}

fn is_plain(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

/// What a problem needs to know of the request that met it.
#[derive(Debug, Clone)]
pub struct Asked {
    visit: Option<Arc<Visit>>,
    method: Method,
    path: String,
}

impl Asked {
    /// Of a request that went through the identify layer.
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path().chars().take(200).collect();
        Self { visit: request.extensions().get::<Arc<Visit>>().cloned(), method: request.method().clone(), path }
    }
}

/// The problem of `response` in the words of the reader who asked.
pub async fn tell(app: App, asked: Asked, response: Response) -> Response {
    let Some(visit) = asked.visit.clone() else { return response };
    let (mut head, body) = response.into_parts();
    let problem = match head.extensions.remove::<Problem>() {
        Some(problem) => problem,
        None => bare_problem(head.status, body).await,
    };
    if problem.against_rights {
        note_attempt(&app, &visit, &asked).await;
    }
    let mut out = if visit.wants_html { page(&app, &visit, &asked, &problem) } else { json_body(&visit.texts, &problem) };
    for (name, value) in &head.headers {
        if name != CONTENT_TYPE && name != axum::http::header::CONTENT_LENGTH {
            out.headers_mut().insert(name.clone(), value.clone());
        }
    }
    out
}

/// A refusal of the framework itself: unreadable JSON, wrong method, a body over its limit.
async fn bare_problem(status: StatusCode, body: Body) -> Problem {
    let code = match status {
        StatusCode::NOT_FOUND => return Problem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "wrong-type",
        StatusCode::FORBIDDEN => "cross-site",
        s if s.is_server_error() => "internal",
        _ => "malformed",
    };
    let reason = axum::body::to_bytes(body, 4096).await.map(|b| String::from_utf8_lossy(&b).into_owned()).unwrap_or_default();
    Problem::new(status, code).with("reason", reason)
}

async fn note_attempt(app: &App, visit: &Visit, asked: &Asked) {
    let entry = Entry {
        account: visit.actor.as_ref().map(|a| a.account),
        organisation: None,
        action: "request.refused",
        object: asked.path.clone(),
        allowed: false,
        detail: json!({ "method": asked.method.as_str() }),
    };
    let written = async {
        let mut tx = app.db.begin().await?;
        audit::record(&mut tx, app.clock.as_ref(), entry).await?;
        tx.commit().await
    };
    if let Err(cause) = written.await {
        tracing::error!(%cause, "an attempt against rights could not be audited");
    }
}

/// One broken rule in words.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Name of the field, as the form has it.
    pub field: String,
    /// What people call the field.
    pub label: String,
    /// The value found and the rule.
    pub text: String,
}

/// What a refused form says on top: the problem, and each broken rule with its field.
pub fn in_words(texts: &Texts, problem: &Problem) -> (String, Vec<Fault>) {
    let fault = |(f, (label, text)): (&crate::problem::FieldError, (String, String))| Fault { field: f.field.clone(), label, text };
    (words(texts, problem), problem.fields.iter().zip(field_words(texts, problem)).map(fault).collect())
}

fn words(texts: &Texts, problem: &Problem) -> String {
    texts.args(&format!("problem-{}", problem.code), &problem.args)
}

fn field_words(texts: &Texts, problem: &Problem) -> Vec<(String, String)> {
    let named = |f: &crate::problem::FieldError| {
        let key = format!("field-{}", f.field.rsplit('/').next().unwrap_or_default().replace('_', "-"));
        let label = if texts.has(&key) { texts.s(&key) } else { f.field.clone() };
        let args = [("found", f.found.clone()), ("wanted", f.wanted.clone())];
        (label, texts.args(&format!("rule-{}", f.rule), &args))
    };
    problem.fields.iter().map(named).collect()
}

fn json_body(texts: &Texts, problem: &Problem) -> Response {
    let words_of_fields = field_words(texts, problem);
    let errors: Vec<Value> = problem
        .fields
        .iter()
        .zip(&words_of_fields)
        .map(|(f, (label, text))| json!({ "field": f.field, "label": label, "rule": f.rule, "found": f.found, "wanted": f.wanted, "text": text }))
        .collect();
    let mut body = json!({
        "type": format!("/problems/{}", problem.code),
        "title": texts.s("problem-title"),
        "status": problem.status.as_u16(),
        "code": problem.code,
        "detail": words(texts, problem),
    });
    if !errors.is_empty() {
        body["errors"] = errors.into();
    }
    for (name, value) in &problem.args {
        body[*name] = value.as_str().into();
    }
    (problem.status, [(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))], body.to_string()).into_response()
}

fn page(app: &App, visit: &Visit, asked: &Asked, problem: &Problem) -> Response {
    if problem.status == StatusCode::UNAUTHORIZED && asked.method == Method::GET {
        let next: String = percent_encode(&visit.path);
        return Redirect::to(&format!("/sign-in?next={next}")).into_response();
    }
    let texts = &visit.texts;
    let p = visit.page(app, title(texts, problem.status));
    let told = Told { status: problem.status.as_u16(), detail: words(texts, problem), fields: field_words(texts, problem) };
    let page = if p.is_desk() { html(&DeskProblem { p, told }) } else { html(&PortalProblem { p, told }) };
    match page {
        Ok(mut response) => {
            *response.status_mut() = problem.status;
            response
        }
        Err(_) => problem.status.into_response(),
    }
}

/// What happened, in a few words: of its own for what people meet often.
fn title(texts: &Texts, status: StatusCode) -> String {
    let own = format!("problem-title-{}", status.as_u16());
    texts.s(if texts.has(&own) { &own } else { "problem-title" })
}

/// `text` as part of a query.
pub fn percent_encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'~');
    text.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}
