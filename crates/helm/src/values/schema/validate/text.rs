//! Keywords for texts.

use sealift_gotemplate::Str;

use super::number::compared;
use super::{Frame, Validator};
use crate::values::schema::fault::{quoted, quoted_str};
use crate::values::schema::limits::Stop;
use crate::values::schema::rules::TextRules;

impl Validator<'_> {
    pub(super) fn text(
        &mut self,
        frame: &mut Frame<'_>,
        rules: &TextRules,
        text: &Str,
    ) -> Result<(), Stop> {
        self.limits.spend(text.len() / 64)?;
        if rules.min_length.is_some() || rules.max_length.is_some() {
            let got = i64::try_from(text.to_text().chars().count()).unwrap_or(i64::MAX);
            if let Some(want) = rules.min_length.filter(|want| got < *want) {
                self.add(frame, || compared("minLength", got, want))?;
            }
            if let Some(want) = rules.max_length.filter(|want| got > *want) {
                self.add(frame, || compared("maxLength", got, want))?;
            }
        }
        let Some(pattern) = &rules.pattern else { return Ok(()) };
        if !self.patterns.is_match(pattern, text.as_bytes(), self.limits)? {
            self.spend_on_words(frame, text.len() / 64)?;
            self.add(frame, || {
                format!("{} does not match pattern {}", quoted_str(text), quoted(pattern))
            })?;
        }
        Ok(())
    }
}
