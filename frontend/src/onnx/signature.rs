//! The network's interface: a type for every input, static or with the symbols of dims that are left open.

use super::tensor::{dims_text, dtype_name, elem};
use super::{ImportOptions, Problem};
use onnx_rs::ast::{DataType, Dimension, Graph, TensorProto, TypeValue, ValueInfo};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use weft_dialects::ir::{Symbols, TensorTy, extent};

/// An input of the network.
pub(super) struct Input<'m> {
    /// Its name.
    pub name: &'m str,
    /// Its type.
    pub ty: TensorTy,
    /// Its dtype's name.
    pub dtype: &'static str,
}

/// An output of the network.
pub(super) struct Output<'m> {
    /// Its name.
    pub name: &'m str,
    /// Its dtype's name, if the file gives it.
    pub dtype: Option<&'static str>,
}

/// Inputs and outputs, in the file's order. Inputs that have an initializer are constants and not among them.
#[derive(Default)]
pub(super) struct Signature<'m> {
    /// The inputs.
    pub inputs: Vec<Input<'m>>,
    /// The outputs.
    pub outputs: Vec<Output<'m>>,
    /// The shapes that the file declares for values of the main graph, where they are known to the last dim.
    pub shapes: HashMap<&'m str, Vec<i64>>,
    /// Dims that are left open.
    pub symbols: Symbols,
}

/// Index values stay under this (see the design's rule on addresses).
const MAX_ELEMENTS: i64 = 1 << 31;

/// A dim as the file gives it.
#[derive(Clone, Copy, PartialEq)]
enum Dim<'m> {
    Known(i64),
    Named(&'m str),
    Unknown,
}

/// An input as the file gives it; `dims` is `None` if not even the rank is known.
struct Declared<'m> {
    name: &'m str,
    ty: DataType,
    dims: Option<Vec<Dim<'m>>>,
}

impl<'m> Signature<'m> {
    /// Combines the file's types with the options.
    pub fn new(graph: &'m Graph<'_>, options: &ImportOptions, problems: &mut Vec<Problem>) -> Self {
        let constants: HashSet<&str> = graph.initializer.iter().map(|t| t.name()).collect();
        let declared: Vec<Declared<'m>> = graph
            .input
            .iter()
            .filter(|i| !constants.contains(i.name))
            .filter_map(|i| declared(i).map_err(|message| problems.push(input_problem(i.name, message))).ok())
            .collect();
        check_defaults(graph, problems);
        let known: Vec<&str> = graph.input.iter().map(|i| i.name).filter(|n| !constants.contains(n)).collect();
        let shapes = given_shapes(options, &known, &constants, problems);
        let mut names = given_dims(options, &declared, &shapes, problems);
        let symbols = given_ranges(options, &declared, &mut names, problems);
        let inputs = declared.iter().filter_map(|d| resolve(d, &shapes, &names, &symbols, problems)).collect();
        let outputs = graph.output.iter().map(|o| Output { name: o.name, dtype: output_dtype(o) }).collect();
        let values = graph.value_info.iter().chain(&graph.output);
        let mut shapes = values.filter_map(|v| Some((v.name, static_shape(v, &names)?))).collect();
        super::declared::spread(&graph.node, &mut shapes);
        Self { inputs, outputs, shapes, symbols }
    }
}

/// The shape that the file declares for a value; `None` where it leaves a dim open, or says nothing.
fn static_shape(info: &ValueInfo<'_>, names: &BTreeMap<&str, i64>) -> Option<Vec<i64>> {
    let dims = declared(info).ok()?.dims?;
    dims.iter()
        .map(|d| match d {
            Dim::Known(n) => Some(*n),
            Dim::Named(name) => names.get(name).copied(),
            Dim::Unknown => None,
        })
        .collect()
}

