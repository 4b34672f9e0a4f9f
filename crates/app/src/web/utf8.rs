//! Forms are UTF-8. What is not would be stored as “�” and could never be read again, so it is refused while it can be mended.

use crate::problem::Problem;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::extract::multipart::Field;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Bytes of one form.
const MOST: usize = 1 << 20;
/// What a browser without an encoding on the form says.
const FORM: &str = "application/x-www-form-urlencoded";

/// The layer of pages: a form with a field that is not UTF-8 does not reach its handler.
pub async fn utf8_forms(request: Request, next: Next) -> Response {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with(FORM) {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST).await else { return Problem::too_large("too-large").into_response() };
    match unreadable(&body) {
        Some(problem) => problem.into_response(),
        None => next.run(Request::from_parts(head, Body::from(body))).await,
    }
}

/// The refusal of the first field whose name or value is not UTF-8.
fn unreadable(form: &[u8]) -> Option<Problem> {
    form.split(|b| *b == b'&').find_map(|pair| {
        let (name, value) = pair.iter().position(|b| *b == b'=').map_or((pair, &b""[..]), |at| (&pair[..at], &pair[at + 1..]));
        let (name, value) = (text(&decoded(name)), text(&decoded(value)));
        match (name, value) {
            (Ok(_), Ok(_)) => None,
            (Ok(name), Err(found)) => Some(refusal(&name, &found)),
            (Err(name), _) => Some(refusal(&name, &name)),
        }
    })
}

/// The text, or what can be shown of it.
fn text(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec()).map_err(|bad| String::from_utf8_lossy(bad.as_bytes()).into_owned())
}

fn refusal(field: &str, found: &str) -> Problem {
    Problem::field(field, "not-utf8", found, "UTF-8")
}

/// What stands behind `%41` and `+`.
fn decoded(encoded: &[u8]) -> Vec<u8> {
    let hex = |b: Option<&u8>| b.and_then(|b| char::from(*b).to_digit(16)).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut at = 0;
    while let Some(byte) = encoded.get(at) {
        let escaped = (*byte == b'%').then(|| Some(hex(encoded.get(at + 1))? * 16 + hex(encoded.get(at + 2))?)).flatten();
        bytes.push(escaped.unwrap_or(if *byte == b'+' { b' ' } else { *byte }));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    bytes
}

/// The text of a field of a multipart form.
///
/// # Errors
///
/// `malformed` for a broken form, `invalid` naming the field for what is not UTF-8.
pub async fn text_of(field: Field<'_>) -> Result<String, Problem> {
    let name = field.name().unwrap_or_default().to_owned();
    let bytes = field.bytes().await.map_err(|e| Problem::new(e.status(), "malformed").with("reason", e.body_text()))?;
    text(&bytes).map_err(|found| refusal(&name, &found))
}

#[cfg(test)]
mod tests {
    use super::unreadable;

    #[test]
    fn the_first_field_that_is_not_utf8_is_named() {
        for good in ["", "title=%E8%AE%B2+a&x", "title=%F0%9F%91%A9", "a=%zz%4", "a=b=c&&=", "title=讲"] {
            assert!(unreadable(good.as_bytes()).is_none(), "{good}");
        }
        let table: [(&[u8], &str, &str); 5] = [
            (b"a=b&title=%ED%A0%80", "title", "\u{fffd}\u{fffd}\u{fffd}"),
            (b"title=%BD%B2&login=%FF", "title", "\u{fffd}\u{fffd}"),
            (b"title=a\xffb", "title", "a\u{fffd}b"),
            (b"note=x+%C3", "note", "x \u{fffd}"),
            (b"%FF=x", "\u{fffd}", "\u{fffd}"),
        ];
        for (form, field, found) in table {
            let problem = unreadable(form).unwrap();
            assert_eq!((problem.fields[0].field.as_str(), problem.fields[0].found.as_str()), (field, found));
        }
    }
}
