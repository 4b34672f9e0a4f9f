use super::*;
use crate::spreadsheets::{self, Limits};
use rust_xlsxwriter::{Color, Format, Formula, Workbook};

fn edit(fill: Fill) -> Edit {
    Edit { fill, like: None }
}

/// A form with a styled cell, a formula, joined cells and text.
fn form() -> tempfile::NamedTempFile {
    let (mut book, bold) = (Workbook::new(), Format::new().set_bold().set_background_color(Color::Yellow));
    let sheet = book.add_worksheet();
    sheet.set_name("表一").unwrap();
    sheet.merge_range(0, 0, 0, 3, "Report & more", &Format::new().set_bold()).unwrap();
    sheet.write_string(1, 0, "Sessions").unwrap();
    sheet.write_blank(1, 1, &bold).unwrap();
    sheet.write_string(2, 0, "Old text").unwrap();
    sheet.write_formula(3, 1, Formula::new("=B2*2").set_result("0")).unwrap();
    sheet.write_string(5, 0, "Name").unwrap();
    sheet.write_blank(6, 0, &bold).unwrap();
    sheet.write_number(9, 0, 7).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    book.save(file.path()).unwrap();
    file
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
    text
}

fn texts(bytes: &[u8]) -> Vec<(u32, Vec<String>)> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let sheet = spreadsheets::read(file.path(), &Limits::default()).unwrap();
    sheet.rows.iter().map(|row| (row.number, row.cells.iter().map(|cell| cell.text().to_owned()).collect())).collect()
}

#[test]
fn f9_only_the_cells_that_are_filled_change() {
    let file = form();
    let before = part(&std::fs::read(file.path()).unwrap(), "xl/worksheets/sheet1.xml");
    let edits = Edits::from([
        ((2, 1), edit(Fill::Number(42))),
        ((3, 0), edit(Fill::Text("=1+1 <&> 石桥".into()))),
        ((7, 0), edit(Fill::Text("First".into()))),
        ((8, 0), Edit { fill: Fill::Text("Second".into()), like: Some((7, 0)) }),
        ((8, 2), edit(Fill::Number(-3))),
        ((12, 1), edit(Fill::Number(5))),
    ]);
    let bytes = fill(file.path(), &BTreeMap::from([("表一".to_owned(), edits)])).unwrap();
    let after = part(&bytes, "xl/worksheets/sheet1.xml");
    let style = |text: &str, cell: &str| {
        let rest = text.split(&format!("r=\"{cell}\" s=\"")).nth(1)?;
        Some(rest.split('"').next()?.to_owned())
    };
    assert!(style(&before, "B2").is_some());
    assert_eq!(style(&after, "B2"), style(&before, "B2"), "it keeps its style");
    assert_eq!(style(&after, "A8"), style(&before, "A7"), "a new row looks like the first of its table");
    assert!(after.contains("<f>B2*2</f>"), "{after}");
    assert!(part(&bytes, "xl/workbook.xml").contains("fullCalcOnLoad=\"1\""));
    assert_eq!(part(&bytes, "xl/styles.xml"), part(&std::fs::read(file.path()).unwrap(), "xl/styles.xml"));
    let told = texts(&bytes);
    let row = |number: u32| told.iter().find(|(n, _)| *n == number).map(|(_, cells)| cells.clone()).unwrap_or_default();
    assert_eq!(row(1), ["Report & more"]);
    assert_eq!(row(2), ["Sessions", "42"]);
    assert_eq!(row(3), ["'=1+1 <&> 石桥"], "S9");
    assert_eq!(row(4), ["", "=B2*2"]);
    assert_eq!(row(8), ["Second", "", "-3"]);
    assert_eq!(row(10), ["7"]);
    assert_eq!(row(12), ["", "5"]);
}

#[test]
fn f9_a_formula_is_never_overwritten() {
    let file = form();
    let edits = Edits::from([((4, 1), edit(Fill::Number(1)))]);
    assert_eq!(fill(file.path(), &BTreeMap::from([("表一".to_owned(), edits.clone())])), Err(Refused::Formula("B4".into())));
    assert_eq!(fill(file.path(), &BTreeMap::from([("表二".to_owned(), edits)])), Err(Refused::NoSheet("表二".into())));
}

