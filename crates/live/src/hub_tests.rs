use std::{sync::Arc, time::Duration};

use super::*;
use crate::testing::Encoder;

fn encoder() -> Encoder {
    Encoder { fps: 30, gop: 60, now_ms: 0, sent: 0 }
}

fn push_all(live: &Live, events: impl IntoIterator<Item = Event>) -> Vec<ClosedSegment> {
    events.into_iter().flat_map(|event| live.push(event).expect("a steady encoder is taken")).collect()
}

fn on_air(ms: i64) -> (Arc<Live>, Encoder) {
    let (live, mut encoder) = (Arc::new(Live::new(Packaging::default(), 1_700_000_000_000)), encoder());
    push_all(&live, Encoder::coding(0));
    push_all(&live, encoder.run(ms));
    (live, encoder)
}

/// Runs a request until it waits; the test goes on only then.
async fn waiting<T: Send + 'static>(request: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
    let task = tokio::spawn(request);
    // One thread: the task runs until it waits.
    tokio::task::yield_now().await;
    assert!(!task.is_finished(), "it had to wait");
    task
}

async fn soon<T>(task: tokio::task::JoinHandle<T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), task).await.expect("it was woken").expect("it did not panic")
}

fn hint(playlist: &Bytes) -> (u64, u32) {
    let text = std::str::from_utf8(playlist).unwrap();
    let (_, rest) = text.split_once("TYPE=PART,URI=\"").expect("a hint");
    let (msn, rest) = rest.split_once('.').unwrap();
    (msn.parse().unwrap(), rest.split_once('.').unwrap().0.parse().unwrap())
}

#[tokio::test]
async fn a_reader_waits_for_the_part_it_asked_for() {
    let (live, mut encoder) = on_air(10_000);
    let now = live.playlist(Track::Video, Audience::Interactive, Reload::default()).await.unwrap();
    let (msn, part) = hint(&now);
    let (one, other) = (live.clone(), live.clone());
    let reload = Reload { msn: Some(msn), part: Some(part), skip: Skip::No };
    let playlist = waiting(async move { one.playlist(Track::Video, Audience::Interactive, reload).await }).await;
    let bytes = waiting(async move { other.part(Track::Video, msn, part).await }).await;
    push_all(&live, encoder.run(1000));
    let line = format!("URI=\"{msn}.{part}.m4s\"");
    assert!(String::from_utf8(soon(playlist).await.unwrap().to_vec()).unwrap().contains(&line));
    assert!(soon(bytes).await.unwrap().windows(4).any(|name| name == b"moof"));
}

#[tokio::test]
async fn readers_before_the_interval_of_keyframes_is_known_are_answered_once_it_is() {
    let (live, mut encoder) = on_air(2000);
    assert_eq!(live.master(Audience::Interactive), None);
    let reader = live.clone();
    let playlist = waiting(async move { reader.playlist(Track::Audio, Audience::Interactive, Reload::default()).await }).await;
    push_all(&live, encoder.run(3000));
    assert!(soon(playlist).await.unwrap().starts_with(b"#EXTM3U"));
    assert!(live.master(Audience::Interactive).unwrap().contains("video/index.m3u8"));
}

#[tokio::test]
async fn nobody_is_shown_a_playlist_without_a_whole_segment() {
    let (live, mut encoder) = (Arc::new(Live::new(Packaging::default(), 0)), Encoder { gop: 250, ..encoder() });
    push_all(&live, Encoder::coding(0));
    push_all(&live, encoder.run(8200));
    assert_eq!((live.target_s(), live.master(Audience::Interactive)), (Some(10), None), "the promise is known, no segment is complete");
    let mut readers = Vec::new();
    for (track, audience) in [(Track::Video, Audience::Interactive), (Track::Audio, Audience::Interactive), (Track::Video, Audience::Mass)]
    {
        let reader = live.clone();
        readers.push(waiting(async move { reader.playlist(track, audience, Reload::default()).await }).await);
    }
    push_all(&live, encoder.run(500));
    for reader in readers {
        let text = String::from_utf8(soon(reader).await.unwrap().to_vec()).unwrap();
        assert!(text.contains("#EXTINF"), "{text}");
    }
    assert!(live.master(Audience::Interactive).is_some());
}

#[tokio::test]
async fn everything_a_playlist_names_can_be_fetched() {
    let (live, _) = on_air(30_000);
    for track in [Track::Video, Track::Audio] {
        for audience in [Audience::Interactive, Audience::Mass] {
            let playlist = live.playlist(track, audience, Reload::default()).await.unwrap();
            let text = String::from_utf8(playlist.to_vec()).unwrap();
            let mut fetched = 0;
            for name in text.lines().filter(|line| !line.contains("PRELOAD") && !line.contains("RENDITION")).filter_map(named) {
                let found = match name {
                    playlist::name::Name::Init(generation) => live.init(track, generation),
                    playlist::name::Name::Segment(msn) => live.segment(track, msn),
                    playlist::name::Name::Part(msn, index) => live.part(track, msn, index).await.ok(),
                    playlist::name::Name::Playlist(_) => None,
                };
                assert!(found.is_some_and(|bytes| !bytes.is_empty()), "{name} of {track:?}");
                fetched += 1;
            }
            assert!(fetched > 7, "{text}");
        }
    }
}

