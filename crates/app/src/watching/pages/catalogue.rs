//! Home, catalogue, places, organisation: the ways to a lesson.

use super::code_words;
use crate::broadcasts::programme;
use crate::campaigns::{CampaignId, Campaigns};
use crate::db::Tx;
use crate::i18n::Texts;
use crate::lessons::{Catalogue, Facet, LessonId, Publication, Wanted};
use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::recordings::{self, Audience, MaterialId, Recordings};
use crate::state::App;
use crate::watching::{Counts, Spread, Watching, estimated, page, within};
use crate::web::{Cursor, Page, Visit, html};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use std::collections::HashMap;

/// A lesson in a list.
#[derive(Debug, Clone)]
pub struct Card {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) tone: u32,
    pub(super) poster: String,
    pub(super) duration: String,
    pub(super) lecturer: String,
    pub(super) organisation: String,
    pub(super) organisation_href: String,
    pub(super) topic: String,
    /// The award in words; empty without one.
    pub(super) award: String,
    pub(super) views: String,
}

/// What is on air or comes next.
#[derive(Debug, Clone)]
struct OnAirCard {
    href: String,
    title: String,
    tone: u32,
    lecturer: String,
    organisation: String,
    state: &'static str,
    state_name: String,
    when: String,
    iso: String,
}

/// Awarded lessons on the first page at most.
const AWARDED: usize = 6;
/// Broadcasts on the first page at most.
const ON_AIR: usize = 2;

async fn on_air(app: &App, visit: &Visit) -> Result<Vec<OnAirCard>, Problem> {
    let entries = programme::now_and_next(app, visit.actor.is_some()).await?;
    let card = |entry: programme::Entry| {
        let broadcast = entry.broadcast;
        let state = if broadcast.state.is_on_air() { "on_air" } else { "planned" };
        OnAirCard {
            href: format!("/live/{}", broadcast.id),
            tone: (broadcast.id.as_u128() % 6) as u32 + 1,
            title: broadcast.title,
            lecturer: broadcast.lecturer,
            organisation: entry.organisation,
            state,
            state_name: visit.texts.s(if state == "on_air" { "live-state-on_air" } else { "live-next" }),
            when: visit.texts.time(broadcast.starts_at),
            iso: broadcast.starts_at.to_jiff().to_string(),
        }
    };
    Ok(entries.into_iter().take(ON_AIR).map(card).collect())
}

/// A facet with its values.
#[derive(Debug, Clone)]
pub struct FacetView {
    name: String,
    values: Vec<Choice>,
}

/// One value: choosing it again takes it back.
#[derive(Debug, Clone)]
pub struct Choice {
    href: String,
    label: String,
    count: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "watching/views/home.html")]
struct HomePage {
    p: Page,
    on_air: Vec<OnAirCard>,
    lead: Option<Card>,
    lead_text: String,
    /// The newest with an award.
    awarded: Vec<Card>,
    cards: Vec<Card>,
    topics: Vec<Choice>,
    places: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "watching/views/catalogue.html")]
