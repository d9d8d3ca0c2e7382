//! The drafts of JSON Schema.

/// A draft, as far as it differs from others.
///
/// Mirrors `draft.go` of santhosh-tekuri/jsonschema 6.0.2.
#[derive(Debug)]
pub(super) struct Draft {
    /// 4, 6, 7, 2019 or 2020.
    pub(super) version: u16,
    /// Where its metaschema is.
    pub(super) url: &'static str,
    /// The keyword that gives a subschema a URL.
    pub(super) id: &'static str,
    /// Where subschemas are.
    pub(super) subschemas: &'static [&'static [Position]],
    vocabularies: &'static [&'static str],
    default_vocabularies: &'static [&'static str],
}

/// Where subschemas are in a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// The value of a keyword.
    Whole(&'static str),
    /// The elements of the list that is the value of a keyword.
    Items(&'static str),
    /// The values of the map that is the value of a keyword.
    Properties(&'static str),
}

use Position::{Items, Properties, Whole};

const DRAFT_4_SUBSCHEMAS: &[Position] = &[
    Properties("definitions"),
    Whole("not"),
    Items("allOf"),
    Items("anyOf"),
    Items("oneOf"),
    Properties("properties"),
    Whole("additionalProperties"),
    Properties("patternProperties"),
    Whole("items"),
    Items("items"),
    Whole("additionalItems"),
    Properties("dependencies"),
];
const DRAFT_6_SUBSCHEMAS: &[Position] = &[Whole("propertyNames"), Whole("contains")];
const DRAFT_7_SUBSCHEMAS: &[Position] = &[Whole("if"), Whole("then"), Whole("else")];
const DRAFT_2019_SUBSCHEMAS: &[Position] = &[
    Properties("$defs"),
    Properties("dependentSchemas"),
    Whole("unevaluatedProperties"),
    Whole("unevaluatedItems"),
    Whole("contentSchema"),
];
const DRAFT_2020_SUBSCHEMAS: &[Position] = &[Items("prefixItems")];

pub(super) static DRAFT_4: Draft = Draft {
    version: 4,
    url: "http://json-schema.org/draft-04/schema",
    id: "id",
    subschemas: &[DRAFT_4_SUBSCHEMAS],
    vocabularies: &[],
    default_vocabularies: &[],
};

pub(super) static DRAFT_6: Draft = Draft {
    version: 6,
    url: "http://json-schema.org/draft-06/schema",
    id: "$id",
    subschemas: &[DRAFT_4_SUBSCHEMAS, DRAFT_6_SUBSCHEMAS],
    vocabularies: &[],
    default_vocabularies: &[],
};

pub(super) static DRAFT_7: Draft = Draft {
    version: 7,
    url: "http://json-schema.org/draft-07/schema",
    id: "$id",
    subschemas: &[DRAFT_4_SUBSCHEMAS, DRAFT_6_SUBSCHEMAS, DRAFT_7_SUBSCHEMAS],
    vocabularies: &[],
    default_vocabularies: &[],
};

pub(super) static DRAFT_2019: Draft = Draft {
    version: 2019,
    url: "https://json-schema.org/draft/2019-09/schema",
    id: "$id",
    subschemas: &[
        DRAFT_4_SUBSCHEMAS,
        DRAFT_6_SUBSCHEMAS,
        DRAFT_7_SUBSCHEMAS,
        DRAFT_2019_SUBSCHEMAS,
    ],
    vocabularies: &["core", "applicator", "validation", "meta-data", "format", "content"],
    default_vocabularies: &["core", "applicator", "validation"],
};

/// The draft of a schema that says none.
pub(super) static DRAFT_2020: Draft = Draft {
    version: 2020,
    url: "https://json-schema.org/draft/2020-12/schema",
    id: "$id",
    subschemas: &[
        DRAFT_4_SUBSCHEMAS,
        DRAFT_6_SUBSCHEMAS,
        DRAFT_7_SUBSCHEMAS,
        DRAFT_2019_SUBSCHEMAS,
        DRAFT_2020_SUBSCHEMAS,
    ],
    vocabularies: &[
        "core",
        "applicator",
        "unevaluated",
        "validation",
        "meta-data",
        "format-annotation",
        "format-assertion",
        "content",
    ],
    default_vocabularies: &["core", "applicator", "unevaluated", "validation"],
};

/// A draft with the parts of it that are in force.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    pub(super) draft: &'static Draft,
    /// The only vocabulary beside `core`, when `$schema` names the metaschema of one.
    pub(super) only: Option<&'static str>,
}

impl Dialect {
    /// Returns whether the keywords of a vocabulary are in force.
    pub(super) fn has(self, vocabulary: &str) -> bool {
        vocabulary == "core"
            || self.draft.version < 2019
            || match self.only {
                Some(only) => only == vocabulary,
                None => self.draft.default_vocabularies.contains(&vocabulary),
            }
    }
}

impl Draft {
    /// Returns the draft that `$schema` names.
    pub(super) fn named(url: &str) -> Option<&'static Self> {
        let url = url.strip_suffix('#').unwrap_or(url);
        let path = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        match path.unwrap_or(url) {
            "json-schema.org/schema" | "json-schema.org/draft/2020-12/schema" => Some(&DRAFT_2020),
            "json-schema.org/draft/2019-09/schema" => Some(&DRAFT_2019),
            "json-schema.org/draft-07/schema" => Some(&DRAFT_7),
            "json-schema.org/draft-06/schema" => Some(&DRAFT_6),
            "json-schema.org/draft-04/schema" => Some(&DRAFT_4),
            _ => None,
        }
    }

    /// Returns the vocabulary whose metaschema is at a URL.
    pub(super) fn vocabulary_at(&'static self, url: &str) -> Option<&'static str> {
        let (_, name) = url.rsplit_once("/meta/")?;
        self.vocabularies.iter().copied().find(|known| *known == name)
    }

    /// Returns where the metaschema of a vocabulary is.
    pub(super) fn vocabulary_url(&self, vocabulary: &str) -> String {
        format!("{}meta/{vocabulary}", self.url.trim_end_matches("schema"))
    }
}

/// Returns the document of JSON Schema itself that is at a URL.
pub(super) fn metaschema(url: &str) -> Option<&'static str> {
    let path = url
        .strip_prefix("http://json-schema.org/")
        .or_else(|| url.strip_prefix("https://json-schema.org/"))?;
    let path = if path == "schema" { "draft/2020-12/schema" } else { path };
    METASCHEMAS.iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
}

