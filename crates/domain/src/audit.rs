//! Audit records (contract integrations.md §3.4), as the Audit Manager wants them.

use serde::Serialize;

/// What the catalogue says about one kind of audit record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditDef {
    /// `eventId` of the catalogue, at most 64 characters.
    pub event_id: &'static str,
    /// `eventName`, at most 128 characters.
    pub event_name: &'static str,
    /// `description`, at most 2048 characters.
    pub description: &'static str,
    /// Which service speaks; decides module name and id.
    pub module: AuditModule,
    /// What the record says about its operation.
    pub stage: AuditStage,
    /// The record of the operation's failure, where the catalogue has one: what
    /// remains to be recorded after an attempt when the change is rolled back.
    pub failure: Option<&'static Self>,
}

/// What an audit record says about the operation that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditStage {
    /// The operation begins.
    Attempt,
    /// The operation did its work. True of committed changes only.
    Success,
    /// The operation was refused, or broke off.
    Failure,
}

/// What a record is about: an id and the kind of id; none for `NO_ID`.
pub type Subject<'a> = Option<(&'a str, &'a str)>;

/// A partner, by id.
pub const fn about_partner(id: &str) -> Subject<'_> {
    Some((id, "partnerId"))
}

/// A policy, by name.
pub const fn about_policy_name(name: &str) -> Subject<'_> {
    Some((name, "policyName"))
}

/// The module of the records that the catalogue lists under `PMS_PRT`.
pub const PARTNER_MANAGEMENT: AuditModule = AuditModule {
    name: "Partner Management Service",
    id: "PMS_PRT",
    // Name and id are swapped in the reference, and reports rely on it.
    application: Application {
        id: "Partner management portal",
        name: "10002",
    },
};

/// The module of the records that the catalogue lists for devices, SBIs and FTM
/// chips.
pub const DEVICE_MANAGEMENT: AuditModule = AuditModule {
    name: "partner service",
    id: "PMP-AUT",
    application: Application {
        id: "MOSIP_7",
        name: "PARTNER_MANAGEMENT",
    },
};

/// The application that a record of the module with this id names. Records don't
/// hold it, so that those of earlier releases that wait in the outbox name the same.
pub fn application_of(module_id: &str) -> Application {
    let modules = [DEVICE_MANAGEMENT, PARTNER_MANAGEMENT];
    let named = modules.iter().find(|module| module.id == module_id);
    named.unwrap_or(&PARTNER_MANAGEMENT).application
}

