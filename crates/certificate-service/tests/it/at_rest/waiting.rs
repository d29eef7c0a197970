//! Commands that have the key tables to themselves wait for those who make keys.

use diesel::connection::SimpleConnection as _;
use pms_database::keys::{self, Ending, exclusively};
use pms_testkit::waiting::block_until;

use crate::support::service::Stage;

#[actix_web::test]
async fn nobody_is_caught_half_way() {
    let stage = Stage::new();
    // Both orders in which the tables are written.
    for (first, then) in [("key_alias", "key_store"), ("key_store", "key_alias")] {
        let (mut maker, mut command) = (stage.database.conn(), stage.database.conn());
        let write = |table: &str| format!("UPDATE keymgr.{table} SET upd_by = 'maker'");
        maker.batch_execute("BEGIN").unwrap();
        keys::lock(&mut maker, "PARTNER", "p").unwrap();
        maker.batch_execute(&write(first)).unwrap();
        let alone =
            std::thread::spawn(move || exclusively(&mut command, Ending::RollBack, |_| Ok(())));
        block_until("the command waits", || stage.database.waits_for_lock());

        maker.batch_execute(&write(then)).unwrap();
        maker.batch_execute("COMMIT").unwrap();

        alone.join().unwrap().unwrap();
    }
}
