//! The newer lists on the wire: what they are asked, and their pages
//! (contract envelope-and-search.md §10).

use std::borrow::Cow;
use std::fmt::Write as _;
use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev};
use chrono::NaiveDateTime;
use pms_database::search::lists::{FilterValue, ListFilter};
use pms_database::search::{
    ConditionFn, List, ListFilters, ListPage, ListQuery, ListRules, check_list,
};
use pms_domain::BusinessError;
use serde::{Deserialize, Serialize};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Required, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::describe::{Describe, OperationDoc};
use crate::http_error::HttpError;
use crate::query::{self, Members};

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
        let OrderAndPage {
            sort_field_name,
            sort_type,
            page_no,
            page_size,
        } = members.read()?;
        let filters = ListFilters::read::<L, _>(|name, filter| value_of(&members, name, filter))?;
        Ok(Self {
            order: ListQuery {
                sort_field_name,
                sort_type,
                page_no: page_no.map(i64::from),
                page_size: page_size.map(i64::from),
            },
            filters,
        })
    }
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
    let Some(text) = members.get(name) else {
        return Ok(None);
    };
    if !filter.is_flag() {
        return Ok(Some(FilterValue::Text(text.to_owned())));
    }
    match query::flag(text) {
        Ok(flag) => Ok(flag.map(FilterValue::Flag)),
        Err(_) => Err(query::not_converted(name, text)),
    }
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
            let mut names = String::new();
            for column in columns {
                let comma = if names.is_empty() { "" } else { ", " };
                let _written = write!(names, "{comma}`{}`", column.name());
            }
            let names = format!("One of {names}.");
            doc.parameters
                .push(parameter("sortFieldName", String::schema(), names));
            let directions = "`asc` or `desc`; without both in the list's own order.";
            doc.parameters
                .push(parameter("sortType", String::schema(), directions));
        }
        doc.parameters.push(parameter(
            "pageNo",
            i64::schema(),
            "Index of the page, from 0.",
        ));
        let size = match L::PAGE_SIZE {
            Some(size) => format!("Rows of a page; {size} unless given."),
            None => "Rows of a page; without page everything is listed.".to_owned(),
        };
        doc.parameters
            .push(parameter("pageSize", i64::schema(), size));
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
mod tests {
    use pms_database::search::lists::{InterfaceList, NotificationList, PartnerList};

    use super::*;

    fn names<L: List>() -> Vec<String> {
        let mut doc = OperationDoc::default();
        ListRequest::<L>::describe(&mut doc);
        doc.parameters.into_iter().map(|p| p.name).collect()
    }

    #[test]
    fn order_page_and_declared_filters_are_read() {
        let query = "sortFieldName=orgName&sortType=asc&pageNo=2&pageSize=&orgName=a&nope=b";

        let request = ListRequest::<InterfaceList>::read(query).unwrap();
        let empty = ListRequest::<InterfaceList>::read("partnerId=").unwrap();
        let other = ListRequest::<InterfaceList>::read("partnerType=x").unwrap();

        let wanted = ListQuery {
            sort_field_name: Some("orgName".to_owned()),
            sort_type: Some("asc".to_owned()),
            page_no: Some(2),
            page_size: None,
        };
        assert_eq!(*request.order(), wanted);
        let (_, conditions) = request.into_parts(NaiveDateTime::default());
        assert_eq!(conditions.len(), 1);
        // An empty text is a filter; a column that only sorts is none.
        assert!(!empty.is_unfiltered() && other.is_unfiltered());
    }

    #[test]
    fn a_flag_has_several_spellings_and_no_others() {
        let read = |query| ListRequest::<PartnerList>::read(query);

        assert!(read("isActive=").unwrap().is_unfiltered());
        assert!(!read("isActive=Yes").unwrap().is_unfiltered());
        assert_eq!(
            read("isActive=2").map(drop).unwrap_err().message(),
            "Failed to convert 'isActive' with value: '2'"
        );
        assert_eq!(
            read("pageNo=x").map(drop).unwrap_err().message(),
            "Failed to convert 'pageNo' with value: 'x'"
        );
    }

    #[test]
    fn the_document_names_what_the_columns_declare() {
        assert_eq!(
            names::<InterfaceList>(),
            [
                "sortFieldName",
                "sortType",
                "pageNo",
                "pageSize",
                "partnerId",
                "orgName",
                "sbiId",
                "sbiVersion",
                "status",
                "sbiExpiryStatus"
            ]
        );
        assert_eq!(names::<NotificationList>(), ["pageNo", "pageSize"]);
    }
}
