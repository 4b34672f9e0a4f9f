//! Every state is reached by the acts of people, and each act leaves what it should.

use crate::support::submission::{actor, colleague, ruling};
use crate::support::{TestApp, both};
use app::recordings::Variant;
use app::submissions::rules::{Decision, Move, Ruling};
use app::submissions::{Remark, State, SubmissionId, Submissions, Verdict, actions, dossier};
use kernel::{Actor, Clock, Id, Role};

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

async fn options(app: &TestApp, who: &Actor, id: SubmissionId) -> Vec<Move> {
    dossier(&app.app, who, id).await.unwrap_or_else(|p| panic!("{}", p.code)).options
}

#[tokio::test]
async fn a_return_names_fields_and_moments_and_the_resubmission_shows_what_changed() {
    both(async |app| {
        let app = app.with_tree().await;
        let made = app.a_submission().held_by("county-a").at(State::InReview).create().await;
        let due = app.clock.now().plus_days(7);
        let remarks = vec![
            Remark { field: Some("title".into()), at_ms: None, text: "say what it is about".into() },
            Remark { field: None, at_ms: Some(61_000), text: "the sound breaks off".into() },
        ];
        app.give(made.id, &Ruling { remarks: remarks.clone(), due_at: Some(due), ..ruling(Decision::Return) }).await;
        let back = app.submission(made.id).await;
        assert_eq!((back.state, back.due_at, back.holder), (State::Returned, Some(due), made.holder));

        let clerk = actor(Role::Clerk, "branch-a");
        assert_eq!(options(&app, &clerk, made.id).await, vec![Move::Resubmit, Move::Withdraw]);
        let fields = app::lessons::LessonFields { title: Some("Open books in Li village".into()), ..Default::default() };
        let lesson = dossier(&app.app, &clerk, made.id).await.unwrap().lesson;
        app::lessons::actions::save(&app.app, &clerk, made.lesson, lesson.version, fields).await.unwrap();
        app.hand_in(made.id).await;

        let again = app.submission(made.id).await;
        assert_eq!((again.state, again.holder, again.revision), (State::InReview, made.holder, 2), "it goes back to who returned it");
        let shown = dossier(&app.app, &actor(Role::Reviewer, "county-a"), made.id).await.unwrap();
        let difference = shown.difference().unwrap();
        assert_eq!((difference.from, difference.to), (1, 2));
        assert_eq!(difference.fields.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["title"]);
        let verdicts: Vec<_> = shown.case.hops.iter().map(|h| (h.seq, h.revision, h.verdict)).collect();
        assert_eq!(verdicts, [(1, 1, Some(Verdict::Recommended)), (2, 1, Some(Verdict::Returned)), (3, 2, None)], "each names what it saw");
        assert_eq!(shown.case.hops[1].remarks, remarks);
    })
    .await;
}

#[tokio::test]
async fn a_pull_back_leads_to_its_sender_until_it_is_opened() {
    both(async |app| {
        let app = app.with_tree().await;
        let made = app.a_submission().at(State::InReview).create().await;
        let clerk = actor(Role::Clerk, "branch-a");
        actions::pull_back(&app.app, &clerk, made.id, made.version).await.unwrap();
        let draft = app.submission(made.id).await;
        assert_eq!((draft.state, draft.holder), (State::Draft, draft.organisation));
        app.hand_in(made.id).await;
        app.give(made.id, &ruling(Decision::Recommend)).await;
        let up = app.submission(made.id).await;
        assert!(!options(&app, &clerk, made.id).await.contains(&Move::PullBack), "the township sent it, not the branch");
        let township = actor(Role::Reviewer, "township-a");
        actions::pull_back(&app.app, &township, made.id, up.version).await.unwrap();
        let back = app.submission(made.id).await;
        assert_eq!((back.state, back.holder), (State::InReview, made.holder));
        assert!(!options(&app, &clerk, made.id).await.contains(&Move::PullBack), "the township has opened it before");
        app.give(made.id, &ruling(Decision::Recommend)).await;
        let up = app.submission(made.id).await;
        assert!(actions::open(&app.app, &actor(Role::Reviewer, "county-a"), made.id).await.unwrap());
        let refused = actions::pull_back(&app.app, &township, made.id, up.version).await.unwrap_err();
        assert_eq!(refused.code, "already-opened");
    })
    .await;
}

