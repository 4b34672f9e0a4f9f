//! Where words lie in what is kept of a broadcast: holds, broken lines and cuts (G7).

use super::{ask, follow, name, say, unmoderated};
use crate::support::{Client, TestApp, both};
use crate::watching::publish;
use app::broadcasts::rules::Piece;
use app::broadcasts::{Broadcast, Broadcasts, Kind, RecordedSegments, State};
use kernel::{Clock, Id, Role};
use live::{SegmentInfo, Track};
use serde_json::json;

async fn saved(app: &TestApp, room: &mut Broadcast, change: impl FnOnce(&mut Broadcast)) {
    let mut is = room.clone();
    change(&mut is);
    let mut tx = app.db.begin().await.unwrap();
    assert!(Broadcasts(&mut tx).save(&is).await.unwrap());
    tx.commit().await.unwrap();
    *room = Broadcast { version: is.version + 1, ..is };
    follow(app, room.id).await;
}

/// Moments and texts of what is replayed.
async fn replayed(who: &Client, room: &Broadcast) -> Vec<(i64, String)> {
    let said = who.get(&format!("/api/v1/lessons/{}/talk", room.lesson)).await.expect(200).json();
    said.as_array().unwrap().iter().map(|m| (m["at_ms"].as_i64().unwrap(), m["text"].as_str().unwrap().to_owned())).collect()
}

#[tokio::test]
async fn what_was_said_before_a_showing_was_held_keeps_its_moment() {
    let app = TestApp::sqlite().await.with_tree().await;
    let mut room = app.a_broadcast("branch-a").with(|b| b.kind = Kind::Showing).create().await;
    let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-d").await);
    publish(&app, room.lesson, Id::from_u128(7), "Water").await;
    unmoderated(&host, &room).await;
    say(&li, &room, 1, "before").await.expect(201);
    app.clock.advance_ms(10_000);
    let held = app.clock.now();
    saved(&app, &mut room, |b| b.held_at = Some(held)).await;
    app.clock.advance_ms(30_000);
    say(&li, &room, 2, "while it is held").await.expect(201);
    saved(&app, &mut room, |b| (b.held_at, b.held_ms) = (None, 30_000)).await;
    app.clock.advance_ms(5_000);
    say(&li, &room, 3, "after").await.expect(201);
    let said = replayed(&app.anonymous(), &room).await;
    let want = [(60_001, "before"), (70_001, "while it is held"), (75_001, "after")];
    assert_eq!(said, want.map(|(at, text)| (at, text.to_owned())));
}

