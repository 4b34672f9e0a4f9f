//! Demo data, made by code: one province with its people, an open campaign, and lessons in every state.
//!
//! ```text
//! plant (tree, people, campaign, held sessions: seconds, before the server listens) ─► job demo.story (clips, uploads, verdicts, views: about four minutes)
//! ```
//!
//! * Everything goes through the same actions as a person's click, in the name of the demo's people.
//! * A data folder that holds an organisation already is left as it is.
//! * The story is a job: it survives a restart and goes on where it was, because each lesson is known by its title.

mod call;
mod clips;
mod held;
mod lecturers;
mod lessons;
mod people;
pub mod scale;
mod showing;
mod story;
mod tree;
mod views;

pub use people::{LEVELS, PASSWORD, logins};
pub use showing::plan as plan_showing;
pub use story::tell;

use crate::jobs;
use crate::state::App;
use serde_json::json;

/// The job that tells the story.
pub const STORY: &str = "demo.story";

/// Plants tree, people, campaign and held sessions in an empty installation and queues the story; false when there was something already.
pub async fn plant(app: &App) -> anyhow::Result<bool> {
    if !app.tree.load().is_empty() {
        return Ok(false);
    }
    tree::plant(app).await?;
    people::plant(app).await?;
    call::plant(app).await?;
    held::plant(app).await?;
    lecturers::plant(app).await?;
    let mut tx = app.db.begin().await?;
    jobs::enqueue(&mut tx, app.clock.as_ref(), STORY, "demo", &json!({}), None).await?;
    tx.commit().await?;
    Ok(true)
}

/// A refusal in the story is a fault of the story: its code is all one needs to find it.
#[allow(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn refused(problem: crate::problem::Problem) -> anyhow::Error {
    anyhow::anyhow!("{} {:?} {:?}", problem.code, problem.args, problem.fields)
}
