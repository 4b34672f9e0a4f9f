//! Refusals and failures, as `application/problem+json` (RFC 9457) or as a page.
//!
//! A feature names a code; the words come from the translation `problem-CODE` in the reader's language and are
//! written by the layer in `web/`, which knows that language; outside it players read the code alone. Causes go to the
//! log only, once.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// One broken rule of one field.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// The form field or JSON pointer.
    pub field: String,
    /// Code of the rule; its words are `rule-CODE`.
    pub rule: &'static str,
    /// What was given, shortened.
    pub found: String,
    /// What is wanted, as the rule's argument.
    pub wanted: String,
}

impl FieldError {
    /// A broken rule; `found` is cut to 80 characters.
    pub fn new(field: impl Into<String>, rule: &'static str, found: impl AsRef<str>, wanted: impl std::fmt::Display) -> Self {
        Self { field: field.into(), rule, found: found.as_ref().chars().take(80).collect(), wanted: wanted.to_string() }
    }
}

/// Why a request was not done.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code, also the key of its words.
    pub code: &'static str,
    /// Arguments of the words.
    pub args: Vec<(&'static str, String)>,
    /// Broken rules, field by field.
    pub fields: Vec<FieldError>,
    /// An attempt against rights: the audit trail tells it.
    pub against_rights: bool,
}

impl Problem {
    /// A refusal with its code.
    pub fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, args: Vec::new(), fields: Vec::new(), against_rights: false }
    }

    /// Adds an argument of the words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Fields that break rules: 422.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
    }

    /// One field that breaks a rule: 422.
    pub fn field(field: &str, rule: &'static str, found: impl AsRef<str>, wanted: impl std::fmt::Display) -> Self {
        Self::invalid(vec![FieldError::new(field, rule, found, wanted)])
    }

    /// Not at the moment, or not on this server as it is set: 503.
    pub fn unavailable(code: &'static str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code)
    }

    /// Not to be understood, or broken off: 400.
    pub fn bad_request(code: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code)
    }

    /// Nothing here, or nothing that this reader may see: 404.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// It exists, and this reader may not even know: looks like [`Problem::not_found`], and is audited.
    pub fn hidden() -> Self {
        Self { against_rights: true, ..Self::not_found() }
    }

    /// Known, and not allowed: 403, audited.
    pub fn forbidden() -> Self {
        Self { against_rights: true, ..Self::new(StatusCode::FORBIDDEN, "forbidden") }
    }

    /// Who asks did not prove it: 401.
    pub fn unauthorized(code: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code)
    }

    /// Refused for another reason than missing rights, with its code: 403.
    pub fn denied(code: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, code)
    }

    /// Nobody is signed in: 401.
    pub fn sign_in_first() -> Self {
        Self::unauthorized("sign-in-first")
    }

    /// Right in itself, but not as things stand now: 409.
    pub fn conflict(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// Someone else was quicker: 409.
    pub fn moved_meanwhile() -> Self {
        Self::conflict("moved-meanwhile")
    }

    /// The version that a program says it has seen is not the present one: 412.
    pub fn stale() -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "stale")
    }

    /// It was here, and its time is over: 410.
    pub fn gone(code: &'static str) -> Self {
        Self::new(StatusCode::GONE, code)
    }

    /// More bytes than are taken: 413.
    pub fn too_large(code: &'static str) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, code)
    }

    /// Understood, and against a rule that belongs to no single field: 422.
    pub fn unprocessable(code: &'static str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code)
    }

    /// No room on the disk: 507.
    pub fn disk_full() -> Self {
        Self::new(StatusCode::INSUFFICIENT_STORAGE, "disk-full")
    }

    /// Too often; later again: 429.
    pub fn too_many(code: &'static str) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code)
    }

    /// A failure of ours: logs the cause, tells the reader nothing about it. 500.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }
}

impl From<crate::db::DbError> for Problem {
    fn from(e: crate::db::DbError) -> Self {
        Self::internal(e)
    }
}

impl From<crate::db::RowError> for Problem {
    fn from(e: crate::db::RowError) -> Self {
        Self::internal(e)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = json!({ "type": format!("/problems/{}", self.code), "status": self.status.as_u16(), "code": self.code });
        let headers = [(CONTENT_TYPE, "application/problem+json"), (CACHE_CONTROL, "no-store")];
        let mut response = (self.status, headers, body.to_string()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}
