//! How extractors and answers describe themselves in the API document.

use actix_web::web;
use serde::de::DeserializeOwned;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{RefOr, Required, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

use crate::body::Body;
use crate::query::Query;

/// What the API document says about one operation besides its route row.
#[derive(Clone, Default)]
pub struct OperationDoc {
    /// One line.
    pub summary: &'static str,
    /// Query parameters.
    pub parameters: Vec<Parameter>,
    /// Schema of the `request` member.
    pub request: Option<RefOr<Schema>>,
    /// Schema of the `response` member.
    pub response: Option<RefOr<Schema>>,
    /// Named schemas that the others refer to.
    pub components: Vec<(String, RefOr<Schema>)>,
}

impl OperationDoc {
    /// Sets the schema of the `response` member.
    pub fn response<T: ToSchema>(&mut self) {
        self.response = Some(<T as PartialSchema>::schema());
        T::schemas(&mut self.components);
    }

    fn request<T: ToSchema>(&mut self) {
        self.request = Some(<T as PartialSchema>::schema());
        T::schemas(&mut self.components);
    }
}

/// An extractor that can say what it reads.
pub trait Describe {
    /// Adds it to the document.
    fn describe(doc: &mut OperationDoc);
}

impl<T: ToSchema> Describe for Body<T> {
    fn describe(doc: &mut OperationDoc) {
        doc.request::<T>();
    }
}

impl<T: IntoParams> Describe for Query<T> {
    fn describe(doc: &mut OperationDoc) {
        doc.parameters
            .extend(T::into_params(|| Some(ParameterIn::Query)));
    }
}

/// Path parameters come from the route's path.
impl<T: DeserializeOwned> Describe for web::Path<T> {
    fn describe(_: &mut OperationDoc) {}
}

impl<T: ?Sized> Describe for web::Data<T> {
    fn describe(_: &mut OperationDoc) {}
}

impl Describe for actix_web::HttpRequest {
    fn describe(_: &mut OperationDoc) {}
}

macro_rules! tuples {
    ($(($($arg:ident)*))*) => {$(
        impl<$($arg: Describe),*> Describe for ($($arg,)*) {
            #[allow(unused_variables, reason = "the empty tuple describes nothing")]
            fn describe(doc: &mut OperationDoc) {
                $($arg::describe(doc);)*
            }
        }
    )*};
}

tuples! { () (A) (A B) (A B C) (A B C D) (A B C D E) }

/// The `{parameters}` of a path, all required text.
pub fn path_parameters(path: &str) -> Vec<Parameter> {
    let names = path
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next());
    names
        .map(|name| name.split(':').next().unwrap_or(name))
        .map(|name| {
            ParameterBuilder::new()
                .name(name)
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .schema(Some(String::schema()))
                .build()
        })
        .collect()
}
