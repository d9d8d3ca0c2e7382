//! SPDX expressions, as far as packages use them: `OR`, `AND`, `WITH`, parentheses, and `/` for `OR`.

/// Returns whether an expression can be met by the licences that are allowed; `A WITH B` is a licence of its own.
pub(super) fn allowed(expression: &str, licences: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words, at: 0, licences, well_formed: true };
    parser.either() && parser.well_formed && parser.at == words.len()
}

struct Parser<'a> {
    words: &'a [&'a str],
    at: usize,
    licences: &'a [String],
    well_formed: bool,
}

impl Parser<'_> {
    fn either(&mut self) -> bool {
        let mut met = self.both();
        while self.take("OR") {
            met |= self.both();
        }
        met
    }

    fn both(&mut self) -> bool {
        let mut met = self.one();
        while self.take("AND") {
            met &= self.one();
        }
        met
    }

    fn one(&mut self) -> bool {
        if self.take("(") {
            let met = self.either();
            self.well_formed &= self.take(")");
            return met;
        }
        let mut name = self.word();
        if self.take("WITH") {
            name = format!("{name} WITH {}", self.word());
        }
        self.licences.contains(&name)
    }

    /// Returns the next word, which must be there.
    fn word(&mut self) -> String {
        let word = self.words.get(self.at);
        self.well_formed &= word.is_some();
        self.at += 1;
        word.copied().unwrap_or_default().to_owned()
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_met_when_one_of_its_choices_is() {
        let licences = ["MIT", "Zlib", "A WITH B"].map(str::to_owned);
        for met in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "(MIT OR X) AND Zlib",
            "X WITH Y OR MIT",
            "A WITH B",
        ] {
            assert!(allowed(met, &licences), "{met}");
        }
        for unmet in
            ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT WITH Y", "A", "(MIT", "MIT MIT", "MIT OR"]
        {
            assert!(!allowed(unmet, &licences), "{unmet}");
        }
    }
}
