//! `/api/v1/statistics/bands`: children in bands instead of a league table.

use crate::organisations::OrganisationId;
use crate::problem::Problem;
use crate::state::App;
use crate::statistics::actions;
use crate::statistics::bands::{Banded, Member, Own, indicator, load};
use crate::statistics::choice::{Asked, iso};
use crate::statistics::rules::bands::{Bands, Standing};
use crate::statistics::views::bands::number;
use crate::web::SignedIn;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An organisation in a band.
#[derive(Debug, Serialize, ToSchema)]
pub struct BandMember {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    name: String,
}

/// One band.
#[derive(Debug, Serialize, ToSchema)]
pub struct BandBody {
    /// Counted from the highest.
    number: usize,
    /// Where it begins; null for the lowest.
    from: Option<f64>,
    /// Where the next one begins; null for the highest.
    below: Option<f64>,
    /// In the order of the tree.
    members: Vec<BandMember>,
}

/// An organisation that stands in no band.
#[derive(Debug, Serialize, ToSchema)]
pub struct BandlessBody {
    #[serde(flatten)]
    who: BandMember,
    /// `small`: fewer than five organisations; `bare`: no members are recorded.
    why: &'static str,
}

/// The band of the organisation itself among its peers.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnBand {
    /// Below whom they stand.
    #[schema(value_type = String)]
    above: OrganisationId,
    /// Counted from the highest; null when it stands in none.
    number: Option<usize>,
    /// How many there are.
    bands: usize,
    /// From the lowest up.
    limits: Vec<f64>,
    /// Why it stands in none: `small` or `bare`.
    why: Option<&'static str>,
}

/// Bands of the children of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct BandsBody {
    #[schema(value_type = String)]
    organisation: OrganisationId,
    name: String,
    from: String,
    to: String,
    metric: &'static str,
    /// What it is compared with: `percent`, `organisation` or `thousand-members`.
    per: &'static str,
    /// Null at the root.
    own: Option<OwnBand>,
    /// The highest first; empty for who sees nothing below.
    bands: Vec<BandBody>,
    not_banded: Vec<BandlessBody>,
    /// The organisation chose its limits; false: they are even.
    chosen: bool,
}

/// Limits of bands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BandLimits)]
pub struct Limits {
    /// One to six, growing, each above zero, in the unit of `per`, to two digits behind the point.
    limits: Vec<f64>,
}

fn number_of(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

fn member(member: &Member) -> BandMember {
    BandMember { organisation: member.organisation, name: member.name.clone() }
}

const fn why(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::Rated(_) => None,
        Standing::Small => Some("small"),
        Standing::Bare => Some("bare"),
    }
}

impl From<Own> for OwnBand {
    fn from(own: Own) -> Self {
        let count = own.bands.count();
        Self {
            above: own.parent,
            number: own.standing.rate().map(|rate| number(own.bands.of(rate), count)),
            bands: count,
            limits: own.bands.limits().iter().map(|limit| number_of(*limit)).collect(),
            why: why(own.standing),
        }
    }
}

impl From<Banded> for BandsBody {
    fn from(found: Banded) -> Self {
        let band = |(at, members): (usize, &Vec<Member>)| {
            let (from, below) = found.bands.edges(at);
            let members = members.iter().map(member).collect();
            BandBody { number: number(at, found.bands.count()), from: from.map(number_of), below: below.map(number_of), members }
        };
        let bands: Vec<_> = found.members.iter().enumerate().rev().map(band).filter(|_| found.below).collect();
        let bandless = |(who, standing): &(Member, Standing)| BandlessBody { who: member(who), why: why(*standing).unwrap_or_default() };
        Self {
            organisation: found.choice.organisation,
            name: found.name,
            from: iso(found.choice.period.first),
            to: iso(found.choice.period.last),
            metric: found.choice.metric.code(),
            per: found.choice.metric.per().code(),
            bands,
            not_banded: found.others.iter().map(bandless).collect(),
            chosen: found.chosen.is_some(),
            own: found.own.map(OwnBand::from),
        }
    }
}

/// `GET /api/v1/statistics/bands`: the children in bands by `metric`, and the band of the organisation itself among its peers.
#[utoipa::path(get, path = "/api/v1/statistics/bands", tag = "statistics", operation_id = "statistics_bands", params(Asked), responses((status = 200, body = BandsBody), (status = 403), (status = 404)))]
pub async fn get(State(app): State<App>, me: SignedIn, Query(asked): Query<Asked>) -> Result<Json<BandsBody>, Problem> {
    Ok(Json(load(&app, &me, &asked).await?.into()))
}

/// `PUT /api/v1/statistics/bands/{organisation}/{metric}`: sets the limits of the bands in which its children are shown.
#[utoipa::path(put, path = "/api/v1/statistics/bands/{organisation}/{metric}", tag = "statistics", operation_id = "set_statistics_bands", params(("organisation" = String, Path), ("metric" = String, Path)), request_body = Limits, responses((status = 204), (status = 403), (status = 404), (status = 422)))]
pub async fn put(
    State(app): State<App>,
    me: SignedIn,
    Path((organisation, metric)): Path<(OrganisationId, String)>,
    Json(body): Json<Limits>,
) -> Result<StatusCode, Problem> {
    actions::bands::allowed(&app, &me, organisation)?;
    let limits = body.limits.iter().map(|limit| (limit * 100.0).round() as i64).collect();
    let bands = Bands::chosen(limits).map_err(|fault| Problem::invalid(vec![fault]))?;
    actions::bands::set(&app, &me, organisation, indicator(&metric)?, &bands).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /api/v1/statistics/bands/{organisation}/{metric}`: even bands again.
#[utoipa::path(delete, path = "/api/v1/statistics/bands/{organisation}/{metric}", tag = "statistics", operation_id = "reset_statistics_bands", params(("organisation" = String, Path), ("metric" = String, Path)), responses((status = 204), (status = 403), (status = 404)))]
pub async fn remove(
    State(app): State<App>,
    me: SignedIn,
    Path((organisation, metric)): Path<(OrganisationId, String)>,
) -> Result<StatusCode, Problem> {
    actions::bands::reset(&app, &me, organisation, indicator(&metric)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
