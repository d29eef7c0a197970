//! The newer lists on the wire: what they are asked, and their pages
//! (contract envelope-and-search.md §10).

use std::borrow::Cow;
use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev};
use chrono::NaiveDateTime;
use pms_database::search::lists::{FilterValue, ListFilter};
use pms_database::search::{
    ConditionFn, List, ListColumn, ListFilters, ListPage, ListQuery, ListRules, check_list,
};
use pms_domain::BusinessError;
use serde::{Deserialize, Serialize};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Required, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::describe::{Describe, OperationDoc};
use crate::http_error::HttpError;
use crate::query::Members;

mod peer;

pub use peer::PeerListRequest;

/// What a client asks of the list `L`: order, page, and a value for each filter
/// that the list's columns declare. A list with parameters of its own takes a
/// [`crate::Query`] beside it.
pub struct ListRequest<L: List> {
    order: ListQuery,
    filters: ListFilters<L::Source>,
}

impl<L: List> ListRequest<L> {
    /// Order and page.
    pub const fn order(&self) -> &ListQuery {
        &self.order
    }

    /// Whether no column filters.
    pub const fn is_unfiltered(&self) -> bool {
        self.filters.is_empty()
    }

    /// Whether all rows are one page.
    pub const fn is_unpaged(&self) -> bool {
        L::PAGE_SIZE.is_none() && self.order.page_no.is_none()
    }

    /// Makes the checks of the list alone, for a handler that checks something
    /// else after them.
    ///
    /// # Errors
    /// The contract's codes (contract envelope-and-search.md §10.2).
    pub fn check(&self) -> Result<(), BusinessError> {
        check_list::<L>(&self.order)
    }

    /// What rows must fulfil; `today` is the beginning of the present day.
    pub fn into_parts(self, today: NaiveDateTime) -> (ListQuery, Vec<ConditionFn<L::Source>>) {
        (self.order, self.filters.conditions(today))
    }

    fn read(query: &str) -> Result<Self, HttpError> {
        let members = Members::of(query);
        let order = order_of(&members)?;
        let filters = ListFilters::read::<L, _>(|name, filter| value_of(&members, name, filter))?;
        Ok(Self { order, filters })
    }
}

fn order_of(members: &Members) -> Result<ListQuery, HttpError> {
    let order: OrderAndPage = members.read()?;
    Ok(ListQuery {
        sort_field_name: order.sort_field_name,
        sort_type: order.sort_type,
        page_no: order.page_no.map(i64::from),
        page_size: order.page_size.map(i64::from),
    })
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct OrderAndPage {
    sort_field_name: Option<String>,
    sort_type: Option<String>,
    page_no: Option<i32>,
    page_size: Option<i32>,
}

fn value_of<S>(
    members: &Members,
    name: &str,
    filter: &ListFilter<S>,
) -> Result<Option<FilterValue>, HttpError> {
    if filter.is_flag() {
        return Ok(members.flag(name)?.map(FilterValue::Flag));
    }
    let text = members.get(name);
    Ok(text.map(|text| FilterValue::Text(text.to_owned())))
}

impl<L: List> FromRequest for ListRequest<L> {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(Self::read(request.query_string()).map_err(Into::into))
    }
}

impl<L: List> Describe for ListRequest<L> {
    fn describe(doc: &mut OperationDoc) {
        if L::RULES != ListRules::Unsorted {
            let columns = L::columns().iter().filter(|column| column.sorts());
            describe_order(doc, columns.map(ListColumn::name));
        }
        describe_page(doc, L::PAGE_SIZE);
        for column in L::columns() {
            let Some(filter) = column.filter() else {
                continue;
            };
            let schema = if filter.is_flag() {
                bool::schema()
            } else {
                String::schema()
            };
            doc.parameters
                .push(parameter(column.name(), schema, filter.description()));
        }
    }
}

fn describe_order<'a>(doc: &mut OperationDoc, names: impl Iterator<Item = &'a str>) {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let names = format!("One of {}.", names.join(", "));
    doc.parameters
        .push(parameter("sortFieldName", String::schema(), names));
    let directions = "`asc` or `desc`; without both in the list's own order.";
    doc.parameters
        .push(parameter("sortType", String::schema(), directions));
}

fn describe_page(doc: &mut OperationDoc, default_size: Option<i64>) {
    let index = "Index of the page, from 0.";
    doc.parameters
        .push(parameter("pageNo", i64::schema(), index));
    let size = match default_size {
        Some(size) => format!("Rows of a page; {size} unless given."),
        None => "Rows of a page; without page everything is listed.".to_owned(),
    };
    doc.parameters
        .push(parameter("pageSize", i64::schema(), size));
}

fn parameter(name: &str, schema: RefOr<Schema>, text: impl Into<String>) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(text))
        .schema(Some(schema))
        .build()
}

/// A page of rows; zeros when it has none (contract envelope-and-search.md §10.1).
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Page<R: Serialize>(pub ListPage<R>);

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

#[cfg(test)]
mod tests;
