//! What the older searches of policies and of groups have in common.

use pms_database::search::{FilterValue, Rules, SearchPage};
use pms_domain::policy::errors::NOT_PROCESSED;
use serde::Serialize;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::Context;

impl Context {
    /// Most rows of one page, whatever a client asks.
    pub(crate) fn largest_page(&self) -> i64 {
        i64::try_from(self.limits.page_size).unwrap_or(i64::MAX)
    }

    /// How searches answer here.
    pub(crate) fn search_rules(&self) -> Rules {
        Rules {
            neutral: NOT_PROCESSED,
            largest_page: self.largest_page(),
            most_values: i64::try_from(self.limits.filter_values).unwrap_or(i64::MAX),
            tells_value_faults: false,
        }
    }
}

/// A page of rows, or nulls and zeros when there are none.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Page<R: Serialize>(pub(crate) SearchPage<R>);

impl<R: Serialize + ToSchema> PartialSchema for Page<R> {
    fn schema() -> RefOr<Schema> {
        let rows = ArrayBuilder::new().items(Ref::from_schema_name(R::name()));
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .property("fromRecord", i64::schema())
            .property("toRecord", i64::schema())
            .property("totalRecord", i64::schema())
            .property("data", rows)
            .into()
    }
}

impl<R: Serialize + ToSchema> ToSchema for Page<R> {
    fn name() -> std::borrow::Cow<'static, str> {
        format!("PageOf{}", R::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((R::name().into_owned(), R::schema()));
        R::schemas(schemas);
    }
}

/// Values of columns.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilterValues {
    /// `fieldID`, `fieldValue` and `fieldCode`.
    #[schema(value_type = Vec<Object>)]
    pub(crate) filters: Vec<FilterValue>,
}
