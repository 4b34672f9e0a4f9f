//! Receipts: anybody who has the number can check what was handed in, and when.

use super::rules;
use super::{Revision, SubmissionId, Submissions};
use crate::campaigns::Campaigns;
use crate::problem::Problem;
use crate::state::App;
use kernel::Timestamp;
use serde::Serialize;

/// What a receipt proves. It names nobody but the lecturer.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Receipt {
    /// `KJ-2026-XXXX-XXXX`
    pub number: String,
    /// When it was handed in.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// Which revision it was.
    pub revision: i64,
    /// Title of the campaign.
    pub campaign: String,
    /// Name of the organisation that handed it in.
    pub organisation: String,
    /// Title of the lesson as it was handed in.
    pub title: String,
    /// Who speaks.
    pub lecturer: String,
    /// Every file with its hash.
    pub files: Vec<ReceiptFile>,
}

/// A file on a receipt. Its name is left out: people put names of other people into file names.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ReceiptFile {
    /// What it is for.
    pub slot: String,
    /// Which version of the recording.
    pub variant: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 in lower-case hex, of the file as it is kept.
    pub sha256: String,
    /// SHA-256 of the file as it came, where it is kept without something: a photo without place, time and owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_sha256: Option<String>,
}

/// The receipt with this number, in any case.
///
/// # Errors
///
/// 404 when there is none, or the number has a slip.
pub async fn receipt(app: &App, number: &str) -> Result<Receipt, Problem> {
    let number = rules::receipt::read(number).ok_or_else(Problem::not_found)?;
    let mut tx = app.db.read().await?;
    let (id, revision) = Submissions(&mut tx).by_receipt(&number).await?.ok_or_else(Problem::not_found)?;
    shown(app, &mut tx, id, revision).await
}

async fn shown(app: &App, tx: &mut crate::db::Tx, id: SubmissionId, revision: Revision) -> Result<Receipt, Problem> {
    let submission = Submissions(tx).find(id).await?.ok_or_else(Problem::not_found)?;
    let campaign = Campaigns(tx).find(submission.campaign).await?.ok_or_else(Problem::not_found)?;
    let text = |name: &str| revision.answers[name].as_str().unwrap_or_default().to_owned();
    let (title, lecturer) = (text("title"), text("lecturer"));
    let file =
        |f: super::FileSeen| ReceiptFile { slot: f.slot, variant: f.variant, bytes: f.bytes, sha256: f.sha256, sent_sha256: f.sent_sha256 };
    Ok(Receipt {
        number: revision.receipt,
        at: revision.created_at,
        revision: revision.number,
        campaign: campaign.title,
        organisation: app.tree.load().name(submission.organisation),
        title,
        lecturer,
        files: revision.files.into_iter().map(file).collect(),
    })
}
