//! A walk over the protobuf bytes of a `ModelProto`, before the parser crate sees them.
//!
//! The parser reads lengths safely, but it recurses without a bound, trusts that a field has the wire type
//! that its number stands for, and allocates a struct for every message, however short. This walk refuses what
//! would hurt, and says where in the model it is, which a parser's offset into a nested message doesn't.

/// As deep as protobuf's own parsers go.
const MAX_DEPTH: usize = 100;
/// A model of a hundred thousand nodes has about a million messages.
const MAX_MESSAGES: usize = 2_000_000;

/// FLOAT4E2M1, the last element type that the parser has a name for.
const NEWEST_TYPE: u64 = 23;

/// What a field holds.
#[derive(Clone, Copy)]
enum Kind {
    Varint,
    /// An enumeration from 0 up to a number; the parser refuses others without saying where.
    Choice(u64),
    Bytes,
    Text,
    /// One `float`.
    Float,
    /// Repeated `float`, packed or not.
    Floats,
    /// Repeated `double`, packed or not.
    Doubles,
    /// Repeated varints, packed or not.
    Varints,
    /// A message.
    Nested(&'static Fields),
}
use Kind::*;

/// A message type's fields: number, name, kind.
struct Fields(&'static [(u32, &'static str, Kind)]);

static ENTRY: Fields = Fields(&[(1, "key", Text), (2, "value", Text)]);
static OPSET: Fields = Fields(&[(1, "domain", Text), (2, "version", Varint)]);
static DIM: Fields = Fields(&[(1, "dim_value", Varint), (2, "dim_param", Text), (3, "denotation", Text)]);
static SHAPE: Fields = Fields(&[(1, "dim", Nested(&DIM))]);
static TENSOR_TYPE: Fields = Fields(&[(1, "elem_type", Choice(NEWEST_TYPE)), (2, "shape", Nested(&SHAPE))]);
static WRAPPED_TYPE: Fields = Fields(&[(1, "elem_type", Nested(&TYPE))]);
static MAP_TYPE: Fields = Fields(&[(1, "key_type", Choice(NEWEST_TYPE)), (2, "value_type", Nested(&TYPE))]);
static TYPE: Fields = Fields(&[
    (1, "tensor_type", Nested(&TENSOR_TYPE)),
    (4, "sequence_type", Nested(&WRAPPED_TYPE)),
    (5, "map_type", Nested(&MAP_TYPE)),
    (6, "denotation", Text),
    (8, "sparse_tensor_type", Nested(&TENSOR_TYPE)),
    (9, "optional_type", Nested(&WRAPPED_TYPE)),
]);
static VALUE: Fields = Fields(&[
    (1, "name", Text),
    (2, "type", Nested(&TYPE)),
    (3, "doc_string", Text),
    (4, "metadata_props", Nested(&ENTRY)),
]);
static SEGMENT: Fields = Fields(&[(1, "begin", Varint), (2, "end", Varint)]);
static TENSOR: Fields = Fields(&[
    (1, "dims", Varints),
    (2, "data_type", Choice(NEWEST_TYPE)),
    (3, "segment", Nested(&SEGMENT)),
    (4, "float_data", Floats),
    (5, "int32_data", Varints),
    (6, "string_data", Bytes),
    (7, "int64_data", Varints),
    (8, "name", Text),
    (9, "raw_data", Bytes),
    (10, "double_data", Doubles),
    (11, "uint64_data", Varints),
    (12, "doc_string", Text),
    (13, "external_data", Nested(&ENTRY)),
    (14, "data_location", Choice(1)),
    (16, "metadata_props", Nested(&ENTRY)),
]);
static SPARSE: Fields =
    Fields(&[(1, "values", Nested(&TENSOR)), (2, "indices", Nested(&TENSOR)), (3, "dims", Varints)]);
