//! Query parameters, converted like the reference does (contract envelope-and-search.md §10.2).

mod declared;

use std::future::{Ready, ready};

use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, dev};
use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use self::declared::declared;
use crate::http_error::HttpError;
use crate::lenient::{self, Json, JsonMembers, LenientError};

/// Query parameters read into `T`.
///
/// Unknown parameters are ignored, an empty number counts as absent. Of a repeated one
/// the texts are joined with commas, of numbers and flags the first counts.
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

/// The parameters of a request by their names.
pub(crate) struct Members(IndexMap<String, Values>);

/// The values of a parameter.
struct Values {
    first: String,
    /// All of them, with commas between.
    joined: String,
}

impl Members {
    /// Those of a query string.
    pub(crate) fn of(query: &str) -> Self {
        let mut members: IndexMap<String, Values> = IndexMap::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match members.get_mut(name.as_ref()) {
                Some(values) => {
                    values.joined.push(',');
                    values.joined.push_str(&value);
                }
                None => {
                    let values = Values {
                        first: value.clone().into_owned(),
                        joined: value.into_owned(),
                    };
                    members.insert(name.into_owned(), values);
                }
            }
        }
        Self(members)
    }

    /// The value of a parameter that is a text.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|values| values.joined.as_str())
    }

    /// The value of a parameter that is a flag.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, HttpError> {
        let Some(values) = self.0.get(name) else {
            return Ok(None);
        };
        flag(&values.first).map_err(|_error| not_converted(name, &values.joined))
    }

    /// Those that `T` has members for.
    ///
    /// # Errors
    /// The first member of `T`, in the order in which it declares them, whose value can't
    /// be converted, or that is missing.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, HttpError> {
        let mut wanted = Json::Object(self.wanted::<T>());
        loop {
            let error = match lenient::read_with_path(&wanted) {
                Ok(read) => return Ok(read),
                Err(error) => error,
            };
            if let Some(missing) = missing_in(&error) {
                return Err(not_present(missing));
            }
            let name = error.path().to_string();
            // No text is refused, so it is a number or a flag.
            if !self.is_now_first(&mut wanted, &name) {
                return Err(self.refusal::<T>(wanted, &name));
            }
        }
    }

    /// The members of `T` as texts, in its order; all members for a type that does not
    /// say which it has.
    fn wanted<T: DeserializeOwned>(&self) -> JsonMembers {
        let text =
            |name: &str, values: &Values| (name.to_owned(), Json::Text(values.joined.clone()));
        let declared = declared::<T>();
        if declared.is_empty() {
            return self
                .0
                .iter()
                .map(|(name, values)| text(name, values))
                .collect();
        }
        let found = declared
            .iter()
            .filter_map(|name| Some(text(name, self.0.get(*name)?)));
        found.collect()
    }

    /// Leaves the first value of a parameter that has several; false without others.
    fn is_now_first(&self, wanted: &mut Json, name: &str) -> bool {
        let found = wanted.members_mut().and_then(|found| found.get_mut(name));
        match (found, self.0.get(name)) {
            (Some(Json::Text(text)), Some(values)) if *text != values.first => {
                text.clone_from(&values.first);
                true
            }
            _ => false,
        }
    }

    /// Why `name` can't be converted, or that a parameter declared before it is missing.
    fn refusal<T: DeserializeOwned>(&self, mut wanted: Json, name: &str) -> HttpError {
        if let Some(members) = wanted.members_mut() {
            members.truncate(members.get_index_of(name).unwrap_or_default());
        }
        let outcome = lenient::read_with_path::<T>(&wanted);
        if let Some(missing) = outcome.as_ref().err().and_then(missing_in) {
            let mut names = declared::<T>().iter();
            if names.find(|other| [missing, name].contains(*other)) == Some(&missing) {
                return not_present(missing);
            }
        }
        not_converted(name, self.get(name).unwrap_or_default())
    }
}

/// The name of a member that is missing, if that is the error.
fn missing_in(error: &serde_path_to_error::Error<LenientError>) -> Option<&str> {
    let missing = error.inner().text().strip_prefix("missing field `")?;
    missing.strip_suffix('`')
}

fn not_present(name: &str) -> HttpError {
    HttpError::problem(
        StatusCode::BAD_REQUEST,
        format!("Required parameter '{name}' is not present."),
    )
}

/// A parameter whose value is something else.
fn not_converted(name: &str, value: &str) -> HttpError {
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
fn flag(text: &str) -> Result<Option<bool>, &'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "" => Ok(None),
        "true" | "on" | "yes" | "1" => Ok(Some(true)),
        "false" | "off" | "no" | "0" => Ok(Some(false)),
        _ => Err("the text is not a boolean"),
    }
}

#[cfg(test)]
mod tests;
