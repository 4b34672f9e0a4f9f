use super::*;
use std::io::Write;

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn texts(sheet: &Sheet) -> Vec<Vec<&str>> {
    sheet.rows.iter().map(|row| row.cells.iter().map(Cell::text).collect()).collect()
}

fn fault(bytes: &[u8]) -> Unreadable {
    read(file(bytes).path(), &Limits::default()).unwrap_err()
}

#[test]
fn text_is_read_in_every_encoding_and_with_every_separator() {
    let (gb, _, bad) = encoding_rs::GB18030.encode("编码,名称\n1,石桥镇");
    assert!(!bad);
    let utf16: Vec<u8> = [0xFF, 0xFE].into_iter().chain("编码,名称\n1,石桥镇".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let table: [&[u8]; 6] = [
        "编码,名称\n1,石桥镇".as_bytes(),
        "\u{FEFF}编码,名称\r\n1,石桥镇\r\n".as_bytes(),
        "编码;名称\n1;石桥镇".as_bytes(),
        "编码\t名称\n\n1\t石桥镇".as_bytes(),
        &gb,
        &utf16,
    ];
    for bytes in table {
        let sheet = read(file(bytes).path(), &Limits::default()).unwrap();
        assert_eq!(texts(&sheet), [["编码", "名称"], ["1", "石桥镇"]]);
    }
}

#[test]
fn what_is_no_table_is_refused_by_name() {
    assert_eq!(fault(b""), Unreadable::Empty);
    assert_eq!(fault(b" \n , \n"), Unreadable::Empty);
    assert_eq!(fault(b"\x7fELF\x02\x01\x01\0\0\0\0"), Unreadable::NotASpreadsheet);
    assert_eq!(fault(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Unreadable::OldWorkbook);
    assert_eq!(fault(b"a,b\n\xFF\xFF\xFF,1"), Unreadable::Encoding);
    assert!(matches!(fault(b"PK\x03\x04 and then nothing"), Unreadable::Damaged(_)));
}

fn zip_with(entries: usize, bytes: usize) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for i in 0..entries {
        zip.start_file(format!("xl/{i}.xml"), options).unwrap();
        zip.write_all(&vec![b'0'; bytes]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn s6_bombs_are_weighed_before_anything_is_parsed() {
    assert_eq!(fault(&zip_with(1, 64 << 20)), Unreadable::Bomb);
    assert_eq!(fault(&zip_with(3_000, 0)), Unreadable::TooMuch { what: "entries", most: 2_000 });
    let small = Limits { unpacked: 1_000, ..Limits::default() };
    assert_eq!(read(file(&zip_with(2, 600)).path(), &small).unwrap_err(), Unreadable::TooMuch { what: "unpacked", most: 1_000 });
    assert_eq!(fault(&zip_with(1, 10)), Unreadable::NotASpreadsheet, "a zip that is no workbook");
}

#[test]
fn s6_rows_columns_and_text_are_counted() {
    let small = Limits { rows: 2, columns: 2, text: 200, ..Limits::default() };
    let what = |text: &str| match read(file(text.as_bytes()).path(), &small) {
        Err(Unreadable::TooMuch { what, .. }) => what,
        other => panic!("{other:?}"),
    };
    assert_eq!(what("1\n2\n3"), "rows");
    assert_eq!(what("1,2,3"), "columns");
    assert_eq!(what(&"x".repeat(300)), "text");
}

#[test]
fn s9_what_is_written_is_no_formula_and_reads_back() {
    let path = tempfile::NamedTempFile::new().unwrap();
    let mut writer = Writer::new("1").unwrap();
    writer.row(["=1+1", "@sum", "-5", "plain"].map(Value::from)).unwrap();
    writer.row([Value::Number(12), Value::from("石桥")]).unwrap();
    writer.save(path.path()).unwrap();
    let sheet = read(path.path(), &Limits::default()).unwrap();
    assert_eq!(texts(&sheet), [vec!["'=1+1", "'@sum", "-5", "plain"], vec!["12", "石桥"]]);
    assert!(sheet.rows.iter().flat_map(|r| &r.cells).all(|c| !matches!(c, Cell::Formula(_))));
}

#[test]
fn formulas_and_merged_cells_are_told() {
    let path = tempfile::NamedTempFile::new().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "code").unwrap();
    sheet.write_formula(1, 0, "=A1&\"x\"").unwrap();
    sheet.merge_range(2, 0, 3, 0, "joined", &rust_xlsxwriter::Format::new()).unwrap();
    book.save(path.path()).unwrap();
    let sheet = read(path.path(), &Limits::default()).unwrap();
    assert!(matches!(&sheet.rows[1].cells[0], Cell::Formula(f) if f.contains("A1")), "{:?}", sheet.rows[1]);
    assert_eq!(sheet.merged, [Merged { first_row: 3, last_row: 4, column: 0 }]);
    let csv = read(file(b"code,name\n1,=cmd|' /C calc'!A0\n2,-5").path(), &Limits::default()).unwrap();
    assert!(matches!(csv.rows[1].cells[1], Cell::Formula(_)));
    assert_eq!(csv.rows[2].cells[1], Cell::Text("-5".into()));
}

#[test]
fn a_date_is_read_as_people_write_it() {
    let path = tempfile::NamedTempFile::new().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::ExcelDateTime::parse_from_str("2026-11-30").unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
    book.add_worksheet().write_datetime_with_format(0, 0, &date, &format).unwrap();
    book.save(path.path()).unwrap();
    assert_eq!(texts(&read(path.path(), &Limits::default()).unwrap()), [["2026-11-30"]]);
}