static ANNOTATION: Fields = Fields(&[(1, "tensor_name", Text), (2, "quant_parameter_tensor_names", Nested(&ENTRY))]);
static ATTRIBUTE: Fields = Fields(&[
    (1, "name", Text),
    (2, "f", Float),
    (3, "i", Varint),
    (4, "s", Bytes),
    (5, "t", Nested(&TENSOR)),
    (6, "g", Nested(&GRAPH)),
    (7, "floats", Floats),
    (8, "ints", Varints),
    (9, "strings", Bytes),
    (10, "tensors", Nested(&TENSOR)),
    (11, "graphs", Nested(&GRAPH)),
    (13, "doc_string", Text),
    (14, "tp", Nested(&TYPE)),
    (15, "type_protos", Nested(&TYPE)),
    (20, "type", Choice(14)),
    (21, "ref_attr_name", Text),
    (22, "sparse_tensor", Nested(&SPARSE)),
    (23, "sparse_tensors", Nested(&SPARSE)),
]);
static NODE: Fields = Fields(&[
    (1, "input", Text),
    (2, "output", Text),
    (3, "name", Text),
    (4, "op_type", Text),
    (5, "attribute", Nested(&ATTRIBUTE)),
    (6, "doc_string", Text),
    (7, "domain", Text),
    (8, "overload", Text),
    (9, "metadata_props", Nested(&ENTRY)),
]);
static GRAPH: Fields = Fields(&[
    (1, "node", Nested(&NODE)),
    (2, "name", Text),
    (5, "initializer", Nested(&TENSOR)),
    (10, "doc_string", Text),
    (11, "input", Nested(&VALUE)),
    (12, "output", Nested(&VALUE)),
    (13, "value_info", Nested(&VALUE)),
    (14, "quantization_annotation", Nested(&ANNOTATION)),
    (15, "sparse_initializer", Nested(&SPARSE)),
    (16, "metadata_props", Nested(&ENTRY)),
]);
static TRAINING: Fields = Fields(&[
    (1, "initialization", Nested(&GRAPH)),
    (2, "algorithm", Nested(&GRAPH)),
    (3, "initialization_binding", Nested(&ENTRY)),
    (4, "update_binding", Nested(&ENTRY)),
]);
static FUNCTION: Fields = Fields(&[
    (1, "name", Text),
    (4, "input", Text),
    (5, "output", Text),
    (6, "attribute", Text),
    (7, "node", Nested(&NODE)),
    (8, "doc_string", Text),
    (9, "opset_import", Nested(&OPSET)),
    (10, "domain", Text),
    (11, "attribute_proto", Nested(&ATTRIBUTE)),
    (12, "value_info", Nested(&VALUE)),
    (13, "overload", Text),
    (14, "metadata_props", Nested(&ENTRY)),
]);
static MODEL: Fields = Fields(&[
    (1, "ir_version", Varint),
    (2, "producer_name", Text),
    (3, "producer_version", Text),
    (4, "domain", Text),
    (5, "model_version", Varint),
    (6, "doc_string", Text),
    (7, "graph", Nested(&GRAPH)),
    (8, "opset_import", Nested(&OPSET)),
    (14, "metadata_props", Nested(&ENTRY)),
    (20, "training_info", Nested(&TRAINING)),
    (25, "functions", Nested(&FUNCTION)),
]);

/// Checks that `bytes` are a `ModelProto` that can be parsed without harm.
///
/// # Errors
/// What is wrong and where, e.g. `graph.node[3].name at byte 812: ...`.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let mut walk = Walk { bytes, path: Vec::new(), messages: 0 };
    let first = walk.varint(&mut 0, bytes.len()).unwrap_or_default();
    if !MODEL.0.iter().any(|f| u64::from(f.0) == first >> 3) {
        return Err("its first bytes are not those of a protobuf ModelProto".to_owned());
    }
    walk.message(&MODEL, 0, bytes.len())
}

