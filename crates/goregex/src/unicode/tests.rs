//! The tables are those of Go, whatever Unicode `regex-syntax` knows.

use super::{class, fold, named, names};

const RECORDED: &str = include_str!("../../tests/unicode.txt");

fn recorded() -> impl Iterator<Item = (&'static str, usize, &'static str)> {
    RECORDED.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let fields: Vec<&str> = line.split(' ').collect();
        (fields[0], fields[1].parse().expect("a number"), fields[2])
    })
}

/// FNV-1a over the code points.
fn hash(points: impl IntoIterator<Item = char>) -> String {
    let bytes = points.into_iter().flat_map(|point| u32::from(point).to_le_bytes());
    let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    format!("{hash:016x}")
}

/// Go's ranges pass over the surrogates; ours, too.
#[test]
fn each_named_class_has_the_characters_of_go() {
    for (name, ranges, expected) in recorded().filter(|recorded| recorded.0 != "fold") {
        let class = named(name).unwrap_or_else(|| panic!("{name} is unknown"));
        let ends = class.ranges().iter().flat_map(|range| [range.start(), range.end()]);
        assert_eq!((class.ranges().len(), hash(ends)), (ranges, expected.to_owned()), "{name}");
    }
    let known = names::CATEGORIES.len() + names::SCRIPTS.len();
    assert_eq!(recorded().count(), known + 1, "each name is recorded");
}

#[test]
fn each_character_folds_as_in_go() {
    let mut folding = 0;
    let mut points = Vec::new();
    for point in '\0'..='\u{1F000}' {
        let mut equal = class(&[(point.into(), point.into())]);
        fold(&mut equal);
        let members: Vec<char> =
            equal.ranges().iter().flat_map(|range| range.start()..=range.end()).collect();
        if members.len() > 1 {
            folding += 1;
            points.push(point);
            points.extend(members.iter().filter(|&&member| member != point));
        }
    }
    let (_, count, expected) = recorded().find(|recorded| recorded.0 == "fold").expect("recorded");
    assert_eq!((folding, hash(points)), (count, expected.to_owned()));
}

#[test]
fn each_long_name_is_found() {
    assert!(names::CATEGORY_ALIASES.is_sorted());
    for (long, short) in names::CATEGORY_ALIASES {
        assert_eq!(named(long), named(short), "{long}");
        assert!(named(short).is_some(), "{short}");
    }
}