macro_rules! metaschemas {
    ($($path:literal => $file:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("metaschemas/", $file)))),*]
    };
}

static METASCHEMAS: &[(&str, &str)] = metaschemas! {
    "draft-04/schema" => "draft-04.json",
    "draft-06/schema" => "draft-06.json",
    "draft-07/schema" => "draft-07.json",
    "draft/2019-09/schema" => "draft-2019-09/schema.json",
    "draft/2019-09/meta/applicator" => "draft-2019-09/applicator.json",
    "draft/2019-09/meta/content" => "draft-2019-09/content.json",
    "draft/2019-09/meta/core" => "draft-2019-09/core.json",
    "draft/2019-09/meta/format" => "draft-2019-09/format.json",
    "draft/2019-09/meta/meta-data" => "draft-2019-09/meta-data.json",
    "draft/2019-09/meta/validation" => "draft-2019-09/validation.json",
    "draft/2020-12/schema" => "draft-2020-12/schema.json",
    "draft/2020-12/meta/applicator" => "draft-2020-12/applicator.json",
    "draft/2020-12/meta/content" => "draft-2020-12/content.json",
    "draft/2020-12/meta/core" => "draft-2020-12/core.json",
    "draft/2020-12/meta/format-annotation" => "draft-2020-12/format-annotation.json",
    "draft/2020-12/meta/format-assertion" => "draft-2020-12/format-assertion.json",
    "draft/2020-12/meta/meta-data" => "draft-2020-12/meta-data.json",
    "draft/2020-12/meta/unevaluated" => "draft-2020-12/unevaluated.json",
    "draft/2020-12/meta/validation" => "draft-2020-12/validation.json",
};