/// Inputs with initializers, as old files have them: what is said of both must agree.
fn check_defaults(graph: &Graph<'_>, problems: &mut Vec<Problem>) {
    let constants: HashMap<&str, &TensorProto<'_>> = graph.initializer.iter().map(|t| (t.name(), t)).collect();
    for input in &graph.input {
        let Some(constant) = constants.get(input.name) else { continue };
        let Ok(declared) = declared(input) else { continue };
        let fits =
            declared.ty == constant.data_type() && declared.dims.as_ref().is_none_or(|d| agree(d, constant.dims()));
        if !fits {
            problems.push(Problem::Tensor {
                tensor: format!("initializer '{}'", input.name),
                message: format!(
                    "it is {} {}, but the input of that name is declared as {}",
                    dtype_name(constant.data_type()),
                    dims_text(constant.dims()),
                    declared_text(&declared)
                ),
            });
        }
    }
}

/// Whether a shape is one that the file allows.
fn agree(dims: &[Dim<'_>], shape: &[i64]) -> bool {
    dims.len() == shape.len()
        && dims.iter().zip(shape).all(|(d, &n)| if let Dim::Known(k) = d { *k == n } else { true })
}

fn input_problem(input: &str, message: String) -> Problem {
    Problem::Input { input: input.to_owned(), message }
}

fn declared<'m>(info: &'m ValueInfo<'_>) -> Result<Declared<'m>, String> {
    let tensor = match info.r#type.as_ref().and_then(|t| t.value.as_ref()) {
        Some(TypeValue::Tensor(tensor)) => tensor,
        Some(TypeValue::Sequence(_)) => return Err("it is a sequence; only tensors can be inputs".to_owned()),
        Some(TypeValue::Map(_)) => return Err("it is a map; only tensors can be inputs".to_owned()),
        Some(TypeValue::Optional(_)) => return Err("it is an optional value; only tensors can be inputs".to_owned()),
        Some(TypeValue::SparseTensor(_)) => {
            return Err("it is a sparse tensor; only dense ones can be inputs".to_owned());
        }
        None => return Err("the file gives it no type; it is damaged".to_owned()),
    };
    elem(tensor.elem_type)?;
    let dims = match &tensor.shape {
        None => None,
        Some(shape) => {
            let dims = shape.dim.iter().enumerate().map(|(i, d)| match d.value {
                // Exporters write -1 or nothing (which the parser gives as 0) for what they don't know.
                Dimension::Value(0 | -1) => Ok(Dim::Unknown),
                Dimension::Value(n) if n > 0 => Ok(Dim::Known(n)),
                Dimension::Value(n) => Err(format!("dim {i} is {n}; a dim can't be negative, the file is damaged")),
                // Paddle and others name every unknown dim so: equal names don't mean equal dims there.
                Dimension::Param("" | "?" | "-1" | "None") => Ok(Dim::Unknown),
                Dimension::Param(name) => Ok(Dim::Named(name)),
            });
            Some(dims.collect::<Result<_, _>>()?)
        }
    };
    Ok(Declared { name: info.name, ty: tensor.elem_type, dims })
}

fn output_dtype(info: &ValueInfo<'_>) -> Option<&'static str> {
    match info.r#type.as_ref()?.value.as_ref()? {
        TypeValue::Tensor(t) if t.elem_type != DataType::Undefined => Some(dtype_name(t.elem_type)),
        _ => None,
    }
}

/// `--shape`s by input, those that name no input or contradict each other left out.
fn given_shapes<'o>(
    options: &'o ImportOptions,
    inputs: &[&str],
    constants: &HashSet<&str>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'o str, &'o [i64]> {
    let mut out: BTreeMap<&str, &[i64]> = BTreeMap::new();
    for (name, shape) in &options.shapes {
        let option = format!("--shape {name}={}", shape_text(shape));
        let mut refuse = |message: String| problems.push(Problem::Option { option: option.clone(), message });
        if constants.contains(name.as_str()) {
            refuse(format!("'{name}' is a constant of the model, not an input"));
        } else if !inputs.contains(&name.as_str()) {
            refuse(format!("the model has no input '{name}'; its inputs are {}", quoted(inputs)));
        } else if let Some(d) = shape.iter().find(|&&d| d < 0) {
            refuse(format!("{d} is not a dim; dims can't be negative"));
        } else if out.get(name.as_str()).is_some_and(|other| other != shape) {
            refuse("the input is given two different shapes".to_owned());
        } else {
            out.insert(name, shape);
        }
    }
    out
}

