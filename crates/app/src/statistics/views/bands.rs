//! Children in bands, in finished strings.

use super::{Link, period_words, printed};
use crate::i18n::Texts;
use crate::statistics::bands::{Banded, Member, Own};
use crate::statistics::choice::Choice;
use crate::statistics::export::Value;
use crate::statistics::indicator::Indicator;
use crate::statistics::rules::bands::{Bands, Per, Standing, decimal};
use crate::web::Page;
use askama::Template;
use kernel::Timestamp;

/// An organisation in a list.
#[derive(Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its own bands; empty when the reader may not go there.
    pub href: String,
    /// Why it stands in no band; empty for the others.
    pub why: String,
}

/// One band.
#[derive(Debug)]
pub struct Band {
    /// Which, counted from the highest.
    pub title: String,
    /// Where it begins and ends.
    pub edges: String,
    /// Who stands in it, in the order of the tree.
    pub names: Vec<Listed>,
}

/// `GET /statistics/bands`
#[derive(Debug, Template)]
#[template(path = "statistics/views/bands.html")]
pub struct BandsPage {
    /// The frame.
    pub p: Page,
    /// What was done; empty when nothing was.
    pub notice: String,
    /// What was wrong with the limits; empty when nothing was.
    pub fault: String,
    /// The statistics that it came from.
    pub back: String,
    /// Whose children.
    pub name: String,
    /// The period in words.
    pub period: String,
    /// Through which tree and when, on paper.
    pub printed: String,
    /// Every indicator.
    pub indicators: Vec<Link>,
    /// What is compared, in words.
    pub measure: String,
    /// Where the organisation itself stands among its peers; empty at the root.
    pub own: String,
    /// The bands of its superior, for the same.
    pub own_edges: String,
    /// The bands, the highest first.
    pub bands: Vec<Band>,
    /// Who stands in none.
    pub others: Vec<Listed>,
    /// The reader sees what is below.
    pub below: bool,
    /// How the limits came to be.
    pub origin: String,
    /// The limits as they are typed.
    pub limits: String,
    /// The reader may set them.
    pub may_set: bool,
    /// They were set.
    pub is_set: bool,
    /// The address to come back to.
    pub here: String,
    /// Id of the organisation, for the form.
    pub organisation: String,
    /// Code of the indicator, for the form.
    pub metric: &'static str,
    /// Workbook and text file.
    pub exports: [String; 2],
}

impl BandsPage {
    /// Puts bands in words.
    pub fn new(p: Page, found: &Banded, now: Timestamp) -> Self {
        let choice = &found.choice;
        let per = choice.metric.per();
        let link = |metric: Indicator| Link {
            href: Choice { metric, ..choice.clone() }.href("/statistics/bands"),
            label: p.s(&format!("metric-{}-short", metric.code())),
            current: metric == choice.metric,
        };
        let edges: Vec<_> = found.bands.limits().iter().map(|limit| decimal(*limit)).collect();
        Self {
            notice: String::new(),
            fault: String::new(),
            back: choice.href("/statistics"),
            name: found.name.clone(),
            period: period_words(choice.period, &p),
            printed: printed(choice, now, &p),
            indicators: comparable().map(link).collect(),
            measure: measure(choice.metric, &p),
            own: found.own.as_ref().map(|own| own_words(own, &p)).unwrap_or_default(),
            own_edges: found.own.as_ref().map(|own| all_edges(&own.bands, per, &p)).unwrap_or_default(),
            bands: bands(found, &p),
            others: found.others.iter().map(|(member, standing)| name(member, choice, why(*standing, &p))).collect(),
            below: found.below,
            origin: p.s(if found.chosen.is_some() { "bands-chosen" } else { "bands-even" }),
            limits: edges.join(" "),
            may_set: found.may_set && found.below,
            is_set: found.chosen.is_some(),
            here: choice.href("/statistics/bands"),
            organisation: choice.organisation.to_string(),
            metric: choice.metric.code(),
            exports: ["xlsx", "csv"].map(|kind| choice.href(&format!("/statistics/bands.{kind}"))),
            p,
        }
    }
}

