//! The events of libyaml, through `libyaml-rs`.

#![expect(unsafe_code, reason = "libyaml-rs is C translated to Rust, with the interface of C")]

use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;

use libyaml_rs::{
    YAML_ALIAS_EVENT, YAML_BLOCK_MAPPING_STYLE, YAML_BLOCK_SEQUENCE_STYLE, YAML_DOCUMENT_END_EVENT,
    YAML_DOCUMENT_START_EVENT, YAML_DOUBLE_QUOTED_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE,
    YAML_LITERAL_SCALAR_STYLE, YAML_MAPPING_END_EVENT, YAML_MAPPING_START_EVENT, YAML_SCALAR_EVENT,
    YAML_SEQUENCE_END_EVENT, YAML_SEQUENCE_START_EVENT, YAML_SINGLE_QUOTED_SCALAR_STYLE,
    YAML_STREAM_END_EVENT, YAML_STREAM_START_EVENT, yaml_event_delete, yaml_event_t,
    yaml_parser_delete, yaml_parser_initialize, yaml_parser_parse, yaml_parser_set_input_string,
    yaml_parser_t,
};
use sealift_goyaml::Style;
use sealift_goyaml::events::{Event, Kind, Mark};

/// Returns the events up to the stream's end or an error, and what the error says.
pub(crate) fn events(text: &str) -> (Vec<Event>, Option<String>) {
    let mut parser = Parser::new(text);
    let mut events = Vec::new();
    loop {
        match parser.next() {
            Err(problem) => return (events, Some(problem)),
            Ok(None) => {}
            Ok(Some(event)) => events.push(event),
        }
        if matches!(events.last(), Some(Event { kind: Kind::StreamEnd, .. })) {
            return (events, None);
        }
    }
}

/// Owns a parser, which must not move once it is initialised.
struct Parser<'t> {
    parser: Box<MaybeUninit<yaml_parser_t>>,
    _text: &'t str,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        let mut parser = Box::new(MaybeUninit::uninit());
        // SAFETY: the parser is initialised before anything else is done with it,
        // and the text lives as long as the parser.
        unsafe {
            assert!(!yaml_parser_initialize(parser.as_mut_ptr()).fail, "out of memory");
            yaml_parser_set_input_string(parser.as_mut_ptr(), text.as_ptr(), text.len() as u64);
        }
        Self { parser, _text: text }
    }

    /// The next event; none for the stream's start.
    fn next(&mut self) -> Result<Option<Event>, String> {
        let mut event = MaybeUninit::<yaml_event_t>::uninit();
        // SAFETY: the parser is initialised; on success it has initialised the
        // event, which is deleted once and not used after.
        unsafe {
            if yaml_parser_parse(self.parser.as_mut_ptr(), event.as_mut_ptr()).fail {
                let problem = (&*self.parser.as_ptr()).problem;
                return Err(text(problem).unwrap_or_default());
            }
            let converted = convert(&*event.as_ptr());
            yaml_event_delete(event.as_mut_ptr());
            Ok(converted)
        }
    }
}

impl Drop for Parser<'_> {
    fn drop(&mut self) {
        // SAFETY: `new` has initialised the parser.
        unsafe { yaml_parser_delete(self.parser.as_mut_ptr()) }
    }
}

/// # Safety
///
/// The pointer is null or points to a text that ends with a NUL.
unsafe fn text(pointer: *const c_char) -> Option<String> {
    // SAFETY: as demanded.
    (!pointer.is_null()).then(|| unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned())
}

/// # Safety
///
/// The event was made by the parser.
unsafe fn convert(event: &yaml_event_t) -> Option<Event> {
    let start = Mark {
        line: u32::try_from(event.start_mark.line).expect("texts are short"),
        column: u32::try_from(event.start_mark.column).expect("texts are short"),
    };
    let style = |is_block| if is_block { Style::Block } else { Style::Flow };
    // SAFETY: the type says which member of the union is there.
    let kind = unsafe {
        match event.type_ {
            YAML_STREAM_START_EVENT => return None,
            YAML_STREAM_END_EVENT => Kind::StreamEnd,
            YAML_DOCUMENT_START_EVENT => Kind::DocumentStart,
            YAML_DOCUMENT_END_EVENT => Kind::DocumentEnd,
            YAML_SEQUENCE_END_EVENT => Kind::SequenceEnd,
            YAML_MAPPING_END_EVENT => Kind::MappingEnd,
            YAML_ALIAS_EVENT => {
                Kind::Alias(text(event.data.alias.anchor.cast()).unwrap_or_default())
            }
            YAML_SCALAR_EVENT => scalar(event),
            YAML_SEQUENCE_START_EVENT => Kind::SequenceStart {
                anchor: text(event.data.sequence_start.anchor.cast()),
                tag: text(event.data.sequence_start.tag.cast()),
                style: style(event.data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE),
            },
            YAML_MAPPING_START_EVENT => Kind::MappingStart {
                anchor: text(event.data.mapping_start.anchor.cast()),
                tag: text(event.data.mapping_start.tag.cast()),
                style: style(event.data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE),
            },
            other => panic!("an event of a type that libyaml does not have: {}", other as u32),
        }
    };
    Some(Event { start, kind })
}

/// # Safety
///
/// The event is a scalar made by the parser.
unsafe fn scalar(event: &yaml_event_t) -> Kind {
    // SAFETY: as demanded; the value has `length` bytes.
    unsafe {
        let scalar = &event.data.scalar;
        let length = usize::try_from(scalar.length).expect("texts are short");
        let value = std::slice::from_raw_parts(scalar.value, length);
        Kind::Scalar {
            anchor: text(scalar.anchor.cast()),
            tag: text(scalar.tag.cast()),
            value: String::from_utf8_lossy(value).into_owned(),
            style: match scalar.style {
                YAML_SINGLE_QUOTED_SCALAR_STYLE => Style::SingleQuoted,
                YAML_DOUBLE_QUOTED_SCALAR_STYLE => Style::DoubleQuoted,
                YAML_LITERAL_SCALAR_STYLE => Style::Literal,
                YAML_FOLDED_SCALAR_STYLE => Style::Folded,
                _ => Style::Plain,
            },
        }
    }
}
