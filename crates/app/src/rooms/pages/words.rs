//! `/administration/words`

use crate::problem::Problem;
use crate::rooms::actions::{self, WordLists};
use crate::rooms::views::{Told, WordsPage};
use crate::state::App;
use crate::web::{Done, SignedIn, Visit, html, in_words, is_mendable};
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

/// The list as a form sends it: a word a line.
#[derive(Debug, Deserialize)]
pub struct WordsForm {
    hold: String,
    refuse: String,
    version: String,
}

/// `GET /administration/words`
pub async fn words(State(app): State<App>, visit: Visit, me: SignedIn, Query(done): Query<Done>) -> Result<Response, Problem> {
    let lists = actions::word_lists(&app, &me).await?;
    html(&WordsPage {
        operates: true,
        told: Told { done: done.notice(&visit.texts), error: String::new() },
        hold: lists.hold.join("\n"),
        refuse: lists.refuse.join("\n"),
        version: lists.version.unwrap_or_default(),
        p: visit.page(&app, visit.texts.s("words-title")),
    })
}

/// `POST /administration/words`
pub async fn keep_words(State(app): State<App>, visit: Visit, me: SignedIn, Form(form): Form<WordsForm>) -> Result<Response, Problem> {
    let lists = WordLists { hold: lines(&form.hold), refuse: lines(&form.refuse), version: Some(form.version.clone()) };
    let Err(problem) = actions::keep_words(&app, &me, lists).await else {
        return Ok(Redirect::to("/administration/words?done=words-kept").into_response());
    };
    if !is_mendable(&problem) {
        return Err(problem);
    }
    let (error, faults) = in_words(&visit.texts, &problem);
    let error = faults.first().map_or(error, |fault| format!("{} {}", fault.label, fault.text));
    let told = Told { done: String::new(), error };
    let p = visit.page(&app, visit.texts.s("words-title"));
    let mut page = html(&WordsPage { operates: true, told, hold: form.hold, refuse: form.refuse, version: form.version, p })?;
    *page.status_mut() = problem.status;
    Ok(page)
}

/// Words of a text field; empty lines count for nothing.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}
