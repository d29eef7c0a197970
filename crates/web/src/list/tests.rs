use pms_database::search::lists::{InterfaceList, NotificationList, PartnerList};

use super::*;

fn names<L: List>() -> Vec<String> {
    let mut doc = OperationDoc::default();
    ListRequest::<L>::describe(&mut doc);
    doc.parameters.into_iter().map(|p| p.name).collect()
}

#[test]
fn order_page_and_declared_filters_are_read() {
    let query = "sortFieldName=orgName&sortType=asc&pageNo=2&pageSize=&orgName=a&nope=b";

    let request = ListRequest::<InterfaceList>::read(query).unwrap();
    let empty = ListRequest::<InterfaceList>::read("partnerId=").unwrap();
    let other = ListRequest::<InterfaceList>::read("partnerType=x").unwrap();

    let wanted = ListQuery {
        sort_field_name: Some("orgName".to_owned()),
        sort_type: Some("asc".to_owned()),
        page_no: Some(2),
        page_size: None,
    };
    assert_eq!(*request.order(), wanted);
    let (_, conditions) = request.into_parts(NaiveDateTime::default());
    assert_eq!(conditions.len(), 1);
    // An empty text is a filter; a column that only sorts is none.
    assert!(!empty.is_unfiltered() && other.is_unfiltered());
}

#[test]
fn a_flag_has_several_spellings_and_no_others() {
    let read = |query| ListRequest::<PartnerList>::read(query);

    assert!(read("isActive=").unwrap().is_unfiltered());
    assert!(!read("isActive=Yes").unwrap().is_unfiltered());
    assert!(!read("isActive=true&isActive=2").unwrap().is_unfiltered());
    assert_eq!(
        read("isActive=2").map(drop).unwrap_err().message(),
        "Failed to convert 'isActive' with value: '2'"
    );
    assert_eq!(
        read("pageNo=x").map(drop).unwrap_err().message(),
        "Failed to convert 'pageNo' with value: 'x'"
    );
}

#[test]
fn the_document_names_what_the_columns_declare() {
    assert_eq!(
        names::<InterfaceList>(),
        [
            "sortFieldName",
            "sortType",
            "pageNo",
            "pageSize",
            "partnerId",
            "orgName",
            "sbiId",
            "sbiVersion",
            "status",
            "sbiExpiryStatus"
        ]
    );
    assert_eq!(names::<NotificationList>(), ["pageNo", "pageSize"]);
}
