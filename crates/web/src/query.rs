//! Query parameters, converted like the reference does (contract envelope-and-search.md §10.2).

use std::future::{Ready, ready};

use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, dev};
use serde::de::DeserializeOwned;

use crate::http_error::HttpError;
use crate::lenient::{self, Json, JsonMembers};

/// Query parameters read into `T`.
///
/// Unknown parameters are ignored, a repeated one is joined with commas, an
/// empty number counts as absent.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T> Query<T> {
    /// The parameters.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self).map_err(Into::into))
    }
}

fn read<T: DeserializeOwned>(query: &str) -> Result<T, HttpError> {
    Members::of(query).read()
}

/// The parameters of a request by their names; a repeated one is joined with
/// commas.
pub(crate) struct Members(Json);

impl Members {
    /// Those of a query string.
    pub(crate) fn of(query: &str) -> Self {
        let mut members = JsonMembers::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match members.get_mut(name.as_ref()) {
                Some(Json::Text(earlier)) => {
                    earlier.push(',');
                    earlier.push_str(&value);
                }
                _ => {
                    members.insert(name.into_owned(), Json::Text(value.into_owned()));
                }
            }
        }
        Self(Json::Object(members))
    }

    /// The value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        match &self.0 {
            Json::Object(members) => members.get(name)?.as_text(),
            _ => None,
        }
    }

    /// Those that `T` has members for.
    ///
    /// # Errors
    /// A value that can't be converted, or one that is missing.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        lenient::read_with_path(&self.0).map_err(|error| {
            let name = error.path().to_string();
            let text = error.inner().to_string();
            if let Some(missing) = text.strip_prefix("missing field `") {
                let missing = missing.trim_end_matches('`');
                return HttpError::problem(
                    StatusCode::BAD_REQUEST,
                    format!("Required parameter '{missing}' is not present."),
                );
            }
            not_converted(&name, self.get(&name).unwrap_or_default())
        })
    }
}

/// A parameter whose value is something else.
pub(crate) fn not_converted(name: &str, value: &str) -> HttpError {
    HttpError::problem(
        StatusCode::BAD_REQUEST,
        format!("Failed to convert '{name}' with value: '{value}'"),
    )
}

/// A boolean parameter for `#[serde(deserialize_with = "…")]`: empty is absent,
/// and `on`, `yes` and `1` are true as well (contract envelope-and-search.md §10.3).
///
/// # Errors
/// When the text is no truth value.
pub fn optional_flag<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<bool>, D::Error> {
    use serde::Deserialize as _;
    let text = Option::<String>::deserialize(deserializer)?;
    flag(text.as_deref().unwrap_or_default()).map_err(serde::de::Error::custom)
}

/// A text as a boolean; an empty one is absent.
pub(crate) fn flag(text: &str) -> Result<Option<bool>, &'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" | "on" | "yes" | "1" => Ok(Some(true)),
        "false" | "off" | "no" | "0" => Ok(Some(false)),
        _ => Err("the text is not a boolean"),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Page {
        name: Option<String>,
        page_no: Option<i32>,
    }

    #[test]
    fn repeated_parameters_are_joined_and_empty_numbers_are_absent() {
        let page: Page = read("name=a&name=b&pageNo=").unwrap();

        assert_eq!(page.name.as_deref(), Some("a,b"));
        assert_eq!(page.page_no, None);
    }

    #[test]
    fn a_wrong_number_names_the_parameter_and_the_value() {
        let refusal = read::<Page>("pageNo=abc").unwrap_err();

        assert_eq!(
            refusal.message(),
            "Failed to convert 'pageNo' with value: 'abc'"
        );
    }

    #[test]
    fn truth_has_several_names() {
        #[derive(Debug, Deserialize)]
        struct Flag {
            #[serde(default, deserialize_with = "optional_flag")]
            on: Option<bool>,
        }
        let flag = |query| read::<Flag>(query).unwrap().on;

        for (query, value) in [
            ("on=TRUE", Some(true)),
            ("on=yes", Some(true)),
            ("on=1", Some(true)),
            ("on=False", Some(false)),
            ("on=off", Some(false)),
            ("on=", None),
            ("", None),
        ] {
            assert_eq!(flag(query), value, "{query}");
        }
        assert_eq!(
            read::<Flag>("on=2").unwrap_err().message(),
            "Failed to convert 'on' with value: '2'"
        );
    }

    #[test]
    fn a_missing_parameter_is_named() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only its reading is tested")]
        struct Needed {
            status: String,
        }

        let refusal = read::<Needed>("").unwrap_err();

        assert_eq!(
            refusal.message(),
            "Required parameter 'status' is not present."
        );
    }
}
