//! `import`: 130,000 organisations from a workbook into the tree, beside openpyxl only reading the same workbook.

use crate::lab::{Finished, Lab, Row, Side, finish, take_turns};
use crate::product::Home;
use anyhow::{Context, ensure};
use rust_xlsxwriter::Workbook;
use std::ffi::OsString;
use std::path::Path;

const TARGET: f64 = 0.07;
/// Largest resident size to stay under, in MiB.
const MEMORY_MIB: f64 = 64.0;

pub async fn run(lab: &Lab) -> anyhow::Result<Vec<Row>> {
    let rows = lab.amount(130_000, 10_000);
    let file = lab.folder("import-source")?.join("organisations.xlsx");
    write(&file, rows)?;
    let python = lab.python("python");
    if !python.is_file() || lab.missing("python").is_some() {
        let alone = ours(lab, &file, rows).await?;
        let why = format!("no peer: {}; ours took {:.2} CPU s", crate::peers::absent(lab, "python"), alone.cpu_s);
        return Ok(vec![Row::unmeasured("import", &why)]);
    }
    let (mut our_peak, mut peer_peak): (f64, f64) = (0.0, 0.0);
    let pairs = take_turns(lab.pairs(), async |side| {
        let (done, peak) = match side {
            Side::Ours => (ours(lab, &file, rows).await?, &mut our_peak),
            Side::Peer => (peer(lab, &python, &file, rows)?, &mut peer_peak),
        };
        *peak = peak.max(done.peak_mib);
        Ok(done.cpu_s)
    })
    .await?;
    let row = pairs.row("import", "CPU s", "openpyxl, read only", TARGET);
    let row = row.with(&format!("{rows} rows; ours reads, checks and writes the tree durably, openpyxl reads"));
    let memory = Row::absolute("import-memory", "MiB resident", our_peak, MEMORY_MIB, false);
    Ok(vec![row, memory.with(&format!("largest moment of the whole program; openpyxl {peer_peak:.0} MiB"))])
}

/// A province, 20 cities, 200 counties, 3,000 townships, and branches for the rest.
fn write(file: &Path, rows: usize) -> anyhow::Result<()> {
    let levels = [("province", 1), ("city", 20), ("county", 200), ("township", 3_000), ("branch", usize::MAX)];
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for (column, name) in (0..).zip(["code", "name", "parent code", "kind", "members"]) {
        sheet.write(0, column, name)?;
    }
    let (mut row, mut above): (usize, Vec<String>) = (0, vec![String::new()]);
    for (kind, count) in levels {
        let count = count.min(rows - row);
        let codes: Vec<String> = (0..count).map(|n| format!("{}-{n:06}", &kind[..2])).collect();
        for (n, code) in codes.iter().enumerate() {
            row += 1;
            let at = u32::try_from(row)?;
            sheet.write(at, 0, code)?;
            sheet.write(at, 1, format!("山海省第{n}号组织 {kind}"))?;
            sheet.write(at, 2, &above[n % above.len()])?;
            sheet.write(at, 3, kind)?;
            sheet.write(at, 4, u32::try_from(n % 90)?)?;
        }
        above = codes;
        if row == rows {
            break;
        }
    }
    Ok(workbook.save(file)?)
}

async fn ours(lab: &Lab, file: &Path, rows: usize) -> anyhow::Result<Finished> {
    let home = Home::new(lab, "import", "")?;
    let mut command: Vec<OsString> = vec![lab.program("kaijiang").into()];
    command.extend(["import", "organisations", "--data"].map(OsString::from));
    command.extend([home.data.clone().into(), file.into()]);
    let done = finish(lab, &command)?;
    let app = home.open().await?;
    let stored = app.db.read().await?.fetch_int("select count(*) from organisation_edge where to_at is null", vec![]).await?;
    app.db.close().await;
    ensure!(stored == rows as i64, "void: {stored} organisations of {rows} are in the tree");
    Ok(done)
}

fn peer(lab: &Lab, python: &Path, file: &Path, rows: usize) -> anyhow::Result<Finished> {
    let done = finish(lab, &[python.into(), lab.peer_file("read_workbook.py").into(), file.into()])?;
    let read: usize = done.out.trim().parse().context("openpyxl's count")?;
    ensure!(read == rows + 1, "void: openpyxl read {read} rows of {}", rows + 1);
    Ok(done)
}
