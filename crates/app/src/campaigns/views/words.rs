//! Campaigns in one reader's words.

use super::{CategoryLine, ConsentLine, Countdown, ExtensionLine, Head, Line, NarrowedLine, SlotForm, StageLine};
use crate::campaigns::narrowing::Narrowed;
use crate::campaigns::reading::{Seen, depth_below};
use crate::campaigns::rules::{Gate, SLOTS, codec_name, places};
use crate::campaigns::{
    Burden, Campaign, CampaignState, Category, CategoryBurden, Consent, Extension, QuotaKind, QuotaRule, SUBMIT_DEPTH, SlotRule, Stage,
};
use crate::i18n::Texts;
use crate::organisations::{OrganisationId, Tree};
use kernel::Timestamp;
use std::collections::BTreeSet;

/// Puts campaigns into one reader's words.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    pub texts: &'a Texts,
    pub tree: &'a Tree,
}

impl Words<'_> {
    /// A line of the list.
    pub fn line(&self, c: &Campaign) -> Line {
        let Head { id, title, state, state_name, run_by, period, .. } = self.head(c);
        Line { id, title, state, state_name, run_by, period }
    }

    /// The head of a page.
    pub fn head(&self, c: &Campaign) -> Head {
        Head {
            id: c.id.to_string(),
            title: c.title.clone(),
            code: c.code.clone(),
            theme: c.theme.clone(),
            state: badge(c),
            state_name: self.texts.s(&format!("campaign-state-{}", c.state.code())),
            run_by: self.tree.name(c.organisation),
            version: c.version,
            period: self.period(c.opens_at, c.closes_at),
        }
    }

    fn period(&self, from: Timestamp, to: Timestamp) -> String {
        self.texts.args("campaign-from-to", &[("from", self.texts.date(from)), ("to", self.texts.date(to))])
    }

    /// The depths of a campaign that can have subordinates, with the words of the kinds that stand there.
    pub fn levels(&self, runner: OrganisationId) -> Vec<(i64, String)> {
        let mut kinds: Vec<BTreeSet<&str>> = Vec::new();
        for node in self.tree.subtree(runner).filter(|n| self.tree.has_children(n.id)) {
            let depth = depth_below(self.tree, runner, node.id) as usize;
            kinds.resize_with(kinds.len().max(depth + 1), BTreeSet::new);
            kinds[depth].insert(&node.kind);
        }
        if kinds.is_empty() {
            kinds.push(self.tree.get(runner).map(|n| n.kind.as_str()).into_iter().collect());
        }
        (0..).zip(kinds.iter().map(|k| k.iter().map(|kind| self.kind(kind)).collect::<Vec<_>>().join(" / "))).collect()
    }

    /// This campaign asks 14 fields of 1,703 organisations, about 310 hours; nothing without categories.
    pub fn burden(&self, burden: &Burden) -> String {
        if burden.categories.is_empty() {
            return String::new();
        }
        let number = |n: i64| self.texts.number(n);
        let pairs = [
            ("fields", number(burden.entry.fields)),
            ("organisations", number(burden.organisations)),
            ("minutes", number(burden.entry.minutes())),
            ("hours", number(burden.all.hours())),
        ];
        self.texts.args("campaign-burden", &pairs)
    }

    /// The same for each category, where there are several.
    pub fn burdens(&self, burden: &Burden) -> Vec<String> {
        let line = |one: &CategoryBurden| {
            let number = |n: i64| self.texts.number(n);
            let pairs = [("name", one.name.clone()), ("fields", number(one.entry.fields)), ("minutes", number(one.entry.minutes()))];
            self.texts.args("campaign-burden-category", &pairs)
        };
        if burden.categories.len() < 2 { Vec::new() } else { burden.categories.iter().map(line).collect() }
    }

    fn kind(&self, kind: &str) -> String {
        let key = format!("kind-{kind}");
        if self.texts.has(&key) { self.texts.s(&key) } else { kind.to_owned() }
    }

    /// The name of a row of the table of stages.
    pub fn stage_name(&self, depth: i64, level: &str) -> String {
        if depth == SUBMIT_DEPTH { self.texts.s("campaign-stage-submit") } else { self.texts.with("campaign-stage-review", "level", level) }
    }

    /// The stages in words.
    pub fn stages(&self, seen: &Seen) -> Vec<StageLine> {
        let levels = self.levels(seen.call.campaign.organisation);
        let level = |depth: i64| levels.iter().find(|(d, _)| *d == depth).map_or_else(|| depth.to_string(), |(_, name)| name.clone());
        let line = |s: &Stage| StageLine {
            name: self.stage_name(s.depth, &level(s.depth)),
            opens: self.texts.time(s.opens_at),
            closes: self.texts.time(s.closes_at),
            grace: self.grace(s.grace_s),
        };
        seen.call.stages.iter().map(line).collect()
    }

    fn grace(&self, seconds: i64) -> String {
        match seconds {
            ..=0 => String::new(),
            s if s % 3600 == 0 => self.texts.with("campaign-grace-hours", "hours", s / 3600),
            s => self.texts.with("campaign-grace", "minutes", s / 60),
        }
    }

    /// A gate in words.
    pub fn gate(&self, gate: Gate) -> String {
        let (key, at) = match gate {
            Gate::NotYet { opens_at } => ("campaign-gate-not-yet", opens_at),
            Gate::Open { until } => ("campaign-gate-open", until),
            Gate::Grace { until } => ("campaign-gate-grace", until),
            Gate::Closed { at } => ("campaign-gate-closed", at),
        };
        self.texts.with(key, "at", self.texts.time(at))
    }

    /// A category in words; `own` is the depth and size of the reader's organisation.
    pub fn category(&self, category: &Category, quota: Option<&QuotaRule>, own: Option<OrganisationId>) -> CategoryLine {
        CategoryLine {
            id: category.id.to_string(),
            code: category.code.clone(),
            name: category.name.clone(),
            asked: category.rules.slots.iter().map(|rule| self.slot(rule)).collect(),
            places: quota.map(|q| self.quota(q, own)).unwrap_or_default(),
        }
    }

    fn quota(&self, quota: &QuotaRule, own: Option<OrganisationId>) -> String {
        let members = own.and_then(|org| self.tree.get(org)).map_or(0, |node| node.members);
        match quota.kind {
            QuotaKind::Percent => self.texts.with("campaign-places-percent", "amount", quota.amount),
            _ => self.texts.with("campaign-places", "amount", places(quota, 0, members)),
        }
    }

    /// The name of a slot.
    pub fn slot_name(&self, slot: &str) -> String {
        self.texts.s(&format!("slot-{slot}"))
    }

    /// A slot and everything that is asked of it, in one line.
    fn slot(&self, rule: &SlotRule) -> String {
        let t = self.texts;
        let mut parts = vec![t.s(if rule.required { "campaign-required" } else { "campaign-optional" })];
        if rule.most > 1 {
            parts.push(t.with("campaign-most", "n", rule.most));
        }
        parts.push(rule.kinds.join(", "));
        let codecs = [&rule.video_codecs, &rule.audio_codecs].into_iter().filter(|codecs| !codecs.is_empty());
        parts.extend(codecs.map(|codecs| codecs.iter().map(|code| codec_name(code)).collect::<Vec<_>>().join(" / ")));
        let clock = |s: u32| t.duration(i64::from(s) * 1000);
        let number = |n: u32| t.number(i64::from(n));
        parts.extend(self.between("campaign-seconds", rule.min_seconds.map(clock), rule.max_seconds.map(clock)));
        parts.extend(self.between("campaign-kbps", rule.min_kbps.map(number), rule.max_kbps.map(number)));
        parts.extend(self.between("campaign-chars", rule.min_chars.map(number), rule.max_chars.map(number)));
        parts.extend(self.between("campaign-width", rule.min_width.map(number), None));
        parts.extend(self.between("campaign-height", rule.min_height.map(number), None));
        parts.extend(rule.max_bytes.map(|b| t.with("campaign-bytes-most", "most", t.bytes(b as i64))));
        parts.extend(rule.aspect.clone());
        t.args("campaign-slot-line", &[("slot", self.slot_name(&rule.slot)), ("rules", parts.join(" · "))])
    }

    fn between(&self, key: &str, least: Option<String>, most: Option<String>) -> Option<String> {
        let (ending, pairs) = match (least, most) {
            (None, None) => return None,
            (Some(least), None) => ("least", vec![("least", least)]),
            (None, Some(most)) => ("most", vec![("most", most)]),
            (Some(least), Some(most)) => ("between", vec![("least", least), ("most", most)]),
        };
        Some(self.texts.args(&format!("{key}-{ending}"), &pairs))
    }

    /// The extensions that the reader may know of.
    pub fn extensions(&self, seen: &Seen) -> Vec<ExtensionLine> {
        let line = |e: &Extension| ExtensionLine {
            organisation: self.tree.name(e.organisation),
            what: self.texts.s(&format!("campaign-kind-{}", e.kind.code())),
            until: self.texts.time(e.until_at),
            reason: e.reason.clone(),
        };
        seen.extensions.iter().map(line).collect()
    }

    /// Who alone acts.
    pub fn narrowed(&self, seen: &Seen) -> Vec<NarrowedLine> {
        let line = |n: &Narrowed| NarrowedLine {
            id: n.id.to_string(),
            role: self.texts.s(&format!("role-{}", n.role.code())),
            organisation: self.tree.name(n.organisation),
            name: n.name.clone(),
        };
        seen.call.narrowed.iter().map(line).collect()
    }

    /// The slots of the editor.
    pub fn slot_forms(&self) -> Vec<SlotForm> {
        SLOTS.iter().map(|kind| SlotForm { kind, name: self.slot_name(kind.slot) }).collect()
    }
}

/// The badge's look for a state.
fn badge(c: &Campaign) -> &'static str {
    match c.state {
        CampaignState::Draft => "draft",
        CampaignState::Open => "published",
        CampaignState::Closed => "withdrawn",
    }
}

/// What is left until `until`.
pub fn countdown(until: Timestamp, now: Timestamp) -> Countdown {
    let left = (until - now).max(0) / 1000;
    Countdown { iso: until.to_string(), days: left / 86_400, hours: left / 3600 % 24, minutes: left / 60 % 60, seconds: left % 60 }
}

/// The consents of a campaign.
pub fn consents(seen: &Seen) -> Vec<ConsentLine> {
    let line = |c: &Consent| ConsentLine {
        code: c.code.clone(),
        title: c.title.clone(),
        body: c.body.clone(),
        revision: c.revision,
        required: c.required,
    };
    seen.call.consents.iter().map(line).collect()
}