/// A catalogue of audit records, one row each: stage, name of the constant,
/// `eventId`, `eventName`, `description`, and the record of the failure. They are
/// of [`PARTNER_MANAGEMENT`], unless `@module` names another module first.
macro_rules! audits {
    (@failure) => { None };
    (@failure $failure:ident) => { Some(&$failure) };
    (@module $module:ident;
        $(
            $(#[$meta:meta])*
            $stage:ident $name:ident = $id:literal, $event:literal, $text:literal
            $(, else $failure:ident)?;
        )*
    ) => {
        $(
            $(#[$meta])*
            pub const $name: $crate::audit::AuditDef = $crate::audit::AuditDef {
                event_id: $id,
                event_name: $event,
                description: $text,
                module: $crate::audit::$module,
                stage: $crate::audit::AuditStage::$stage,
                failure: $crate::audit::audits!(@failure $($failure)?),
            };
        )*
    };
    ($(#[$meta:meta])* $stage:ident $($rows:tt)*) => {
        $crate::audit::audits! {
            @module PARTNER_MANAGEMENT; $(#[$meta])* $stage $($rows)*
        }
    };
}
pub(crate) use audits;

/// The module that an audit record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditModule {
    /// `moduleName`.
    pub name: &'static str,
    /// `moduleId`.
    pub id: &'static str,
    /// What the module is part of.
    pub application: Application,
}

/// The application that an audit record names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Application {
    /// `applicationId`.
    pub id: &'static str,
    /// `applicationName`.
    pub name: &'static str,
}

/// Author, action and subject; becomes one row of the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditRecord {
    /// `eventId` of the catalogue.
    pub event_id: String,
    /// `eventName` of the catalogue.
    pub event_name: String,
    /// Always `SYSTEM`.
    pub event_type: String,
    /// `sessionUserId`, `sessionUserName` and `createdBy`: the caller's user id.
    pub user: String,
    /// The thing's id, or `NO_ID`.
    pub id: String,
    /// The kind of id, or `NO_ID_TYPE`.
    pub id_type: String,
    /// `description` of the catalogue.
    pub description: String,
    /// `moduleName`.
    pub module_name: String,
    /// `moduleId`.
    pub module_id: String,
}

/// The longest texts that the Audit Manager takes (contract integrations.md §3.4), in
/// UTF-16 units, which are the lengths of Java's strings.
pub mod longest {
    /// `eventId`.
    pub const EVENT_ID: usize = 64;
    /// `eventName`.
    pub const EVENT_NAME: usize = 128;
    /// `sessionUserName`, the shortest of those that hold the user.
    pub const USER: usize = 128;
    /// `id` and `idType`.
    pub const ID: usize = 64;
    /// `description`.
    pub const DESCRIPTION: usize = 2048;
    /// `hostName`.
    pub const HOST_NAME: usize = 128;
}

impl AuditDef {
    /// A record of this kind, made by `user` about the `id` of kind `id_type`.
    pub fn record(&self, user: &str, id: Option<&str>, id_type: Option<&str>) -> AuditRecord {
        let id = id.filter(|id| !id.is_empty()).unwrap_or("NO_ID");
        AuditRecord {
            event_id: clip(self.event_id, longest::EVENT_ID).to_owned(),
            event_name: clip(self.event_name, longest::EVENT_NAME).to_owned(),
            event_type: "SYSTEM".to_owned(),
            user: clip(user, longest::USER).to_owned(),
            id: clip(id, longest::ID).to_owned(),
            id_type: clip(id_type.unwrap_or("NO_ID_TYPE"), longest::ID).to_owned(),
            description: clip(self.description, longest::DESCRIPTION).to_owned(),
            module_name: self.module.name.to_owned(),
            module_id: self.module.id.to_owned(),
        }
    }
}

impl AuditRecord {
    /// This record with another description.
    #[must_use]
    pub fn described(self, description: &str) -> Self {
        Self {
            description: clip(description, longest::DESCRIPTION).to_owned(),
            ..self
        }
    }
}

/// The beginning of a text in at most so many UTF-16 units, in whole characters. The
/// Audit Manager refuses longer texts, and a refused record is not kept there.
pub fn clip(text: &str, longest: usize) -> &str {
    let mut units = 0;
    let beyond = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > longest
    });
    beyond.map_or(text, |(at, _)| text.get(..at).unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_clipped_to_utf_16_units_and_no_character_is_split() {
        assert_eq!(clip("name", 4), "name");
        assert_eq!(clip("name", 3), "nam");
        assert_eq!(clip("", 3), "");
        // Outside the basic plane a character has two units.
        assert_eq!(clip("\u{1E922}\u{1E923}", 4), "\u{1E922}\u{1E923}");
        assert_eq!(clip("\u{1E922}\u{1E923}", 3), "\u{1E922}");
        assert_eq!(clip("\u{1E922}", 1), "");
    }

    #[test]
    fn a_record_is_as_long_as_the_audit_manager_takes_it_in_its_units() {
        let name = "\u{1E922}".repeat(64);

        let record = crate::policy::audits::CREATE_GROUP.record(&name, Some(&name), None);

        let units = |text: &str| text.encode_utf16().count();
        assert_eq!(units(&record.id), longest::ID);
        assert_eq!(units(&record.user), longest::USER);
    }
}
