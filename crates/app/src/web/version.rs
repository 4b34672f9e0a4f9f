//! Versions in HTTP: `ETag: "7"` out, `If-Match: "7"` in.

use crate::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};

/// The version that the sender has seen; none when it did not say, or said `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<i64>);

impl IfMatch {
    /// The header's version, or the one that the body names.
    pub fn or(self, body: Option<i64>) -> Option<i64> {
        self.0.or(body)
    }

    /// "Someone was quicker" is 412 to a program that said in the header which version it meant, 409 otherwise.
    pub fn judge(self, problem: Problem) -> Problem {
        if self.0.is_some() && problem.code == "moved-meanwhile" { Problem::stale() } else { problem }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(Self(None)) };
        match value.to_str().unwrap_or_default().trim() {
            "*" => Ok(Self(None)),
            // A version that we never gave has not been seen either.
            tag => tag.trim_matches('"').parse().map(|version| Self(Some(version))).map_err(|_| Problem::stale()),
        }
    }
}

/// The header that tells a version.
pub fn etag(version: i64) -> [(HeaderName, HeaderValue); 1] {
    [(header::ETAG, HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"\"")))]
}
