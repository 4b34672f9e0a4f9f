//! The description of the API is whole and true (H6).

use crate::support::TestApp;
use app::openapi::document;
use serde_json::Value;
use std::collections::BTreeSet;

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

/// `(method, path)` of every line of the route table that stands under `/api/v1`.
fn served() -> BTreeSet<(String, String)> {
    let table = include_str!("../../src/routes.rs");
    let body = |function: &str| table.split(function).nth(1).and_then(|rest| rest.split("\n}").next()).expect("the table has it");
    let lines = [body("\nfn api()"), body("\nfn uploads()")];
    lines.iter().flat_map(|text| text.split(".route(").skip(1)).flat_map(methods_of).collect()
}

fn methods_of(route: &str) -> Vec<(String, String)> {
    let path = format!("/api/v1{}", route.split('"').nth(1).expect("a route has a path"));
    let handlers = route.split_once(',').expect("a route has handlers").1;
    let starts = |at: usize| handlers[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':');
    let named = |method: &str| handlers.match_indices(&format!("{method}(")).any(|(at, _)| starts(at));
    let mut methods: Vec<_> = METHODS.into_iter().filter(|method| named(method)).collect();
    if handlers.contains("::at_upload()") {
        // What tus does to one upload is put together beside its handlers.
        methods.extend(["head", "patch", "delete"]);
    }
    assert!(!methods.is_empty(), "no method found in the route {route}");
    methods.into_iter().map(|method| (method.to_owned(), path.clone())).collect()
}

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let of_path = |(path, item): (&String, &'_ Value)| (path.clone(), item.as_object().unwrap().keys().cloned().collect::<Vec<_>>());
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().map(of_path).flat_map(|(path, methods)| methods.into_iter().map(move |method| (method, path.clone())));
    all.map(|(method, path)| (method.clone(), path.clone(), &document["paths"][&path][&method])).collect()
}

#[test]
fn h6_every_route_of_the_api_is_described_and_nothing_else() {
    let document = document().unwrap();
    let described: BTreeSet<_> = operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let served = served();
    assert!(served.len() > 20, "the table was read: {served:?}");
    let silent: Vec<_> = served.difference(&described).collect();
    let gone: Vec<_> = described.difference(&served).collect();
    assert!(silent.is_empty() && gone.is_empty(), "served but not described: {silent:?}; described but not served: {gone:?}");
}

#[test]
fn h6_operations_have_names_summaries_groups_and_every_reference_leads_somewhere() {
    let document = document().unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let tags: BTreeSet<_> = document["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let mut names = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{method} {path}: its name is taken");
        assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{method} {path}: no summary");
        assert!(tags.contains(operation["tags"][0].as_str().unwrap_or_default()), "{method} {path}: its group is not described");
        let placeholders = path.matches('{').count();
        let parameters = operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "path").count();
        assert_eq!(placeholders, parameters, "{method} {path}: parameters of the path");
    }
    for reference in references(&document) {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Two bodies with one name would be described as one of them.
#[test]
fn h6_no_two_bodies_share_a_name() {
    let mut seen = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for described in text.split("ToSchema").skip(1) {
                let Some(line) = described.lines().skip(1).find(|line| !line.trim_start().starts_with('#')) else { continue };
                let Some(name) = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum ")) else { continue };
                let renamed =
                    described.split("#[schema(as = ").nth(1).filter(|_| described.find("#[schema(as = ") < described.find("\npub "));
                let name: String = renamed.unwrap_or(name).chars().take_while(|c| c.is_alphanumeric()).collect();
                assert!(seen.insert(name.clone()), "{}: there is another {name}", path.display());
            }
        }
    }
    assert!(seen.contains("LessonBody"), "{seen:?}");
}

#[tokio::test]
async fn h6_the_description_is_served_and_readable_without_script_in_both_languages() {
    let app = TestApp::sqlite().await;
    let served = app.anonymous().get("/api/v1/openapi.json").await.expect(200).json();
    assert_eq!(served, document().unwrap());
    for (language, words) in [("en", "Programming interface"), ("zh-CN", "编程接口")] {
        let page = app.anonymous().browser().with("cookie", &format!("language={language}")).get("/api/docs").await.expect(200).text();
        assert!(page.contains(words), "{language}");
        for (_, path, operation) in operations(&served) {
            assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
            assert!(page.contains(&format!("id=\"{}\"", operation["operationId"].as_str().unwrap())), "{path}");
        }
        assert!(page.contains("curl -X POST"), "every operation has an example");
        assert!(!page.contains("[api-docs"), "a text is missing");
    }
}
