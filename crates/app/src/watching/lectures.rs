//! What a person lectured, put together from the features that know of lectures.
//!
//! Each feature tells its own: lessons here, bookings that took place from `lecturers`. Held sessions join in [`given`], with one
//! more list of [`Lecture`]s and one more number of [`Given`], asked for by the same ids.

use super::{Counts, Spread, Watching};
use crate::db::Tx;
use crate::lecturers::{Bookings, LecturerId, Lecturers};
use crate::lessons::{Catalogue, Lesson, LessonId, Lessons, Publication};
use crate::problem::Problem;
use kernel::{OrganisationId, Timestamp};
use std::collections::HashMap;

/// Lessons of one person that are read at most.
const MOST: usize = 500;

/// A lecture that somebody gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lecture {
    /// The lesson that it is.
    pub lesson: LessonId,
    /// What it was called.
    pub title: String,
    /// Whose it was.
    pub organisation: OrganisationId,
    /// The day it was held, `2026-11-20`, or empty.
    pub held_on: String,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Everybody may watch it.
    pub public: bool,
}

/// Everything that a person lectured.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// Lessons, public or not, the latest first.
    pub lectures: Vec<Lecture>,
    /// Those that are public.
    pub public: Vec<Publication>,
    /// The numbers of each.
    pub counts: HashMap<LessonId, Counts>,
    /// How sure they are, where they were counted from samples.
    pub spreads: HashMap<LessonId, Spread>,
    /// Lectures on invitation that took place.
    pub invited: i64,
}

impl Given {
    /// The numbers of all public lessons together.
    pub fn total(&self) -> Counts {
        self.counts.values().fold(Counts::default(), |mut sum, one| {
            sum += *one;
            sum
        })
    }

    /// How sure that is.
    pub fn spread(&self) -> Spread {
        self.spreads.values().fold(Spread::default(), |mut sum, one| {
            sum += *one;
            sum
        })
    }
}

/// What the person `root` lectured, whichever of its merged rows the lectures name. At most 500 lessons, the latest.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn given(tx: &mut Tx, root: LecturerId, now: Timestamp) -> Result<Given, Problem> {
    let ids = Lecturers(tx).family(root).await?;
    let lessons = Lessons(tx).of_lecturers(&ids, MOST).await?;
    let public = Catalogue(tx).of_lecturers(&ids, MOST).await?;
    let of: Vec<_> = public.iter().map(|p| p.lesson).collect();
    let (counts, spreads) = (Watching(tx).counts_of(&of).await?, Watching(tx).spreads_of(&of).await?);
    let lecture = |lesson: Lesson| Lecture {
        public: public.iter().any(|p| p.lesson == lesson.id),
        lesson: lesson.id,
        title: lesson.title,
        organisation: lesson.organisation,
        held_on: lesson.held_on,
        registered_at: lesson.created_at,
    };
    let invited = Bookings(tx).stars(root, now).await?.held;
    Ok(Given { lectures: lessons.into_iter().map(lecture).collect(), public, counts, spreads, invited })
}
