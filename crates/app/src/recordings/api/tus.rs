//! tus 1.0 (https://tus.io/protocols/resumable-upload): creation, creation-with-upload, termination, checksum,
//! expiration, concatenation. Served at `/uploads` and `/api/v1/uploads`.

use super::drain;
use crate::problem::Problem;
use crate::recordings::actions::{self, Begun, NewUpload};
use crate::recordings::rules::{self, Concat};
use crate::recordings::spool::{Chunk, End, is_full};
use crate::recordings::{Upload, UploadId, UploadState};
use crate::state::App;
use crate::web::{SignedIn, Visit};
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Timestamp;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,creation-with-upload,termination,checksum,expiration,concatenation";
const OFFSET_STREAM: &str = "application/offset+octet-stream";

/// The headers of a request that speaks our version of tus.
#[derive(Debug)]
pub struct Tus(HeaderMap);

impl<S: Sync> FromRequestParts<S> for Tus {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if parts.headers.get("tus-resumable").is_some_and(|version| version == VERSION) {
            return Ok(Self(parts.headers.clone()));
        }
        let refused = Problem::new(StatusCode::PRECONDITION_FAILED, "tus-version");
        Err(([("tus-resumable", VERSION), ("tus-version", VERSION)], refused).into_response())
    }
}

impl Tus {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.to_str().unwrap_or_default())
    }

    /// A number; none when the header is missing or is no number.
    fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok().filter(|n| i64::try_from(*n).is_ok())
    }

    fn is_stream(&self) -> bool {
        self.text("content-type") == Some(OFFSET_STREAM)
    }

    fn checksum(&self) -> Result<Option<rules::Checksum>, Problem> {
        let Some(text) = self.text("upload-checksum") else { return Ok(None) };
        let unknown = || Problem::new(StatusCode::BAD_REQUEST, "upload-checksum-algorithm").with("wanted", "sha1, sha256");
        rules::checksum(text).ok_or_else(unknown).map(Some)
    }
}

fn malformed(reason: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "malformed").with("reason", reason)
}

fn tus_headers(pairs: &[(&'static str, String)]) -> HeaderMap {
    let always = [(HeaderName::from_static("tus-resumable"), HeaderValue::from_static(VERSION))];
    let value = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""));
    always.into_iter().chain(pairs.iter().map(|(name, text)| (HeaderName::from_static(name), value(text)))).collect()
}

