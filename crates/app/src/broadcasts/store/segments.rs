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
        track: track(row)?,
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

    /// The same in as few pieces as there are: a broken line or a segment that was lost begins another. Each track in its order.
    pub async fn unbroken(&mut self, broadcast: BroadcastId) -> Result<Vec<Unbroken>, DbError> {
        // Within a piece numbers grow by one, so their distance from the row's own number stays.
        let sql = "select track, timescale, min(at_unix_ms) as wall_ms, cast(sum(ticks) as bigint) as ticks
                   from (select track, msn, timeline, timescale, ticks, at_unix_ms,
                         msn - row_number() over (partition by track order by msn) as piece
                         from recorded_segment where broadcast = $1) as numbered
                   group by track, timeline, timescale, piece order by track, min(msn)";
        self.0.fetch_all(sql, args![broadcast]).await?.iter().map(read_unbroken).collect()
    }
}

/// A piece of a track without a break.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unbroken {
    /// Picture or sound.
    pub track: Track,
    /// Wall clock of its beginning, milliseconds since 1970.
    pub wall_ms: i64,
    /// Its length, milliseconds.
    pub length_ms: f64,
}

fn read_unbroken(row: &Row) -> Result<Unbroken, DbError> {
    let length_ms = row.int("ticks")? as f64 * 1_000.0 / row.int("timescale")?.max(1) as f64;
    Ok(Unbroken { track: track(row)?, wall_ms: row.int("wall_ms")?, length_ms })
}

fn track(row: &Row) -> Result<Track, DbError> {
    Ok(row.code("track", |text| [Track::Video, Track::Audio].into_iter().find(|track| code(*track) == text))?)
}
