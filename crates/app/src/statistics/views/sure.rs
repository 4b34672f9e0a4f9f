//! How sure a figure is: views and watch time of crowds are counted from samples.

use crate::deltas::Metric;
use crate::i18n::Texts;
use crate::statistics::indicator::Indicator;
use crate::statistics::overview::Overview;
use crate::watching::estimated;

/// What stands beside the figure; nothing where everybody was counted.
pub(super) fn words(overview: &Overview, indicator: Indicator, texts: &Texts) -> String {
    let of = |metric| overview.total.total(metric);
    match indicator {
        Indicator::Of(Metric::Views) => estimated(texts, overview.spread.views(of(Metric::Views))),
        Indicator::Of(Metric::WatchSeconds) => estimated(texts, overview.spread.watch_s(of(Metric::WatchSeconds))),
        _ => String::new(),
    }
}
