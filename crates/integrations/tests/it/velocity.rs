//! The template language of mails.

use pms_integrations::velocity::{LONGEST_OUTPUT, LONGEST_TEMPLATE, TemplateError, merge};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn variables() -> Map<String, Value> {
    let all = json!({
        "name": "Anna", "count": 3, "one": 1, "empty": "", "nothing": null, "list": ["a", "b", "c"],
        "none": [], "partner": { "id": "p1", "tags": ["x"] },
        "details": [{ "partnerId": "p1" }, { "partnerId": "p2" }],
    });
    all.as_object().unwrap().clone()
}

fn merged(template: &str) -> String {
    merge(template, &variables()).unwrap()
}

#[test]
fn references_in_all_their_forms() {
    assert_eq!(
        merged("$name ${name}s $!name $!{name}"),
        "Anna Annas Anna Anna"
    );
    assert_eq!(merged("$partner.id. ${partner.id}x"), "p1. p1x");
    assert_eq!(
        merged("$list.size() $none.isEmpty() $list"),
        "3 true [a, b, c]"
    );
}

#[test]
fn what_is_unknown_stays_as_it_is_written() {
    let text = "$x ${x} $x.y ${x.y.z()} $nothing $ partnerId $5 $name.nosuch ${name $";

    assert_eq!(merged(text), text);
    assert_eq!(merged("a$!x$!{x.y}b$!nothing"), "ab");
}

#[test]
fn colours_and_other_hashes_are_text() {
    let text = "#f5f5f5 #e0e0e0 #edeef0 #endeef0 #ffffff #ifx #set #1 # #{x} a#";

    assert_eq!(merged(text), text);
}

#[test]
fn conditions() {
    assert_eq!(merged("#if($count > 1)many#else one#end"), "many");
    assert_eq!(merged("#if($x > 1)a#elseif($one == 1)b#else c#end"), "b");
    assert_eq!(merged("#if($x == $y)a#{else}b#{end}c"), "bc");
    assert_eq!(merged("#if(!$x && $list.size() - 2 == 1)a#end"), "a");
    assert_eq!(merged("#if($name == 'Anna' && !$list.isEmpty())a#end"), "a");
    assert_eq!(merged("#if($empty)a#else b#end#if($none)c#end"), " b");
    assert_eq!(merged("#if($count == '3')same#end"), "same");
}

#[test]
fn lists_are_built_and_walked() {
    let template = concat!(
        "#set($parts = [])",
        "#if($count > 0)#set($done = $parts.add(\"$count certificates\"))#end",
        "#if($one > 0)#set($done = $parts.add(\"${one} key\"))#end",
        "#foreach($part in $parts)$foreach.count. $part#if($foreach.hasNext), #end#end",
    );

    assert_eq!(merged(template), "1. 3 certificates, 2. 1 key");
    assert_eq!(
        merged("#foreach($d in $details)$d.partnerId #end$d"),
        "p1 p2 $d"
    );
    assert_eq!(
        merged("#foreach($i in $x)a#end#foreach($i in [1, 'b'])$i#end"),
        "1b"
    );
}

#[test]
fn the_subject_of_the_weekly_summary() {
    let template = concat!(
        "#set($total = $count - 1)#set($kind = \"\")",
        "#if($partnerCertificateCount > 0)#set($kind = \"certificates\")",
        "#else#set($kind = \"keys of $name\")#end$total $kind",
    );

    assert_eq!(merged(template), "2 keys of Anna");
}

#[test]
fn directives_leave_no_empty_lines_and_comments_nothing() {
    assert_eq!(
        merged("a\n#if($one)\nb\n#end\n## note\nc#* x *#d"),
        "a\nb\ncd"
    );
}