#[tokio::test]
async fn words_and_questions_move_with_a_recording_whose_line_broke_and_that_is_cut() {
    both(|app| async move {
        let app = app.with_tree().await;
        let mut room = app.a_broadcast("branch-a").create().await;
        let (host, li) = (app.person("host", Role::Host, "county-a").await, app.person("lin", Role::Viewer, "branch-d").await);
        unmoderated(&host, &room).await;
        let began = room.on_air_at.unwrap();
        // A minute was live, half a minute was not, then it goes on.
        let segment = |msn: u64, timeline, at_unix_ms, ticks| SegmentInfo {
            track: Track::Video,
            msn,
            generation: timeline as u32,
            timeline,
            timescale: 1_000,
            start: 0,
            ticks,
            at_unix_ms,
        };
        let mut tx = app.db.begin().await.unwrap();
        for info in [segment(0, 0, began.0, 60_000), segment(1, 1, began.0 + 90_000, 60_000)] {
            RecordedSegments(&mut tx).keep(room.id, &info, 1).await.unwrap();
        }
        tx.commit().await.unwrap();
        app.clock.advance_ms(35_000);
        say(&li, &room, 1, "it is back").await.expect(201);
        let asked = ask(&li, &room, 2, "And now?").await;
        host.post(&format!("/rooms/{}/questions/{asked}/approval", room.id), &json!(null)).await.expect(204);
        app.clock.advance_ms(30_000);
        say(&li, &room, 3, "thanks").await.expect(201);
        let now = app.clock.now();
        saved(&app, &mut room, |b| (b.state, b.ended_at) = (State::Ended, Some(now))).await;
        publish(&app, room.lesson, Id::from_u128(7), "Water").await;
        let moments = async || {
            let said: Vec<_> = replayed(&app.anonymous(), &room).await.into_iter().map(|(at, _)| at).collect();
            let listed = app.anonymous().get(&format!("/api/v1/lessons/{}/questions", room.lesson)).await.expect(200).json();
            (said, listed[0]["at_ms"].clone())
        };
        assert_eq!(moments().await, (vec![65_000, 95_000], json!(65_000)), "what was not live is not in the recording");
        let kept = [Piece { from_ms: 10_000, until_ms: 70_000 }, Piece { from_ms: 90_000, until_ms: 120_000 }];
        let mut tx = app.db.begin().await.unwrap();
        Broadcasts(&mut tx).set_kept(room.id, Some(&kept)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(moments().await, (vec![55_000, 65_000], json!(55_000)));
        let late = json!({ "client_id": name(9), "text": "Later", "at_ms": 61_000 });
        li.post(&format!("/api/v1/lessons/{}/questions", room.lesson), &late).await.expect(201);
        let mut tx = app.db.begin().await.unwrap();
        Broadcasts(&mut tx).set_kept(room.id, Some(&[Piece { from_ms: 70_000, until_ms: 80_000 }])).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(moments().await, (vec![], json!(null)), "cut out");
    })
    .await;
}

/// A recording of hours with a broken line after each `each` segments and, in the middle, a segment that was lost.
async fn recorded(app: &TestApp, room: &Broadcast, segments: u64, each: u64) -> Vec<SegmentInfo> {
    let lost = segments / 2;
    let segment = |track, msn: u64| SegmentInfo {
        track,
        msn,
        generation: 0,
        timeline: msn / each,
        timescale: 90_000,
        start: msn * 180_000,
        ticks: 180_000,
        at_unix_ms: room.on_air_at.unwrap().0 + (msn * 2_000 + msn / each * 30_000).cast_signed(),
    };
    let tracks = [Track::Audio, Track::Video];
    let kept: Vec<_> = tracks.iter().flat_map(|track| (0..segments).filter(|msn| *msn != lost).map(|msn| segment(*track, msn))).collect();
    let mut tx = app.db.begin().await.unwrap();
    for info in &kept {
        RecordedSegments(&mut tx).keep(room.id, info, 1).await.unwrap();
    }
    tx.commit().await.unwrap();
    kept
}

#[tokio::test]
async fn moments_are_found_in_the_pieces_of_a_recording_however_many_segments_it_has() {
    both(async |app| {
        let app = app.with_tree().await;
        let mut costs = Vec::new();
        for segments in [60, 600] {
            let room = app.a_broadcast("branch-a").create().await;
            let kept = recorded(&app, &room, segments, segments / 3).await;
            let mut tx = app.db.read().await.unwrap();
            let pieces = RecordedSegments(&mut tx).unbroken(room.id).await.unwrap();
            drop(tx);
            let statements = app.db.statements();
            let said = app::rooms::replay(&app, &room).await.unwrap();
            costs.push((pieces.len(), app.db.statements() - statements, said.len()));
            let video: Vec<_> = pieces.iter().filter(|piece| piece.track == Track::Video).collect();
            let begins: Vec<_> = video.iter().map(|piece| piece.wall_ms).collect();
            let breaks = |(a, b): (&SegmentInfo, &SegmentInfo)| a.timeline != b.timeline || b.msn != a.msn + 1;
            let all: Vec<_> = kept.iter().filter(|segment| segment.track == Track::Video).collect();
            let mut want = vec![all[0].at_unix_ms];
            want.extend(all.windows(2).filter(|pair| breaks((pair[0], pair[1]))).map(|pair| pair[1].at_unix_ms));
            assert_eq!(begins, want);
            let length: f64 = video.iter().map(|piece| piece.length_ms).sum();
            assert!((length - all.len() as f64 * 2_000.0).abs() < 0.5, "{length}");
        }
        assert_eq!(costs[0], costs[1], "ten times the segments are no more rows and no more questions");
        assert_eq!(costs[0].0, 8, "three lines and a lost segment, of picture and sound");
    })
    .await;
}
