//! What moderators do.

use crate::broadcasts::BroadcastId;
use crate::problem::Problem;
use crate::rooms::actions::{self, Answer};
use crate::rooms::{MessageId, QuestionId, Wish};
use crate::state::App;
use crate::web::SignedIn;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

/// Who is muted, by what the person said, and for how long.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BanBody {
    #[schema(value_type = String)]
    message: MessageId,
    /// None for good: the person is sent out of the room.
    #[serde(default)]
    minutes: Option<i64>,
}

/// Into which question another is merged.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeQuestionBody {
    #[schema(value_type = String)]
    into: QuestionId,
}

type Done = Result<StatusCode, Problem>;

const DONE: Done = Ok(StatusCode::NO_CONTENT);

/// Lets everybody see a message that waits.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/messages/{message}/approval", tag = "rooms", params(("id" = String, Path), ("message" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn approve(State(app): State<App>, me: SignedIn, Path((id, message)): Path<(BroadcastId, MessageId)>) -> Done {
    actions::approve(&app, &me, id, message).await?;
    DONE
}

/// Takes a message away, from every screen too.
#[utoipa::path(delete, path = "/api/v1/rooms/{id}/messages/{message}", tag = "rooms", params(("id" = String, Path), ("message" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn remove(State(app): State<App>, me: SignedIn, Path((id, message)): Path<(BroadcastId, MessageId)>) -> Done {
    actions::remove(&app, &me, id, message).await?;
    DONE
}

/// Mutes whoever said a message, and takes away what the person said.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/bans", tag = "rooms", params(("id" = String, Path)), request_body = BanBody, responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn ban(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>, Json(body): Json<BanBody>) -> Done {
    actions::ban(&app, &me, id, body.message, body.minutes).await?;
    DONE
}

/// Takes everything away that was said so far.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/clearing", tag = "rooms", params(("id" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn clear(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>) -> Done {
    actions::clear(&app, &me, id).await?;
    DONE
}

/// Changes how the room is run; `chat: closed` silences everybody at once.
#[utoipa::path(put, path = "/api/v1/rooms/{id}/rules", tag = "rooms", params(("id" = String, Path)), request_body = Wish, responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 422)))]
pub async fn rules(State(app): State<App>, me: SignedIn, Path(id): Path<BroadcastId>, Json(wish): Json<Wish>) -> Done {
    actions::set_rules(&app, &me, id, wish).await?;
    DONE
}

/// Lets everybody see a question and vote for it.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/questions/{question}/approval", tag = "rooms", params(("id" = String, Path), ("question" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn approve_question(State(app): State<App>, me: SignedIn, Path((id, question)): Path<(BroadcastId, QuestionId)>) -> Done {
    actions::approve_question(&app, &me, id, question).await?;
    DONE
}

/// Answers a question, aloud or in writing; editors of the lesson may, too.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/questions/{question}/answer", tag = "rooms", params(("id" = String, Path), ("question" = String, Path)), request_body = Answer, responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409), (status = 422)))]
pub async fn answer(
    State(app): State<App>,
    me: SignedIn,
    Path((id, question)): Path<(BroadcastId, QuestionId)>,
    Json(body): Json<Answer>,
) -> Done {
    actions::answer(&app, &me, id, question, body).await?;
    DONE
}

/// Says that a question asks the same as another, which gets its votes.
#[utoipa::path(post, path = "/api/v1/rooms/{id}/questions/{question}/merge", tag = "rooms", params(("id" = String, Path), ("question" = String, Path)), request_body = MergeQuestionBody, responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub async fn merge(
    State(app): State<App>,
    me: SignedIn,
    Path((id, question)): Path<(BroadcastId, QuestionId)>,
    Json(body): Json<MergeQuestionBody>,
) -> Done {
    actions::merge(&app, &me, id, question, body.into).await?;
    DONE
}

/// Takes a question away.
#[utoipa::path(delete, path = "/api/v1/rooms/{id}/questions/{question}", tag = "rooms", params(("id" = String, Path), ("question" = String, Path)), responses((status = 204), (status = 401), (status = 403), (status = 404)))]
pub async fn remove_question(State(app): State<App>, me: SignedIn, Path((id, question)): Path<(BroadcastId, QuestionId)>) -> Done {
    actions::remove_question(&app, &me, id, question).await?;
    DONE
}