/// `Upload-Expires` as RFC 9110 writes dates.
fn expires(at: Timestamp) -> (&'static str, String) {
    ("upload-expires", at.to_jiff().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
}

fn answer(result: Result<(StatusCode, HeaderMap), Problem>) -> Response {
    match result {
        Ok(done) => done.into_response(),
        Err(problem) => (tus_headers(&[]), problem).into_response(),
    }
}

/// What this server can do.
#[utoipa::path(options, path = "/api/v1/uploads", tag = "uploads", responses((status = 204, description = "Tus-Extension and friends")))]
pub async fn options(State(app): State<App>) -> Response {
    let most = app.config.upload_max_mib * (1 << 20);
    let pairs = [
        ("tus-version", VERSION.to_owned()),
        ("tus-extension", EXTENSIONS.to_owned()),
        ("tus-checksum-algorithm", "sha1,sha256".to_owned()),
        ("tus-max-size", most.to_string()),
    ];
    (StatusCode::NO_CONTENT, tus_headers(&pairs)).into_response()
}

/// Begins an upload, perhaps with its first bytes; or puts parts together.
#[utoipa::path(post, path = "/api/v1/uploads", tag = "uploads", responses((status = 201, description = "Location of the upload"), (status = 404), (status = 413), (status = 422), (status = 507)))]
pub async fn create(State(app): State<App>, visit: Visit, me: SignedIn, tus: Tus, body: Body) -> Response {
    answer(created(&app, &me, visit.route(), &tus, body).await)
}

async fn created(app: &App, me: &SignedIn, place: &str, tus: &Tus, body: Body) -> Result<(StatusCode, HeaderMap), Problem> {
    let metadata = rules::metadata(tus.text("upload-metadata").unwrap_or_default()).ok_or_else(|| malformed("Upload-Metadata"))?;
    let concat = tus.text("upload-concat").map(|text| rules::concat(text).ok_or_else(|| malformed("Upload-Concat"))).transpose()?;
    if let Some(Concat::Final(parts)) = concat {
        let upload = actions::join(app, me, metadata, &parts).await?;
        return Ok((StatusCode::CREATED, tus_headers(&[("location", format!("{place}/{}", upload.id))])));
    }
    let length = tus.number("upload-length").ok_or_else(|| malformed("Upload-Length"))?;
    let begun = actions::begin(app, me, NewUpload { length, metadata, partial: concat.is_some() }).await?;
    let location = ("location", format!("{place}/{}", begun.upload.id));
    let expiry = expires(begun.upload.expires_at);
    if !tus.is_stream() {
        return Ok((StatusCode::CREATED, tus_headers(&[location, expiry])));
    }
    let offset = received(app, begun, 0, tus, body).await?.0;
    Ok((StatusCode::CREATED, tus_headers(&[location, expiry, ("upload-offset", offset.to_string())])))
}

/// How far an upload is. Ends a request for the same upload that hangs on a dead line.
#[utoipa::path(head, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = String, Path)), responses((status = 200, description = "Upload-Offset and Upload-Length"), (status = 404), (status = 410)))]
pub async fn head(State(app): State<App>, me: SignedIn, Path(id): Path<UploadId>, tus: Tus) -> Response {
    let _ = tus;
    answer(looked_at(&app, &me, id).await)
}

async fn looked_at(app: &App, me: &SignedIn, id: UploadId) -> Result<(StatusCode, HeaderMap), Problem> {
    let begun = actions::open(app, me, id).await?;
    let _pass = app.uploads.enter(id).await;
    let upload = &begun.upload;
    let offset = offset_of(app, me, &begun).await?;
    let mut pairs = vec![
        ("upload-offset", offset.to_string()),
        ("upload-length", upload.length.to_string()),
        ("cache-control", "no-store".to_owned()),
        ("upload-metadata", metadata_of(upload)),
    ];
    pairs.extend(upload.concat.clone().map(|concat| ("upload-concat", concat)));
    pairs.extend((upload.state == UploadState::Open).then(|| expires(upload.expires_at)));
    Ok((StatusCode::OK, tus_headers(&pairs)))
}

/// The offset; finishes an upload whose last answer a crash swallowed.
async fn offset_of(app: &App, me: &SignedIn, begun: &Begun) -> Result<u64, Problem> {
    let length = begun.upload.length.cast_unsigned();
    // Whoever was inside may have finished it while we waited.
    let now = actions::open(app, me, begun.upload.id).await?.upload;
    if now.state != UploadState::Open {
        return Ok(length);
    }
    let offset = begun.spool.offset().await.map_err(disk)?;
    if offset == length {
        actions::finish(app, &now).await?;
    }
    Ok(offset)
}

fn metadata_of(upload: &Upload) -> String {
    let lesson = upload.lesson.map(|id| id.to_string()).unwrap_or_default();
    let known = [("filename", upload.filename.as_str()), ("lesson", &lesson), ("slot", &upload.slot), ("variant", upload.variant.code())];
    if upload.lesson.is_some() { rules::metadata_header(&known) } else { String::new() }
}

fn disk(error: std::io::Error) -> Problem {
    if is_full(&error) { Problem::disk_full() } else { Problem::internal(error) }
}

/// Takes more bytes, from the offset on.
#[utoipa::path(patch, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = String, Path)), responses((status = 204, description = "Upload-Offset after it"), (status = 404), (status = 409), (status = 410), (status = 413), (status = 415), (status = 423), (status = 460), (status = 507)))]
pub async fn patch(State(app): State<App>, me: SignedIn, Path(id): Path<UploadId>, tus: Tus, body: Body) -> Response {
    answer(continued(&app, &me, id, &tus, body).await)
}

async fn continued(app: &App, me: &SignedIn, id: UploadId, tus: &Tus, body: Body) -> Result<(StatusCode, HeaderMap), Problem> {
    let begun = actions::open(app, me, id).await?;
    if !tus.is_stream() {
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type").with("reason", OFFSET_STREAM));
    }
    let start = tus.number("upload-offset").ok_or_else(|| malformed("Upload-Offset"))?;
    let upload = begun.upload.clone();
    let (offset, still_open) = received(app, begun, start, tus, body).await?;
    let mut pairs = vec![("upload-offset", offset.to_string())];
    if still_open {
        pairs.push(expires(actions::prolong(app, &upload).await?));
    }
    Ok((StatusCode::NO_CONTENT, tus_headers(&pairs)))
}

/// Takes the bytes of a request; the offset afterwards, and whether more are missing.
///
/// A task of its own keeps the pass until the file is synced, even when the connection and with it the request is gone.
async fn received(app: &App, begun: Begun, start: u64, tus: &Tus, body: Body) -> Result<(u64, bool), Problem> {
    let checksum = tus.checksum()?;
    let sent = tus.number("content-length");
    let chunk = Chunk { start, length: begun.upload.length.cast_unsigned(), checksum };
    let task = tokio::spawn(take(app.clone(), begun, chunk, sent, body));
    task.await.map_err(Problem::internal)?
}

async fn take(app: App, begun: Begun, chunk: Chunk, sent: Option<u64>, body: Body) -> Result<(u64, bool), Problem> {
    let pass = app.uploads.enter(begun.upload.id).await;
    if pass.left.is_cancelled() {
        return Err(taken_over());
    }
    if begun.upload.state != UploadState::Open {
        drain(body).await;
        return Err(wrong_offset(chunk.length));
    }
    let offset = begun.spool.offset().await.map_err(gone_or_disk)?;
    let refusal = if offset != chunk.start {
        Some(wrong_offset(offset))
    } else if sent.is_some_and(|sent| offset.saturating_add(sent) > chunk.length) {
        Some(overrun(chunk.length))
    } else {
        None
    };
    if let Some(refusal) = refusal {
        drain(body).await;
        return Err(refusal);
    }
    let (offset, end) = begun.spool.receive(&chunk, body.into_data_stream(), &pass.left).await.map_err(disk)?;
    if offset == chunk.length && !matches!(end, End::Overrun | End::WrongChecksum) {
        actions::finish(&app, &begun.upload).await?;
    }
    match end {
        End::Whole => Ok((offset, offset < chunk.length)),
        End::Broken => Err(Problem::new(StatusCode::BAD_REQUEST, "upload-interrupted")),
        End::TakenOver => Err(taken_over()),
        End::Overrun => Err(overrun(chunk.length)),
        End::WrongChecksum => Err(Problem::new(checksum_mismatch(), "upload-checksum")),
        End::Full => Err(Problem::disk_full()),
    }
}

/// Between loading the row and entering, the upload may have become a file or been removed: then there is no spool file.
fn gone_or_disk(error: std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::NotFound { Problem::conflict("upload-complete") } else { disk(error) }
}

fn checksum_mismatch() -> StatusCode {
    StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST)
}

