//! `type`, `const`, `enum`, `format`.

use sealift_gotemplate::Value;

use super::{Frame, Validator};
use crate::values::schema::decimal::Decimal;
use crate::values::schema::equality::equal;
use crate::values::schema::fault::{Fault, Kind, displayed};
use crate::values::schema::format::Format;
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::{AnyRules, Choices, Types};

impl Validator<'_> {
    /// Returns the first thing that is wrong.
    pub(super) fn any(
        &mut self,
        frame: &Frame<'_>,
        rules: &AnyRules,
    ) -> Result<Option<Fault>, Stop> {
        self.limits.spend(rules.weight)?;
        let value = frame.value;
        match rules {
            _ if !fits(rules.types, value) => {
                self.fault(frame, Kind::Keyword, || wrong_type(rules.types, value)).map(Some)
            }
            AnyRules { constant: Some(constant), .. } if !equal(value, constant) => {
                self.spend_on_words(frame, rules.weight)?;
                self.fault(frame, Kind::Keyword, || wrong_constant(constant)).map(Some)
            }
            AnyRules { choices: Some(choices), .. } if !chooses(choices, value) => {
                self.spend_on_words(frame, rules.weight)?;
                self.fault(frame, Kind::Keyword, || wrong_choice(choices)).map(Some)
            }
            AnyRules { format: Some(format), .. } => self.format(frame, *format),
            _ => Ok(None),
        }
    }

    fn format(&mut self, frame: &Frame<'_>, format: Format) -> Result<Option<Fault>, Stop> {
        let Value::Str(text) = frame.value else { return Ok(None) };
        self.limits.spend(1 + text.len() / 16)?;
        let error = match format {
            Format::Regex => {
                let pattern = std::rc::Rc::from(&*text.to_text());
                self.patterns.check(&pattern, self.limits)?.err().map(|error| error.to_string())
            }
            Format::Text(..) => format.check(&text.to_text()).err(),
        };
        let Some(error) = error else { return Ok(None) };
        self.spend_on_words(frame, text.len() / 64)?;
        let text = || {
            let (shown, name) = (displayed(frame.value), format.name());
            format!("{shown} is not valid {name}: {error}")
        };
        self.fault(frame, Kind::Keyword, text).map(Some)
    }
}

fn wrong_choice(choices: &Choices) -> String {
    let is_plain = |value: &Value| value.as_list().is_none() && value.as_map().is_none();
    if !choices.values.iter().all(is_plain) {
        return "'enum' failed".to_owned();
    }
    let shown = choices.values.iter().map(displayed).collect::<Vec<_>>().join(", ");
    let one = if choices.values.len() == 1 { "" } else { "one of " };
    format!("value must be {one}{shown}")
}

fn chooses(choices: &Choices, value: &Value) -> bool {
    let has_type = choices.types.has(Types::of(value));
    has_type && choices.values.iter().any(|choice| equal(value, choice))
}

fn fits(types: Types, value: &Value) -> bool {
    types.is_empty()
        || types.has(Types::of(value))
        || types.has(Types::INTEGER) && Decimal::of(value).is_some_and(|it| it.is_integer())
}

fn wrong_type(types: Types, value: &Value) -> String {
    format!("got {}, want {}", Types::of(value).joined(""), types.joined(" or "))
}

fn wrong_constant(constant: &Value) -> String {
    match constant {
        Value::List(_) | Value::Map(_) => "'const' failed".to_owned(),
        other => format!("value must be {}", displayed(other)),
    }
}