/// A workbook written by hand: a sheet as other programs write it.
fn by_hand(sheet: &str, more: &[(&str, &str)]) -> tempfile::NamedTempFile {
    const KINDS: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/one.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
    const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="/xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId7"/></sheets><definedNames><definedName name="n">S!$A$1</definedName></definedNames></workbook>"#;
    const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId7" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/one.xml"/></Relationships>"#;
    let mut parts = vec![
        ("[Content_Types].xml", KINDS),
        ("_rels/.rels", ROOT),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("xl/worksheets/one.xml", sheet),
    ];
    for (name, text) in more {
        parts.retain(|(known, _)| known != name);
        parts.push((name, text));
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), zip.finish().unwrap().into_inner()).unwrap();
    file
}

const SHEET: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B2"/><cols><col min="3" max="4" width="9" style="6"/></cols><sheetData>DATA</sheetData><pageMargins left="1"/></worksheet>"#;

fn filled_by_hand(data: &str, edits: Edits) -> Result<String, Refused> {
    let file = by_hand(&SHEET.replace("DATA", data), &[]);
    let bytes = fill(file.path(), &BTreeMap::from([("S".to_owned(), edits)]))?;
    Ok(part(&bytes, "xl/worksheets/one.xml").split("<sheetData>").nth(1).unwrap().split("</sheetData>").next().unwrap().to_owned())
}

