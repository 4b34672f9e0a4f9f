//! The figures of a report in finished words.

use super::paper::Gathered;
use super::sheets::{Bar, Names, Row, Tile, Words};
use crate::i18n::{Language, Texts};
use crate::statistics::choice::{Choice, Span};
use crate::statistics::indicator::{Indicator, Unit};
use crate::statistics::overview::Overview;
use crate::statistics::period::Period;
use crate::statistics::silent::Silent;
use crate::statistics::table::{self, About};
use crate::statistics::views::{chosen, period_words, step_name, unit_words};
use kernel::Timestamp;

/// Everything that the report says.
pub fn words(gathered: &Gathered, texts: &Texts, now: Timestamp) -> Words {
    let overview = &gathered.overview;
    let choice = &overview.choice;
    let children = table::of_children(overview, texts);
    let metric = |indicator: Indicator, what: &str| texts.s(&format!("metric-{}{what}", indicator.code()));
    let mut meanings: Vec<_> = Indicator::ALL.into_iter().map(|one| (metric(one, ""), metric(one, "-what"))).collect();
    meanings.push((texts.s("report-counting"), texts.s("statistics-structure")));
    Words {
        product: (texts.s("product"), "讲".to_owned()),
        kicker: texts.s("report-kicker"),
        name: overview.name.clone(),
        title: title(choice, texts),
        facts: facts(overview, texts, now),
        before: before(overview, texts),
        tiles: Indicator::ALL.into_iter().map(|indicator| tile(overview, indicator, texts)).collect(),
        chart: texts.with("report-chart", "metric", metric(choice.metric, "")),
        bars: bars(gathered, texts),
        silent: gathered.silent.as_ref().map(|silent| names(silent, texts)),
        below: texts.s("statistics-below"),
        head: children.head.clone(),
        rows: children.rows.iter().map(|row| self::row(row, texts)).collect(),
        notes: texts.s("statistics-definitions"),
        meanings,
        page: texts.args("report-page", &[("n", "{n}".to_owned()), ("of", "{of}".to_owned())]),
        language: texts.language.tag(),
    }
}

fn row(row: &table::Row, texts: &Texts) -> Row {
    let cells = row.figures.iter().map(|n| texts.number(*n)).collect();
    Row { name: row.name.clone(), cells, is_total: row.about == About::Total }
}

/// What sort of report of which period it is: 统计月报 2026年10月.
pub fn title(choice: &Choice, texts: &Texts) -> String {
    let first = choice.period.first.date();
    let year = first.map(|day| day.year().to_string()).unwrap_or_default();
    let period = match choice.span {
        Span::Month => step_name(choice.period, texts),
        Span::Quarter => {
            let quarter = first.map(|day| ((day.month() - 1) / 3 + 1).to_string()).unwrap_or_default();
            texts.args("report-quarter", &[("year", year), ("quarter", quarter)])
        }
        Span::Year => texts.with("report-year", "year", year),
        _ => period_words(choice.period, texts),
    };
    texts.with(&format!("report-title-{}", choice.span.code()), "period", period)
}

/// The days, the tree, what it is narrowed to, when it was made.
fn facts(overview: &Overview, texts: &Texts, now: Timestamp) -> Vec<String> {
    let choice = &overview.choice;
    let tree = texts.s(&format!("statistics-tree-{}", choice.lens.code()));
    let mut facts = vec![texts.with("report-days", "days", period_words(choice.period, texts)), texts.with("report-tree", "tree", tree)];
    let (only, _) = chosen(choice, texts);
    facts.extend((!only.is_empty()).then(|| texts.with("statistics-only", "what", only)));
    facts.push(texts.with("report-made", "time", texts.time(now)));
    facts
}

/// What the figures are compared with.
fn before(overview: &Overview, texts: &Texts) -> String {
    overview.before.as_ref().map_or_else(String::new, |(period, _)| texts.with("report-before", "days", period_words(*period, texts)))
}

fn tile(overview: &Overview, indicator: Indicator, texts: &Texts) -> Tile {
    let only = &overview.choice.only;
    let now = indicator.number(&overview.total, only);
    let before = overview.before.as_ref().map(|(_, before)| indicator.number(before, only));
    Tile {
        label: texts.s(&format!("metric-{}-short", indicator.code())),
        number: texts.number(now),
        unit: unit_words(indicator, texts),
        trend: before.map(|before| trend(now, before, indicator.unit(), texts)).unwrap_or_default(),
        rises: before.filter(|before| *before != now).map(|before| now > before),
    }
}

/// How much more or fewer, and how much that is of what was before.
pub fn trend(now: i64, before: i64, unit: Unit, texts: &Texts) -> String {
    let change = now - before;
    if change == 0 {
        return texts.s("report-level");
    }
    let sign = if change > 0 { "+" } else { "−" };
    let number = format!("{sign}{}", texts.number(change.abs()));
    if unit == Unit::Percent {
        return texts.with("report-points", "n", number);
    }
    if before <= 0 {
        return number;
    }
    // Rounded to whole percents, of a figure that no sum of this program reaches.
    let percent = (i128::from(change.abs()) * 100 + i128::from(before) / 2) / i128::from(before);
    format!("{number} ({sign}{}%)", texts.number(i64::try_from(percent).unwrap_or(i64::MAX)))
}

fn bars(gathered: &Gathered, texts: &Texts) -> Vec<Bar> {
    let choice = &gathered.overview.choice;
    let format = if texts.language == Language::Chinese { "%-m月" } else { "%b" };
    let bar = |(n, (month, figures)): (usize, &(Period, crate::statistics::Figures))| {
        let day = month.first.date();
        let begins = n == 0 || day.is_some_and(|day| day.month() == 1);
        let amount = choice.metric.number(figures, &choice.only);
        Bar {
            label: day.map(|day| day.strftime(format).to_string()).unwrap_or_default(),
            year: day.filter(|_| begins).map(|day| day.year().to_string()).unwrap_or_default(),
            number: texts.number(amount),
            amount,
            inside: month.within(choice.period.first, choice.period.last).is_some(),
        }
    };
    gathered.months.iter().enumerate().map(bar).collect()
}

fn names(silent: &Silent, texts: &Texts) -> Names {
    Names {
        title: texts.s("silent-title"),
        count: texts.number(silent.count as i64),
        lead: texts.s(if silent.count == 0 { "silent-none" } else { "report-silent" }),
        some: silent.page.items.iter().map(|one| one.name.clone()).collect(),
        more: texts.with("report-more", "n", "{n}"),
        total: silent.count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Translations;

    #[test]
    fn a_change_is_told_with_its_share() {
        let texts = Translations::load("generic", jiff::tz::TimeZone::UTC).expect("words").texts(Language::English);
        let table = [
            (112, 100, Unit::Count, "+12 (+12%)"),
            (88, 100, Unit::Count, "−12 (−12%)"),
            (5, 0, Unit::Count, "+5"),
            (0, 5, Unit::Count, "−5 (−100%)"),
            (7, 7, Unit::Count, "unchanged"),
            (43, 40, Unit::Percent, "+3 pts"),
            (1_234_567, 1, Unit::Minutes, "+1,234,566 (+123,456,600%)"),
            (i64::MAX, 1, Unit::Count, "+9,223,372,036,854,775,806 (+9,223,372,036,854,775,807%)"),
        ];
        for (now, before, unit, said) in table {
            assert_eq!(trend(now, before, unit, &texts), said);
        }
    }
}