struct CataloguePage {
    p: Page,
    heading: String,
    found: String,
    q: String,
    hidden: Vec<(&'static str, String)>,
    facets: Vec<FacetView>,
    chosen: Vec<Choice>,
    orders: Vec<Choice>,
    cards: Vec<Card>,
    next: String,
    crumbs: Vec<(String, String)>,
    below: Vec<Choice>,
}

async fn cards(app: &App, words: &Texts, tx: &mut Tx, list: &[Publication]) -> Result<Vec<Card>, Problem> {
    let counts = Watching(tx).counts_of(&list.iter().map(|p| p.lesson).collect::<Vec<_>>()).await?;
    cards_with(app, words, tx, list, &counts).await
}

pub(super) async fn cards_with(
    app: &App,
    words: &Texts,
    tx: &mut Tx,
    list: &[Publication],
    counts: &HashMap<LessonId, Counts>,
) -> Result<Vec<Card>, Problem> {
    let materials: Vec<MaterialId> = list.iter().filter_map(|p| p.material.parse().ok()).collect();
    let posters = Recordings(tx).with_poster(&materials).await?;
    let spreads = Watching(tx).spreads_of(&list.iter().map(|p| p.lesson).collect::<Vec<_>>()).await?;
    let tree = app.tree.load();
    let now = app.clock.now();
    let poster = |public: &Publication| {
        let material = public.material.parse().ok().filter(|m| posters.contains(m));
        material.map(|m| format!("{}/poster/poster.jpg", recordings::media_base(app, Audience::Public, m, now))).unwrap_or_default()
    };
    let card = |public: &Publication| Card {
        href: format!("/lessons/{}", public.lesson),
        title: public.title.clone(),
        tone: (public.lesson.as_u128() % 6) as u32 + 1,
        poster: poster(public),
        duration: words.duration(public.duration_ms),
        lecturer: public.lecturer.clone(),
        organisation: tree.name(public.organisation),
        organisation_href: format!("/places/{}", public.organisation),
        topic: code_words(words, "topic", &public.topic),
        award: code_words(words, "award", &public.award),
        views: viewed(words, counts.get(&public.lesson).map_or(0, |c| c.views), spreads.get(&public.lesson)),
    };
    Ok(list.iter().map(card).collect())
}

/// How often it was viewed and, where that was counted from a sample, how sure it is.
fn viewed(words: &Texts, views: i64, spread: Option<&Spread>) -> String {
    let times = words.with("times-viewed", "n", views);
    let sure = spread.map(|spread| estimated(words, spread.views(views))).unwrap_or_default();
    if sure.is_empty() { times } else { words.args("times-viewed-estimated", &[("times", times), ("sure", sure)]) }
}

/// Up to four others of the same topic.
pub(super) async fn more_like(app: &App, words: &Texts, tx: &mut Tx, public: &Publication) -> Result<Vec<Card>, Problem> {
    let wanted = Wanted { topic: public.topic.clone(), ..Wanted::default() };
    let mut list = Catalogue(tx).page(&wanted, None, &Cursor::default()).await?;
    list.retain(|other| other.lesson != public.lesson);
    list.truncate(4);
    cards(app, words, tx, &list).await
}

/// `GET /`
pub async fn home(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let mut tx = app.db.read().await?;
    let mut list = Catalogue(&mut tx).page(&Wanted::default(), None, &Cursor::default()).await?;
    list.truncate(13);
    let lead_text = list.first().map(|p| p.abstract_.clone()).unwrap_or_default();
    let mut cards = cards(&app, &visit.texts, &mut tx, &list).await?.into_iter();
    let awarded = Catalogue(&mut tx).awarded(AWARDED).await?;
    let awarded = self::cards(&app, &visit.texts, &mut tx, &awarded).await?;
    let topics = Catalogue(&mut tx).facet(Facet::Topic, &Wanted::default(), None).await?;
    let choice = |v: &crate::lessons::FacetValue| Choice {
        href: format!("/lessons?topic={}", v.code),
        label: code_words(&visit.texts, "topic", &v.code),
        count: visit.texts.number(v.count),
        chosen: false,
    };
    let topics = topics.iter().map(choice).collect();
    let roots: Vec<_> = app.tree.load().roots().map(|r| r.id).collect();
    let places = places_below(&app, &visit.texts, &mut tx, &roots).await?;
    drop(tx);
    let (p, on_air) = (visit.page(&app, visit.texts.s("nav-home")), on_air(&app, &visit).await?);
    html(&HomePage { p, on_air, lead: cards.next(), lead_text, awarded, cards: cards.collect(), topics, places })
}

/// The children of these organisations that have public lessons in their subtree.
async fn places_below(app: &App, words: &Texts, tx: &mut Tx, parents: &[OrganisationId]) -> Result<Vec<Choice>, Problem> {
    let tree = app.tree.load();
    let counted = Catalogue(tx).organisations().await?;
    let below = parents.iter().flat_map(|p| tree.children(*p));
    let total = |id| counted.iter().filter(|(o, _)| tree.contains(id, *o)).map(|(_, n)| n).sum::<i64>();
    let choices = below.map(|node| (node, total(node.id))).filter(|(_, n)| *n > 0);
    Ok(choices
        .map(|(node, n)| Choice { href: format!("/places/{}", node.id), label: node.name.clone(), count: words.number(n), chosen: false })
        .collect())
}

/// The filter of a page and where the page begins.
#[derive(Debug, serde::Deserialize)]
pub struct Asked {
    #[serde(flatten)]
    wanted: Wanted,
    #[serde(default)]
    after: String,
}

/// `GET /lessons`
pub async fn catalogue(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let heading = visit.texts.s("nav-catalogue");
    show(&app, &visit, asked, None, heading).await
}

/// `GET /places`: the roots of the tree.
pub async fn places(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let root = app.tree.load().roots().next().map(|r| r.id).ok_or_else(Problem::not_found)?;
    let asked = Asked { wanted: Wanted::default(), after: String::new() };
    let heading = app.tree.load().name(root);
    show(&app, &visit, asked, Some(root), heading).await
}

/// `GET /places/{id}`: an organisation, its lessons and its subordinates.
pub async fn place(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<OrganisationId>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let heading = app.tree.load().get(id).map(|n| n.name.clone()).ok_or_else(Problem::not_found)?;
    show(&app, &visit, asked, Some(id), heading).await
}

async fn show(app: &App, visit: &Visit, asked: Asked, place: Option<OrganisationId>, heading: String) -> Result<Response, Problem> {
    let words = &visit.texts;
    let place = place.or_else(|| asked.wanted.organisation.parse().ok());
    let mut tx = app.db.read().await?;
    let within = within(app, &mut tx, place).await?;
    let (slice, counts) = page(&mut tx, &asked.wanted, within.as_deref(), &Cursor { after: asked.after }).await?;
    let path = place.map_or_else(|| "/lessons".to_owned(), |id| format!("/places/{id}"));
    let found = Catalogue(&mut tx).count(&asked.wanted, within.as_deref()).await?;
    let (facets, chosen) = facets(&mut tx, words, &asked.wanted, within.as_deref(), &path).await?;
    let below = match place {
        Some(place) => places_below(app, words, &mut tx, &[place]).await?,
        None => Vec::new(),
    };
    let view = CataloguePage {
        p: visit.page(app, heading.clone()),
        heading,
        found: words.with("lessons-found", "n", found),
        q: asked.wanted.q.clone(),
        hidden: Facet::ALL
            .into_iter()
            .map(|f| (f.name(), asked.wanted.chosen(f).to_owned()))
            .chain([("sort", asked.wanted.sort.clone())])
            .filter(|(_, v)| !v.is_empty())
            .collect(),
        facets,
        chosen,
        orders: orders(words, &asked.wanted, &path),
        cards: cards_with(app, words, &mut tx, &slice.items, &counts).await?,
        next: slice.next.map(|after| address(&path, &asked.wanted, None, &after)).unwrap_or_default(),
        crumbs: place.map(|id| crumbs(app, id)).unwrap_or_default(),
        below,
    };
    html(&view)
}

fn crumbs(app: &App, id: OrganisationId) -> Vec<(String, String)> {
    app.tree.load().breadcrumb(id).iter().map(|n| (format!("/places/{}", n.id), n.name.clone())).collect()
}

async fn facets(
    tx: &mut Tx,
    words: &Texts,
    wanted: &Wanted,
    within: Option<&[OrganisationId]>,
    path: &str,
) -> Result<(Vec<FacetView>, Vec<Choice>), Problem> {
    let mut all = Vec::new();
    for facet in Facet::ALL {
        let mut choices = Vec::new();
        for value in Catalogue(tx).facet(facet, wanted, within).await? {
            let chosen = wanted.chosen(facet) == value.code;
            let to = if chosen { "" } else { value.code.as_str() };
            let href = address(path, wanted, Some((facet, to)), "");
            choices.push(Choice { href, label: label(tx, words, facet, &value.code).await?, count: words.number(value.count), chosen });
        }
        all.push(FacetView { name: words.s(&format!("facet-{}", facet.name().replace('_', "-"))), values: choices });
    }
    all.retain(|f: &FacetView| f.values.len() > 1 || f.values.iter().any(|v| v.chosen));
    let chosen = all.iter().flat_map(|f| f.values.iter().filter(|v| v.chosen).cloned()).collect();
    Ok((all, chosen))
}

/// The orders of the list; choosing one begins anew.
fn orders(words: &Texts, wanted: &Wanted, path: &str) -> Vec<Choice> {
    let order = |(sort, key): (&str, &str)| Choice {
        href: address(path, &Wanted { sort: sort.to_owned(), ..wanted.clone() }, None, ""),
        label: words.s(key),
        count: String::new(),
        chosen: wanted.by_views() == (sort == "viewed"),
    };
    [("", "order-newest"), ("viewed", "order-viewed")].into_iter().map(order).collect()
}

async fn label(tx: &mut Tx, words: &Texts, facet: Facet, code: &str) -> Result<String, Problem> {
    Ok(match facet {
        Facet::Topic => code_words(words, "topic", code),
        Facet::LecturerKind => code_words(words, "lecturer-kind", code),
        Facet::Form => code_words(words, "form", code),
        Facet::Award => code_words(words, "award", code),
        Facet::Length => words.s(&format!("length-{code}")),
        Facet::Level => level(words, code),
        Facet::Campaign => match code.parse::<CampaignId>() {
            Ok(id) => Campaigns(tx).find(id).await?.map_or_else(|| code.to_owned(), |campaign| campaign.title),
            Err(_) => code.to_owned(),
        },
        Facet::Year => code.to_owned(),
    })
}

/// The pack's name of a level, or its number where the pack names none.
fn level(words: &Texts, depth: &str) -> String {
    let named = format!("level-{depth}");
    if words.has(&named) { words.s(&named) } else { words.with("level-n", "n", depth.parse::<i64>().unwrap_or(0)) }
}

/// The address of a list with one choice changed.
fn address(path: &str, wanted: &Wanted, change: Option<(Facet, &str)>, after: &str) -> String {
    let value = |f: Facet| change.filter(|(c, _)| *c == f).map_or_else(|| wanted.chosen(f), |(_, to)| to);
    let mut pairs: Vec<(&str, &str)> = Facet::ALL.into_iter().map(|f| (f.name(), value(f))).collect();
    pairs.push(("q", &wanted.q));
    pairs.push(("sort", &wanted.sort));
    pairs.push(("after", after));
    let query: Vec<_> =
        pairs.into_iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| format!("{k}={}", crate::web::percent_encode(v))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}
