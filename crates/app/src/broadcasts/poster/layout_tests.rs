//! Whatever a poster says, it stays on its sheet.

use super::*;
use proptest::prelude::*;

/// Chinese as a square, the rest as half of one: what Noto has, roughly.
fn advance(_: Face, c: char) -> f32 {
    if c.is_ascii() { 0.55 } else { 1.0 }
}

const KIND: Type<'static> = Type { title: "Serif", text: "Sans", advance: &advance };

fn words(title: &str, lecturer: &str, organisation: &str, about: &str) -> Words {
    Words {
        product: ("开讲".into(), "讲".into()),
        kicker: "同一时刻，一起观看".into(),
        title: title.into(),
        lecturer: lecturer.into(),
        organisation: organisation.into(),
        about: about.into(),
        day: ("11月28日".into(), "2026年 星期六".into()),
        time: ("19:30".into(), "至 20:05".into()),
        zone: "Asia/Shanghai (UTC+08:00)".into(),
        scan: "扫码观看".into(),
        url: "https://lessons.example/live/brd_0193566f2f007b6c8a9d1f2e3c4b5a69".into(),
        language: "zh-CN",
    }
}

/// What is outside the margins, or over something else.
fn faults(words: &Words) -> Vec<String> {
    let lines = lines(words, &KIND);
    let outside =
        |l: &&Line| l.x < MARGIN - 0.01 || l.x + l.width > SHEET.0 - MARGIN + 0.01 || l.reach().0 < 40.0 || l.reach().1 > SHEET.1 - 30.0;
    let mut faults: Vec<_> = lines.iter().filter(outside).map(|l| format!("outside: {l:?}")).collect();
    for (n, a) in lines.iter().enumerate() {
        for b in &lines[n + 1..] {
            let beside = a.x + a.width <= b.x || b.x + b.width <= a.x;
            let (above, below) = (a.reach(), b.reach());
            if !beside && above.0 < below.1 - 0.01 && below.0 < above.1 - 0.01 {
                faults.push(format!("{a:?} over {b:?}"));
            }
        }
    }
    let code = SHEET.0 - MARGIN - CODE;
    let over_code = |l: &&Line| l.y > FOOT && l.reach().0 < FOOT + 22.0 + CODE && l.x + l.width > code;
    faults.extend(lines.iter().filter(over_code).map(|l| format!("over the code: {l:?}")));
    faults
}

#[test]
fn the_longest_that_can_be_said_stays_on_the_sheet_and_a_title_is_never_cut() {
    let table = [
        words("课", "李", "村", ""),
        words(&"秋收里的一堂课".repeat(28), &"李桂芳、".repeat(25), &"某某县某某镇某某村".repeat(10), &"一段介绍。".repeat(400)),
        words(&"w".repeat(200), &"W".repeat(100), &"m".repeat(200), "short"),
        words(&"the long field ".repeat(13), "", "", ""),
    ];
    for words in table {
        assert_eq!(faults(&words), Vec::<String>::new(), "{words:?}");
        let titles = lines(&words, &KIND).into_iter().filter(|l| l.face == Face::Title && l.y > TITLE_TOP && l.y < FOOT);
        let text: String = titles.map(|l| l.text).collect();
        assert!(text.replace(' ', "").starts_with(&words.title.replace(' ', "")), "{text}");
    }
}

#[test]
fn what_was_typed_becomes_no_part_of_the_drawing() {
    let said = words("一", "</text><script>1 & 2", "<b>", "&amp;");
    let svg = svg(&said, &KIND, &[vec![true, false], vec![false, true]]);
    assert!(svg.contains("&lt;script&gt;1 &amp; 2") && !svg.contains("<script") && svg.contains("&amp;amp;"), "{svg}");
    assert_eq!(svg.matches("h1v1h-1z").count(), 2, "two dark modules");
}

proptest! {
    #[test]
    fn whatever_is_said_stays_on_the_sheet(
        title in "([\u{4e00}-\u{4e40}]|[a-z]{1,40}|[，。（）“”《》!?. ]){1,60}", lecturer in "([\u{4e00}-\u{4e40}]|[a-zA-Z ]){0,100}",
        organisation in "([\u{4e00}-\u{4e40}]|[a-z ]){0,120}", about in "([\u{4e00}-\u{4e40}]|[a-z ，。]){0,400}",
    ) {
        let title: String = title.chars().take(200).collect();
        prop_assert_eq!(faults(&words(&title, &lecturer, &organisation, &about)), Vec::<String>::new());
    }
}
