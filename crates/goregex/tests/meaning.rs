//! The rules that Go's patterns have and Rust's do not, each alone.

use sealift_goregex::Regex;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
}

fn error(pattern: &str) -> String {
    Regex::new(pattern).expect_err("Go refuses it").to_string()
}

#[test]
fn a_brace_without_counts_is_itself() {
    assert!(regex("{(v[0-9])*[^}]*}}$").is_match(b"image:{v1}}"));
    for (pattern, text) in [
        ("a{", "a{"),
        ("x{2", "x{2"),
        ("a{,3}", "a{,3}"),
        ("a{01}", "a{01}"),
        (r"a\b{start}", "a{start}"),
    ] {
        assert_eq!(regex(pattern).find(text.as_bytes()), Some(text.as_bytes()), "{pattern}");
    }
}

#[test]
fn perl_classes_are_ascii() {
    assert!(!regex(r"\w|\d").is_match("é٣".as_bytes()));
    assert!(!regex(r"\s").is_match(b"\x0B\xA0"));
    assert!(regex("[[:space:]]").is_match(b"\x0B"));
    assert_eq!(regex(r"\b").find_all_index("aéa".as_bytes(), -1), [0..0, 1..1, 3..3, 4..4]);
}

#[test]
fn two_ampersands_are_members_of_a_class() {
    assert_eq!(regex("[a&&b]+").find(b"xa&bx"), Some(&b"a&b"[..]));
}

#[test]
fn errors_are_in_the_words_of_go() {
    for (pattern, text) in [
        ("(abc", "missing closing ): `(abc`"),
        ("abc)", "unexpected ): `abc)`"),
        ("[a-", "missing closing ]: `[a-`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("(*)", "missing argument to repetition operator: `*`"),
        (r"\8", r"invalid escape sequence: `\8`"),
        (r"\u0041", r"invalid escape sequence: `\u`"),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
        ("(?P<a b>c)", "invalid named capture: `(?P<a b>`"),
        (r"\p{Klingon}", r"invalid character class range: `\p{Klingon}`"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("a\\", "trailing backslash at end of expression: ``"),
    ] {
        assert_eq!(error(pattern), format!("error parsing regexp: {text}"));
    }
}

#[test]
fn names_of_unicode_classes_are_compared_loosely() {
    for name in ["Greek", "greek", "G-R eek"] {
        assert!(regex(&format!(r"^\p{{{name}}}$")).is_match("σ".as_bytes()), "{name}");
    }
    assert!(regex(r"^\p{uppercase letter}$").is_match(b"A"));
    assert!(Regex::new(r"\p{Old_Italic}").is_err(), "Go 1.26 cannot find it");
}

#[test]
fn a_byte_that_is_no_character_counts_as_one() {
    assert_eq!(regex(".").find_all(b"a\xFF\xC3z", -1).len(), 4);
    assert_eq!(regex("[^a-z]+").find(b"a\xFF\xC3z"), Some(&b"\xFF\xC3"[..]));
    assert!(regex(r"^\x{FFFD}$").is_match(b"\xFF"));
    assert_eq!(regex("a").replace_all(b"\xFFa\xFE", b"b", 9).expect("short"), b"\xFFb\xFE");
}

#[test]
fn a_template_takes_the_longest_name() {
    let pair = regex(r"(?P<key>\w+)=(\w+)");
    let replaced = |template: &[u8]| pair.replace_all(b"a=b", template, 99).expect("short");
    assert_eq!(replaced(b"$2x"), b"");
    assert_eq!(replaced(b"${2}x"), b"bx");
    assert_eq!(replaced(b"$key:$2"), b"a:b");
    assert_eq!(replaced(b"$$2 $ ${9}"), b"$2 $ ");
}

#[test]
fn a_replacement_is_bounded() {
    let result = regex("a").replace_all(&[b'a'; 1000], &[b'b'; 1000], 999_999);
    let text = result.expect_err("a million bytes").to_string();
    assert_eq!(text, "the replaced text would be longer than 999999 bytes");
}

#[test]
fn a_split_keeps_empty_ends() {
    assert_eq!(regex(",").split(b",a,", -1), [&b""[..], b"a", b""]);
    assert_eq!(regex(",").split(b"a,b,c", 2), [&b"a"[..], b"b,c"]);
    assert_eq!(regex("").split("aé".as_bytes(), -1), ["a".as_bytes(), "é".as_bytes()]);
    assert!(regex(",").split(b"a,b", 0).is_empty());
    assert_eq!(regex(",").split(b"", -1), [&b""[..]]);
}

#[test]
fn two_groups_may_have_one_name() {
    let either = regex("(?P<n>a)|(?P<n>b)");
    assert_eq!(either.replace_all(b"b", b"<$n>", 9).expect("short"), b"<b>");
    let names: Vec<_> = either.capture_names().collect();
    assert_eq!(names, [None, Some("n"), Some("n")]);
}

#[test]
fn an_empty_match_inside_a_character_hides_no_other() {
    let regex = regex(r"\B|c.{2}");
    assert!(regex.is_match("cΣz".as_bytes()));
    assert_eq!(regex.find_index("cΣz".as_bytes()), Some(0..4));
}
