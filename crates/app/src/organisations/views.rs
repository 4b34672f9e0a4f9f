//! What the pages of organisations and people show.

use super::{Node, OrganisationId, Tree};
use crate::i18n::Texts;
use crate::web::{Form, Page};
use askama::Template;

/// One organisation of a list or tree.
#[derive(Debug, Clone)]
pub struct Line {
    /// Id.
    pub id: String,
    /// Unique code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Its kind in words.
    pub kind: String,
    /// Names above it.
    pub path: String,
    /// Subordinates in figures; empty without any.
    pub children: String,
    /// Where the level below comes from; empty for a leaf.
    pub children_url: String,
    /// Closed.
    pub closed: bool,
}

/// Makes lines of the nodes of one tree, now or of another day.
#[derive(Debug)]
pub struct TreeView<'a> {
    /// The tree shown.
    pub tree: &'a Tree,
    /// Its day; empty for now.
    pub at: &'a str,
    /// The reader's words.
    pub texts: &'a Texts,
}

impl TreeView<'_> {
    /// One node.
    pub fn line(&self, node: &Node) -> Line {
        let children = self.tree.children(node.id).count();
        let mut above: Vec<_> = self.tree.breadcrumb(node.id).into_iter().map(|n| n.name.as_str()).collect();
        above.pop();
        let url = || format!("/organisations/{}/children?at={}", node.id, self.at);
        Line {
            id: node.id.to_string(),
            code: node.code.clone(),
            name: node.name.clone(),
            kind: kind_words(self.texts, &node.kind),
            path: above.join(" / "),
            children: if children == 0 { String::new() } else { self.texts.number(children as i64) },
            children_url: if children == 0 { String::new() } else { url() },
            closed: node.closed,
        }
    }

    /// The level below `id`, up to `most`, of those for which `open` holds.
    pub fn children(&self, id: OrganisationId, most: usize, open: impl Fn(OrganisationId) -> bool) -> Vec<Line> {
        self.tree.children(id).filter(|n| open(n.id)).take(most).map(|n| self.line(n)).collect()
    }
}

/// The word of the vocabulary pack, or the code of a kind that it does not know.
pub fn kind_words(texts: &Texts, kind: &str) -> String {
    let key = format!("kind-{kind}");
    if texts.has(&key) { texts.s(&key) } else { kind.to_owned() }
}

/// The tree editor.
#[derive(Template)]
#[template(path = "organisations/views/tree.html")]
pub struct TreePage {
    pub(super) p: Page,
    pub(super) q: String,
    pub(super) at: String,
    pub(super) found: Vec<Line>,
    pub(super) tops: Vec<(Line, Vec<Line>)>,
}

/// A level of the tree.
#[derive(Template)]
#[template(path = "organisations/views/children.html")]
pub struct ChildrenFragment {
    pub(super) p: Page,
    pub(super) lines: Vec<Line>,
}

/// A name or superior with its time.
#[derive(Debug, Clone)]
pub struct Fact {
    /// The name.
    pub what: String,
    /// From when; empty for "from the beginning".
    pub from: String,
    /// Until when; empty for "still".
    pub to: String,
}

/// Somebody with a role.
#[derive(Debug, Clone)]
pub struct PersonLine {
    /// Account.
    pub id: String,
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// Role in words.
    pub role: String,
}

/// The page of one organisation.
#[derive(Template)]
#[template(path = "organisations/views/node.html")]
#[allow(clippy::struct_excessive_bools, reason = "each says whether one part of the page is there")]
pub struct NodePage {
    pub(super) p: Page,
    pub(super) notice: String,
    pub(super) line: Line,
    pub(super) trail: Vec<(String, String, bool)>,
    pub(super) names: Vec<Fact>,
    pub(super) places: Vec<Fact>,
    pub(super) children: Vec<Line>,
    pub(super) children_count: String,
    pub(super) below: String,
    pub(super) line_above: String,
    pub(super) closed_at: String,
    pub(super) merged_into: String,
    pub(super) version: i64,
    pub(super) members: i64,
    pub(super) open: bool,
    pub(super) error: String,
    pub(super) f: Form,
    pub(super) kinds: Vec<(String, String)>,
    pub(super) people: Vec<PersonLine>,
    pub(super) keeps: bool,
    pub(super) keeps_parent: bool,
    pub(super) keeps_people: bool,
}

/// An import as its sender sees it.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each says whether one part of the page is there")]
pub struct ImportState {
    pub(super) id: String,
    pub(super) file: String,
    pub(super) percent: i64,
    pub(super) running: bool,
    pub(super) cancelled: bool,
    pub(super) parked: bool,
    pub(super) refused: String,
    pub(super) applied: bool,
    pub(super) counts: Vec<(String, String)>,
    pub(super) fault_count: String,
    pub(super) groups: Vec<crate::registers::FaultGroup>,
    pub(super) links: bool,
}

/// Sending a file, and what came of it.
#[derive(Template)]
#[template(path = "organisations/views/import.html")]
pub struct ImportPage {
    pub(super) p: Page,
    pub(super) register: &'static super::sent::Register,
    pub(super) state: Option<ImportState>,
}

/// A role as a page shows it.
#[derive(Debug, Clone)]
pub struct GrantView {
    pub(super) id: String,
    pub(super) role: String,
    pub(super) organisation: String,
    pub(super) reach: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) ended: bool,
    pub(super) mine_to_end: bool,
}

/// One person of the list.
#[derive(Debug, Clone)]
pub struct PersonRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) login: String,
    pub(super) active: bool,
    pub(super) grants: Vec<GrantView>,
}

/// People within reach.
#[derive(Template)]
#[template(path = "organisations/views/people.html")]
pub struct PeoplePage {
    pub(super) p: Page,
    pub(super) error: String,
    pub(super) f: Form,
    pub(super) q: String,
    pub(super) organisation_id: String,
    pub(super) organisation: String,
    pub(super) rows: Vec<PersonRow>,
    pub(super) next: String,
    pub(super) roles: Vec<(&'static str, String)>,
}

/// One account.
#[derive(Template)]
#[template(path = "organisations/views/person.html")]
pub struct PersonPage {
    pub(super) p: Page,
    pub(super) error: String,
    pub(super) f: Form,
    pub(super) notice: String,
    pub(super) id: String,
    pub(super) login: String,
    pub(super) active: bool,
    pub(super) version: i64,
    pub(super) grants: Vec<GrantView>,
    pub(super) roles: Vec<(&'static str, String)>,
    pub(super) myself: bool,
}
