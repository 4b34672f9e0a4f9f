//! Possible duplicates, their comparison, merging and its way back.

use crate::lecturers::actions::duplicates::pairs;
use crate::lecturers::actions::merging::{self, Wanted};
use crate::lecturers::actions::{booking, kept};
use crate::lecturers::rules::{State as BookingState, merging as fields};
use crate::lecturers::views::{BookingLine, DuplicatesPage, FieldLine, Line, MergePage, PairLine, term, topic_words};
use crate::lecturers::{Bookings, Lecturer, LecturerId, Lecturers, Which};
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Done, Form, SignedIn, Visit, html};
use axum::extract::{Form as Sent, Path, Query, State};
use axum::response::{Redirect, Response};
use serde::Deserialize;

/// `GET /desk/lecturers/duplicates`
pub async fn duplicates(State(app): State<App>, visit: Visit, me: SignedIn, Query(done): Query<Done>) -> Result<Response, Problem> {
    let (texts, tree) = (&visit.texts, app.tree.load_full());
    let line = |pair: crate::lecturers::actions::duplicates::Pair| PairLine {
        href: format!("/desk/lecturers/{}/merge?into={}", pair.newer.id, pair.older.id),
        older: Line::of(texts, &tree, &pair.older),
        newer: Line::of(texts, &tree, &pair.newer),
        why: pair.why.iter().map(|why| texts.coded("same", why.code())).collect(),
    };
    let pairs = pairs(&app, &me).await?.into_iter().map(line).collect();
    html(&DuplicatesPage { p: visit.page(&app, texts.s("lecturers-duplicates")), notice: done.notice(texts), pairs })
}

/// Into whom.
#[derive(Debug, Deserialize)]
pub struct Into {
    into: LecturerId,
}

/// `GET /desk/lecturers/{id}/merge?into=`: what both say, field by field.
pub async fn compare(
    State(app): State<App>,
    visit: Visit,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Query(wanted): Query<Into>,
) -> Result<Response, Problem> {
    let (texts, tree) = (&visit.texts, app.tree.load_full());
    let mut tx = app.db.read().await?;
    let merged = kept(&app, &mut tx, &me, id).await?;
    let remains = kept(&app, &mut tx, &me, wanted.into).await?;
    let mut clashes = Vec::new();
    let open = Which { person: Some(merged.id), states: &[BookingState::Accepted], ..Which::default() };
    for row in Bookings(&mut tx).before(&open, &(i64::MAX, String::new()), 50).await? {
        let same = booking::clashes(&mut tx, &crate::lecturers::BookingRow { person: remains.id, ..row.clone() }).await?;
        clashes.extend(
            same.into_iter()
                .filter(|other| other.booking.state == BookingState::Accepted)
                .map(|other| BookingLine::of(texts, &tree, &other)),
        );
    }
    html(&MergePage {
        p: visit.page(&app, texts.s("lecturers-merge")),
        merged_id: merged.id.to_string(),
        remains_id: remains.id.to_string(),
        fields: fields::FIELDS.into_iter().map(|code| field_line(&visit, code, &remains, &merged)).collect(),
        merged: Line::of(texts, &tree, &merged),
        remains: Line::of(texts, &tree, &remains),
        clashes,
    })
}

fn field_line(visit: &Visit, code: &'static str, remains: &Lecturer, merged: &Lecturer) -> FieldLine {
    let texts = &visit.texts;
    let words = |of: &Lecturer| match code {
        "name" => of.name.clone(),
        "kind" => texts.coded("lecturer-kind", &of.kind),
        "topics" => topic_words(texts, of),
        "occupation" => of.occupation.clone(),
        "about" => of.about.clone(),
        "contact" => of.contact.clone(),
        "term" => term(texts, of),
        _ => of.photo.map(|_| texts.s("photo-there")).unwrap_or_default(),
    };
    let (stays, taken) = (words(remains), words(merged));
    FieldLine {
        code,
        name: texts.coded("field", code),
        same: fields::value(remains, code) == fields::value(merged, code),
        proposed: stays.is_empty() && !taken.is_empty(),
        stays,
        taken,
    }
}

/// `POST /desk/lecturers/{id}/merge`
pub async fn merge(
    State(app): State<App>,
    me: SignedIn,
    Path(id): Path<LecturerId>,
    Sent(pairs): Sent<Vec<(String, String)>>,
) -> Result<Redirect, Problem> {
    let form = Form::sent(pairs);
    let into = form.v("into").parse().map_err(|_| Problem::not_found())?;
    let take = fields::FIELDS.into_iter().filter(|code| form.is(&format!("keep-{code}"), "taken")).map(str::to_owned).collect();
    merging::merge(&app, &me, id, &Wanted { into, take }).await?;
    Ok(Redirect::to(&format!("/desk/lecturers/{into}?done=lecturers-merged")))
}

/// `POST /desk/lecturers/{id}/unmerge`
pub async fn unmerge(State(app): State<App>, me: SignedIn, Path(id): Path<LecturerId>) -> Result<Redirect, Problem> {
    merging::unmerge(&app, &me, id).await?;
    let root = Lecturers(&mut app.db.read().await?).root(id).await?.map_or(id, |l| l.id);
    Ok(Redirect::to(&format!("/desk/lecturers/{root}?done=lecturer-unmerged")))
}