fn taken_over() -> Problem {
    Problem::new(StatusCode::LOCKED, "upload-taken-over")
}

fn wrong_offset(offset: u64) -> Problem {
    Problem::conflict("upload-wrong-offset").with("offset", offset)
}

fn overrun(length: u64) -> Problem {
    Problem::too_large("upload-overrun").with("wanted", length)
}

/// Forgets an upload.
#[utoipa::path(delete, path = "/api/v1/uploads/{id}", tag = "uploads", params(("id" = String, Path)), responses((status = 204), (status = 404), (status = 409), (status = 410)))]
pub async fn terminate(State(app): State<App>, me: SignedIn, Path(id): Path<UploadId>, tus: Tus) -> Response {
    let _ = tus;
    answer(terminated(&app, &me, id).await)
}

async fn terminated(app: &App, me: &SignedIn, id: UploadId) -> Result<(StatusCode, HeaderMap), Problem> {
    let begun = actions::open(app, me, id).await?;
    let _pass = app.uploads.enter(id).await;
    actions::cancel(app, &begun).await?;
    Ok((StatusCode::NO_CONTENT, tus_headers(&[])))
}

/// The methods of one upload's address, for the routes.
pub fn at_upload() -> axum::routing::MethodRouter<App> {
    axum::routing::head(head).patch(patch).delete(terminate)
}
