//! The API document, generated from the route table: a route can't be missing.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, http::header};
use serde::Serialize;
use utoipa::PartialSchema;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, PathItem, PathsBuilder};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ComponentsBuilder, ObjectBuilder, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Content, InfoBuilder, OpenApi, OpenApiBuilder, RefOr, Required, ResponseBuilder, Schema,
};

use crate::describe::path_parameters;
use crate::dialect::Dialect;
use crate::dispatch::{below, not_allowed, page};
use crate::http_error::JSON;
use crate::route::{Access, Route};
use crate::server::Module;
use crate::service::Service;

/// The document of `routes`, as OpenAPI 3.1.
pub fn document<'a>(title: &str, routes: impl IntoIterator<Item = &'a Route>) -> OpenApi {
    let mut paths = PathsBuilder::new();
    let mut components = ComponentsBuilder::new().security_scheme(
        "token",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("Authorization"))),
    );
    for route in routes {
        let Some(method) = http_method(&route.descriptor.method) else {
            continue;
        };
        let path = document_path(&route.descriptor.path);
        paths = paths.path(path, PathItem::new(method, operation(route)));
        components = components.schemas_from_iter(route.doc.components.clone());
    }
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title(title)
                .version(env!("CARGO_PKG_VERSION")),
        )
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

/// The path as the document spells it: without the pattern of a tail parameter.
pub fn document_path(path: &str) -> String {
    path.replace(":.*}", "}")
}

fn http_method(method: &Method) -> Option<HttpMethod> {
    match method.as_str() {
        "GET" => Some(HttpMethod::Get),
        "POST" => Some(HttpMethod::Post),
        "PUT" => Some(HttpMethod::Put),
        "PATCH" => Some(HttpMethod::Patch),
        "DELETE" => Some(HttpMethod::Delete),
        _ => None,
    }
}

fn operation(route: &Route) -> utoipa::openapi::path::Operation {
    let row = &route.descriptor;
    let parameters = path_parameters(&row.path)
        .into_iter()
        .chain(route.doc.parameters.clone());
    let mut builder = OperationBuilder::new()
        .tag(row.service.name)
        .summary(Some(route.doc.summary))
        .parameters(Some(parameters))
        .response("200", answer(row.dialect, route.doc.response.clone()));
    builder = match row.access {
        Access::Public => builder,
        Access::AnyToken => {
            builder.security(SecurityRequirement::new("token", Vec::<String>::new()))
        }
        Access::Role(property) => builder
            .description(Some(format!("Needs a role of `mosip.role.*.{property}`.")))
            .security(SecurityRequirement::new("token", Vec::<String>::new())),
    };
    if let Some(schema) = route.doc.request.clone() {
        let body = RequestBodyBuilder::new()
            .content(
                JSON,
                Content::new(Some(request_envelope(row.dialect, schema))),
            )
            .required(Some(Required::True));
        builder = builder.request_body(Some(body.build()));
    }
    builder.build()
}

fn request_envelope(dialect: Dialect, request: RefOr<Schema>) -> Schema {
    ObjectBuilder::new()
        .property("id", String::schema())
        .property("version", String::schema())
        .property(dialect.time_member(), String::schema())
        .property("metadata", ObjectBuilder::new())
        .property("request", request)
        .required("request")
        .into()
}

fn answer(dialect: Dialect, response: Option<RefOr<Schema>>) -> utoipa::openapi::Response {
    let builder = ResponseBuilder::new()
        .description("The outcome; a business error has a non-empty `errors` array.");
    let Some(response) = response else {
        return builder.build();
    };
    let time = if matches!(dialect, Dialect::V2 { .. }) {
        "responseTime"
    } else {
        "responsetime"
    };
    let error = ObjectBuilder::new()
        .schema_type(Type::Object)
        .property("errorCode", String::schema())
        .property("message", String::schema());
    let envelope = ObjectBuilder::new()
        .property("id", String::schema())
        .property("version", String::schema())
        .property(time, String::schema())
        .property("response", response)
        .property(
            "errors",
            ArrayBuilder::new().items(RefOr::T(Schema::from(error))),
        );
    builder
        .content(JSON, Content::new(Some(Schema::from(envelope))))
        .build()
}

