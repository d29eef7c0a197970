//! Statements that several tables share.
//!
//! They are macros, because each column of diesel is a type of its own: generic
//! code would need a page of bounds to say "any table with an id". Devices, SBIs
//! and FTM chips also have an approval in common (contract devices.md §4).

/// Functions that read a row by its text id: `name: Row in table;`, or with a lock
/// that lasts until the transaction ends, `name: Row in table, for_update;`.
macro_rules! by_id {
    ($($(#[$doc:meta])* $name:ident: $row:ident in $table:ident $(, $lock:ident)?;)+) => {$(
        $(#[$doc])*
        pub fn $name(
            conn: &mut diesel::PgConnection,
            id: &str,
        ) -> diesel::QueryResult<Option<$row>> {
            $row::query()
                .filter($table::id.eq(id))
                $(.$lock())?
                .first(conn)
                .optional()
        }
    )+};
}

/// The columns that say who made a row, and when.
macro_rules! created_by {
    ($table:ident, $stamp:expr) => {
        (
            $table::cr_by.eq(&$stamp.by),
            $table::cr_dtimes.eq($stamp.at),
        )
    };
}

/// The columns that say who changed a row last, and when.
macro_rules! changed_by {
    ($table:ident, $stamp:expr) => {
        (
            $table::upd_by.eq(&$stamp.by),
            $table::upd_dtimes.eq($stamp.at),
        )
    };
}

/// Changes the row with an id, stamps it, and gives it as it is then.
macro_rules! change_row {
    ($conn:expr, $table:ident, $id:expr, $row:ident, $columns:expr, $stamp:expr) => {
        diesel::update($table::table.find($id))
            .set(($columns, $crate::rows::changed_by!($table, $stamp)))
            .returning($row::as_returning())
            .get_result($conn)
    };
}

/// A page of a query: at most `limit` rows, oldest first, after a place (the time and the
/// id of a row) or from the beginning.
macro_rules! oldest_first {
    ($query:expr, $table:ident, $after:expr, $limit:expr) => {{
        let ordered = $query.order(($table::cr_dtimes, $table::id));
        let mut page = ordered.limit($limit).into_boxed();
        if let Some((at, id)) = $after {
            // The first condition lets the index find the place.
            page = page
                .filter($table::cr_dtimes.ge(at))
                .filter($table::cr_dtimes.gt(at).or($table::id.gt(id.as_str())));
        }
        page
    }};
}

/// Whether a table has more rows than so many, of those that fulfil a condition if
/// there is one.
macro_rules! more_than {
    ($conn:expr, $table:ident, $most:expr $(, $column:ident = $wanted:expr)?) => {{
        let rows = $table::table.select($table::id).offset($most).limit(1);
        let rows = rows.into_boxed();
        $(
            let rows = match $wanted {
                Some(wanted) => rows.filter($table::$column.eq(wanted)),
                None => rows,
            };
        )?
        let one_more: Option<String> = rows.first($conn).optional()?;
        Ok(one_more.is_some())
    }};
}

/// Whether a row is neither rejected nor deactivated: in the words of the unique
/// indexes on make and model, so that they serve.
macro_rules! is_live {
    ($table:ident) => {
        $table::approval_status
            .ne(pms_domain::device::status::REJECTED)
            .and(diesel::dsl::not(
                $table::approval_status
                    .eq(pms_domain::device::status::APPROVED)
                    .and($table::is_active.eq(false)),
            ))
    };
}

/// Inserts a row that waits for what its status says.
macro_rules! insert_waiting {
    ($table:ident, $id:expr, $columns:expr, $status:expr, $stamp:expr) => {
        diesel::insert_into($table::table).values((
            $table::id.eq($id),
            $columns,
            $table::approval_status.eq($status),
            $table::is_active.eq(false),
            $table::is_deleted.eq(Some(false)),
            $crate::rows::created_by!($table, $stamp),
        ))
    };
}

/// The columns of a row after a change of its state, if there is one, and of its
/// author and time.
macro_rules! changed {
    ($table:ident, $change:expr, $stamp:expr) => {{
        let (status, active) = $change.map(Change::stored).unzip();
        (
            status.map(|status| $table::approval_status.eq(status)),
            active.map(|active| $table::is_active.eq(active)),
            $crate::rows::changed_by!($table, $stamp),
        )
    }};
}

pub(crate) use {
    by_id, change_row, changed, changed_by, created_by, insert_waiting, is_live, more_than,
    oldest_first,
};
