//! Files of a lesson: their facts, and the originals for those who may see what is not public.

use super::stream::{self, Asked};
use super::uploads::{Complaint, complaint};
use crate::lessons::LessonId;
use crate::problem::Problem;
use crate::recordings::{Audience, Material, MaterialId, MaterialState, Variant, actions, media_base};
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use kernel::Timestamp;
use serde::Serialize;

/// A file as programs see it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MaterialBody {
    #[schema(value_type = String)]
    id: MaterialId,
    slot: String,
    variant: Variant,
    filename: String,
    bytes: i64,
    /// Of the file as it is kept and given out.
    sha256: Option<String>,
    /// Of the file as it came, where it is kept without something: photos lose place, time and owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_sha256: Option<String>,
    state: MaterialState,
    /// Milliseconds, for sound and video.
    duration_ms: Option<u64>,
    /// Pixels, for video and photos.
    width: Option<u32>,
    /// Pixels, for video and photos.
    height: Option<u32>,
    problems: Vec<Complaint>,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    created_at: Timestamp,
    /// Where the file is; photos without what cameras write beside the picture.
    original: String,
    /// Signed address below which players find `master.m3u8`; once it is ready.
    media: Option<String>,
}

/// Files of a lesson that nothing newer replaced.
#[utoipa::path(get, path = "/api/v1/lessons/{id}/materials", tag = "recordings", params(("id" = String, Path)), responses((status = 200, body = [MaterialBody]), (status = 404)))]
pub async fn list(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LessonId>,
) -> Result<Json<Vec<MaterialBody>>, Problem> {
    let files = actions::files(&app, &me, id).await?;
    let (now, audience) = (app.clock.now(), Audience::Account(me.account));
    let shown = |m: Material| MaterialBody {
        media: m.source.as_ref().map(|_| media_base(&app, audience, m.id, now)),
        original: format!("/materials/{}/original", m.id),
        duration_ms: m.source.as_ref().map(|s| s.duration_ms),
        width: m.source.as_ref().and_then(|s| s.video.as_ref()).map(|v| v.width).or(m.photo.map(|p| p.width)),
        height: m.source.as_ref().and_then(|s| s.video.as_ref()).map(|v| v.height).or(m.photo.map(|p| p.height)),
        problems: m.problems.into_iter().map(|p| complaint(&visit.texts, p)).collect(),
        id: m.id,
        slot: m.slot,
        variant: m.variant,
        filename: m.filename,
        bytes: m.bytes,
        sha256: m.sha256,
        sent_sha256: m.sent_sha256,
        state: m.state,
        created_at: m.created_at,
    };
    Ok(Json(files.into_iter().map(shown).collect()))
}

/// The file, byte for byte as it is kept: what `sha256` names.
#[utoipa::path(get, path = "/api/v1/materials/{id}/original", tag = "recordings", params(("id" = String, Path)), responses((status = 200, content_type = "application/octet-stream"), (status = 206), (status = 404), (status = 409), (status = 416)))]
pub async fn original(
    State(app): State<App>,
    me: SignedIn,
    method: Method,
    headers: HeaderMap,
    Path(id): Path<MaterialId>,
) -> Result<Response, Problem> {
    let material = actions::visible(&app, &me, id).await?;
    if material.state != MaterialState::Ready {
        return Err(Problem::new(StatusCode::CONFLICT, "material-not-ready"));
    }
    let path = app.objects.original(&id.to_string());
    stream::file(&path, &Asked { method: &method, headers: &headers }, as_download(&material.filename)?).await
}

/// Always a download of unknown bytes: whatever is inside, no browser shows it as a page of ours (S9).
fn as_download(filename: &str) -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition(filename)).map_err(Problem::internal)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    Ok(headers)
}

/// RFC 6266: a plain name for old browsers, the true one for all others.
fn disposition(filename: &str) -> String {
    let plain: String =
        filename.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' }).collect();
    let kept = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'~');
    let full: String = filename.bytes().map(|b| if kept(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s3_a_file_name_stays_inside_its_header() {
        let table = [
            ("a b.mp4", "attachment; filename=\"a b.mp4\"; filename*=UTF-8''a%20b.mp4"),
            ("课.mp4", "attachment; filename=\"_.mp4\"; filename*=UTF-8''%E8%AF%BE.mp4"),
            ("x\"; filename=evil\r\n", "attachment; filename=\"x__ filename_evil__\"; filename*=UTF-8''x%22%3B%20filename%3Devil%0D%0A"),
        ];
        for (name, want) in table {
            assert_eq!(disposition(name), want);
        }
    }
}
