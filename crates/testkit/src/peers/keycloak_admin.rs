//! The admin API of a Keycloak on a port of its own.

use pms_database::Clock;
use pms_peers::keycloak_admin::{Admin, KeycloakAdmin, NewUser, PATH, TOKEN_PATH, User};

use super::stand_in::{Served, faulty};

/// A Keycloak on a free port of loopback, with the realm `mosip` in it.
pub struct KeycloakAdminPeer {
    served: Served<KeycloakAdmin>,
    clock: Clock,
}

impl KeycloakAdminPeer {
    /// User name of the admin.
    pub const ADMIN: &'static str = "admin";
    /// The admin's password.
    pub const PASSWORD: &'static str = "adm1n & more";

    /// Starts with an empty realm.
    pub fn start() -> Self {
        Self::at(Clock::system())
    }

    /// Starts with a clock, by which the admin's tokens expire.
    pub fn at(clock: Clock) -> Self {
        let admin = Admin {
            username: Self::ADMIN.to_owned(),
            password: Self::PASSWORD.to_owned(),
        };
        Self {
            served: Served::at(KeycloakAdmin::new(admin), clock.clone()),
            clock,
        }
    }

    /// The realm's admin API, for `/users` and `/roles` below it.
    pub fn realm_url(&self) -> String {
        self.served.url(&format!("/auth{PATH}"))
    }

    /// Its users endpoint.
    pub fn users_url(&self) -> String {
        format!("{}/users", self.realm_url())
    }

    /// Its endpoint for the users of a role, as settings have it.
    pub fn role_users_url(&self) -> String {
        format!("{}/roles/{{userRole}}/users?max=-1", self.realm_url())
    }

    /// Its token endpoint for the admin.
    pub fn token_url(&self) -> String {
        self.served.url(&format!("/auth{TOKEN_PATH}"))
    }

    /// Puts a user into the realm.
    pub fn add(&self, username: &str, first_name: &str, last_name: &str, roles: &[&str]) -> User {
        let user = NewUser {
            username: Some(username.to_owned()),
            first_name: Some(first_name.to_owned()),
            last_name: Some(last_name.to_owned()),
            email: Some(format!("{username}@example.org")),
            enabled: true,
            ..NewUser::default()
        };
        let now = self.clock.now();
        self.served.work().add_user(user, roles, now)
    }

    /// Takes a role out of the realm.
    pub fn remove_role(&self, name: &str) {
        self.served.work().remove_role(name);
    }

    /// The users of the realm, oldest first.
    pub fn users(&self) -> Vec<User> {
        self.served.work().users()
    }
}

faulty!(KeycloakAdminPeer);