/// Values of named dims: from `--dim`, and from `--shape`s of inputs that have them.
fn given_dims<'o>(
    options: &'o ImportOptions,
    inputs: &[Declared<'o>],
    shapes: &BTreeMap<&'o str, &'o [i64]>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<&'o str, i64> {
    let known = dim_names(inputs);
    // Where a value comes from, for the message if another one contradicts it.
    let mut out: BTreeMap<&str, (i64, String)> = BTreeMap::new();
    let mut set = |name: &'o str, value: i64, option: String, problems: &mut Vec<Problem>| match out.get(name) {
        Some((other, source)) if *other != value => problems.push(Problem::Option {
            option,
            message: format!("dim '{name}' would be {value}, but {source} makes it {other}"),
        }),
        Some(_) => {}
        None => _ = out.insert(name, (value, option)),
    };
    for (name, value) in &options.dims {
        let option = format!("--dim {name}={value}");
        if !known.contains(name.as_str()) {
            problems.push(Problem::Option { option, message: no_such_dim(name, &known) });
        } else if *value < 1 {
            problems.push(Problem::Option { option, message: "dims are at least 1".to_owned() });
        } else {
            set(name, *value, option, problems);
        }
    }
    for input in inputs {
        let (Some(shape), Some(dims)) = (shapes.get(input.name), &input.dims) else { continue };
        if shape.len() != dims.len() {
            continue; // reported with the input
        }
        for (dim, &value) in dims.iter().zip(*shape) {
            if let Dim::Named(name) = dim {
                set(name, value, format!("--shape {}={}", input.name, shape_text(shape)), problems);
            }
        }
    }
    out.into_iter().map(|(name, (value, _))| (name, value)).collect()
}

/// Names of dims that are given none by the file.
fn dim_names<'m>(inputs: &[Declared<'m>]) -> BTreeSet<&'m str> {
    let dims = inputs.iter().flat_map(|i| i.dims.iter().flatten());
    dims.filter_map(|d| if let Dim::Named(n) = d { Some(*n) } else { None }).collect()
}

fn no_such_dim(name: &str, known: &BTreeSet<&str>) -> String {
    let known: Vec<_> = known.iter().copied().collect();
    if known.is_empty() {
        format!("no input has a dim named '{name}'; none of the model's dims has a name, so use --shape")
    } else {
        format!("no input has a dim named '{name}'; there are {}", quoted(&known))
    }
}

/// Dims with a range become symbols, in the order of their names; one of a single value is known.
fn given_ranges<'o>(
    options: &'o ImportOptions,
    inputs: &[Declared<'o>],
    names: &mut BTreeMap<&'o str, i64>,
    problems: &mut Vec<Problem>,
) -> Symbols {
    let known = dim_names(inputs);
    let mut ranges: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (name, (low, high)) in &options.ranges {
        let mut refuse = |message: String| {
            problems.push(Problem::Option { option: format!("--dim {name}={low}..{high}"), message });
        };
        if !known.contains(name.as_str()) {
            refuse(no_such_dim(name, &known));
        } else if *low < 1 {
            refuse("dims are at least 1".to_owned());
        } else if low > high {
            refuse(format!("no number is at least {low} and at most {high}"));
        } else if let Some(value) = names.get(name.as_str()).filter(|v| !(*low..=*high).contains(*v)) {
            refuse(format!("another option makes the dim {value}"));
        } else if ranges.get(name.as_str()).is_some_and(|other| other != &(*low, *high)) {
            refuse("the dim is given two different ranges".to_owned());
        } else if low == high {
            names.insert(name, *low);
        } else if !names.contains_key(name.as_str()) {
            ranges.insert(name, (*low, *high));
        }
    }
    let (names, bounds) = ranges.into_iter().map(|(name, range)| (name.to_owned(), range)).unzip();
    Symbols { names, bounds }
}