/// Indicators that make bands of their own: how many different organisations held a session is the coverage rate once it is compared.
pub fn comparable() -> impl Iterator<Item = Indicator> {
    Indicator::ALL.into_iter().filter(|indicator| *indicator != Indicator::Organisations)
}

/// Sessions for each grassroots organisation
fn measure(indicator: Indicator, words: &Texts) -> String {
    let label = words.s(&format!("metric-{}", indicator.code()));
    match indicator.per() {
        Per::Hundred => words.s("metric-coverage"),
        per => words.with(&format!("bands-per-{}", per.code()), "metric", label),
    }
}

fn bands(found: &Banded, words: &Texts) -> Vec<Band> {
    let count = found.bands.count();
    let band = |(at, members): (usize, &Vec<Member>)| Band {
        title: band_name(at, count, words),
        edges: edges(&found.bands, at, found.choice.metric.per(), words),
        names: members.iter().map(|member| name(member, &found.choice, String::new())).collect(),
    };
    found.members.iter().enumerate().rev().map(band).collect()
}

fn name(member: &Member, choice: &Choice, why: String) -> Listed {
    let there = Choice { organisation: member.organisation, ..choice.clone() };
    Listed { name: member.name.clone(), href: if member.open { there.href("/statistics/bands") } else { String::new() }, why }
}

/// The number that people call a band by: the highest is the first.
pub fn number(at: usize, count: usize) -> usize {
    count - at
}

fn band_name(at: usize, count: usize, words: &Texts) -> String {
    words.with("bands-band", "n", number(at, count) as i64)
}

fn limit(hundredths: i64, per: Per) -> String {
    format!("{}{}", decimal(hundredths), if per == Per::Hundred { "%" } else { "" })
}

fn edges(bands: &Bands, at: usize, per: Per, words: &Texts) -> String {
    match bands.edges(at) {
        (None, None) => words.s("bands-all"),
        (Some(from), None) => words.with("bands-from", "from", limit(from, per)),
        (None, Some(below)) => words.with("bands-below", "below", limit(below, per)),
        (Some(from), Some(below)) => words.args("bands-between", &[("from", limit(from, per)), ("below", limit(below, per))]),
    }
}

/// All bands in one line, the highest first.
fn all_edges(bands: &Bands, per: Per, words: &Texts) -> String {
    let one = |at| format!("{} {}", band_name(at, bands.count(), words), edges(bands, at, per, words));
    (0..bands.count()).rev().map(one).collect::<Vec<_>>().join(" · ")
}

fn why(standing: Standing, words: &Texts) -> String {
    match standing {
        Standing::Rated(_) => String::new(),
        Standing::Small => words.s("bands-small"),
        Standing::Bare => words.s("bands-bare"),
    }
}

fn own_words(own: &Own, words: &Texts) -> String {
    let above = || ("above", own.parent_name.clone());
    match own.standing {
        Standing::Rated(rate) => {
            let band = band_name(own.bands.of(rate), own.bands.count(), words);
            words.args("bands-own", &[above(), ("band", band), ("count", words.number(own.bands.count() as i64))])
        }
        other => words.args("bands-own-none", &[above(), ("why", why(other, words))]),
    }
}

/// What the screen shows as a sheet: its head and its rows.
pub fn sheet(found: &Banded, words: &Texts) -> (Vec<String>, Vec<Vec<Value>>) {
    let head = ["bands-column", "bands-edges", "statistics-organisation"].map(|key| words.s(key)).to_vec();
    let row = |band: &str, edges: &str, name: &str| [band, edges, name].map(|text| Value::Text(text.to_owned())).to_vec();
    let mut rows: Vec<_> = bands(found, words)
        .iter()
        .flat_map(|band| band.names.iter().map(|one| row(&band.title, &band.edges, &one.name)).collect::<Vec<_>>())
        .collect();
    rows.extend(found.others.iter().map(|(member, standing)| row(&words.s("bands-none"), &why(*standing, words), &member.name)));
    (head, rows)
}
