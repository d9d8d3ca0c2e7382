//! Maps whose first key says what the map is, read as a stream so that errors keep their place.

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Error, MapAccess};

/// The rest of a map whose first key has been read already and is given back first.
pub(crate) struct Leading<A> {
    key: Option<String>,
    rest: A,
}

impl<A> Leading<A> {
    pub(crate) fn new(key: String, rest: A) -> Self {
        Self { key: Some(key), rest }
    }

    /// A map whose first key is not wanted again.
    pub(crate) fn rest(rest: A) -> Self {
        Self { key: None, rest }
    }

    /// Reads the whole map, the first key included, as `T`.
    pub(crate) fn read<'de, T>(self) -> Result<T, A::Error>
    where
        A: MapAccess<'de>,
        T: DeserializeOwned,
    {
        T::deserialize(MapAccessDeserializer::new(self))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Leading<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.key.take() {
            Some(key) => seed.deserialize(StrDeserializer::new(&key)).map(Some),
            None => self.rest.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.rest.next_value_seed(seed)
    }
}

/// Reads the first key of a map, which must be one of `keys`.
pub(crate) fn read_first_key<'de, A: MapAccess<'de>>(
    access: &mut A,
    keys: &'static [&'static str],
) -> Result<String, A::Error> {
    match access.next_key::<String>()? {
        Some(key) if keys.contains(&key.as_str()) => Ok(key),
        Some(key) => Err(A::Error::unknown_field(&key, keys)),
        None => Err(A::Error::custom(format!(
            "an empty map; its first key is one of {}",
            keys.join(", ")
        ))),
    }
}
