//! What was closed while a broadcast was on air: the memory of its recording.

use crate::broadcasts::BroadcastId;
use crate::db::{DbError, Row, Tx, args};
use live::{SegmentInfo, Track};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct RecordedSegments<'t>(pub &'t mut Tx);

const fn code(track: Track) -> &'static str {
    match track {
        Track::Video => "video",
        Track::Audio => "audio",
    }
}

fn read(row: &Row) -> Result<SegmentInfo, DbError> {
    let number = |column| row.int(column).map(i64::cast_unsigned);
    Ok(SegmentInfo {
        track: row.code("track", |text| [Track::Video, Track::Audio].into_iter().find(|track| code(*track) == text))?,
        msn: number("msn")?,
        generation: row.int("generation")? as u32,
        timeline: number("timeline")?,
        timescale: row.int("timescale")? as u32,
        start: number("start")?,
        ticks: number("ticks")?,
        at_unix_ms: row.int("at_unix_ms")?,
    })
}

impl RecordedSegments<'_> {
    /// Remembers a segment whose file is durable. Repeating it changes nothing.
    pub async fn keep(&mut self, of: BroadcastId, info: &SegmentInfo, bytes: usize) -> Result<(), DbError> {
        let sql = "insert into recorded_segment (broadcast, track, msn, generation, timeline, timescale, start, ticks, at_unix_ms, bytes)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (broadcast, track, msn) do nothing";
        let args = args![
            of,
            code(info.track),
            info.msn,
            info.generation,
            info.timeline,
            info.timescale,
            info.start,
            info.ticks,
            info.at_unix_ms,
            bytes
        ];
        self.0.execute(sql, args).await.map(drop)
    }

    /// Everything that was recorded, each track in its order.
    pub async fn of(&mut self, broadcast: BroadcastId) -> Result<Vec<SegmentInfo>, DbError> {
        let sql = "select * from recorded_segment where broadcast = $1 order by track, msn";
        self.0.fetch_all(sql, args![broadcast]).await?.iter().map(read).collect()
    }
}
