//! The roles of the realm, and who has them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Fields, KeycloakAdmin, Rejected, not_found, page};
use crate::keycloak_admin::User;

/// A role as the admin API takes it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    id: Option<String>,
    name: Option<String>,
}

impl KeycloakAdmin {
    pub(super) fn get_role(&self, name: &str) -> Answer {
        let role = self.role(name);
        let role = role.ok_or_else(|| not_found("Could not find role"))?;
        Ok(HttpResponse::Ok().json(role))
    }

    pub(super) fn list_role_users(&self, name: &str, query: &Fields) -> Answer {
        if self.role(name).is_none() {
            return Err(not_found("Could not find role"));
        }
        let mut users = self.users.all();
        users.retain(|user| user.roles.iter().any(|role| role == name));
        let users = page(users.iter().map(User::representation), query);
        Ok(HttpResponse::Ok().json(users))
    }

    pub(super) fn list_mappings(&self, id: &str) -> Answer {
        let user = self.user(id)?;
        let roles: Vec<Value> = user
            .roles
            .iter()
            .filter_map(|role| self.role(role))
            .collect();
        Ok(HttpResponse::Ok().json(roles))
    }

    /// Gives a user roles, all of them or none.
    pub(super) fn add_mappings(&self, id: &str, body: &[u8]) -> Answer {
        self.user(id)?;
        let named: Vec<Named> = serde_json::from_slice(body).map_err(|_error| Rejected {
            status: StatusCode::BAD_REQUEST,
            body: json!({ "error": "unable to read contents from stream" }),
        })?;
        let known = |named: Named| {
            let name = named.name.unwrap_or_default();
            let id = self.roles().get(&name).cloned();
            (id.is_some() && id == named.id).then_some(name)
        };
        let names: Option<Vec<String>> = named.into_iter().map(known).collect();
        let names = names.ok_or_else(|| not_found("Role not found"))?;
        self.users.find_map(|user| {
            (user.id == id).then(|| {
                for name in &names {
                    if !user.roles.contains(name) {
                        user.roles.push(name.clone());
                    }
                }
            })
        });
        Ok(HttpResponse::NoContent().finish())
    }

    fn role(&self, name: &str) -> Option<Value> {
        let id = self.roles().get(name).cloned()?;
        Some(json!({
            "id": id, "name": name, "composite": false, "clientRole": false,
            "containerId": self.realm, "attributes": {},
        }))
    }
}
