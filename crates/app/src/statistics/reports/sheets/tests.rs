//! Whatever a report says, it stays on its sheets, and says everything once.

use super::*;
use crate::typesetting::{Face, Line, Shape};
use proptest::prelude::*;

/// Chinese as a square, the rest as half of one: what Noto has, roughly.
fn advance(face: Face, c: char) -> f32 {
    if c.is_ascii() { if face == Face::Text { 0.55 } else { 0.6 } } else { 1.0 }
}

const KIND: Type<'static> = Type { title: "Serif", text: "Sans", advance: &advance };

/// A report about a node with these children.
fn report(names: &[String], number: &str, indicators: usize) -> Words {
    let tile = |n: usize| Tile {
        label: "讲课场次".into(),
        number: number.into(),
        unit: if n.is_multiple_of(3) { "分钟".into() } else { String::new() },
        trend: "比上期多 1,234（+12%）".into(),
        rises: [Some(true), Some(false), None][n % 3],
    };
    let row = |(n, name): (usize, &String)| Row {
        name: name.clone(),
        cells: (0..indicators).map(|column| format!("{n}.{column}")).collect(),
        is_total: n + 1 == names.len(),
    };
    Words {
        product: ("开讲".into(), "讲".into()),
        kicker: "统计报告".into(),
        name: "清河省".into(),
        title: "2026年10月".into(),
        facts: vec!["2026年10月1日 – 2026年10月31日".into(), "按当时归属".into(), "2026年11月1日 06:00 (UTC+8)".into()],
        before: "上期".into(),
        tiles: (0..indicators).map(tile).collect(),
        chart: "讲课场次".into(),
        bars: (1..=12)
            .map(|n| Bar { label: format!("{n}月"), number: number.into(), amount: n, inside: n == 12, ..Bar::default() })
            .collect(),
        silent: Some(Names {
            title: "未开讲单位".into(),
            count: "126".into(),
            lead: "个".into(),
            some: names.to_vec(),
            more: "另有 {n} 个".into(),
            total: names.len() + 500,
        }),
        below: "本级与下级".into(),
        head: std::iter::once("单位")
            .chain(["讲课场次", "Recommendations", "观看时长（分钟）"].into_iter().cycle())
            .take(indicators + 1)
            .map(str::to_owned)
            .collect(),
        rows: names.iter().enumerate().map(row).collect(),
        notes: "指标说明".into(),
        meanings: (0..indicators).map(|n| (format!("指标{n}"), "计数的讲课，计入讲课当天。".repeat(4))).collect(),
        page: "第 {n} 页，共 {of} 页".into(),
        language: "zh-CN",
    }
}

fn names(n: usize) -> Vec<String> {
    (0..n).map(|n| format!("第{n}号单位")).collect()
}

fn many(name: &str, n: usize) -> Vec<String> {
    std::iter::repeat_n(name.to_owned(), n).collect()
}

fn outside(l: &Line) -> bool {
    l.x < MARGIN - 0.05 || l.x + l.width > SHEET.0 - MARGIN + 0.05 || l.reach().0 < TOP - 0.05 || l.reach().1 > SHEET.1 - 20.0
}

fn beyond(s: &Shape) -> bool {
    let right = s.x + s.width > SHEET.0 - MARGIN + 0.05;
    s.x < MARGIN - 0.05 || right || s.y < TOP - 0.05 || s.y + s.height > SHEET.1 - 20.0 || s.width < 0.0 || s.height < 0.0
}

/// What is outside the margins, or over something else.
fn faults(words: &Words) -> Vec<String> {
    let mut faults = Vec::new();
    for (n, sheet) in sheets(words, &KIND).iter().enumerate() {
        faults.extend(sheet.lines.iter().filter(|l| outside(l)).map(|l| format!("outside {n}: {l:?}")));
        faults.extend(sheet.shapes.iter().filter(|s| beyond(s)).map(|s| format!("outside {n}: {s:?}")));
        for (at, a) in sheet.lines.iter().enumerate() {
            for b in &sheet.lines[at + 1..] {
                let beside = a.x + a.width <= b.x + 0.05 || b.x + b.width <= a.x + 0.05;
                let (above, below) = (a.reach(), b.reach());
                if !beside && above.0 < below.1 - 0.05 && below.0 < above.1 - 0.05 {
                    faults.push(format!("{n}: {a:?} over {b:?}"));
                }
            }
        }
    }
    faults
}

