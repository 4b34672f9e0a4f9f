//! Words in the reader's language: Fluent files per language and feature, overlaid by the vocabulary pack.
//!
//! A message is asked for by its key: `texts.s("sign-in")`. A key that is missing shows itself in brackets and
//! fails a test; it never fails a page. A message chooses its plural by `COUNT($n)`.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::tz::TimeZone;
use kernel::Timestamp;
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

#[derive(RustEmbed)]
#[folder = "packs"]
struct Packs;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Simplified Chinese.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Both, the first being the one people meet first.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// Reads a tag; any Chinese or English will do.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.trim().to_ascii_lowercase();
        if tag.starts_with("zh") {
            Some(Self::Chinese)
        } else if tag.starts_with("en") {
            Some(Self::English)
        } else {
            None
        }
    }

    /// The first language of an `Accept-Language` header that we speak; quality values are taken in order of the list,
    /// as browsers send them sorted.
    pub fn accepted(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| Self::from_tag(part.split(';').next().unwrap_or_default()))
    }
}

type Bundle = FluentBundle<FluentResource>;

/// All words of one vocabulary pack, in every language.
#[derive(Clone)]
pub struct Translations {
    bundles: BTreeMap<Language, Arc<Bundle>>,
    zone: TimeZone,
}

impl std::fmt::Debug for Translations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Translations").field("languages", &self.bundles.keys()).finish_non_exhaustive()
    }
}

/// A translation file is not well-formed: a fault of the build, found by the first test.
#[derive(Debug, thiserror::Error)]
#[error("translation file {0}")]
pub struct BadTranslation(String);

impl Translations {
    /// Reads the files of every language and lays `pack` over them.
    pub fn load(pack: &str, zone: TimeZone) -> Result<Self, BadTranslation> {
        let bundles =
            Language::ALL.into_iter().map(|language| Ok((language, Arc::new(bundle(language, pack)?)))).collect::<Result<_, _>>()?;
        Ok(Self { bundles, zone })
    }

    /// The words of one language.
    pub fn texts(&self, language: Language) -> Texts {
        Texts { language, bundle: self.bundles[&language].clone(), zone: self.zone.clone() }
    }

    /// The keys of one language, sorted, for the test of completeness.
    pub fn keys(language: Language, pack: &str) -> Vec<String> {
        let mut keys: Vec<_> =
            sources(language, pack).iter().flat_map(|(_, text)| text.lines().filter_map(key_of).collect::<Vec<_>>()).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

fn key_of(line: &str) -> Option<String> {
    let (key, _) = line.split_once(" =")?;
    key.starts_with(|c: char| c.is_ascii_lowercase() || c == '-').then(|| key.to_owned())
}

fn sources(language: Language, pack: &str) -> Vec<(String, String)> {
    let tag = language.tag();
    let text = |file: rust_embed::EmbeddedFile| String::from_utf8_lossy(&file.data).into_owned();
    let mut found: Vec<_> =
        Locales::iter().filter(|path| path.starts_with(tag)).filter_map(|p| Some((p.to_string(), text(Locales::get(&p)?)))).collect();
    let path = format!("{pack}/{tag}.ftl");
    found.extend(Packs::get(&path).map(|file| (path, text(file))));
    found
}

fn bundle(language: Language, pack: &str) -> Result<Bundle, BadTranslation> {
    let tag = language.tag().parse().map_err(|e| BadTranslation(format!("{}: {e}", language.tag())))?;
    let mut bundle = Bundle::new_concurrent(vec![tag]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(n) if n.value.fract() == 0.0 => Some(grouped(n.value as i64)),
        _ => None,
    }));
    bundle.add_function("COUNT", |args, _| count(args.first())).map_err(|e| BadTranslation(format!("COUNT: {e}")))?;
    for (path, text) in sources(language, pack) {
        let resource = FluentResource::try_new(text).map_err(|(_, errors)| BadTranslation(format!("{path}: {errors:?}")))?;
        bundle.add_resource_overriding(resource);
    }
    Ok(bundle)
}

/// `COUNT($n)` in a message: the number that an argument is, also when it came as text, so that it chooses the plural.
/// What is no number stays what it is.
fn count<'a>(value: Option<&FluentValue<'a>>) -> FluentValue<'a> {
    match value {
        Some(FluentValue::String(text)) => {
            text.replace(',', "").parse::<i64>().map_or_else(|_| FluentValue::String(text.clone()), FluentValue::from)
        }
        Some(other) => other.clone(),
        None => FluentValue::None,
    }
}

