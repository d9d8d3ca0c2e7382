//! Values that are texts with a grammar, parsed while the file is read, so that an error has their line.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that is written by `Display` and read by `FromStr`.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Parsed<T>(pub(crate) T);

impl<T: fmt::Display> Serialize for Parsed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr<Err: fmt::Display>> Deserialize<'de> for Parsed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData)).map(Self)
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(|error: T::Err| E::custom(wrong(text, &error)))
    }
}

/// Says what is wrong, and with which text if the reason does not say so itself.
fn wrong(text: &str, reason: &impl fmt::Display) -> String {
    let (quoted, reason) = (format!("`{text}`"), reason.to_string());
    if reason.contains(&quoted) { reason } else { format!("{quoted}: {reason}") }
}

pub(crate) fn serialize<T: fmt::Display, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: fmt::Display>,
    D: Deserializer<'de>,
{
    Parsed::deserialize(deserializer).map(|parsed| parsed.0)
}

/// The same for a value that may be absent.
pub(crate) mod option {
    use super::{Deserialize, Deserializer, FromStr, Parsed, Serialize, Serializer, fmt};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(crate) fn serialize<T, S>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error>
    where
        T: fmt::Display,
        S: Serializer,
    {
        value.as_ref().map(Parsed).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: fmt::Display>,
        D: Deserializer<'de>,
    {
        Ok(Option::<Parsed<T>>::deserialize(deserializer)?.map(|parsed| parsed.0))
    }
}

/// The same for a list.
pub(crate) mod list {
    use super::{Deserialize, Deserializer, FromStr, Parsed, Serializer, fmt};

    pub(crate) fn serialize<T, S>(values: &[T], serializer: S) -> Result<S::Ok, S::Error>
    where
        T: fmt::Display,
        S: Serializer,
    {
        serializer.collect_seq(values.iter().map(Parsed))
    }

    pub(crate) fn deserialize<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
    where
        T: FromStr<Err: fmt::Display>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<Parsed<T>>::deserialize(deserializer)?
            .into_iter()
            .map(|parsed| parsed.0)
            .collect())
    }
}

/// The same for a map whose keys and values are both texts.
pub(crate) mod map {
    use super::{BTreeMap, Deserialize, Deserializer, FromStr, Parsed, Serializer, fmt};

    pub(crate) fn serialize<K, V, S>(
        values: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error>
    where
        K: fmt::Display,
        V: fmt::Display,
        S: Serializer,
    {
        serializer.collect_map(values.iter().map(|(key, value)| (Parsed(key), Parsed(value))))
    }

    pub(crate) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: FromStr<Err: fmt::Display> + Ord,
        V: FromStr<Err: fmt::Display>,
        D: Deserializer<'de>,
    {
        let parsed = BTreeMap::<Parsed<K>, Parsed<V>>::deserialize(deserializer)?;
        Ok(parsed.into_iter().map(|(key, value)| (key.0, value.0)).collect())
    }
}

/// A SHA-256 digest that is written without the name of its algorithm.
pub(crate) mod hex {
    use sealift_reference::Digest;
    use serde::de::Error;

    use super::{Deserialize, Deserializer, FromStr, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        digest: &Digest,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(digest.hex())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Digest, D::Error> {
        parse(&String::deserialize(deserializer)?)
    }

    pub(super) fn parse<E: Error>(hex: &str) -> Result<Digest, E> {
        Digest::from_str(&format!("sha256:{hex}"))
            .map_err(|error| E::custom(format!("`{hex}`: {error}")))
    }
}

/// The same for a digest that may be absent.
pub(crate) mod hex_option {
    use sealift_reference::Digest;

    use super::{Deserialize, Deserializer, Serialize, Serializer, hex};

    #[expect(clippy::ref_option, reason = "serde calls it so")]
    pub(crate) fn serialize<S: Serializer>(
        digest: &Option<Digest>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        digest.as_ref().map(Digest::hex).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Digest>, D::Error> {
        Option::<String>::deserialize(deserializer)?.map(|text| hex::parse(&text)).transpose()
    }
}

/// Media types, which are any text.
pub(crate) mod media_type {
    use sealift_reference::MediaType;

    use super::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        value: &MediaType,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(value.as_str())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<MediaType, D::Error> {
        String::deserialize(deserializer).map(MediaType::from)
    }
}