fn said(sheet: &Drawing, text: &str) -> usize {
    sheet.lines.iter().filter(|l| l.text == text).count()
}

#[test]
fn a_province_with_126_children_takes_six_sheets_or_so_and_none_is_crowded() {
    let words = report(&names(128), "1,234,567", 10);
    assert_eq!(faults(&words), Vec::<String>::new());
    let sheets = sheets(&words, &KIND);
    assert!((6..=8).contains(&sheets.len()), "{}", sheets.len());
    let of = sheets.len();
    for (n, sheet) in sheets.iter().enumerate() {
        assert_eq!(said(sheet, &format!("第 {} 页，共 {of} 页", n + 1)), 1);
    }
}

#[test]
fn the_longest_that_can_be_said_stays_on_the_sheets() {
    let long = "某某省某某市某某县某某镇某某村党支部".repeat(6);
    for words in [
        Words {
            name: long.clone(),
            title: long.clone(),
            facts: vec![long.clone(); 4],
            before: long.clone(),
            ..report(&many(&long, 40), "-123,456,789,012", 16)
        },
        Words { silent: None, language: "en", ..report(&many(&"W".repeat(300), 3), "9,223,372,036,854,775,807", 10) },
        Words { meanings: vec![(long.clone(), "很长的说明。".repeat(900)); 5], ..report(&names(1), "0", 1) },
        Words { bars: Vec::new(), meanings: Vec::new(), tiles: Vec::new(), ..report(&[], "", 0) },
    ] {
        assert_eq!(faults(&words), Vec::<String>::new());
    }
}

#[test]
fn a_total_is_never_alone_on_its_sheet() {
    for n in 2..120 {
        let sheets = sheets(&Words { meanings: Vec::new(), ..report(&names(n), "1", 10) }, &KIND);
        let last = sheets.last().expect("a sheet");
        assert_eq!((said(last, &format!("{}.0", n - 1)), said(last, &format!("{}.0", n - 2))), (1, 1), "{n} rows");
    }
}

#[test]
fn what_was_typed_becomes_no_part_of_the_drawing() {
    let words = Words { name: "</text><script>1 & 2\u{0}".into(), ..report(&names(2), "1", 10) };
    let svg = sheets(&words, &KIND)[0].svg(SHEET, &KIND, "zh-CN");
    assert!(svg.contains("&lt;script&gt;1 &amp; 2") && !svg.contains("<script") && !svg.contains('\u{0}'), "{svg}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_row_stands_once_under_heads(n in 1_usize..200, indicators in 1_usize..17, number in "[0-9,]{1,16}") {
        let words = report(&names(n), &number, indicators);
        let sheets = sheets(&words, &KIND);
        for row in 0..n {
            for column in 0..indicators {
                let cell = format!("{row}.{column}");
                prop_assert_eq!(sheets.iter().map(|sheet| said(sheet, &cell)).sum::<usize>(), 1, "{}", cell);
            }
            let on = sheets.iter().find(|sheet| said(sheet, &format!("{row}.0")) == 1).expect("a sheet");
            prop_assert_eq!((said(on, "单位"), said(on, &words.rows[row].name)), (1, 1));
        }
        prop_assert_eq!(faults(&words), Vec::<String>::new());
    }

    #[test]
    fn whatever_is_said_stays_on_the_sheets(
        name in "([\u{4e00}-\u{4e40}]|[a-zA-Z]{1,40}|[，。（） ]){1,60}", rows in proptest::collection::vec("([\u{4e00}-\u{4e40}]|[a-z ]{1,20}){1,40}", 0..40),
        number in "-?[0-9,]{1,24}", trend in "([\u{4e00}-\u{4e40}]|[a-z ]){0,80}",
    ) {
        let mut words = Words { name: name.clone(), title: name, ..report(&rows, &number, 10) };
        words.tiles.iter_mut().for_each(|tile| tile.trend.clone_from(&trend));
        prop_assert_eq!(faults(&words), Vec::<String>::new());
    }
}
