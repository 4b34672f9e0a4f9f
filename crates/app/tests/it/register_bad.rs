//! Registers that do harm or cannot be, through the door that people use: refused in words, nothing changed (A4, S6).

use crate::register::finished;
use crate::support::{Client, TestApp};
use axum::http::Method;
use kernel::Role;
use rust_xlsxwriter::{Format, Workbook};
use std::io::Write;
use zip::write::SimpleFileOptions;

/// A workbook whose sheet unpacks to 200 MB of nothing.
fn bomb() -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    let piece = vec![b' '; 1 << 20];
    for _ in 0..200 {
        archive.write_all(&piece).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn merged() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in [["code", "name", "parent code", "kind"], ["x", "X", "", "branch"], ["y", "Y", "", "branch"]].iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write_string(row as u32, column as u16, *text).unwrap();
        }
    }
    sheet.merge_range(1, 2, 2, 2, "township-a", &Format::new()).unwrap();
    book.save_to_buffer().unwrap()
}

/// What the page of the import says once it ended, in both languages.
async fn refused(app: &TestApp, admin: &Client, name: &str, bytes: &[u8]) -> [String; 2] {
    let head = format!("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let body = [head.as_bytes(), bytes, b"\r\n--B--\r\n"].concat();
    let reply = admin.send(Method::POST, "/organisations/import", "multipart/form-data; boundary=B", body).await.expect(303);
    let page = reply.header("location").to_owned();
    finished(app, admin, &page.replace("/organisations", "/api/v1/organisations")).await;
    let chinese = admin.clone().with("cookie", "language=zh-CN");
    [admin.get(&page).await.expect(200).text(), chinese.get(&page).await.expect(200).text()]
}

#[tokio::test]
async fn s6_a_bomb_merged_cells_and_a_circle_are_refused_in_words_and_nothing_changes() {
    let app = TestApp::sqlite().await.with_tree().await;
    let admin = app.person("admin.p", Role::Administrator, "province").await.browser();
    let before = app.tree.load().revision;
    let bomb = bomb();
    assert!(bomb.len() < 4 << 20, "small on the way in: {}", bomb.len());
    let circle = "code,name,parent code,kind\nx,X,y,branch\ny,Y,z,branch\nz,Z,x,branch\n";
    let table: [(&str, &[u8], [&str; 2]); 3] = [
        ("bomb.xlsx", &bomb, ["unpacks to far more than a spreadsheet does", "解压"]),
        ("merged.xlsx", &merged(), ["merged cells down to row 3: every row needs its own value", "合并单元格"]),
        ("circle.csv", circle.as_bytes(), ["stands under itself", "自己"]),
    ];
    for (name, bytes, wanted) in table {
        let pages = refused(&app, &admin, name, bytes).await;
        for (page, words) in pages.iter().zip(wanted) {
            assert!(page.contains(words), "{name}: {words}: {page}");
        }
    }
    app::organisations::refresh(&app).await.unwrap();
    assert_eq!(app.tree.load().revision, before);
}
