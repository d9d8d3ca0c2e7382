//! TOML to values.

use sealift_gotemplate::{Budget, FunctionError, List, Map, Str, Type, Value};
use sealift_sprig::Moment;
use toml_edit::{Datetime, Document, Item, Offset};

/// Returns the table that a text is, as `toml.Unmarshal` gives it: whole numbers are
/// `int64`, and `[[a]]` is a list of maps.
///
/// What is wrong is told in other words than those of the Go package.
///
/// # Errors
///
/// When the text is no TOML, or a limit is reached.
pub(super) fn read(text: &Str, budget: &Budget) -> Result<Value, FunctionError> {
    budget.spend(text.len() as u64 / 16)?;
    let text = text.to_text();
    let document = Document::parse(&*text).map_err(|error| {
        let line = error.span().map(|span| 1 + text[..span.start].matches('\n').count());
        let line = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        format!("toml: {line}{}", error.message())
    })?;
    Ok(item(document.as_item()))
}

/// Recursion is as deep as `toml_edit` lets texts be, which is 80 levels.
fn item(item: &Item) -> Value {
    match item {
        Item::None => Value::Nil,
        Item::Value(found) => value(found),
        Item::Table(table) => {
            table.iter().map(|(key, found)| (key, self::item(found))).collect::<Map>().into()
        }
        Item::ArrayOfTables(tables) => {
            let maps = tables.iter().map(|table| {
                table.iter().map(|(key, found)| (key, self::item(found))).collect::<Map>().into()
            });
            List::typed(Type::dict(), maps.collect()).into()
        }
    }
}

fn value(found: &toml_edit::Value) -> Value {
    match found {
        toml_edit::Value::String(text) => text.value().as_str().into(),
        toml_edit::Value::Integer(number) => Value::Int64(*number.value()),
        toml_edit::Value::Float(number) => Value::Float(*number.value()),
        toml_edit::Value::Boolean(truth) => Value::Bool(*truth.value()),
        toml_edit::Value::Datetime(date) => Value::Object(std::rc::Rc::new(moment(date.value()))),
        toml_edit::Value::Array(items) => items.iter().map(value).collect::<List>().into(),
        toml_edit::Value::InlineTable(table) => {
            table.iter().map(|(key, found)| (key, value(found))).collect::<Map>().into()
        }
    }
}

/// Returns a date as a moment; one without an offset is taken for one of UTC.
fn moment(date: &Datetime) -> Moment {
    let days = date
        .date
        .map_or(-719_528, |date| days(date.year.into(), date.month.into(), date.day.into()));
    let (mut seconds, mut nanoseconds) = (days * 86_400, 0);
    if let Some(time) = date.time {
        seconds += i64::from(time.hour) * 3_600 + i64::from(time.minute) * 60;
        seconds += i64::from(time.second.unwrap_or(0));
        nanoseconds = time.nanosecond.unwrap_or(0);
    }
    if let Some(Offset::Custom { minutes }) = date.offset {
        seconds -= i64::from(minutes) * 60;
    }
    Moment { seconds, nanoseconds }
}

/// Returns the days from 1970 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Helm 4.2.4 names these lines.
    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let table = [
            ("a = 1\na = 2", 2),
            ("a", 1),
            ("x = 1\na =", 2),
            ("a = b", 1),
            ("= 1", 1),
            ("[a", 1),
            ("x = 1\na = \"x", 2),
            ("a = [1, 2", 1),
            ("a = 1 b = 2", 1),
            ("a = 01", 1),
            ("a = \"\\q\"", 1),
            ("[a]\n[a]", 2),
            ("a = 2020-13-01", 1),
            ("a = 99999999999999999999", 1),
            ("key with space = 1", 1),
            ("{\"a\": 1}", 1),
            ("[[a]]\n[a]", 2),
        ];
        for (text, line) in table {
            let error = read(&text.into(), &Budget::default()).expect_err(text).to_string();
            assert!(error.starts_with(&format!("toml: line {line}: ")), "{text}: {error}");
        }
    }

    #[test]
    fn a_table_that_becomes_a_value_is_refused_where_helm_keeps_the_table() {
        let error = read(&"a.b = 1\na = 2".into(), &Budget::default()).expect_err("a key twice");
        assert_eq!(error.to_string(), "toml: line 2: duplicate key");
    }
}