struct Walk<'a> {
    bytes: &'a [u8],
    /// The fields that lead to the message being walked, each with how many of its kind came before.
    path: Vec<(&'static str, usize)>,
    messages: usize,
}

impl Walk<'_> {
    fn message(&mut self, message: &Fields, mut at: usize, end: usize) -> Result<(), String> {
        self.messages += 1;
        if self.messages > MAX_MESSAGES {
            return Err(format!("it has more than {MAX_MESSAGES} messages"));
        }
        if self.path.len() > MAX_DEPTH {
            return Err(self.error(at, &format!("messages are nested more than {MAX_DEPTH} deep")));
        }
        let mut seen = vec![0usize; message.0.len()];
        while at < end {
            let start = at;
            let tag = self.varint(&mut at, end)?;
            let (number, wire) = ((tag >> 3) as u32, tag & 7);
            let mut value = 0;
            let length = match wire {
                0 => {
                    value = self.varint(&mut at, end)?;
                    0
                }
                1 => 8,
                2 => usize::try_from(self.varint(&mut at, end)?).unwrap_or(usize::MAX),
                5 => 4,
                _ => return Err(self.error(start, &format!("wire type {wire} is not used by ONNX"))),
            };
            if length > end - at {
                return Err(self.error(
                    start,
                    &format!(
                        "field {number} is {length} bytes long, but only {} follow; the file is truncated",
                        end - at
                    ),
                ));
            }
            if let Some(i) = message.0.iter().position(|f| f.0 == number) {
                let (_, name, kind) = message.0[i];
                self.path.push((name, seen[i]));
                seen[i] += 1;
                self.field(kind, wire, value, at, at + length)?;
                self.path.pop();
            }
            at += length;
        }
        Ok(())
    }

    fn field(&mut self, kind: Kind, wire: u64, value: u64, start: usize, end: usize) -> Result<(), String> {
        let fits = match kind {
            Varint | Choice(_) => wire == 0,
            Float => wire == 5,
            Bytes | Text | Nested(_) => wire == 2,
            Varints => wire == 0 || wire == 2,
            Floats => wire == 5 || (wire == 2 && (end - start).is_multiple_of(4)),
            Doubles => wire == 1 || (wire == 2 && (end - start).is_multiple_of(8)),
        };
        if !fits {
            return Err(self.error(start, &format!("wire type {wire} or length doesn't fit this field")));
        }
        match kind {
            Nested(inner) => self.message(inner, start, end),
            Choice(newest) if value > newest => {
                Err(self.error(start, &format!("value {value} is not known; 0 to {newest} are")))
            }
            Text if std::str::from_utf8(&self.bytes[start..end]).is_err() => {
                Err(self.error(start, "the text is not UTF-8"))
            }
            _ => Ok(()),
        }
    }

    fn varint(&self, at: &mut usize, end: usize) -> Result<u64, String> {
        let start = *at;
        let mut value = 0u64;
        for shift in (0..70).step_by(7) {
            let Some(&byte) = self.bytes[..end].get(*at) else {
                return Err(self.error(start, "a number is cut off; the file is truncated"));
            };
            *at += 1;
            if shift == 63 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.error(start, "a number has more than 64 bits"))
    }

    fn error(&self, at: usize, what: &str) -> String {
        let mut path = String::new();
        // Of a deep path the end tells more than all of it.
        for (i, (name, index)) in self.path.iter().enumerate().take(12) {
            let repeated =
                matches!(*name, "node" | "attribute" | "initializer" | "input" | "output" | "functions" | "dim");
            let dot = if i == 0 { "" } else { "." };
            path += &if repeated { format!("{dot}{name}[{index}]") } else { format!("{dot}{name}") };
        }
        if self.path.len() > 12 {
            path += "...";
        }
        if path.is_empty() { format!("at byte {at}: {what}") } else { format!("{path} at byte {at}: {what}") }
    }
}
