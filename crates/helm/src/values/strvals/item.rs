//! Elements of lists.

use sealift_gotemplate::{Limit, List, Map, Type, Value};

use super::fault::conversion;
use super::{MAX_ELEMENTS, MAX_INDEX, Parser, Stop, check_depth};
use crate::values::printed;

impl Parser<'_, '_> {
    /// Reads what follows an index and sets it in a list.
    pub(super) fn item(
        &mut self,
        list: &mut Vec<Value>,
        index: i64,
        names: usize,
        depth: u32,
    ) -> Result<(), Stop> {
        check_depth(depth)?;
        let place = place(index)?;
        let word = self.runes.until(&['[', '.', '='], self.escapes());
        if !word.text.is_empty() {
            let runes = word.text.chars().map(|c| Value::from(i64::from(u32::from(c)))).collect();
            let shown = printed("%q", &List::typed(Type::Int, runes).into());
            return Err(format!("unexpected data at end of array index: {shown}").into());
        }
        let value = match word.end {
            None => return Err(Stop::End),
            Some('=') => self.value()?.value,
            Some('[') => self.list_in(list, place, names, depth)?,
            Some(_) => self.map_in(list, place, names, depth)?,
        };
        self.set_item(list, index, value)
    }

    fn list_in(
        &mut self,
        list: &[Value],
        place: usize,
        names: usize,
        depth: u32,
    ) -> Result<Value, Stop> {
        let index = self.index()?;
        let mut inner = match list.get(place) {
            None | Some(Value::Nil) => Vec::new(),
            Some(Value::List(list)) => list.items().to_vec(),
            Some(other) => return Err(conversion(other, &Type::list(Type::Any))),
        };
        self.item(&mut inner, index, names, depth + 1)?;
        Ok(List::new(inner).into())
    }

    fn map_in(
        &mut self,
        list: &mut [Value],
        place: usize,
        names: usize,
        depth: u32,
    ) -> Result<Value, Stop> {
        let inner = match list.get_mut(place) {
            None => Map::new(),
            Some(Value::Map(map)) => map.clone(),
            Some(other) => {
                let map = Map::new();
                *other = map.clone().into();
                map
            }
        };
        self.key(&inner, names, depth + 1)?;
        Ok(inner.into())
    }

    /// Sets an element, and makes the list long enough with nulls.
    fn set_item(&mut self, list: &mut Vec<Value>, index: i64, value: Value) -> Result<(), Stop> {
        if index > MAX_INDEX {
            return Err(Stop::Bound(format!(
                "index of {index} is greater than maximum supported index of {MAX_INDEX}"
            )));
        }
        let place = place(index)?;
        if list.len() <= place {
            self.elements += place + 1 - list.len();
            if self.elements > MAX_ELEMENTS {
                return Err(Limit::LiveElements(MAX_ELEMENTS).into());
            }
            list.resize(place + 1, Value::Nil);
        }
        list[place] = value;
        Ok(())
    }
}

fn place(index: i64) -> Result<usize, Stop> {
    usize::try_from(index).map_err(|_| Stop::Fault(format!("negative {index} index not allowed")))
}