fn resolve<'m>(
    input: &Declared<'m>,
    shapes: &BTreeMap<&str, &[i64]>,
    names: &BTreeMap<&str, i64>,
    symbols: &Symbols,
    problems: &mut Vec<Problem>,
) -> Option<Input<'m>> {
    let dtype = dtype_name(input.ty);
    let declared = declared_text(input);
    let shape: Vec<i64> = match (shapes.get(input.name), &input.dims) {
        (Some(shape), dims) => {
            if !dims.as_ref().is_none_or(|dims| agree(dims, shape)) {
                problems.push(Problem::Option {
                    option: format!("--shape {}={}", input.name, shape_text(shape)),
                    message: format!("contradicts the model, where the input is {declared}"),
                });
                return None;
            }
            shape.to_vec()
        }
        (None, None) => {
            problems.push(Problem::MissingShape {
                input: input.name.to_owned(),
                ty: declared,
                missing: "no known rank".to_owned(),
                example: format!("--shape {}=1x3x224x224 (as the model needs it)", input.name),
            });
            return None;
        }
        (None, Some(dims)) => {
            let value = |d: &Dim<'_>| match d {
                Dim::Known(n) => Some(*n),
                Dim::Named(name) => {
                    let symbol = || symbols.names.iter().position(|s| s == name).map(extent::symbol);
                    names.get(name).copied().or_else(symbol)
                }
                Dim::Unknown => None,
            };
            let values: Vec<Option<i64>> = dims.iter().map(value).collect();
            if values.contains(&None) {
                problems.push(missing(input.name, declared, dims, &values));
                return None;
            }
            values.into_iter().flatten().collect()
        }
    };
    let ty = TensorTy::new(elem(input.ty).ok()?, &shape);
    let largest = ty.bound(symbols);
    if largest.len().is_none_or(|n| n >= MAX_ELEMENTS) {
        problems.push(input_problem(
            input.name,
            format!("{} is more than a tensor can have, which is fewer than 2^31 elements", dims_text(&largest.shape)),
        ));
        return None;
    }
    Some(Input { name: input.name, ty, dtype })
}

fn missing(input: &str, ty: String, dims: &[Dim<'_>], values: &[Option<i64>]) -> Problem {
    let open: Vec<usize> = (0..dims.len()).filter(|&i| values[i].is_none()).collect();
    let listed: Vec<String> = open
        .iter()
        .map(|&i| if let Dim::Named(name) = dims[i] { format!("{i} ('{name}')") } else { i.to_string() })
        .collect();
    let guess = |i: usize| values[i].unwrap_or(if i == 0 { 1 } else { 224 });
    let shape: Vec<i64> = (0..dims.len()).map(guess).collect();
    let mut example = format!("--shape {input}={}", shape_text(&shape));
    let named: BTreeMap<&str, i64> =
        open.iter().filter_map(|&i| if let Dim::Named(n) = dims[i] { Some((n, guess(i))) } else { None }).collect();
    if open.iter().all(|&i| matches!(dims[i], Dim::Named(_))) {
        let flags: Vec<_> = named.iter().map(|(n, v)| format!("--dim {n}={v}")).collect();
        example += &format!(" or {}", flags.join(" "));
    }
    Problem::MissingShape {
        input: input.to_owned(),
        ty,
        missing: format!("unknown dims {}", listed.join(", ")),
        example: format!("them, e.g. {example}"),
    }
}

/// `float32, batchx3x?x?`.
fn declared_text(input: &Declared<'_>) -> String {
    let Some(dims) = &input.dims else { return format!("{} of unknown rank", dtype_name(input.ty)) };
    let dims: Vec<_> = dims
        .iter()
        .map(|d| match d {
            Dim::Known(n) => n.to_string(),
            Dim::Named(name) => (*name).to_owned(),
            Dim::Unknown => "?".to_owned(),
        })
        .collect();
    format!("{} {}", dtype_name(input.ty), if dims.is_empty() { "scalar".to_owned() } else { dims.join(" x ") })
}

/// As `--shape` takes it.
fn shape_text(shape: &[i64]) -> String {
    shape.iter().map(ToString::to_string).collect::<Vec<_>>().join("x")
}

fn quoted(names: &[&str]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|n| format!("'{n}'")).collect::<Vec<_>>().join(", ")
}
