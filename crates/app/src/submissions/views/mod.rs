//! What the pages of the desk show: finished strings, in the reader's language.

pub mod clearance;
pub mod desk;
pub mod diff;
pub mod editor;
pub mod journey;
pub mod lists;
pub mod player;
pub mod ranking;
pub mod receipt;
pub mod review;
pub mod said;
pub mod slots;
pub mod submission;
pub mod words;

pub use said::Said;

/// One option of a select, a radio group or a segmented switch.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// What is sent, or where the link leads.
    pub value: String,
    /// What people read.
    pub label: String,
    /// A second line.
    pub help: String,
    /// It is the one taken now.
    pub chosen: bool,
}

impl Choice {
    /// An option; `chosen` when `value` equals `now`.
    pub fn new(value: impl Into<String>, label: impl Into<String>, now: &str) -> Self {
        let value = value.into();
        Self { chosen: value == now, value, label: label.into(), help: String::new() }
    }
}

/// A name and what was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Name of the field.
    pub name: String,
    /// What was given; empty when nothing was.
    pub value: String,
    /// Several lines of text.
    pub long: bool,
}

/// One line of a work list: what it is, what is known of it, what to do.
#[derive(Debug, Clone, Default)]
pub struct WorkItem {
    /// Of the lesson.
    pub title: String,
    /// Where the title leads.
    pub href: String,
    /// Code of the state, for the colour.
    pub state: &'static str,
    /// The state in words.
    pub badge: String,
    /// Further facts.
    pub facts: Vec<String>,
    /// A deadline that is near or over.
    pub late: String,
    /// The one action; empty when there is none.
    pub action: String,
    /// Where the action leads.
    pub action_href: String,
    /// What somebody said about it.
    pub note: String,
}

/// What an empty list says: what it would hold, and what to do first.
#[derive(Debug, Clone)]
pub struct Empty {
    /// Name of the icon.
    pub icon: &'static str,
    /// In a few words.
    pub title: String,
    /// In a sentence.
    pub text: String,
    /// Where the first step leads; empty for none.
    pub href: String,
    /// Its words.
    pub action: String,
}

/// A step with its state: of a checklist or a clearance.
#[derive(Debug, Clone)]
pub struct Step {
    /// done, missing or wrong.
    pub state: &'static str,
    /// Name of the icon.
    pub icon: &'static str,
    /// What it is.
    pub name: String,
    /// Where it is done on the page; empty for nowhere.
    pub href: String,
    /// What is known of it.
    pub detail: String,
}

impl Step {
    /// A step in one of the three states.
    pub fn new(state: &'static str, name: String, href: String, detail: String) -> Self {
        let icon = match state {
            "done" => "circle-check",
            "wrong" => "circle-x",
            _ => "circle",
        };
        Self { state, icon, name, href, detail }
    }
}

/// A file with its facts.
#[derive(Debug, Clone)]
pub struct FileLine {
    /// As its owner named it.
    pub name: String,
    /// Slot, size, length.
    pub facts: String,
    /// SHA-256; empty until it is known.
    pub hash: String,
    /// SHA-256 of the file as it came; empty where it is kept unchanged.
    pub sent_hash: String,
}

/// A file of a checklist, as one list with its progress.
#[derive(Debug, Clone)]
pub struct ChecklistView {
    /// In the order of the form.
    pub items: Vec<Step>,
    /// Nothing stands in the way of handing in.
    pub complete: bool,
    /// How many required items are missing or wrong.
    pub missing: usize,
}

/// The places of one organisation in one category.
#[derive(Debug, Clone)]
pub struct QuotaView {
    /// Of the category.
    pub name: String,
    /// The whole state in words, for readers of screens.
    pub label: String,
    /// Places left, never below zero.
    pub left: i64,
    /// Places there are.
    pub places: i64,
    /// Places taken.
    pub used: i64,
    /// Upper end of the meter.
    pub max: i64,
    /// From here on the meter warns.
    pub low: i64,
    /// From here on it is nearly full.
    pub high: i64,
    /// `taken`, `mine` or `free`; empty when there are too many to draw.
    pub seats: Vec<&'static str>,
}

/// More places than this are not drawn one by one.
const MOST_SEATS: i64 = 20;

impl QuotaView {
    /// A quota with `used` of `places` taken.
    pub fn new(texts: &crate::i18n::Texts, name: String, places: i64, used: i64) -> Self {
        let left = (places - used).max(0);
        let args = [("used", used.to_string()), ("places", places.to_string()), ("left", left.to_string())];
        let drawn = if places <= MOST_SEATS { places.max(used) } else { 0 };
        Self {
            label: texts.args("places-words", &args),
            name,
            left,
            places,
            used,
            max: places.max(1),
            low: (places * 3 / 5).max(1),
            high: (places * 9 / 10).max(1),
            seats: (0..drawn).map(|n| if n < used { "taken" } else { "free" }).collect(),
        }
    }
}
