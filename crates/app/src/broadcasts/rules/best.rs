//! The best quality of a recording: the first that a showing gives up when the machine is short of itself (G9).

/// The master playlist without its best picture, and the folder of that; none when there is only one picture to show.
pub fn without_best(master: &str) -> Option<(String, &str)> {
    let lines: Vec<&str> = master.lines().collect();
    let pictures = lines.windows(2).enumerate().filter_map(|(at, pair)| {
        let facts = pair[0].strip_prefix("#EXT-X-STREAM-INF:").filter(|facts| facts.contains("RESOLUTION="))?;
        let rate: u64 = facts.split(',').find_map(|fact| fact.strip_prefix("BANDWIDTH="))?.parse().ok()?;
        Some((rate, at, pair[1].strip_suffix("/index.m3u8")?))
    });
    let pictures: Vec<_> = pictures.collect();
    let (_, at, folder) = pictures.iter().max().filter(|_| pictures.len() > 1)?;
    let left = lines.iter().enumerate().filter(|(n, _)| n != at && *n != at + 1);
    Some((left.flat_map(|(_, line)| [line, "\n"]).collect(), folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn master(rungs: &[(u32, u64)]) -> String {
        let rung = |(height, rate): &(u32, u64)| {
            format!(
                "#EXT-X-STREAM-INF:BANDWIDTH={rate},AVERAGE-BANDWIDTH=1,CODECS=\"avc1,mp4a\",RESOLUTION=1x{height},AUDIO=\"sound\"\nv{height}/index.m3u8\n"
            )
        };
        let pictures: String = rungs.iter().map(rung).collect();
        let head = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",URI=\"a/index.m3u8\"\n";
        format!("{head}{pictures}#EXT-X-STREAM-INF:BANDWIDTH=9999999,CODECS=\"mp4a\",AUDIO=\"sound\"\na/index.m3u8\n")
    }

    #[test]
    fn the_best_picture_goes_and_nothing_else() {
        let all = master(&[(1080, 5_000), (720, 2_800), (360, 800)]);
        assert_eq!(without_best(&all), Some((master(&[(720, 2_800), (360, 800)]), "v1080")));
        let turned = master(&[(360, 800), (1080, 5_000)]);
        assert_eq!(without_best(&turned), Some((master(&[(360, 800)]), "v1080")));
        assert_eq!(without_best(&master(&[(360, 800)])), None, "the picture stays");
        assert_eq!(without_best(&master(&[])), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(#EXT-X-STREAM-INF:BANDWIDTH=[0-9]{0,30},RESOLUTION=1|v[0-9]/index.m3u8|\\PC{0,20}|\n){0,30}") {
            if let Some((left, folder)) = without_best(&text) {
                prop_assert!(left.len() < text.len() + 1 && !folder.contains('\n'));
            }
        }
    }
}
