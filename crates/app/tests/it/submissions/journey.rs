//! Every state is reached by the acts of people, and each act leaves what it should.

use crate::support::both;
use app::submissions::State;

#[tokio::test]
async fn every_state_can_be_reached() {
    both(async |app| {
        let app = app.with_tree().await;
        for state in State::ALL {
            let made = app.a_submission().from("branch-a").at(state).create().await;
            assert_eq!(made.state, state);
        }
    })
    .await;
}
