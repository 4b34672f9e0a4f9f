//! The way of a submission, stay by stay, and what was said on it.

use super::words;
use crate::i18n::Texts;
use crate::organisations::Tree;
use crate::submissions::{Hop, Remark, Submission, Verdict};

/// One line of the way.
#[derive(Debug, Clone)]
pub struct HopLine {
    /// Kind of verdict, for the colour of the mark.
    pub mark: &'static str,
    /// It lies there now.
    pub current: bool,
    /// Who did what.
    pub title: String,
    /// When.
    pub meta: String,
    /// The opinion.
    pub note: String,
    /// What should be changed.
    pub remarks: Vec<RemarkLine>,
}

/// Something that should be changed, at a field or a moment.
#[derive(Debug, Clone)]
pub struct RemarkLine {
    /// Name of the field; empty for a moment.
    pub field: String,
    /// Where the field stands in the editor.
    pub anchor: String,
    /// `3:12`; empty for a field.
    pub moment: String,
    /// In milliseconds.
    pub at_ms: i64,
    /// In whole seconds, for a link.
    pub second: i64,
    /// What to do.
    pub text: String,
}

/// One remark in words.
pub fn remark(texts: &Texts, remark: &Remark) -> RemarkLine {
    let at_ms = remark.at_ms.unwrap_or(0);
    let anchor = remark.field.clone().unwrap_or_default();
    RemarkLine {
        field: if anchor.is_empty() { texts.s("remark-general") } else { words::field(texts, &anchor) },
        moment: remark.at_ms.map(|at| texts.duration(at)).unwrap_or_default(),
        anchor: if anchor.is_empty() { "title".into() } else { anchor },
        at_ms,
        second: at_ms / 1000,
        text: remark.text.clone(),
    }
}

/// The whole way: its hand-in, every stay, and how each ended.
pub fn lines(texts: &Texts, tree: &Tree, submission: &Submission, hops: &[Hop]) -> Vec<HopLine> {
    let mut lines = Vec::new();
    if let Some(at) = submission.submitted_at {
        let title = texts.with("hop-submitted", "name", tree.name(submission.organisation));
        lines.push(HopLine { mark: "submit", current: false, title, meta: texts.time(at), note: String::new(), remarks: vec![] });
    }
    lines.extend(hops.iter().map(|hop| line(texts, tree, hop)));
    lines
}

fn line(texts: &Texts, tree: &Tree, hop: &Hop) -> HopLine {
    let name = tree.name(hop.holder);
    let title = match (hop.verdict, hop.rank) {
        (None, _) => texts.with("hop-waiting", "name", name),
        (Some(v @ (Verdict::Recommended | Verdict::Selected)), Some(rank)) => {
            texts.args(&format!("hop-{}-ranked", v.code()), &[("name", name), ("rank", rank.to_string())])
        }
        (Some(v), _) => texts.with(&format!("hop-{}", words::dashed(v.code())), "name", name),
    };
    let opened = hop.opened_at.map_or_else(|| texts.s("hop-unopened"), |at| texts.with("hop-opened", "at", texts.time(at)));
    let meta = match hop.closed_at {
        Some(at) => texts.time(at),
        None => format!("{} · {opened}", texts.with("hop-arrived", "at", texts.time(hop.arrived_at))),
    };
    HopLine {
        mark: mark(hop.verdict),
        current: hop.is_open(),
        title,
        meta,
        note: opinion(texts, hop),
        remarks: hop.remarks.iter().map(|r| remark(texts, r)).collect(),
    }
}

/// Reason and words of a verdict.
pub fn opinion(texts: &Texts, hop: &Hop) -> String {
    let reason = hop.reason.as_deref().map(|code| words::coded(texts, "reason", code));
    let parts = [reason, hop.note.clone().filter(|n| !n.is_empty())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(if texts.language == crate::i18n::Language::Chinese { "：" } else { ": " })
}

const fn mark(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Recommended) => "recommend",
        Some(Verdict::Selected) => "approve",
        Some(Verdict::Returned) => "return",
        Some(Verdict::Rejected) => "reject",
        Some(Verdict::Kept) => "keep",
        Some(Verdict::PulledBack | Verdict::Withdrawn) | None => "",
    }
}