/// A document as JSON, written when it is asked for the first time: few ask, and it
/// takes more memory than everything else that a worker mounts.
#[derive(Clone, Default)]
pub struct Written(Arc<OnceLock<web::Bytes>>);

impl Written {
    fn json(&self, title: &str, routes: [&[Route]; 2]) -> web::Bytes {
        let write = || match document(title, routes.into_iter().flatten()).to_json() {
            Ok(json) => web::Bytes::from(json),
            Err(error) => {
                tracing::error!(%error, "the API document can't be written");
                web::Bytes::new()
            }
        };
        self.0.get_or_init(write).clone()
    }
}

/// Where Swagger UI finds what it needs, as springdoc says it (contract policy.md §1).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UiConfig {
    config_url: String,
    oauth2_redirect_url: String,
    url: String,
    /// None: no document is shown to a validator elsewhere.
    validator_url: &'static str,
}

impl UiConfig {
    /// As the client of `request` reaches the service.
    fn of(service: &Service, request: &HttpRequest) -> Self {
        let own = service.own;
        let reached = request.connection_info();
        let (scheme, host) = (reached.scheme(), reached.host());
        let url = format!("{own}/v3/api-docs");
        Self {
            config_url: format!("{url}/swagger-config"),
            oauth2_redirect_url: format!("{scheme}://{host}{own}/swagger-ui/oauth2-redirect.html"),
            url,
            validator_url: "",
        }
    }
}

/// Mounts the document of a module and Swagger UI below its own path.
pub fn mount(app: &mut ServiceConfig, module: &Module) {
    let own = module.service.own;
    let address = format!("{own}/v3/api-docs");
    let shown = module.clone();
    app.service(page(&address, move || {
        let routes = [&*shown.routes, &*shown.documented];
        let json = shown.document.json(shown.service.title, routes);
        async move { HttpResponse::Ok().content_type(JSON).body(json) }
    }));
    let service = module.service;
    app.service(page(
        &format!("{address}/swagger-config"),
        move |request: HttpRequest| {
            let about = UiConfig::of(service, &request);
            async move { HttpResponse::Ok().json(about) }
        },
    ));
    let ui = Arc::new(utoipa_swagger_ui::Config::from(address));
    let start = format!("{own}/swagger-ui/");
    for path in [
        format!("{own}/swagger-ui"),
        format!("{own}/swagger-ui.html"),
    ] {
        let start = start.clone();
        app.service(page(&path, move || {
            let start = start.clone();
            async move {
                HttpResponse::Found()
                    .insert_header((header::LOCATION, start))
                    .finish()
            }
        }));
    }
    let files = move |request: HttpRequest| {
        let ui = Arc::clone(&ui);
        async move {
            if !matches!(*request.method(), Method::GET | Method::HEAD) {
                return not_allowed(&request, "GET,HEAD,OPTIONS");
            }
            let file = request.match_info().unprocessed();
            ui_file(file.strip_prefix('/').unwrap_or(file), ui)
        }
    };
    app.service(below(&format!("{own}/swagger-ui"), files));
}

fn ui_file(file: &str, ui: Arc<utoipa_swagger_ui::Config<'static>>) -> HttpResponse {
    match utoipa_swagger_ui::serve(file, ui) {
        Ok(Some(found)) => {
            // Most files stand in the binary: no connection copies them whole.
            let bytes = match found.bytes {
                Cow::Borrowed(bytes) => web::Bytes::from_static(bytes),
                Cow::Owned(bytes) => bytes.into(),
            };
            HttpResponse::Ok()
                .content_type(found.content_type)
                .body(bytes)
        }
        Ok(None) => HttpResponse::NotFound().finish(),
        Err(error) => {
            tracing::error!(%error, "Swagger UI can't be served");
            HttpResponse::InternalServerError().finish()
        }
    }
}