#[test]
fn a_directive_takes_one_line_end_and_leaves_the_next() {
    for (template, text) in [
        ("a\n#if($one)\nb\n#end\n\nc", "a\nb\n\nc"),
        ("a\r\n#if($one)\r\nb\r\n#end\r\n\r\nc", "a\r\nb\r\n\r\nc"),
        ("#if($x)a#else\n\nb#end\n\nc", "\nb\nc"),
        ("#if($x)a#elseif($one)\n\nb#end\n\nc", "\nb\nc"),
        ("#foreach($i in $list)\n$i\n#end\n\nc", "a\nb\nc\n\nc"),
        ("#if($one)\n#if($one)\nb\n#end\n\n#end\n\nc", "b\n\n\nc"),
        ("#set($y = 1)\n\nc", "\nc"),
    ] {
        assert_eq!(merged(template), text, "{template:?}");
    }
}

#[test]
fn malformed_directives_are_refused() {
    for template in [
        "#if($x",
        "#if()a#end",
        "#if($x)a",
        "#end",
        "#else",
        "#set($x)",
        "#set(x = 1)",
        "#foreach($x of $y)#end",
        "#foreach($x in $y)",
        "#if($x)#else#else#end",
        "#set($x = \"a)",
        "#if($x ==)#end",
        "#set($x = 99999999999999999999)",
        "#set($x = \"#if(1)\")",
    ] {
        let outcome = merge(template, &variables());
        assert!(
            matches!(outcome, Err(TemplateError::Malformed(_))),
            "{template}: {outcome:?}"
        );
    }
}

#[test]
fn work_is_bounded() {
    let bomb = format!(
        "#set($a = \"xxxxxxxxxxxxxxxx\"){}$a",
        "#set($a = \"$a$a$a$a$a$a$a$a\")".repeat(40)
    );
    let nested = format!(
        "{}x{}",
        "#foreach($i in $list)".repeat(20),
        "#end".repeat(20)
    );
    let growing = format!("#set($l = [1]){}", "#set($n = $l.add($l))".repeat(4000));
    let deep = format!("#set($x = {}1{})", "(".repeat(5000), ")".repeat(5000));
    let quoted = format!("#if({}1)#end", "!".repeat(100_000));

    assert_eq!(merge(&bomb, &variables()), Err(TemplateError::TooMuch));
    assert_eq!(merge(&nested, &variables()), Err(TemplateError::TooMuch));
    assert!(merge(&growing, &variables()).is_err());
    assert_eq!(merge(&deep, &variables()), Err(TemplateError::TooDeep));
    assert_eq!(merge(&quoted, &variables()), Err(TemplateError::TooDeep));
    let long = "x".repeat(LONGEST_TEMPLATE + 1);
    assert_eq!(merge(&long, &variables()), Err(TemplateError::TooLong));
    let chain = format!("#if(1{})a#end", " + 1".repeat(50_000));
    assert_eq!(merged(&chain), "a");
}

/// Pieces that templates are made of, in any order.
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "#if(",
        "#elseif(",
        "#else",
        "#end",
        "#set(",
        "#foreach(",
        "$i in ",
        "$list",
        "$name",
        "${",
        "}",
        "$!",
        ".size()",
        ".add(",
        ".isEmpty()",
        "$foreach.hasNext",
        "[",
        "]",
        "\"",
        "'",
        "&&",
        "||",
        "!",
        ">",
        "==",
        "-",
        "+",
        "=",
        ")",
        "(",
        ",",
        "1",
        " ",
        "\n",
        "#",
        "$",
        "##",
        "#*",
        "*#",
        "é",
        "$partner.id",
        "true",
    ]);
    prop_oneof![4 => known.prop_map(str::to_owned), 1 => ".{0,3}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn nothing_panics(pieces in prop::collection::vec(piece(), 0..60)) {
        if let Ok(text) = merge(&pieces.concat(), &variables()) {
            prop_assert!(text.len() <= LONGEST_OUTPUT);
        }
    }

    #[test]
    fn text_without_signs_is_itself(text in "[^$#]{0,200}") {
        prop_assert_eq!(merge(&text, &variables()).unwrap(), text);
    }
}
