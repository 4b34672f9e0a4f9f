use super::*;
use crate::campaigns::{Campaign, CampaignState, MaterialRules};
use crate::recordings::Variant;
use kernel::{Id, Timestamp};

const AT: Timestamp = Timestamp(1_000);

fn call() -> Call {
    let campaign = Campaign {
        id: Id::from_u128(1),
        organisation: Id::from_u128(2),
        code: "c".into(),
        title: "c".into(),
        theme: String::new(),
        state: CampaignState::Open,
        opens_at: AT,
        closes_at: AT,
        zone: "UTC".into(),
        approvals: 3,
        cloned_from: None,
        created_by: Id::from_u128(3),
        created_at: AT,
        version: 1,
    };
    let consent = |code: &str, revision, required| Consent {
        id: Id::from_u128(4),
        code: code.into(),
        revision,
        title: code.into(),
        body: String::new(),
        required,
    };
    let consents = vec![consent("originality", 2, true), consent("training", 1, false)];
    Call { campaign, categories: vec![], stages: vec![], quota_rules: vec![], consents, narrowed: vec![] }
}

fn slot(slot: &str, required: bool) -> SlotRule {
    let kinds = if slot == "video" { vec!["mp4".into()] } else { vec!["pdf".into()] };
    SlotRule { slot: slot.into(), required, most: 1, kinds, ..SlotRule::default() }
}

fn category(slots: Vec<SlotRule>) -> Category {
    let rules = MaterialRules { slots };
    Category { id: Id::from_u128(5), campaign: Id::from_u128(1), code: "a".into(), name: "a".into(), position: 1, rules }
}

fn lesson() -> Lesson {
    Lesson {
        id: Id::from_u128(6),
        organisation: Id::from_u128(7),
        title: "t".into(),
        lecturer: "l".into(),
        lecturer_id: None,
        lecturer_kind: "member".into(),
        topic: "law".into(),
        form: "lecture".into(),
        held_on: String::new(),
        audience: None,
        abstract_: "a".into(),
        script: "一二三四五".into(),
        chapters: vec![],
        created_by: Id::from_u128(8),
        created_at: AT,
        version: 1,
    }
}

fn file(slot: &str, filename: &str, state: MaterialState) -> Material {
    Material {
        id: Id::from_u128(9),
        lesson: Id::from_u128(6),
        slot: slot.into(),
        variant: Variant::Field,
        filename: filename.into(),
        bytes: 1_000,
        sha256: (state == MaterialState::Ready).then(|| "ab".into()),
        sent_sha256: None,
        state,
        source: None,
        photo: None,
        problems: vec![],
        created_by: Id::from_u128(8),
        created_at: AT,
        replaced_at: None,
    }
}

fn agreed(revision: i64) -> Vec<ConsentGiven> {
    vec![ConsentGiven { code: "originality".into(), revision, at: AT }]
}

fn faults(slots: Vec<SlotRule>, lesson: &Lesson, files: &[Material], given: &[ConsentGiven]) -> Vec<(String, &'static str)> {
    let list = checklist(&call(), &category(slots), lesson, files, given);
    assert_eq!(list.is_complete(), list.faults().is_empty(), "{list:?}");
    list.faults().into_iter().map(|f| (f.field, f.rule)).collect()
}

#[test]
fn complete_is_complete_and_counts_what_is_required() {
    let files = [file("video", "a.mp4", MaterialState::Ready)];
    let list = checklist(&call(), &category(vec![slot("video", true), slot("slides", false)]), &lesson(), &files, &agreed(2));
    assert!(list.is_complete());
    assert_eq!((list.done, list.total), (8, 8), "six fields, the video, one consent");
}

/// What is asked for, what there is, and the field and rule that are told.
type Missing = (Vec<SlotRule>, Lesson, Vec<Material>, Vec<ConsentGiven>, &'static str, &'static str);

#[test]
fn each_missing_thing_is_named() {
    let video = || vec![slot("video", true)];
    let ready = || vec![file("video", "a.mp4", MaterialState::Ready)];
    let table: Vec<Missing> = vec![
        (video(), Lesson { title: " ".into(), ..lesson() }, ready(), agreed(2), "title", "required"),
        (video(), Lesson { topic: String::new(), ..lesson() }, ready(), agreed(2), "topic", "required"),
        (video(), Lesson { abstract_: String::new(), ..lesson() }, ready(), agreed(2), "abstract", "required"),
        (video(), lesson(), vec![], agreed(2), "video", "file-missing"),
        (video(), lesson(), vec![file("video", "a.mp4", MaterialState::Checking)], agreed(2), "video", "still-checking"),
        (video(), lesson(), vec![file("video", "a.mp4", MaterialState::Refused)], agreed(2), "video", "file-refused"),
        (video(), lesson(), vec![file("video", "a.mkv", MaterialState::Ready)], agreed(2), "video", "file-kind"),
        (video(), lesson(), [ready(), ready()].concat(), agreed(2), "video", "too-many-files"),
        (video(), lesson(), vec![Material { sha256: None, ..ready().remove(0) }], agreed(2), "video", "still-checking"),
        (video(), lesson(), vec![Material { replaced_at: Some(AT), ..ready().remove(0) }], agreed(2), "video", "file-missing"),
        (video(), lesson(), ready(), vec![], "originality", "consent-missing"),
        (video(), lesson(), ready(), agreed(1), "originality", "consent-missing"),
        (vec![slot("slides", false)], lesson(), vec![file("slides", "s.exe", MaterialState::Ready)], agreed(2), "slides", "file-kind"),
    ];
    for (slots, lesson, files, given, field, rule) in table {
        assert_eq!(faults(slots, &lesson, &files, &given), vec![(field.to_owned(), rule)]);
    }
}

#[test]
fn each_version_of_a_recording_has_its_own_files() {
    let polished = Material { variant: Variant::Polished, ..file("video", "b.mp4", MaterialState::Ready) };
    let files = [file("video", "a.mp4", MaterialState::Ready), polished];
    assert_eq!(faults(vec![slot("video", true)], &lesson(), &files, &agreed(2)), vec![]);
}

#[test]
fn a_bounded_script_is_the_lessons_text_and_counts_characters() {
    let script = |min, max| vec![SlotRule { min_chars: Some(min), max_chars: Some(max), ..slot("script", true) }];
    let none = Lesson { script: String::new(), ..lesson() };
    assert_eq!(faults(script(5, 5), &lesson(), &[], &agreed(2)), vec![]);
    assert_eq!(faults(script(6, 9), &lesson(), &[], &agreed(2)), vec![("script".into(), "script-too-short")]);
    assert_eq!(faults(script(1, 4), &lesson(), &[], &agreed(2)), vec![("script".into(), "script-too-long")]);
    assert_eq!(faults(script(1, 4), &none, &[], &agreed(2)), vec![("script".into(), "script-too-short")]);
    let optional = vec![SlotRule { required: false, ..script(9, 10).remove(0) }];
    assert_eq!(faults(optional, &none, &[], &agreed(2)), vec![]);
}

/// The burden meter counts what the checklist demands.
#[test]
fn b7_the_fields_that_are_required_are_those_that_are_counted() {
    let counted = crate::campaigns::rules::burden::LESSON.map(|(field, _)| field);
    assert_eq!(counted, FIELDS[..REQUIRED_FIELDS]);
}
