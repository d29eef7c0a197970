//! `response` of the newer lists (contract envelope-and-search.md §10.1).

use std::borrow::Cow;

use pms_database::search::ListPage;
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A page of rows; zeros when it has none.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Page<R: Serialize>(pub(crate) ListPage<R>);

impl<R: Serialize + ToSchema> PartialSchema for Page<R> {
    fn schema() -> RefOr<Schema> {
        let rows = ArrayBuilder::new().items(Ref::from_schema_name(R::name()));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .property("pageNo", i64::schema())
            .property("pageSize", i64::schema())
            .property("totalResults", i64::schema())
            .property("data", rows)
            .into()
    }
}

impl<R: Serialize + ToSchema> ToSchema for Page<R> {
    fn name() -> Cow<'static, str> {
        format!("ListOf{}", R::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((R::name().into_owned(), R::schema()));
        R::schemas(schemas);
    }
}
