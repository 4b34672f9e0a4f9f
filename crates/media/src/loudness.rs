//! How loud a recording is, as ffmpeg's `loudnorm` filter measured it.

use serde::{Deserialize, Serialize};

/// EBU R 128 figures of a recording, as ffmpeg measured them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Loudness {
    /// Integrated loudness in LUFS.
    pub integrated: f64,
    /// True peak in dBTP.
    pub true_peak: f64,
    /// Loudness range in LU.
    pub range: f64,
    /// Gate in LUFS.
    pub threshold: f64,
    /// Gain that remains to be applied, in LU.
    pub offset: f64,
}

impl Loudness {
    /// Nothing to be heard, so nothing to be levelled.
    pub fn is_silent(&self) -> bool {
        self.integrated < -70.0 || !self.threshold.is_finite() || !self.offset.is_finite()
    }

    /// Within 2 LU of -16 LUFS and not clipping: re-encoding would gain nothing.
    pub fn is_good(&self) -> bool {
        self.is_silent() || ((self.integrated + 16.0).abs() <= 2.0 && self.true_peak <= 0.0)
    }

    /// From the JSON at the end of ffmpeg's standard error, where every number is a text.
    pub(crate) fn parse(complaint: &str) -> Option<Self> {
        let json = complaint.get(complaint.rfind('{')?..=complaint.rfind('}')?)?;
        let texts: std::collections::HashMap<String, String> = serde_json::from_str(json).ok()?;
        let number = |name: &str| texts.get(name)?.parse().ok();
        Some(Self {
            integrated: number("input_i")?,
            true_peak: number("input_tp")?,
            range: number("input_lra")?,
            threshold: number("input_thresh")?,
            offset: number("target_offset")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(integrated: &str, true_peak: &str) -> Loudness {
        let text = format!(
            "[Parsed_loudnorm_0 @ 0x1] \n{{\n\"input_i\" : \"{integrated}\", \"input_tp\" : \"{true_peak}\", \"input_lra\" : \"0.10\",\n\
             \"input_thresh\" : \"-31.78\", \"target_offset\" : \"-0.01\"\n}}\n"
        );
        Loudness::parse(&text).expect("figures")
    }

    #[test]
    fn good_loud_soft_silent() {
        assert!(measured("-17.9", "-1.0").is_good());
        assert!(!measured("-18.1", "-1.0").is_good());
        assert!(!measured("-16.0", "0.5").is_good(), "it clips");
        assert!(measured("-inf", "-inf").is_silent());
    }

    #[test]
    fn no_figures() {
        for text in ["", "}{", "{}", "{\"input_i\": \"x\"}"] {
            assert_eq!(Loudness::parse(text), None, "{text}");
        }
    }
}