#[test]
fn f9_cells_are_found_however_they_are_written() {
    let one = |at, n| Edits::from([(at, edit(Fill::Number(n)))]);
    let table = [
        // A shared string, an inline string, an empty cell, an empty row, a row that is missing.
        (r#"<row r="1"><c r="A1" s="3" t="s"><v>0</v></c></row>"#, (1, 0), r#"<row r="1"><c r="A1" s="3"><v>9</v></c></row>"#),
        (
            r#"<row r="1" spans="1:1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="B1"/></row>"#,
            (1, 0),
            r#"<row r="1"><c r="A1"><v>9</v></c><c r="B1"/></row>"#,
        ),
        (r#"<row r="1" ht="20"><c r="A1" s="2"/></row>"#, (1, 0), r#"<row r="1" ht="20"><c r="A1" s="2"><v>9</v></c></row>"#),
        (r#"<row r="2" s="4" customFormat="1"/>"#, (2, 1), r#"<row r="2" s="4" customFormat="1"><c r="B2" s="4"><v>9</v></c></row>"#),
        (r#"<row r="2"><c r="A2"/></row>"#, (1, 2), r#"<row r="1"><c r="C1" s="6"><v>9</v></c></row><row r="2"><c r="A2"/></row>"#),
        (r#"<row r="1"><c r="A1"/><c r="C1"/></row>"#, (1, 1), r#"<row r="1"><c r="A1"/><c r="B1"><v>9</v></c><c r="C1"/></row>"#),
        // Without references: their order counts.
        (r"<row><c><v>1</v></c><c><v>2</v></c></row>", (1, 1), r#"<row><c><v>1</v></c><c r="B1"><v>9</v></c></row>"#),
        ("", (3, 0), r#"<row r="3"><c r="A3"><v>9</v></c></row>"#),
    ];
    for (data, at, want) in table {
        assert_eq!(filled_by_hand(data, one(at, 9)).as_deref(), Ok(want), "{data}");
    }
    let empty = by_hand(&SHEET.replace("<sheetData>DATA</sheetData>", "<sheetData/>"), &[]);
    let bytes = fill(empty.path(), &BTreeMap::from([("S".to_owned(), one((1, 0), 9))])).unwrap();
    assert!(part(&bytes, "xl/worksheets/one.xml").contains(r#"<sheetData><row r="1"><c r="A1"><v>9</v></c></row></sheetData>"#));
    assert!(part(&bytes, "xl/workbook.xml").contains(r#"</definedNames><calcPr fullCalcOnLoad="1"/></workbook>"#));
}

#[test]
fn f9_names_with_a_prefix_stay_so() {
    let sheet = r#"<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"/></x:sheetData></x:worksheet>"#;
    let file = by_hand(sheet, &[]);
    let edits = Edits::from([((1, 0), edit(Fill::Text("a".into())))]);
    let bytes = fill(file.path(), &BTreeMap::from([("S".to_owned(), edits)])).unwrap();
    let want = r#"<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t xml:space="preserve">a</x:t></x:is></x:c></x:row>"#;
    assert!(part(&bytes, "xl/worksheets/one.xml").contains(want), "{}", part(&bytes, "xl/worksheets/one.xml"));
}

#[test]
fn f9_s6_what_could_act_on_its_own_is_refused() {
    let refused = |more: &[(&str, &str)]| check(by_hand(SHEET, more).path()).unwrap_err();
    assert_eq!(check(by_hand(SHEET, &[]).path()), Ok(()));
    assert_eq!(refused(&[("xl/vbaProject.bin", "x")]), Refused::Macros);
    assert!(matches!(refused(&[("xl/externalLinks/externalLink1.xml", "<x/>")]), Refused::External(_)));
    assert!(matches!(refused(&[("xl/embeddings/oleObject1.bin", "x")]), Refused::Embedded(_)));
    let outside = r#"<Relationships><Relationship Id="a" Type="http://x/image" Target="http://evil.example/a.png" TargetMode="External"/></Relationships>"#;
    assert_eq!(refused(&[("xl/drawings/_rels/drawing1.xml.rels", outside)]), Refused::External("http://evil.example/a.png".into()));
    let link = outside.replace("http://x/image", "http://x/hyperlink");
    assert_eq!(check(by_hand(SHEET, &[("xl/worksheets/_rels/one.xml.rels", &link)]).path()), Ok(()), "a link is only a link");
    let bomb = format!("<!DOCTYPE a [<!ENTITY b \"{}\">]><worksheet/>", "c".repeat(100));
    let file = by_hand(&bomb, &[]);
    let edits = Edits::from([((1, 0), edit(Fill::Number(1)))]);
    assert!(matches!(fill(file.path(), &BTreeMap::from([("S".to_owned(), edits)])), Err(Refused::Unreadable(Unreadable::Damaged(_)))));
}

#[test]
fn f9_s6_hostile_sheets_are_refused_and_break_nothing() {
    let one = || Edits::from([((2, 1), edit(Fill::Number(9)))]);
    for data in [
        r#"<row r="2"/><row r="1"/>"#,
        r#"<row r="2"/><row r="2"/>"#,
        r#"<row r="x"/>"#,
        r#"<row r="2"><c r="B2"/><c r="A2"/></row>"#,
        r#"<row r="2"><c r="2B"/></row>"#,
        r#"<row r="2"><c r="B2">"#,
        r#"<row r="2"><c r="B2"><f>1</f></c></row>"#,
        "<row",
        "</row>",
    ] {
        assert!(filled_by_hand(data, one()).is_err(), "{data}");
    }
}

#[test]
fn f9_a_sheet_is_drawn_as_it_looks() {
    let file = form();
    let drawn = look(file.path(), "", (60, 20)).unwrap();
    assert_eq!((drawn.sheets.as_slice(), drawn.sheet.as_str(), drawn.more), (&["表一".to_owned()][..], "表一", false));
    let (_, first) = &drawn.rows[0];
    assert_eq!((first[0].reference.as_str(), first[0].across, first[0].text.as_str()), ("A1", 4, "Report & more"));
    assert_eq!(first[1].reference, "E1", "what it covers is not drawn");
    let formula = drawn.rows[3].1.iter().find(|square| square.reference == "B4").unwrap();
    assert!(formula.formula);
    assert!(look(file.path(), "", (3, 2)).unwrap().more);
    let seen = survey(file.path(), "表一").unwrap();
    assert_eq!(seen.standing_for((1, 3)), (1, 0));
}
