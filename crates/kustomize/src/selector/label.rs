//! Selectors of labels, as Kubernetes has them: `a=b,c!=d,e in (f,g),!h,i`.

use crate::resource::meta::Strings;

/// A text is no selector of labels.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unable to parse requirement in {text:?}: found {found:?}, expected {expected}")]
pub struct LabelSelectorError {
    /// The text.
    pub text: String,
    /// What stands where something else should.
    pub found: String,
    /// What should stand there.
    pub expected: &'static str,
}

/// What labels must be. Mirrors `k8sgen/pkg/labels/selector.go` of kyaml v0.21.2.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operator {
    Exists,
    Missing,
    In(Vec<String>),
    NotIn(Vec<String>),
    Greater(i64),
    Less(i64),
}

impl LabelSelector {
    /// Reads a selector; an empty one fits all.
    pub(crate) fn parse(text: &str) -> Result<Self, LabelSelectorError> {
        let mut parser = Parser { text, tokens: tokens(text), at: 0 };
        let mut requirements = Vec::new();
        if parser.peek().is_empty() {
            return Ok(Self::default());
        }
        loop {
            requirements.push(parser.requirement()?);
            match parser.next() {
                "" => return Ok(Self { requirements }),
                "," if !parser.peek().is_empty() => {}
                "," => return Err(parser.fail("", "identifier after ','")),
                other => return Err(parser.fail(other, "',' or end of string")),
            }
        }
    }

    pub(crate) fn matches(&self, labels: &Strings) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &Strings) -> bool {
        let value = labels.get(&self.key);
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match &self.operator {
            Operator::Exists => value.is_some(),
            Operator::Missing => value.is_none(),
            Operator::In(values) => value.is_some_and(|value| values.contains(value)),
            Operator::NotIn(values) => value.is_none_or(|value| !values.contains(value)),
            Operator::Greater(least) => number().is_some_and(|number| number > *least),
            Operator::Less(most) => number().is_some_and(|number| number < *most),
        }
    }
}

fn tokens(text: &str) -> Vec<&str> {
    const SYMBOLS: [char; 7] = ['=', '!', '(', ')', ',', '<', '>'];
    let is_blank = |character: char| matches!(character, ' ' | '\t' | '\r' | '\n');
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while !rest.is_empty() {
        let length = if rest.starts_with("==") || rest.starts_with("!=") {
            2
        } else if rest.starts_with(SYMBOLS) {
            1
        } else {
            rest.find(|character| is_blank(character) || SYMBOLS.contains(&character))
                .unwrap_or(rest.len())
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start_matches(is_blank);
    }
    tokens
}

struct Parser<'t> {
    text: &'t str,
    tokens: Vec<&'t str>,
    at: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> &'t str {
        self.tokens.get(self.at).copied().unwrap_or("")
    }

    fn next(&mut self) -> &'t str {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn fail(&self, found: &str, expected: &'static str) -> LabelSelectorError {
        LabelSelectorError { text: self.text.to_owned(), found: found.to_owned(), expected }
    }

    fn requirement(&mut self) -> Result<Requirement, LabelSelectorError> {
        let is_missing = self.peek() == "!";
        if is_missing {
            self.next();
        }
        let key = self.identifier()?.to_owned();
        let operator = match self.peek() {
            _ if is_missing => Operator::Missing,
            "" | "," => Operator::Exists,
            _ => self.operator()?,
        };
        Ok(Requirement { key, operator })
    }

    fn identifier(&mut self) -> Result<&'t str, LabelSelectorError> {
        match self.next() {
            token if token.starts_with(['=', '!', '(', ')', ',', '<', '>']) || token.is_empty() => {
                Err(self.fail(token, "identifier"))
            }
            token => Ok(token),
        }
    }

    fn operator(&mut self) -> Result<Operator, LabelSelectorError> {
        Ok(match self.next() {
            "in" => Operator::In(self.values()?),
            "notin" => Operator::NotIn(self.values()?),
            "=" | "==" => Operator::In(vec![self.exact()]),
            "!=" => Operator::NotIn(vec![self.exact()]),
            ">" => Operator::Greater(self.number()?),
            "<" => Operator::Less(self.number()?),
            other => return Err(self.fail(other, "in, notin, =, ==, !=, gt, lt")),
        })
    }

    /// A value may be empty.
    fn exact(&mut self) -> String {
        match self.peek() {
            "" | "," => String::new(),
            _ => self.next().to_owned(),
        }
    }

    fn number(&mut self) -> Result<i64, LabelSelectorError> {
        let token = self.next();
        token.parse().map_err(|_| self.fail(token, "an integer"))
    }

    fn values(&mut self) -> Result<Vec<String>, LabelSelectorError> {
        let open = self.next();
        if open != "(" {
            return Err(self.fail(open, "'('"));
        }
        let mut values = Vec::new();
        loop {
            match self.next() {
                ")" => return Ok(values),
                "," => values.push(String::new()),
                "" => return Err(self.fail("", "',' or ')'")),
                value => {
                    values.push(value.to_owned());
                    match self.next() {
                        "," => {}
                        ")" => return Ok(values),
                        other => return Err(self.fail(other, "',' or ')'")),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_are_those_of_kubernetes() {
        let labels =
            Strings::from([("a".to_owned(), "b".to_owned()), ("n".to_owned(), "5".to_owned())]);
        for (text, want) in [
            ("", true),
            ("a=b", true),
            ("a==b,n=5", true),
            ("a!=b", false),
            ("c!=d", true),
            ("a in (x, b)", true),
            ("a notin (x,b)", false),
            ("!a", false),
            ("!c,a", true),
            ("n>4", true),
            ("n<5", false),
        ] {
            assert_eq!(
                LabelSelector::parse(text).map(|found| found.matches(&labels)),
                Ok(want),
                "{text}"
            );
        }
        for text in ["a b", "a in", "a=b,", "=", "a in (b"] {
            assert!(LabelSelector::parse(text).is_err(), "{text}");
        }
    }
}
