//! What operators do with keys at rest: replace the key encryption key, import
//! keys, and look which there are.
//!
//! All of it works on the database alone, while services run or not.

mod import;
mod list;
mod make;
mod orphans;
mod rotate;

use pms_database::{Connection, DbError};
use pms_web::settings::KeyManagerSettings;

pub use import::{ImportOptions, ImportReport, Keystore, Tally, import};
pub use list::{KeyKind, KeyLine, KeyList, list};
pub use make::make;
pub use orphans::{Orphan, for_each_orphan};
pub use rotate::{Resealed, Rotation, rotate};

use crate::kek::{Sealer, Source};

/// Author of the rows that these commands write.
const SYSTEM: &str = "SYSTEM";

/// The key encryption keys of the configuration. Prints its ids only.
#[derive(Debug)]
pub struct KeySafe(Sealer);

impl KeySafe {
    /// Reads the keys. As at the start of a service, a missing file is made as
    /// long as the database holds nothing that was encrypted with it.
    ///
    /// # Errors
    /// One line about what is wrong, without a trace of a key.
    pub fn open(settings: &KeyManagerSettings, conn: &mut Connection) -> Result<Self, DbError> {
        let source = Source::of(settings).map_err(DbError::Internal)?;
        let unused = pms_database::keys::list_masters(conn)?.is_empty();
        source.read(unused).map(Self).map_err(DbError::Internal)
    }

    /// [`KeySafe::open`] where keys are only looked at: `None` when none is
    /// configured, and no file is made.
    ///
    /// # Errors
    /// As [`KeySafe::open`].
    pub fn find(settings: &KeyManagerSettings) -> Result<Option<Self>, DbError> {
        use secrecy::ExposeSecret as _;
        let text = settings.kek.expose_secret().trim();
        if text.is_empty() && settings.kek_file.is_empty() {
            return Ok(None);
        }
        let source = Source::of(settings).map_err(DbError::Internal)?;
        let sealer = source.read(false).map_err(DbError::Internal)?;
        Ok(Some(Self(sealer)))
    }
}