fn named(line: &str) -> Option<playlist::name::Name> {
    let name = line.split_once("URI=\"").map_or(Some(line), |(_, rest)| rest.split('"').next())?;
    (!name.starts_with('#')).then(|| name.parse().expect("one of our names"))
}

#[tokio::test]
async fn what_is_gone_or_never_came_is_not_found() {
    let (live, _) = on_air(100_000);
    assert_eq!(live.segment(Track::Video, 0), None, "forgotten");
    assert_eq!(live.part(Track::Video, 0, 0).await, Err(Unavailable::NotFound));
    assert_eq!(live.part(Track::Video, 99, 0).await, Err(Unavailable::NotFound));
    assert_eq!(live.init(Track::Video, 7), None);
    let far = Reload { msn: Some(99), ..Reload::default() };
    let refused = live.playlist(Track::Video, Audience::Interactive, far).await;
    assert_eq!(refused, Err(Unavailable::BadRequest("_HLS_msn is too far ahead")));
}

#[tokio::test]
async fn the_end_answers_everyone_who_waits() {
    let (live, _) = on_air(10_000);
    let now = live.playlist(Track::Video, Audience::Interactive, Reload::default()).await.unwrap();
    let (msn, _) = hint(&now);
    let (one, other) = (live.clone(), live.clone());
    let next = Reload { msn: Some(msn + 1), part: Some(0), skip: Skip::No };
    let playlist = waiting(async move { one.playlist(Track::Video, Audience::Interactive, next).await }).await;
    let silent = Arc::new(Live::new(Packaging::default(), 0));
    let never = waiting({
        let silent = silent.clone();
        async move { silent.playlist(Track::Video, Audience::Mass, Reload::default()).await }
    })
    .await;
    assert_eq!(live.end().len(), 2, "one segment of each track was open");
    assert!(soon(playlist).await.unwrap().ends_with(b"#EXT-X-ENDLIST\n"));
    silent.end();
    assert_eq!(soon(never).await, Err(Unavailable::NotFound));
    let after = other.part(Track::Video, msn + 1, 0).await;
    assert_eq!(after, Err(Unavailable::NotFound));
}

#[tokio::test]
async fn readers_share_the_bytes() {
    let (live, _) = on_air(10_000);
    let playlist = || live.playlist(Track::Video, Audience::Interactive, Reload::default());
    assert_eq!(playlist().await.unwrap().as_ptr(), playlist().await.unwrap().as_ptr());
    let segment = live.segment(Track::Video, 0).unwrap();
    let part = live.part(Track::Video, 0, 0).await.unwrap();
    assert_eq!(segment.as_ptr(), part.as_ptr(), "a part of a closed segment is a slice of it");
}

#[tokio::test]
async fn after_a_restart_readers_are_held_and_then_find_the_numbers_that_follow() {
    let resume = Resume { next_video: 38, next_audio: 41, end_ms: 150_500, timeline: 3, generation: 7, target_s: Some(6) };
    let live = Arc::new(Live::resume(Packaging::default(), &resume, 1_700_000_000_000));
    assert_eq!((live.master(Audience::Interactive), live.target_s()), (None, Some(6)));
    let ask = |track, audience, reload| {
        let live = live.clone();
        async move { String::from_utf8(live.playlist(track, audience, reload).await.unwrap().to_vec()).unwrap() }
    };
    let new = waiting(ask(Track::Video, Audience::Interactive, Reload::default())).await;
    // Of the segment that was open when the program ended.
    let known = waiting(ask(Track::Video, Audience::Interactive, Reload { msn: Some(37), part: Some(5), skip: Skip::Yes })).await;
    let mass = waiting(ask(Track::Audio, Audience::Mass, Reload::default())).await;
    assert_eq!(live.part(Track::Video, 37, 5).await, Err(Unavailable::NotFound));
    // No sound came back: its readers are answered all the same.
    let silent = waiting(ask(Track::Audio, Audience::Interactive, Reload::default())).await;
    let pictures = |event: &Event| !matches!(event, Event::Audio(_)) && !matches!(event, Event::Sample(s) if s.track == Track::Audio);
    push_all(&live, Encoder::coding(0).into_iter().filter(pictures));
    push_all(&live, encoder().run(4500).into_iter().filter(pictures));
    let head = "#EXT-X-TARGETDURATION:6\n";
    let numbers = |msn: u64| format!("#EXT-X-MEDIA-SEQUENCE:{msn}\n#EXT-X-DISCONTINUITY-SEQUENCE:4\n");
    for (playlist, msn) in [(new, 38), (known, 38), (mass, 41), (silent, 41)] {
        let text = soon(playlist).await;
        assert!(text.contains(head) && text.contains(&numbers(msn)), "{text}");
        assert!(msn == 41 || text.contains("#EXT-X-MAP:URI=\"init-8.mp4\"") && text.contains("\n#EXT-X-PART"), "{text}");
    }
}
