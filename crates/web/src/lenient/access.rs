//! Arrays, objects and variants on their way through a [`Lenient`].

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

use super::value::Lenient;
use super::{Json, JsonMembers, LenientError};

pub(super) struct Items<'a> {
    outer: Lenient<'a>,
    rest: std::slice::Iter<'a, Json>,
}

impl<'a> Items<'a> {
    pub(super) fn new(outer: Lenient<'a>, items: &'a [Json]) -> Self {
        Self {
            outer,
            rest: items.iter(),
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = LenientError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, LenientError> {
        let next = self.rest.next();
        next.map(|item| seed.deserialize(self.outer.element(item)))
            .transpose()
    }
}

pub(super) struct Members<'a> {
    outer: Lenient<'a>,
    rest: Option<indexmap::map::Iter<'a, String, Json>>,
    value: Option<&'a Json>,
}

impl<'a> Members<'a> {
    pub(super) fn new(outer: Lenient<'a>, members: &'a JsonMembers) -> Self {
        Self {
            outer,
            rest: Some(members.iter()),
            value: None,
        }
    }

    /// Those of an object that is not there.
    pub(super) fn none(outer: Lenient<'a>) -> Self {
        Self {
            outer,
            rest: None,
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = LenientError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, LenientError> {
        let Some((name, value)) = self.rest.as_mut().and_then(Iterator::next) else {
            return Ok(None);
        };
        self.value = Some(value);
        let name: StrDeserializer<'_, LenientError> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, LenientError> {
        let value = self
            .value
            .take()
            .ok_or_else(|| LenientError::custom("value before key"))?;
        seed.deserialize(self.outer.inner(value))
    }
}

pub(super) struct Variant(pub(super) String);

impl<'de> EnumAccess<'de> for Variant {
    type Error = LenientError;
    type Variant = UnitVariant;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, UnitVariant), LenientError> {
        let name: StrDeserializer<'_, LenientError> = self.0.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, UnitVariant))
    }
}

pub(super) struct UnitVariant;
impl<'de> VariantAccess<'de> for UnitVariant {
    type Error = LenientError;

    fn unit_variant(self) -> Result<(), LenientError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        _seed: T,
    ) -> Result<T::Value, LenientError> {
        Err(LenientError::custom("text is expected"))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _len: usize,
        _visitor: V,
    ) -> Result<V::Value, LenientError> {
        Err(LenientError::custom("text is expected"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, LenientError> {
        Err(LenientError::custom("text is expected"))
    }
}