#[tokio::test]
async fn clearance_needs_several_people_none_of_them_the_author() {
    both(async |app| {
        let app = app.with_tree().await;
        let author = colleague(Role::Editor, "province", 0);
        let lesson = app.a_lesson(crate::support::tree::org("branch-a")).by(author.account).with_video().create().await;
        let made = app.a_submission().of(lesson).at(State::Selected).create().await;
        let own = actions::approve(&app.app, &author, made.id, made.version, "").await.unwrap_err();
        assert_eq!((own.code, own.status.as_u16(), own.against_rights), ("own-work", 403, true));
        assert_eq!(app.approve(made.id, 1).await, State::Selected);
        let now = app.submission(made.id).await;
        let twice = actions::approve(&app.app, &colleague(Role::Editor, "province", 1), made.id, now.version, "").await.unwrap_err();
        assert_eq!(twice.code, "already-approved");
        assert_eq!(app.approve(made.id, 2).await, State::Selected);
        assert_eq!(app.approve(made.id, 3).await, State::Published);

        let now = app.submission(made.id).await;
        let editor = colleague(Role::Editor, "province", 1);
        actions::unpublish(&app.app, &editor, made.id, now.version, "the music is not ours").await.unwrap();
        assert_eq!(app.submission(made.id).await.state, State::Selected);
        assert_eq!(app.approve(made.id, 1).await, State::Selected, "all approvals are needed anew");
    })
    .await;
}

#[tokio::test]
async fn the_best_version_is_published_and_only_when_it_plays() {
    both(async |app| {
        let app = app.with_tree().await;
        let branch = crate::support::tree::org("branch-a");
        let lesson = app.a_lesson(branch).with_variant(Variant::Broadcast).with_variant(Variant::Field).create().await;
        let made = app.a_submission().of(lesson).at(State::Published).create().await;
        let mut tx = app.db.read().await.unwrap();
        let public = app::lessons::Lessons(&mut tx).publication(lesson).await.unwrap().unwrap();
        let revision = Submissions(&mut tx).revision(made.id, 1).await.unwrap().unwrap();
        let broadcast = revision.files.iter().find(|f| f.variant == "broadcast").unwrap();
        assert_eq!(public.material, broadcast.material.to_string());
        drop(tx);

        let waiting = app.a_submission().from("branch-b").at(State::Selected).create().await;
        let mut tx = app.db.begin().await.unwrap();
        tx.execute("delete from rendition where material in (select id from material where lesson = $1)", vec![waiting.lesson.into()])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        app.approve(waiting.id, 1).await;
        app.approve(waiting.id, 2).await;
        let now = app.submission(waiting.id).await;
        let refused = actions::approve(&app.app, &colleague(Role::Editor, "province", 3), waiting.id, now.version, "").await.unwrap_err();
        assert_eq!(refused.code, "not-playable-yet");
        assert_eq!(app.submission(waiting.id).await.version, now.version, "nothing changed");
    })
    .await;
}

