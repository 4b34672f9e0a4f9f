use std::collections::BTreeSet;

use super::*;

const TRACKS: [Track; 2] = [Track::Video, Track::Audio];

impl Run {
    fn resumed(resume: &Resume) -> Self {
        Self { packager: Packager::resume(Packaging::default(), resume, 1_700_000_200_000), out: Output::default() }
    }

    fn infos(&self) -> Vec<SegmentInfo> {
        self.out.closed_segments.iter().map(|closed| closed.info).collect()
    }

    /// Everything that players could name: parts, and the init segments that they need.
    fn names(&self) -> BTreeSet<String> {
        let parts = self.out.parts.iter().map(|part| format!("{:?} {}.{}", part.track, part.msn, part.index));
        let inits = TRACKS.into_iter().flat_map(|track| (0..100).map(move |generation| (track, generation)));
        let inits = inits.filter(|(track, generation)| self.packager.init(*track, *generation).is_some());
        parts.chain(inits.map(|(track, generation)| format!("{track:?} init {generation}"))).collect()
    }
}

/// What holds within and across runs: numbers grow by one, or at a restart by two; times and timelines never go back.
fn check_order(runs: &[&Run], track: Track, at_restart: u64) {
    let mut before: Option<SegmentInfo> = None;
    for run in runs {
        for (n, closed) in run.segments(track).enumerate() {
            if let Some(before) = &before {
                let step = if n == 0 { at_restart } else { 1 };
                assert_eq!(closed.info.msn, before.msn + step, "{before:?} then {:?}", closed.info);
            }
            check_times(before.as_ref(), closed);
            before = Some(closed.info);
        }
    }
}

fn broadcast(mut run: Run, encoder: &mut Encoder, steps: &[Step]) -> Run {
    run.push(Encoder::coding(0));
    for step in steps {
        run.step(encoder, step);
    }
    run.push(encoder.run(500));
    run
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_restart_numbers_like_a_reconnect_and_uses_no_name_twice(
        (first, second) in (steps(), steps()), fps in 20..61_i64, orderly in any::<bool>(),
    ) {
        let encoder = || Encoder { fps, gop: fps * 2, now_ms: 0, sent: 0 };
        let mut steady = encoder();
        let mut whole = broadcast(Run::new(), &mut steady, &first);
        whole.step(&mut steady, &Step::Reconnect);
        let mut whole = broadcast(whole, &mut steady, &second);
        whole.end();
        for track in TRACKS {
            check_order(&[&whole], track, 1);
        }

        let mut steady = encoder();
        let mut before = broadcast(Run::new(), &mut steady, &first);
        if orderly {
            before.end();
        }
        let Some(resume) = Resume::after(&before.infos()) else { return Ok(()) };
        let resume = Resume { target_s: before.packager.target_s(), ..resume };
        let mut after = broadcast(Run::resumed(&resume), &mut steady, &second);
        after.end();
        for track in TRACKS {
            check_order(&[&before, &after], track, 2);
            let newest = before.packager.timeline_number();
            prop_assert!(after.segments(track).all(|closed| closed.info.timeline > newest), "{newest} was seen");
        }
        prop_assert!(before.names().is_disjoint(&after.names()), "a name stands for one thing");
        prop_assert_eq!(after.packager.target_s(), before.packager.target_s().or(after.packager.target_s()), "a promise holds");
    }
}

#[test]
fn what_a_recording_remembers_is_read_from_its_segments() {
    let run = steady(Encoder::coding(0).into_iter().chain(encoder().run(9000)));
    let mut infos = run.infos();
    let mut want = Resume { next_video: 4, next_audio: 4, end_ms: 8999, timeline: 1, generation: 1, target_s: None };
    assert_eq!(Resume::after(&infos), Some(want));
    infos.reverse();
    assert_eq!(Resume::after(&infos), Some(want), "in any order");
    infos.retain(|info| info.track == Track::Video);
    want.next_audio = 1;
    assert_eq!(Resume::after(&infos), Some(want), "a first segment of sound may have been open");
    assert_eq!(Resume::after(&[]), None);
}

#[test]
fn a_broadcast_goes_on_at_the_hour_of_its_return() {
    let resume = Resume { next_video: 38, next_audio: 41, end_ms: 150_500, timeline: 3, generation: 7, target_s: Some(9) };
    let mut run = Run::resumed(&resume);
    assert_eq!((run.packager.target_s(), run.packager.timeline_number()), (Some(9), 4));
    let out = run.packager.reconnect(1_700_000_300_000);
    assert_eq!(out, Output::default(), "there was nothing to close");
    run.push(Encoder::coding(0));
    run.push(encoder().run(5000));
    run.end();
    for (track, msn) in [(Track::Video, 38), (Track::Audio, 41)] {
        let first = run.segments(track).next().unwrap().info;
        assert_eq!((first.msn, first.timeline, first.generation, first.at_unix_ms), (msn, 4, 8, 1_700_000_300_000), "{track:?}");
        assert_eq!(first.start * 1000 / u64::from(first.timescale), 150_500, "{track:?}");
    }
    assert_eq!(run.packager.target_s(), Some(9));
}
