//! Campaigns over HTTP and in both databases (B1, B3, B4).

use crate::support::both;
use crate::support::tree::org;
use app::campaigns::{CampaignState, Campaigns, ConsentId, Extension, ExtensionId, SUBMIT_DEPTH, StageKind};
use kernel::{Clock, Id};

#[tokio::test]
async fn b1_a_call_reads_back_as_it_was_stored() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().consent("portrait").create().await;
        assert_eq!(call.stages[0].depth, SUBMIT_DEPTH);
        assert_eq!(call.stages.len(), 6);
        assert_eq!(call.categories[0].rules.slots[0].slot, "video");
        assert_eq!(call.quota(call.categories[0].id, 3).map(|q| q.amount), Some(2));
        let mut tx = app.db.begin().await.unwrap();
        let again = Campaigns(&mut tx).run_by(&[org("city-a"), org("province")], Some(CampaignState::Open)).await.unwrap();
        assert_eq!(again, vec![call.campaign.clone()]);
        assert!(Campaigns(&mut tx).run_by(&[org("province")], Some(CampaignState::Draft)).await.unwrap().is_empty());
        assert!(Campaigns(&mut tx).run_by(&[], None).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn b1_only_the_newest_revision_of_a_consent_is_asked_for_and_the_old_text_stays() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().consent("portrait").consent("original").create().await;
        let mut tx = app.db.begin().await.unwrap();
        let (original, portrait) = (call.consents[0].clone(), call.consents[1].clone());
        let newer =
            app::campaigns::Consent { id: ConsentId::new(app.clock.as_ref()), revision: 2, body: "Other words.".into(), ..portrait };
        Campaigns(&mut tx).insert_consent(call.campaign.id, &newer).await.unwrap();
        Campaigns(&mut tx).retire_consent(original.id).await.unwrap();
        let now = Campaigns(&mut tx).call(call.campaign.id).await.unwrap().unwrap();
        assert_eq!(now.consents, vec![newer]);
        assert_eq!(Campaigns(&mut tx).consent_revisions(call.campaign.id).await.unwrap().len(), 3);
    })
    .await;
}

#[tokio::test]
async fn b1_an_extension_is_of_one_organisation() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().create().await;
        let mut tx = app.db.begin().await.unwrap();
        let extension = Extension {
            id: ExtensionId::new(app.clock.as_ref()),
            campaign: call.campaign.id,
            organisation: org("township-a"),
            kind: StageKind::Submit,
            until_at: app.clock.now().plus_days(30),
            reason: "flood".into(),
            granted_by: Id::from_u128(1),
            created_at: app.clock.now(),
        };
        Campaigns(&mut tx).insert_extension(&extension).await.unwrap();
        assert_eq!(Campaigns(&mut tx).extensions(call.campaign.id, org("township-a")).await.unwrap(), vec![extension]);
        assert!(Campaigns(&mut tx).extensions(call.campaign.id, org("township-b")).await.unwrap().is_empty());
    })
    .await;
}
