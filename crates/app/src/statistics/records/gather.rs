//! Records one by one, from the feature that keeps them, the latest first.

use super::scope::Scope;
use crate::campaigns::{CampaignId, Campaigns};
use crate::db::{DbError, Tx};
use crate::deltas::{Fact, Metric, Search};
use crate::held_sessions::{Counted, CountedSession, Has};
use crate::lessons::{LessonFact, LessonId, Lessons};
use crate::organisations::OrganisationId;
use crate::rooms::{AskedQuestion, QuestionId, Questions};
use crate::statistics::Period;
use crate::submissions::{PlaceFact, SubmissionFact, SubmissionId, Submissions};
use crate::watching::{DayOf, Played, Watching};
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Rows read at once while sorting out.
const BATCH: usize = 500;

/// Key and id of a record; a page begins after one.
pub type Position = (i64, String);

/// One record behind a figure.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Where it stands.
    pub position: Position,
    /// What it is about.
    pub of: Of,
    /// What it counts. Views of a lesson are those of all days of the period.
    pub fact: Fact,
}

/// What a record is about.
#[derive(Debug, Clone)]
pub enum Of {
    /// A lesson, and its submission if it is about one.
    Lesson(LessonId, Option<SubmissionId>),
    /// A question to a lecturer.
    Question {
        /// Its id.
        id: QuestionId,
        /// To which lesson.
        lesson: LessonId,
        /// What was asked.
        text: String,
    },
    /// A held session.
    Held {
        /// Its id.
        id: String,
        /// What it was called.
        title: String,
        /// Who spoke.
        lecturer: String,
    },
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Looking {
    /// Whose.
    pub scope: Scope,
    /// When.
    pub period: Period,
    /// Of what.
    pub metric: Metric,
    /// The state that a submission is in now, or the level of an award.
    pub state: Option<String>,
    /// The traits that held sessions have.
    pub having: Vec<Has>,
    /// Of the installation.
    pub zone: TimeZone,
}

impl Looking {
    /// The first `most` records after `from`.
    pub async fn gather(&self, tx: &mut Tx, from: Position, most: usize) -> Result<Vec<Hit>, DbError> {
        let days = (self.period.first, self.period.last);
        let mut search = Search { organisations: self.scope.named(self.period), days, zone: self.zone.clone(), after: from, most: BATCH };
        let mut runners = HashMap::new();
        let mut found: Vec<Hit> = Vec::new();
        // One more than wanted: only then has the last one all its days.
        while found.len() <= most {
            let (batch, end) = self.batch(tx, &search, &mut runners).await?;
            batch.into_iter().filter(|hit| self.scope.has(hit.fact.organisation, hit.fact.day)).for_each(|hit| add(&mut found, hit));
            match end {
                Some(end) => search.after = end,
                None => break,
            }
        }
        found.truncate(most);
        Ok(found)
    }

    /// The next rows, and after which of them to read on; none at the end.
    async fn batch(&self, tx: &mut Tx, search: &Search, runners: &mut Runners) -> Result<(Vec<Hit>, Option<Position>), DbError> {
        let more = |rows: usize, end: Option<Position>| end.filter(|_| rows == search.most);
        let hits: Vec<Hit> = match self.metric {
            Metric::Lessons => Lessons(tx).registered_in(search).await?.into_iter().map(of_lesson).collect(),
            Metric::Published => Lessons(tx).published_in(search).await?.into_iter().map(of_lesson).collect(),
            Metric::Submissions => Submissions(tx).handed_in(search, self.state.as_deref()).await?.into_iter().map(of_submission).collect(),
            Metric::Sessions | Metric::Attendances => {
                Counted(tx).held_in(search, self.metric, &self.having).await?.into_iter().map(of_session).collect()
            }
            Metric::Awards => Submissions(tx).awards_in(search, self.state.as_deref()).await?.into_iter().map(of_submission).collect(),
            Metric::Questions => Questions(tx).asked_in(search).await?.into_iter().map(of_question).collect(),
            Metric::Recommendations => {
                let places = Submissions(tx).places_in(search).await?;
                let end = more(places.len(), places.last().map(|place| (place.at, place.id.clone())));
                return Ok((recommendations(tx, places, runners).await?, end));
            }
            Metric::Views | Metric::WatchSeconds => {
                let days = Watching(tx).days_in(search).await?;
                let end = more(days.len(), days.last().map(|((lesson, day, _), _)| (i64::from(day.0), lesson.to_string())));
                return Ok((days.into_iter().filter_map(|day| of_day(day, self.metric)).collect(), end));
            } // These count no lessons.
        };
        let end = more(hits.len(), hits.last().map(|hit| hit.position.clone()));
        Ok((hits, end))
    }
}

/// Days of one lesson follow each other and become one record.
fn add(found: &mut Vec<Hit>, hit: Hit) {
    match found.last_mut() {
        Some(last) if last.position == hit.position => last.fact.amount += hit.fact.amount,
        _ => found.push(hit),
    }
}

fn of_session(held: CountedSession) -> Hit {
    let of = Of::Held { id: held.id.clone(), title: held.title, lecturer: held.lecturer };
    Hit { position: (held.held_at, held.id), of, fact: held.fact }
}

fn of_question(asked: AskedQuestion) -> Hit {
    let of = Of::Question { id: asked.id, lesson: asked.lesson, text: asked.text };
    Hit { position: (asked.at, asked.id.to_string()), of, fact: asked.fact }
}

fn of_lesson((lesson, at, fact): LessonFact) -> Hit {
    Hit { position: (at, lesson.to_string()), of: Of::Lesson(lesson, None), fact }
}

fn of_submission(one: SubmissionFact) -> Hit {
    Hit { position: (one.at, one.submission.to_string()), of: Of::Lesson(one.lesson, Some(one.submission)), fact: one.fact }
}

fn of_day(((lesson, day, organisation), played): (DayOf, Played), metric: Metric) -> Option<Hit> {
    let amount = if metric == Metric::Views { played.views } else { played.watch_s };
    let fact = Fact { organisation, day, metric, dimension: String::new(), amount };
    // No day: after a lesson comes another lesson.
    (amount != 0).then(|| Hit { position: (0, lesson.to_string()), of: Of::Lesson(lesson, None), fact })
}

/// Who runs a campaign.
type Runners = HashMap<CampaignId, Option<OrganisationId>>;

/// A place of the organisation that runs the campaign is a selection, not a recommendation.
async fn recommendations(tx: &mut Tx, places: Vec<PlaceFact>, runners: &mut Runners) -> Result<Vec<Hit>, DbError> {
    for place in &places {
        if let Entry::Vacant(unknown) = runners.entry(place.campaign) {
            unknown.insert(Campaigns(tx).find(place.campaign).await?.map(|campaign| campaign.organisation));
        }
    }
    let recommended = places.into_iter().filter(|place| runners.get(&place.campaign) != Some(&Some(place.of)));
    let hit = |p: PlaceFact| Hit { position: (p.at, p.id), of: Of::Lesson(p.lesson, Some(p.submission)), fact: p.fact };
    Ok(recommended.map(hit).collect())
}
