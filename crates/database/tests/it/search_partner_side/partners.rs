use pms_database::search::searches::Partners;
use pms_database::search::{SearchRequest, Sort, search};
use pms_database::{DbError, partners};

use super::{NOBODY, filter, given, ids, partners_with, request_of};
use crate::support::{RULES, code, refusal};

#[test]
fn a_partner_type_narrows_unless_it_is_all() {
    let database = given();
    let mut conn = database.conn();
    let mut of_type = |kind: &str| {
        let filters: Vec<_> = Partners::of_type(kind).into_iter().collect();
        partners_with(&mut conn, &filters)
    };

    assert_eq!(of_type("AUTH"), ["a"]);
    assert_eq!(of_type("All"), ["ANNA", "b", "a"]);
}

#[test]
fn the_scope_of_a_user_is_the_user_or_without_one_the_partner_of_that_name() {
    let database = given();
    let mut conn = database.conn();
    let mut own = |user: &str| {
        let scope = Some(Partners::owned_by(user));
        ids::<Partners>(&mut conn, &[], scope, |row| row.id)
    };

    assert_eq!(own("anna"), ["ANNA", "a"]);
    assert_eq!(own("Bert"), ["b"]);
    assert_eq!(own("%"), NOBODY);
}

#[test]
fn encrypted_columns_are_refused_before_anything_else() {
    let database = given();
    let mut conn = database.conn();
    let mut ask = |request| search::<Partners>(&mut conn, request, Vec::new(), &RULES);
    let sorted = SearchRequest {
        filters: Some(vec![filter("nonsense", "", "")]),
        sort: Some(vec![Sort {
            sort_field: Some("Address".to_owned()),
            sort_type: None,
        }]),
        ..SearchRequest::default()
    };

    let filtered = refusal(ask(request_of(&[filter("EMAILID", "equals", "x")])));
    let sorted = refusal(ask(sorted));

    let text = |name: &str| {
        let text = format!("The column '{name}' is not supported due to system limitations.");
        ("KER_PRT_391".to_owned(), text)
    };
    assert_eq!(filtered, text("EMAILID"));
    assert_eq!(sorted, text("Address"));
}

#[test]
fn columns_with_private_values_are_listed_for_administrators() {
    let listable = |name, administrator| {
        Partners::listable([name].into_iter(), administrator).map_err(DbError::from)
    };

    for name in ["emailIdHash", "ADDITIONALINFO", "certificateAlias"] {
        assert_eq!(code(listable(name, false)), "KER_PRT_391");
        listable(name, true).unwrap();
    }
    assert_eq!(code(listable("contactNo", true)), "KER_PRT_391");
    listable("name", false).unwrap();
}

#[test]
fn a_users_partners_come_with_their_groups() {
    let database = given();
    let mut conn = database.conn();

    let own = partners::list_owned(&mut conn, "anna", 10).unwrap();
    let first = partners::list_owned(&mut conn, "anna", 1).unwrap();
    let of_bert = partners::list_owned(&mut conn, "BERT", 10).unwrap();

    let ids: Vec<_> = own.iter().map(|partner| partner.id.as_str()).collect();
    assert_eq!((ids, first.len()), (vec!["ANNA", "a"], 1));
    assert_eq!(own[1].group_name.as_deref(), Some("Group"));
    assert_eq!(own[1].group_description.as_deref(), Some("about"));
    assert_eq!(of_bert[0].policy_group_id.as_deref(), Some("gone"));
    assert_eq!(of_bert[0].group_name, None);
}
