//! What players fetch: signed addresses, no session, files from memory.

use super::stream::{self, Asked};
use crate::problem::Problem;
use crate::recordings::read_grant;
use crate::recordings::rules::{self, Audience};
use crate::recordings::standing::stands;
use crate::state::App;
use axum::extract::{Path, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;

/// `GET /media/{expiry}.{audience}.{signature}/{material}/{file}`: a playlist, segment, picture or track of one material.
pub async fn serve(
    State(app): State<App>,
    method: Method,
    headers: HeaderMap,
    Path((grant, material, rest)): Path<(String, String, String)>,
) -> Response {
    let asked = Asked { method: &method, headers: &headers };
    find(&app, &asked, &grant, &material, &rest).await.into_response()
}

async fn find(app: &App, asked: &Asked<'_>, grant: &str, material: &str, rest: &str) -> Result<Response, Problem> {
    let now = app.clock.now();
    let grant = read_grant(app, grant, material)?;
    let id = material.parse().map_err(|_| Problem::not_found())?;
    if !stands(app, grant.audience, id, now).await? {
        return Err(Problem::new(StatusCode::FORBIDDEN, "media-withdrawn"));
    }
    let rest = rules::rendition_file(rest);
    let path = app.objects.resolve(material, &rest).ok_or_else(Problem::not_found)?;
    let kind = content_type(&rest).ok_or_else(Problem::not_found)?;
    let headers = kept(&rest, kind, (grant.audience, grant.expiry), now);
    match app.shelf.get(&format!("{material}/{rest}"), &path).await.map_err(stream::unreadable)? {
        Some(file) => stream::kept(&file, asked, headers),
        None => stream::file(&path, asked, headers).await,
    }
}

/// The type of a file of ours, by its ending; none for anything that we do not make.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "m3u8" => "application/vnd.apple.mpegurl",
        "m4s" | "mp4" => "video/mp4",
        "jpg" => "image/jpeg",
        "vtt" => "text/vtt; charset=utf-8",
        _ => return None,
    })
}

/// For how long a cache between us and many viewers answers by itself, seconds: a lesson that was taken back is gone from it
/// within a minute (S19).
const SHARED_S: i64 = 60;

/// Everything but the master playlist never changes, so a browser may keep it; yet not past the end of its address.
fn kept(name: &str, kind: &'static str, (audience, expiry): (Audience, i64), now: Timestamp) -> HeaderMap {
    let left = (expiry - now.0 / 1000).clamp(0, 31_536_000);
    let keep = match (audience, name) {
        (_, "master.m3u8") => "private, no-cache".to_owned(),
        (Audience::Public, _) => format!("public, max-age={left}, s-maxage={}, immutable", left.min(SHARED_S)),
        (Audience::Account(_), _) => format!("private, max-age={left}, immutable"),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_str(&keep).unwrap_or(HeaderValue::from_static("no-store")));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Id;

    #[test]
    fn what_everybody_may_see_is_kept_for_everybody_and_the_rest_by_its_reader_alone() {
        let (public, one, now) = (Audience::Public, Audience::Account(Id::from_u128(1)), Timestamp(1_000_000));
        let table = [
            ("v/s00001.m4s", public, 5_000, "public, max-age=4000, s-maxage=60, immutable"),
            ("v/s00001.m4s", public, 1_030, "public, max-age=30, s-maxage=30, immutable"),
            ("v/s00001.m4s", one, 5_000, "private, max-age=4000, immutable"),
            ("master.m3u8", public, 5_000, "private, no-cache"),
        ];
        for (name, audience, expiry, want) in table {
            assert_eq!(kept(name, "video/mp4", (audience, expiry), now)[header::CACHE_CONTROL], want, "{name} for {audience:?}");
        }
    }
}
