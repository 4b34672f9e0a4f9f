use super::*;

/// The longest group of 250 pictures at 30 a second, milliseconds.
const LONGEST: i64 = 8333;

/// x264 as OBS leaves it: a keyframe at each cut of scene, and every 250 pictures where there is none. Two scenes of the same
/// length look like a fixed interval, so they are left out.
fn scenes() -> impl Strategy<Value = Vec<i64>> {
    let scenes = prop::collection::vec(prop_oneof![840..LONGEST, Just(LONGEST)], 1..12);
    scenes.prop_filter("two scenes alike", |scenes| {
        let mut short: Vec<_> = scenes.iter().filter(|ms| **ms < LONGEST).collect();
        short.sort();
        short.windows(2).all(|pair| pair[1] - pair[0] > 10)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn an_encoder_left_on_auto_is_taken_and_its_segments_keep_the_promise(scenes in scenes()) {
        let (mut run, mut encoder) = (Run::new(), Encoder { fps: 30, gop: 250, now_ms: 0, sent: 0 });
        run.push(Encoder::coding(0));
        for ms in scenes {
            run.push(encoder.run(ms));
        }
        run.end();
        check(&run);
    }
}

#[test]
fn short_scenes_at_the_start_do_not_shorten_the_promise() {
    let (mut run, mut encoder) = (Run::new(), Encoder { fps: 30, gop: 250, now_ms: 0, sent: 0 });
    run.push(Encoder::coding(0));
    for ms in [2700, 30_000] {
        run.push(encoder.run(ms));
    }
    run.end();
    check(&run);
    assert_eq!(run.packager.target_s(), Some(10));
    let lengths: Vec<_> = run.segments(Track::Video).map(|closed| (closed.info.seconds() * 10.0).round() / 10.0).collect();
    assert_eq!(lengths, [2.7, 8.3, 8.3, 8.3, 5.0]);
}
