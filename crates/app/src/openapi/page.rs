//! The document as JSON, and as a page that needs no script.

use super::document;
use crate::problem::Problem;
use crate::state::App;
use crate::web::{Page, Visit, html};
use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "head", "options"];

#[derive(Template)]
#[template(path = "openapi/views/docs.html")]
struct Docs {
    p: Page,
    groups: Vec<Group>,
    schemas: Vec<Shape>,
}

/// Operations of one tag.
struct Group {
    tag: String,
    description: String,
    operations: Vec<Operation>,
}

struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    fields: Vec<Field>,
    body: Option<Kind>,
    responses: Vec<(String, String, Option<Kind>)>,
    curl: String,
}

/// A parameter or a property.
struct Field {
    name: String,
    place: String,
    required: bool,
    kind: Kind,
    description: String,
}

/// A type as words, and the schema it leads to.
struct Kind {
    words: String,
    schema: String,
}

/// A schema by its name.
struct Shape {
    name: String,
    description: String,
    fields: Vec<Field>,
    values: Vec<String>,
}

/// This description, as OpenAPI 3.1.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "api", responses((status = 200, description = "The document.", content_type = "application/json")))]
pub async fn json() -> Result<Json<Value>, Problem> {
    document().map(Json).map_err(Problem::internal)
}

/// `GET /api/docs`
pub async fn docs(State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let document = document().map_err(Problem::internal)?;
    let groups = list(&document["tags"]).map(|tag| group(&document, tag)).collect();
    let schemas = entries(&document["components"]["schemas"]).map(|(name, schema)| shape(name, schema)).collect();
    html(&Docs { p: visit.page(&app, visit.texts.s("api-docs")), groups, schemas })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn group(document: &Value, tag: &Value) -> Group {
    let of_path = |(path, item)| METHODS.iter().filter_map(move |method| Some((path, *method, Value::get(item, method)?)));
    let operations = entries(&document["paths"]).flat_map(of_path).filter(|(_, _, o)| o["tags"][0] == tag["name"]);
    let operations = operations.map(|(path, method, found)| operation(document, path, method, found)).collect();
    Group { tag: text(&tag["name"]), description: text(&tag["description"]), operations }
}

fn operation(document: &Value, path: &str, method: &str, found: &Value) -> Operation {
    let schema = &found["requestBody"]["content"]["application/json"]["schema"];
    let response = |(status, r): (&String, &Value)| {
        let content = entries(&r["content"]).map(|(_, c)| kind(&c["schema"])).next();
        (status.clone(), text(&r["description"]), content)
    };
    Operation {
        id: text(&found["operationId"]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&found["summary"]),
        description: text(&found["description"]),
        fields: list(&found["parameters"]).map(parameter).collect(),
        body: schema.is_object().then(|| kind(schema)),
        responses: entries(&found["responses"]).map(response).collect(),
        curl: curl(document, path, method, found),
    }
}

fn parameter(p: &Value) -> Field {
    Field {
        name: text(&p["name"]),
        place: text(&p["in"]),
        required: p["required"] == true,
        kind: kind(&p["schema"]),
        description: text(&p["description"]),
    }
}

fn shape(name: &str, schema: &Value) -> Shape {
    let parts = std::iter::once(schema).chain(list(&schema["allOf"]));
    let properties = parts.flat_map(|part| {
        entries(&part["properties"]).map(move |(name, property)| Field {
            name: name.clone(),
            place: String::new(),
            required: list(&part["required"]).any(|r| r == name),
            kind: kind(property),
            description: text(&property["description"]),
        })
    });
    Shape {
        name: name.to_owned(),
        description: text(&schema["description"]),
        fields: properties.collect(),
        values: list(&schema["enum"]).map(text).collect(),
    }
}

/// `string`, `integer or null`, `list of Lesson`.
fn kind(schema: &Value) -> Kind {
    let choices: Vec<_> = list(&schema["oneOf"]).chain(list(&schema["anyOf"])).filter(|one| one["type"] != "null").collect();
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
        return Kind { words: name.clone(), schema: name };
    }
    if let [only] = choices[..] {
        return kind(only);
    }
    if schema["type"] == "array" || list(&schema["type"]).any(|t| t == "array") {
        let item = kind(&schema["items"]);
        return Kind { words: format!("[{}]", item.words), schema: item.schema };
    }
    let types: Vec<_> = list(&schema["type"]).filter_map(Value::as_str).filter(|t| *t != "null").collect();
    let words = if types.is_empty() { text(&schema["type"]) } else { types.join(" | ") };
    Kind { words, schema: String::new() }
}

/// A command line that does it.
fn curl(document: &Value, path: &str, method: &str, found: &Value) -> String {
    let verb = if method == "get" { String::new() } else { format!(" -X {}", method.to_uppercase()) };
    let token = if found.get("security").is_some() { " -H \"Authorization: Bearer $TOKEN\"" } else { "" };
    let schema = &found["requestBody"]["content"]["application/json"]["schema"];
    let body = if schema.is_object() {
        format!(" -H 'Content-Type: application/json' -d '{}'", example(document, schema, 0))
    } else {
        String::new()
    };
    format!("curl{verb}{token}{body} \"$SERVER{path}\"")
}

/// A value of the schema's shape, its required parts at least; three levels deep at most.
fn example(document: &Value, schema: &Value, depth: u8) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        return example(document, &document["components"]["schemas"][name], depth);
    }
    if let Some(given) = schema.get("example").or_else(|| schema["enum"].get(0)) {
        return given.clone();
    }
    if let Some(one) = list(&schema["oneOf"]).find(|one| one["type"] != "null") {
        return example(document, one, depth);
    }
    let of_type = |name: &str| schema["type"] == name || list(&schema["type"]).any(|t| t == name);
    if of_type("integer") || of_type("number") {
        0.into()
    } else if of_type("boolean") {
        false.into()
    } else if of_type("string") {
        "…".into()
    } else if of_type("array") {
        if depth < 3 { Value::Array(vec![example(document, &schema["items"], depth + 1)]) } else { Value::Array(Vec::new()) }
    } else {
        let parts = std::iter::once(schema).chain(list(&schema["allOf"]));
        let required = parts.flat_map(|part| entries(&part["properties"]).filter(|(name, _)| list(&part["required"]).any(|r| r == *name)));
        Value::Object(required.map(|(name, property)| (name.clone(), example(document, property, depth + 1))).collect())
    }
}