#[tokio::test]
async fn a_holder_ranks_its_category_and_keeps_a_reserve_list() {
    both(async |app| {
        let app = app.with_tree().await;
        let first = app.a_submission().from("branch-a").at(State::InReview).create().await;
        let second = app.a_submission().from("branch-b").at(State::InReview).create().await;
        let elsewhere = app.a_submission().from("branch-c").at(State::InReview).create().await;
        let township = actor(Role::Reviewer, "township-a");
        let order =
            async |ids: &[SubmissionId]| actions::rank(&app.app, &township, first.holder, first.campaign, first.category, ids).await;
        order(&[second.id, first.id]).await.unwrap();
        let rank = async |id| Submissions(&mut app.db.read().await.unwrap()).hops(id).await.unwrap().last().unwrap().rank;
        assert_eq!((rank(second.id).await, rank(first.id).await), (Some(1), Some(2)));
        order(&[first.id]).await.unwrap();
        assert_eq!((rank(second.id).await, rank(first.id).await), (None, Some(1)), "what is not named has no rank");
        assert_eq!(order(&[first.id, elsewhere.id]).await.unwrap_err().fields[0].rule, "not-on-desk");
        assert_eq!(order(&[first.id, first.id]).await.unwrap_err().fields[0].rule, "twice");
        let sibling = actor(Role::Reviewer, "township-b");
        let foreign = actions::rank(&app.app, &sibling, first.holder, first.campaign, first.category, &[first.id]).await;
        assert_eq!(foreign.unwrap_err().code, "forbidden");

        actions::reserve(&app.app, &township, first.id, first.version, true).await.unwrap();
        let hops = Submissions(&mut app.db.read().await.unwrap()).hops(first.id).await.unwrap();
        assert!(hops.last().unwrap().reserve);
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_previewed_and_then_done_whole_or_not_at_all() {
    both(async |app| {
        let app = app.with_tree().await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            ids.push(app.a_submission().at(State::InReview).create().await.id);
        }
        let township = actor(Role::Reviewer, "township-a");
        let recommend = ruling(Decision::Recommend);
        let preview = actions::preview(&app.app, &township, &ids, &recommend).await.unwrap();
        let refused = preview.items.iter().filter_map(|i| i.problem.as_ref()).map(|p| p.code).collect::<Vec<_>>();
        assert_eq!(refused, ["quota-used-up"], "there are two places for three");
        assert_eq!(app.submission(ids[0]).await.state, State::InReview, "a preview changes nothing");
        let whole = actions::confirm(&app.app, &township, &preview.token, &recommend).await.unwrap_err();
        assert_eq!((whole.code, whole.fields.len(), whole.fields[0].rule), ("batch-refused", 1, "quota-used-up"));
        for id in &ids {
            assert_eq!(app.submission(*id).await.version, 3, "all or nothing");
        }
        let two = actions::preview(&app.app, &township, &ids[..2], &recommend).await.unwrap();
        let forged = actions::confirm(&app.app, &actor(Role::Reviewer, "township-b"), &two.token, &recommend).await.unwrap_err();
        assert_eq!(forged.fields[0].rule, "not-this-batch", "another person's confirmation");
        assert_eq!(actions::confirm(&app.app, &township, &two.token, &recommend).await.unwrap(), ids[..2]);
        let again = actions::confirm(&app.app, &township, &two.token, &recommend).await.unwrap_err();
        assert_eq!(again.fields.iter().map(|f| f.rule).collect::<Vec<_>>(), ["moved-meanwhile", "moved-meanwhile"]);
        let hidden = actions::preview(&app.app, &actor(Role::Reviewer, "township-b"), &ids, &recommend).await.unwrap_err();
        assert!(hidden.against_rights && hidden.code == "not-found");
    })
    .await;
}

#[tokio::test]
async fn a_draft_saves_itself_tells_who_else_edits_and_loses_nothing_to_two_editors() {
    both(async |app| {
        let app = app.with_tree().await;
        let call = app.a_campaign().consent("originality").create().await;
        let made = app.a_submission().to(&call).create().await;
        let person = async |login: &str| {
            let account = app.account(login, Role::Clerk, "branch-a").await;
            Actor { account, ..actor(Role::Clerk, "branch-a") }
        };
        let (ann, bo) = (person("ann").await, person("bob").await);
        let fields = |title: &str| app::lessons::LessonFields { title: Some(title.into()), ..Default::default() };
        let save = async |who: &Actor, seen, lesson, title: &str| {
            let draft = actions::Draft { lesson: Some((lesson, fields(title))), consents: Some(vec![]), category: None };
            actions::autosave(&app.app, who, made.id, seen, draft).await
        };
        assert_eq!(save(&ann, 2, 1, "One").await.unwrap(), 3);
        assert_eq!(save(&bo, 2, 1, "Two").await.unwrap_err().code, "moved-meanwhile");
        assert_eq!(save(&bo, 3, 1, "Two").await.unwrap_err().code, "stale", "the lesson itself changed too");
        assert_eq!(app.submission(made.id).await.version, 3, "a refused save changes nothing");
        assert_eq!(actions::presence(&app.app, &bo, made.id).await.unwrap(), ["ann"]);
        app.clock.advance_ms(61_000);
        assert!(actions::presence(&app.app, &bo, made.id).await.unwrap().is_empty());

        let late = actions::submit(&app.app, &ann, made.id, 3).await.unwrap_err();
        assert_eq!((late.code, late.fields[0].rule), ("incomplete", "consent-missing"));
        let unknown = actions::Draft { consents: Some(vec!["soul".into()]), ..Default::default() };
        assert_eq!(actions::autosave(&app.app, &ann, made.id, 3, unknown).await.unwrap_err().fields[0].field, "consents");
        let agreed = actions::Draft { consents: Some(vec!["originality".into()]), ..Default::default() };
        actions::autosave(&app.app, &ann, made.id, 3, agreed).await.unwrap();
        let given = app.submission(made.id).await.consents;
        assert_eq!((given[0].revision, given[0].at), (1, app.clock.now()), "which text, and when");
        actions::submit(&app.app, &ann, made.id, 4).await.unwrap();
        assert_eq!(save(&ann, 5, 2, "Three").await.unwrap_err().code, "not-editable");
    })
    .await;
}

#[tokio::test]
async fn a_second_submission_of_the_same_lesson_is_refused_and_so_is_another_ones_lesson() {
    both(async |app| {
        let app = app.with_tree().await;
        let made = app.a_submission().create().await;
        let start = async |who: &Actor, lesson| actions::start(&app.app, who, made.campaign, made.category, lesson).await;
        assert_eq!(start(&actor(Role::Clerk, "branch-a"), made.lesson).await.unwrap_err().code, "already-started");
        let sibling = start(&actor(Role::Clerk, "branch-b"), made.lesson).await.unwrap_err();
        assert!(sibling.code == "not-found" && sibling.against_rights);
        assert_eq!(start(&actor(Role::Clerk, "branch-a"), Id::from_u128(7)).await.unwrap_err().code, "not-found");
    })
    .await;
}
