//! What a person lectured, put together from the features that know of lectures.
//!
//! Each feature tells its own: lessons here, bookings that took place from `lecturers`, held sessions that count from
//! `held_sessions`. All are asked for by every row of the register that is this person, so that merges are followed both ways.
//!
//! In public stands what the person agreed to: published lessons, and of held sessions those that a superior verified, with no
//! more than title, day, organisation and head count.

use super::{Counts, Spread, Watching};
use crate::db::Tx;
use crate::held_sessions::{HeldSession, HeldSessions};
use crate::lecturers::{Bookings, LecturerId, Lecturers};
use crate::lessons::{Catalogue, Lesson, LessonId, Lessons, Publication};
use crate::problem::Problem;
use kernel::{OrganisationId, Timestamp};
use std::collections::HashMap;

/// Lessons, and held sessions, of one person that are read at most.
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

/// How often somebody lectured before people, and before how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeldNumbers {
    /// Held sessions.
    pub sessions: i64,
    /// People in all of them together.
    pub people: i64,
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
    /// Held sessions, the latest first.
    pub held: Vec<HeldSession>,
    /// Of all held sessions, however many there are.
    pub held_numbers: HeldNumbers,
}

/// For whom lectures are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// For the desk: whatever counts; who sees which line, the page decides.
    Desk,
    /// For everybody: held sessions only once they are verified.
    Everybody,
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

/// What the person `root` lectured, whichever of its merged rows the lectures name. At most 500 lessons and 500 held sessions,
/// the latest.
///
/// # Errors
///
/// An internal failure when the database can't be asked.
pub async fn given(tx: &mut Tx, root: LecturerId, now: Timestamp, readers: Readers) -> Result<Given, Problem> {
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
    let verified = readers == Readers::Everybody;
    let held = HeldSessions(tx).of_lecturers(&ids, verified, MOST).await?;
    let (sessions, people) = HeldSessions(tx).numbers_of_lecturers(&ids, verified).await?;
    let held_numbers = HeldNumbers { sessions, people };
    Ok(Given { lectures: lessons.into_iter().map(lecture).collect(), public, counts, spreads, invited, held, held_numbers })
}
