//! How a node is to be written.

/// A style of go-yaml v3: what the text had, kept for when it is written again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Style(u8);

impl Style {
    pub(crate) const PLAIN: Self = Self(0);
    pub(crate) const TAGGED: Self = Self(1);
    pub(crate) const DOUBLE_QUOTED: Self = Self(2);
    pub(crate) const SINGLE_QUOTED: Self = Self(4);
    pub(crate) const LITERAL: Self = Self(8);
    pub(crate) const FOLDED: Self = Self(16);
    pub(crate) const FLOW: Self = Self(32);

    /// Whether it has one of the marks.
    pub(crate) fn has(self, marks: Self) -> bool {
        self.0 & marks.0 != 0
    }

    /// Whether a scalar stands in quotes or in a block.
    pub(crate) fn is_quoted(self) -> bool {
        const QUOTED: Style = Style(2 | 4 | 8 | 16);
        self.has(QUOTED)
    }

    pub(crate) fn with(self, marks: Self) -> Self {
        Self(self.0 | marks.0)
    }
}

impl From<sealift_goyaml::Style> for Style {
    fn from(style: sealift_goyaml::Style) -> Self {
        match style {
            sealift_goyaml::Style::Block | sealift_goyaml::Style::Plain => Self::PLAIN,
            sealift_goyaml::Style::DoubleQuoted => Self::DOUBLE_QUOTED,
            sealift_goyaml::Style::Flow => Self::FLOW,
            sealift_goyaml::Style::Folded => Self::FOLDED,
            sealift_goyaml::Style::Literal => Self::LITERAL,
            sealift_goyaml::Style::SingleQuoted => Self::SINGLE_QUOTED,
        }
    }
}
