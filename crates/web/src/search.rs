//! What the older searches of all services have in common: their requests,
//! their answers and their rules (contract envelope-and-search.md §8–§9).

use std::borrow::Cow;

use pms_database::DbError;
use pms_database::search::{
    Filter, FilterValue, Pagination, Rules, SearchPage, SearchRequest, Sort, ValueFilter,
    ValuesRequest,
};
use pms_domain::ErrorDef;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use utoipa::openapi::{Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::checks::{Checks, Request};
use crate::error::{ApiError, ApiResult};
use crate::service::Service;
use crate::settings::LimitSettings;

/// `request` of a search that has no members of its own.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Search {
    /// `columnName`, `type`, `value`, `values`, `fromValue` and `toValue`.
    #[schema(value_type = Vec<Object>)]
    pub filters: Option<Vec<Filter>>,
    /// `sortField` and `sortType`.
    #[schema(value_type = Vec<Object>)]
    pub sort: Option<Vec<Sort>>,
    /// `pageStart` and `pageFetch`.
    #[schema(value_type = Object)]
    pub pagination: Option<Pagination>,
}

impl Request for Search {
    fn check(&self, _: &mut Checks) {}
}

impl Search {
    /// The search, if it says everything.
    ///
    /// # Errors
    /// `incomplete` for a member that is null.
    pub fn complete(self, incomplete: ErrorDef) -> Result<SearchRequest, ErrorDef> {
        Ok(SearchRequest {
            filters: Some(self.filters.ok_or(incomplete)?),
            sort: Some(self.sort.ok_or(incomplete)?),
            pagination: Some(self.pagination.ok_or(incomplete)?),
        })
    }

    /// The search; a list that is null is empty, a null page the first one.
    pub fn completed(self) -> SearchRequest {
        SearchRequest {
            filters: Some(self.filters.unwrap_or_default()),
            sort: Some(self.sort.unwrap_or_default()),
            pagination: Some(self.pagination.unwrap_or_default()),
        }
    }
}

/// `request` of a filter-values call that has no members of its own.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Values {
    /// `columnName`, `type` and `text`.
    #[schema(value_type = Vec<Object>)]
    pub filters: Option<Vec<ValueFilter>>,
    /// Filters as a search has them.
    #[schema(value_type = Vec<Object>)]
    pub optional_filters: Option<Vec<Filter>>,
}

impl Request for Values {
    fn check(&self, fields: &mut Checks) {
        check_value_filters(fields, self.filters.as_deref());
    }
}

impl From<Values> for ValuesRequest {
    fn from(values: Values) -> Self {
        Self {
            filters: values.filters,
            optional_filters: values.optional_filters,
        }
    }
}

/// The columns whose values are requested must be named.
pub fn check_value_filters(fields: &mut Checks, filters: Option<&[ValueFilter]>) {
    fields.not_null("filters", filters.as_ref()).each(
        "filters",
        filters.unwrap_or_default(),
        |filter, fields| {
            fields
                .not_blank("columnName", filter.column_name.as_deref())
                .not_null("type", filter.r#type.as_ref());
        },
    );
}

/// A page of rows, or nulls and zeros when there are none.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Page<R: Serialize>(pub SearchPage<R>);

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
    fn name() -> Cow<'static, str> {
        format!("PageOf{}", R::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((R::name().into_owned(), R::schema()));
        R::schemas(schemas);
    }
}

/// Values of columns.
#[derive(Debug, Serialize, ToSchema)]
pub struct FilterValues {
    /// `fieldID`, `fieldValue` and `fieldCode`.
    #[schema(value_type = Vec<Object>)]
    pub filters: Vec<FilterValue>,
}

/// How the searches of a service answer.
pub fn rules(service: &Service, limits: LimitSettings) -> Rules {
    let style = service.style();
    let bound = |limit: u64| i64::try_from(limit).unwrap_or(i64::MAX);
    Rules {
        neutral: style.neutral,
        largest_page: bound(limits.page_size.get()),
        most_values: bound(limits.filter_values),
        reports_value_faults: style.reports_value_faults,
    }
}

/// What came out of a search. Where the reference fails unexpectedly, the
/// envelope is that of a failure: it names no service.
///
/// # Errors
/// Whatever the search failed with.
pub fn outcome<T>(searched: Result<T, DbError>, rules: &Rules) -> ApiResult<T> {
    match searched {
        Err(DbError::Rejected(rejection)) if rejection.code() == rules.neutral.code => {
            Err(ApiError::NoAnswer("the search can't be understood"))
        }
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::*;
    use crate::service::{PARTNER, POLICY};

    #[test]
    fn a_search_is_completed_or_must_be_complete() {
        let incomplete = ErrorDef::new("X", "x");
        let filters = Search {
            filters: Some(Vec::new()),
            ..Search::default()
        };

        let completed = filters.clone().completed();

        assert_eq!(completed.pagination, Some(Pagination::default()));
        assert_eq!(Search::default().completed().filters, Some(Vec::new()));
        assert_eq!(filters.complete(incomplete), Err(incomplete));
    }

    #[test]
    fn what_can_not_be_understood_has_no_answer() {
        let limits = LimitSettings {
            body_bytes: 1,
            bodies_bytes: 1,
            request_seconds: NonZeroU64::MIN,
            unread_seconds: NonZeroU64::MIN,
            connection_seconds: NonZeroU64::MIN,
            page_size: NonZeroU64::new(7).unwrap(),
            unpaged_rows: 1,
            filter_values: 8,
        };
        let (partner, policy) = (rules(&PARTNER, limits), rules(&POLICY, limits));

        let neutral = outcome::<()>(Err(partner.neutral.into()), &partner);
        let refused = outcome::<()>(Err(policy.neutral.into()), &partner);

        assert!(matches!(neutral, Err(ApiError::NoAnswer(_))));
        assert!(matches!(refused, Err(ApiError::Rejected(_))));
        assert_eq!((partner.largest_page, partner.most_values), (7, 8));
        assert!(partner.reports_value_faults && !policy.reports_value_faults);
    }
}