/// The words for one reader.
#[derive(Clone)]
pub struct Texts {
    /// The language they are in.
    pub language: Language,
    bundle: Arc<Bundle>,
    zone: TimeZone,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({})", self.language.tag())
    }
}

impl Texts {
    /// A message without arguments.
    pub fn s(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The words of one of several codes: the message `FAMILY-CODE`.
    pub fn coded(&self, family: &str, code: &str) -> String {
        self.s(&format!("{family}-{code}"))
    }

    /// A message with one argument.
    pub fn with<'a>(&self, key: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        let mut args = FluentArgs::new();
        args.set(name, value);
        self.format(key, Some(&args))
    }

    /// A message with several arguments.
    pub fn args<'a>(&self, key: &str, pairs: &'a [(&'a str, String)]) -> String {
        let args = pairs.iter().map(|(name, value)| (*name, FluentValue::from(value.as_str()))).collect();
        self.format(key, Some(&args))
    }

    /// Whether there is a message with this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::warn!(key, language = self.language.tag(), "missing translation");
            return format!("[{key}]");
        };
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }

    /// A day: 2026年11月23日, 23 Nov 2026.
    pub fn date(&self, at: Timestamp) -> String {
        let zoned = jiff::ZonedDateTime::new(at.to_jiff(), self.zone.clone());
        zoned.strftime(if self.language == Language::Chinese { "%Y年%-m月%-d日" } else { "%-d %b %Y" }).to_string()
    }

    /// A day of the calendar: 2026年11月23日, 23 Nov 2026.
    pub fn civil(&self, day: jiff::civil::Date) -> String {
        day.strftime(if self.language == Language::Chinese { "%Y年%-m月%-d日" } else { "%-d %b %Y" }).to_string()
    }

    /// From a moment to another: 2026年11月23日 14:05–15:30 (UTC+8), with the second day only when it is another.
    pub fn span(&self, from: Timestamp, to: Timestamp) -> String {
        let zoned = |at: Timestamp| jiff::ZonedDateTime::new(at.to_jiff(), self.zone.clone());
        let (from, to) = (zoned(from), zoned(to));
        let end = to.strftime("%H:%M");
        let end = if from.date() == to.date() { end.to_string() } else { format!(" {} {end}", self.civil(to.date())) };
        format!("{} {}–{end} ({})", self.civil(from.date()), from.strftime("%H:%M"), utc_offset(from.offset().seconds()))
    }

    /// A day as the value of `<input type="date">`: 2026-11-23.
    pub fn day_value(&self, at: Timestamp) -> String {
        jiff::ZonedDateTime::new(at.to_jiff(), self.zone.clone()).date().to_string()
    }

    /// A moment with its zone: 2026年11月23日 14:05 (UTC+8).
    pub fn time(&self, at: Timestamp) -> String {
        let zoned = jiff::ZonedDateTime::new(at.to_jiff(), self.zone.clone());
        format!("{} {} ({})", self.date(at), zoned.strftime("%H:%M"), utc_offset(zoned.offset().seconds()))
    }

    /// A length of video: 3:07, 1:02:45.
    pub fn duration(&self, ms: i64) -> String {
        let s = ms.max(0) / 1000;
        if s >= 3600 { format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60) } else { format!("{}:{:02}", s / 60, s % 60) }
    }

    /// A count with its thousands parted: 1,234,567.
    pub fn number(&self, n: i64) -> String {
        grouped(n)
    }

    /// A size: 512 B, 1.5 MB (powers of 1,000, as file managers show it).
    pub fn bytes(&self, n: i64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"];
        let mut value = n.max(0) as f64;
        let mut unit = 0;
        while value >= 1000.0 && unit + 1 < units.len() {
            value /= 1000.0;
            unit += 1;
        }
        if unit == 0 { format!("{n} B") } else { format!("{value:.1} {}", units[unit]) }
    }
}

/// 1,234,567: both languages part thousands alike.
fn grouped(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|g| String::from_utf8_lossy(g).into_owned()).collect();
    format!("{}{}", if n < 0 { "-" } else { "" }, groups.join(","))
}

fn utc_offset(seconds: i32) -> String {
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    if minutes % 60 == 0 { format!("UTC{sign}{}", minutes / 60) } else { format!("UTC{sign}{}:{:02}", minutes / 60, minutes % 60) }
}
