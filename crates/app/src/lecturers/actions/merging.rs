//! Two rows that are one person, and the way back.

use super::{kept, note, save};
use crate::lecturers::rules::merging;
use crate::lecturers::{LecturerId, Lecturers, Merge, MergeId};
use crate::problem::Problem;
use crate::state::App;
use kernel::Actor;
use serde::Deserialize;
use serde_json::json;

/// A merge that is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LecturerMerge)]
pub struct Wanted {
    /// Who stands for both from now on.
    #[schema(value_type = String)]
    pub into: LecturerId,
    /// Fields that are taken over: `name`, `kind`, `topics`, `occupation`, `about`, `contact`, `term`, `photo`.
    #[serde(default)]
    pub take: Vec<String>,
}

/// Makes `id` part of another. Lessons and bookings stay with whom they were made with, and are read as those of both.
///
/// # Errors
///
/// As for a change of each of the two; `merge-with-itself`; `moved-meanwhile` when one of them was changed at the same moment.
pub async fn merge(app: &App, actor: &Actor, id: LecturerId, wanted: &Wanted) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    // In one order, so that two who merge the same people do not wait for each other.
    for one in [id.min(wanted.into), id.max(wanted.into)] {
        kept(app, &mut tx, actor, one).await?;
        Lecturers(&mut tx).lock(one).await?;
    }
    if id == wanted.into {
        return Err(Problem::conflict("merge-with-itself"));
    }
    let (merged, mut remains) = (kept(app, &mut tx, actor, id).await?, kept(app, &mut tx, actor, wanted.into).await?);
    let taken = merging::take(&mut remains, &merged, &wanted.take).map_err(|f| Problem::invalid(vec![f]))?;
    save(&mut tx, &remains, None).await?;
    let now = app.clock.now();
    let merge = Merge { id: MergeId::new(app.clock.as_ref()), merged: id, remains: remains.id, taken, by: actor.account, at: now };
    if !Lecturers(&mut tx).merge(&merge, merged.version).await? {
        return Err(Problem::moved_meanwhile());
    }
    let detail = json!({ "into": remains.id, "take": wanted.take, "merge": merge.id });
    note(app, &mut tx, actor, merged.organisation, ("lecturer.merged", id.to_string()), detail).await?;
    Ok(tx.commit().await?)
}

/// Lets `id` stand for itself again, with everybody who was merged into it before. What the other had taken over it loses again,
/// where nobody changed it since.
///
/// # Errors
///
/// 404 and `forbidden` as for a change of the one that stands for both; `not-merged`.
pub async fn unmerge(app: &App, actor: &Actor, id: LecturerId) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let found = Lecturers(&mut tx).find(id).await?.ok_or_else(Problem::not_found)?;
    kept(app, &mut tx, actor, found.root).await?;
    Lecturers(&mut tx).lock(found.root).await?;
    let merge = Lecturers(&mut tx).merge_of(id).await?.ok_or_else(|| Problem::conflict("not-merged"))?;
    // Whoever took the fields over may itself be part of another by now; then it has nothing to lose.
    if let Some(mut remains) = Lecturers(&mut tx).find(merge.remains).await?.filter(|l| l.merged_into.is_none()) {
        merging::give_back(&mut remains, &merge.taken);
        save(&mut tx, &remains, None).await?;
    }
    if !Lecturers(&mut tx).unmerge(&merge, actor.account, app.clock.now()).await? {
        return Err(Problem::moved_meanwhile());
    }
    let detail = json!({ "from": merge.remains, "merge": merge.id });
    note(app, &mut tx, actor, found.organisation, ("lecturer.unmerged", id.to_string()), detail).await?;
    Ok(tx.commit().await?)
}
