//! Templates with values to texts.
/// x
#[derive(Clone, Debug)]
pub struct Rendered {
    /// x
    pub path: String,
    /// x
    pub text: sealift_gotemplate::Str,
}
