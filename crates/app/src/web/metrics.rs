//! Figures for Prometheus.

use crate::state::App;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

/// The figures of one node.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    /// Requests being answered now.
    pub in_flight: IntGauge,
    /// Lower qualities of broadcasts that are being made, by their height.
    pub rungs: IntGaugeVec,
    /// How many lower qualities each broadcast may have now.
    pub rungs_allowed: IntGauge,
    /// How often lower qualities went away by a fault, by its code.
    pub rungs_lost: IntCounterVec,
    /// The longest that something waited in the server after its time had come, in the last second.
    pub late_ms: IntGauge,
    /// How much is given up under load: 0 nothing, 1 chat slows, 2 source only, 3 static page.
    pub stage: IntGauge,
    /// How often each stage of load was entered, by its code.
    pub stage_changes: IntCounterVec,
    /// Figures that the last nightly comparison found to differ from a recount: an alarm when above zero.
    pub statistics_differences: IntGauge,
    /// Mails that wait to be sent.
    pub notices_waiting: IntGauge,
    /// Mails that were given up.
    pub notices_parked: IntGauge,
    /// What became of mails whose turn came, by code: `sent`, `put-off`, `parked`, `dropped`.
    pub notices: IntCounterVec,
}

impl Metrics {
    /// Registers the figures.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(Opts::new("kaijiang_requests_total", "Requests answered"), &["method", "route", "status"])?;
        let seconds =
            HistogramVec::new(HistogramOpts::new("kaijiang_request_seconds", "Seconds until the head of the answer"), &["route"])?;
        let in_flight = IntGauge::new("kaijiang_requests_in_flight", "Requests being answered")?;
        let statistics_differences = IntGauge::new("kaijiang_statistics_differences", "Figures that differ from a recount")?;
        let rungs = IntGaugeVec::new(Opts::new("kaijiang_live_rungs", "Lower qualities of broadcasts being made"), &["height"])?;
        let rungs_allowed = IntGauge::new("kaijiang_live_rungs_allowed", "Lower qualities that each broadcast may have now")?;
        let lost = Opts::new("kaijiang_live_rungs_lost_total", "Lower qualities that went away by a fault");
        let rungs_lost = IntCounterVec::new(lost, &["why"])?;
        let late_ms = IntGauge::new("kaijiang_late_ms", "Longest wait after its time in the last second")?;
        let stage = IntGauge::new("kaijiang_load_stage", "Given up under load: 0 nothing, 1 chat slows, 2 source only, 3 static page")?;
        let stage_changes = IntCounterVec::new(Opts::new("kaijiang_load_stage_entered_total", "Stages of load entered"), &["stage"])?;
        let notices_waiting = IntGauge::new("kaijiang_notices_waiting", "Mails that wait to be sent")?;
        let notices_parked = IntGauge::new("kaijiang_notices_parked", "Mails that were given up")?;
        let notices = IntCounterVec::new(Opts::new("kaijiang_notices_total", "What became of mails whose turn came"), &["outcome"])?;
        registry.register(Box::new(notices_waiting.clone()))?;
        registry.register(Box::new(notices_parked.clone()))?;
        registry.register(Box::new(notices.clone()))?;
        registry.register(Box::new(stage.clone()))?;
        registry.register(Box::new(stage_changes.clone()))?;
        registry.register(Box::new(rungs.clone()))?;
        registry.register(Box::new(rungs_allowed.clone()))?;
        registry.register(Box::new(rungs_lost.clone()))?;
        registry.register(Box::new(late_ms.clone()))?;
        registry.register(Box::new(statistics_differences.clone()))?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        registry.register(Box::new(in_flight.clone()))?;
        Ok(Self {
            registry,
            requests,
            seconds,
            in_flight,
            rungs,
            rungs_allowed,
            rungs_lost,
            late_ms,
            stage,
            stage_changes,
            statistics_differences,
            notices_waiting,
            notices_parked,
            notices,
        })
    }

    /// The text exposition format.
    pub fn render(&self) -> Result<Vec<u8>, prometheus::Error> {
        let mut out = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut out)?;
        Ok(out)
    }
}

/// The layer: counts and times every request by its route, never by its path (ids would make endless series).
pub async fn measure(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |p| p.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let began = app.clock.now();
    app.metrics.in_flight.inc();
    let response = next.run(request).await;
    app.metrics.in_flight.dec();
    app.metrics.seconds.with_label_values(&[&route]).observe((app.clock.now() - began) as f64 / 1000.0);
    app.metrics.requests.with_label_values(&[method.as_str(), &route, response.status().as_str()]).inc();
    response
}
