//! `preprocess`: inputs that are pictures. The module's `weft.preprocess` says of an input `x` that it is made of an
//! image; then `@main` takes the image, RGBA with 8 bits a channel and of any size up to a bound, and the op
//! `onnx.weft.Image` stands between it and the network. Legalisation makes ordinary generics of the op ([`super::image`]), so
//! that resizing and normalisation are fused like all else.

use super::dtype::Dtype;
use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{
    AttrExt, Attribute, BlockLike, Builder, Cx, Elem, Op, OpError, OpExt, Symbols, TensorTy, ValueExt, block_arg,
    block_ops, extent, funcs,
};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "preprocess",
    doc: "Gives inputs that weft.preprocess lists the form of an image of any size, before the network's own input.",
    options: &[],
    run,
};

/// The module attribute that lists such inputs.
pub const ATTR: &str = "weft.preprocess";
/// The attribute of an argument of `@main` that is an image.
pub const IMAGE: &str = "weft.image";

/// How positions between pixels are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resize {
    /// The pixel that the position lies in.
    Nearest,
    /// The four pixels around it, by distance.
    Bilinear,
}

/// What becomes of the aspect ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It is not kept: the image fills the input.
    Stretch,
    /// The whole image in the middle, with margins.
    Contain,
    /// The middle of the image, without margins.
    Cover,
}

/// How an input is made of an image: `(level * scale - mean) / std` for levels from 0 to 255.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// The input's name.
    pub input: String,
    /// How pixels become larger or smaller.
    pub resize: Resize,
    /// What becomes of the aspect ratio.
    pub fit: Fit,
    /// The level, 0 to 255, of [`Fit::Contain`]'s margins.
    pub fill: f64,
    /// Whether the channels are blue, green, red instead of red, green, blue.
    pub bgr: bool,
    /// Whether channels come last; `None` to tell by the shape.
    pub channels_last: Option<bool>,
    /// What levels are multiplied by; `None` for 1/255, or 1 if the input is uint8.
    pub scale: Option<f64>,
    /// What is subtracted then: a number, or one a channel in the network's order.
    pub mean: Vec<f64>,
    /// What is divided by then: a number, or one a channel in the network's order.
    pub std: Vec<f64>,
    /// The largest width and height.
    pub max: (i64, i64),
}

impl Image {
    /// What an input is made of unless more is said.
    pub fn new(input: &str) -> Self {
        Self {
            input: input.to_owned(),
            resize: Resize::Bilinear,
            fit: Fit::Stretch,
            fill: 0.0,
            bgr: false,
            channels_last: None,
            scale: None,
            mean: vec![0.0],
            std: vec![1.0],
            max: (1920, 1080),
        }
    }

    fn to_attr<'c>(&self, cx: Cx<'c>) -> Attribute<'c> {
        let float = |v: f64| cx.float_attr(cx.f32(), v);
        let floats = |v: &[f64]| cx.array_attr(&v.iter().map(|&v| float(v)).collect::<Vec<_>>());
        let mut entries = vec![
            ("input", cx.str_attr(&self.input)),
            ("resize", cx.str_attr(self.resize.name())),
            ("fit", cx.str_attr(self.fit.name())),
            ("fill", float(self.fill)),
            ("order", cx.str_attr(if self.bgr { "bgr" } else { "rgb" })),
            ("mean", floats(&self.mean)),
            ("std", floats(&self.std)),
            ("max", cx.array_attr(&[cx.i64_attr(self.max.0), cx.i64_attr(self.max.1)])),
        ];
        entries.extend(self.channels_last.map(|last| ("layout", cx.str_attr(if last { "nhwc" } else { "nchw" }))));
        entries.extend(self.scale.map(|s| ("scale", float(s))));
        cx.dict_attr(&entries)
    }

    fn of_attr(a: Attribute<'_>) -> Option<Self> {
        let text = |key: &str| a.get(key).and_then(AttrExt::as_str);
        let floats = |key: &str| a.get(key)?.as_array()?.into_iter().map(AttrExt::as_f64).collect::<Option<Vec<f64>>>();
        let [width, height] = a.get("max")?.as_i64s()?[..] else { return None };
        Some(Self {
            input: text("input")?.to_owned(),
            resize: Resize::named(text("resize")?)?,
            fit: Fit::named(text("fit")?)?,
            fill: a.get("fill")?.as_f64()?,
            bgr: text("order")? == "bgr",
            channels_last: text("layout").map(|layout| layout == "nhwc"),
            scale: a.get("scale").and_then(AttrExt::as_f64),
            mean: floats("mean")?,
            std: floats("std")?,
            max: (width, height),
        })
    }
}

impl Resize {
    /// The name in options and in the text.
    pub const fn name(self) -> &'static str {
        match self {
            Resize::Nearest => "nearest",
            Resize::Bilinear => "bilinear",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        [Resize::Nearest, Resize::Bilinear].into_iter().find(|r| r.name() == name)
    }
}

impl Fit {
    /// The name in options and in the text.
    pub const fn name(self) -> &'static str {
        match self {
            Fit::Stretch => "stretch",
            Fit::Contain => "contain",
            Fit::Cover => "cover",
        }
    }

    /// By its name.
    pub fn named(name: &str) -> Option<Self> {
        [Fit::Stretch, Fit::Contain, Fit::Cover].into_iter().find(|f| f.name() == name)
    }
}

/// `weft.preprocess` of a list.
pub fn attribute<'c>(cx: Cx<'c>, images: &[Image]) -> Attribute<'c> {
    cx.array_attr(&images.iter().map(|image| image.to_attr(cx)).collect::<Vec<_>>())
}

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let Some(list) = module.attr(ATTR).and_then(AttrExt::as_array) else { return Ok(()) };
    let main = funcs(module)
        .into_iter()
        .find(|f| f.string("sym_name").as_deref() == Some("main"))
        .ok_or_else(|| vec![OpError::new(module, "the module has no function @main")])?;
    let mut errors = Vec::new();
    let mut images: Vec<(usize, Image, Form)> = Vec::new();
    for entry in list {
        let Some(image) = Image::of_attr(entry) else {
            errors.push(OpError::new(module, format!("{ATTR}: {entry} is no complete description of an image")));
            continue;
        };
        match form(module, main, &image) {
            Ok((at, _)) if images.iter().any(|other| other.0 == at) => {
                errors.push(OpError::new(main, format!("the input '{}' is preprocessed twice", image.input)));
            }
            Ok((at, form)) => images.push((at, image, form)),
            Err(message) => errors.push(OpError::new(main, message)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let symbols = add_symbols(pcx.cx, module, main, &images);
    for ((at, image, form), symbols) in images.iter().zip(symbols) {
        replace(pcx.cx, main, *at, image, form, symbols);
    }
    module.drop_attr(ATTR);
    Ok(())
}

/// What the network takes.
struct Form {
    ty: TensorTy,
    dtype: Dtype,
    channels_last: bool,
}

/// The number and the form of the input that an image is to become.
fn form<'c>(module: Op<'c>, main: Op<'c>, image: &Image) -> Result<(usize, Form), String> {
    let (block, name) = (main.body(0), &image.input);
    let attrs = main.attr("arg_attrs").and_then(AttrExt::as_array).unwrap_or_default();
    let text = |i: usize, key: &str| attrs.get(i).and_then(|a| a.get(key)).and_then(AttrExt::as_str);
    let at = (0..block.argument_count()).find(|&i| text(i, "weft.name") == Some(name)).ok_or_else(|| {
        let known: Vec<_> = (0..block.argument_count()).filter_map(|i| text(i, "weft.name")).collect();
        format!("there is no input '{name}' to preprocess; the model has {}", known.join(", "))
    })?;
    if crate::kernels::state::names(module).iter().any(|s| s.1 == *name) {
        return Err(format!("the input '{name}' is state, and can't be an image"));
    }
    let wrong = |what: String| Err(format!("the input '{name}' can't be an image: {what}"));
    let value = block_arg(block, at);
    let Some(ty) = value.tensor_ty() else { return wrong(format!("it is {}", value.ty())) };
    let dtype = text(at, "weft.dtype").and_then(Dtype::named).unwrap_or(Dtype::of(ty.elem));
    if !(matches!(ty.elem, Elem::F32 | Elem::F16) || dtype == Dtype::UINT8) {
        return wrong(format!("its elements are {}, not float32, float16 or uint8", dtype.name()));
    }
    let dims: Vec<String> = ty.shape.iter().map(|&n| Symbols::of(module).text(n)).collect();
    let shape = dims.join("x");
    if !ty.is_static() {
        return wrong(format!("its shape is {shape}; give the size that the network works on with --shape"));
    }
    let [1, a, _, z] = ty.shape[..] else {
        return wrong(format!(
            "its shape is {shape}, not 1 x channels x height x width or 1 x height x width x channels"
        ));
    };
    let is = |n: i64| n == 1 || n == 3;
    let channels_last = match (is(a), is(z), image.channels_last) {
        (_, true, Some(true)) => true,
        (true, _, Some(false)) => false,
        (true, false, None) => false,
        (false, true, None) => true,
        (true, true, None) => {
            return wrong(format!(
                "the shape {shape} doesn't tell where its channels are; add layout=nchw or layout=nhwc"
            ));
        }
        _ => return wrong(format!("its shape is {shape}, without 1 or 3 channels there")),
    };
    if ty.is_empty() {
        return wrong(format!("its shape is {shape}"));
    }
    let channels = if channels_last { z } else { a } as usize;
    for (key, list) in [("mean", &image.mean), ("std", &image.std)] {
        if list.len() != 1 && list.len() != channels {
            return wrong(format!("{key} has {} numbers, but there are {channels} channels", list.len()));
        }
    }
    if image.bgr && channels == 1 {
        return wrong("it has one channel, which has no order; leave order=bgr away".into());
    }
    let (width, height) = image.max;
    let rows = if channels_last { ty.shape[1..3].to_vec() } else { ty.shape[2..].to_vec() };
    // What positions are computed with: twice an extent of the image times one of the input.
    let fits = |n: i64| (2..=1 << 16).contains(&n) && rows.iter().all(|&out| 4 * n * out < 1 << 31);
    if !fits(width) || !fits(height) || width * height * 4 >= 1 << 31 {
        return wrong(format!("{width}x{height} is no size that an image for an input of {shape} can be at most"));
    }
    Ok((at, Form { ty, dtype, channels_last }))
}

/// Adds the symbols of the images' extents to the module's, in whose order those that were there get other numbers. The result
/// has each image's height and width.
fn add_symbols<'c>(cx: Cx<'c>, module: Op<'c>, main: Op<'c>, images: &[(usize, Image, Form)]) -> Vec<[i64; 2]> {
    let old = Symbols::of(module);
    let mut all: Vec<(String, (i64, i64))> = old.names.iter().cloned().zip(old.bounds.iter().copied()).collect();
    let mut own = Vec::new();
    for (_, image, _) in images {
        let (width, height) = image.max;
        let names = [("height", height), ("width", width)].map(|(what, max)| {
            let mut name = format!("{}.{what}", image.input);
            while all.iter().any(|s| s.0 == name) {
                name.push('_');
            }
            all.push((name.clone(), (1, max)));
            name
        });
        own.push(names);
    }
    all.sort();
    let number = |name: &str| all.iter().position(|s| s.0 == name).unwrap_or_default();
    let moved: Vec<usize> = old.names.iter().map(|name| number(name)).collect();
    let block = main.body(0);
    for i in 0..block.argument_count() {
        let arg = block_arg(block, i);
        if let Some(ty) = arg.tensor_ty().filter(TensorTy::is_symbolic) {
            let shape: Vec<i64> = ty.shape.iter().map(|&n| extent::renumbered(n, &moved)).collect();
            arg.retype(TensorTy::new(ty.elem, &shape).to_mlir(cx));
        }
    }
    let out = own.iter().map(|names| [0, 1].map(|i| extent::symbol(number(&names[i])))).collect();
    let (names, bounds) = all.into_iter().unzip();
    module.set_attr(Symbols::ATTR, Symbols { names, bounds }.to_attr(cx));
    retype(cx, main);
    out
}

/// Makes the function's type that of its arguments.
fn retype<'c>(cx: Cx<'c>, main: Op<'c>) {
    let block = main.body(0);
    let inputs: Vec<_> = (0..block.argument_count()).map(|i| block_arg(block, i).ty()).collect();
    let results: Vec<_> = block_ops(block).last().map(|ret| ret.args()).unwrap_or_default();
    let results: Vec<_> = results.into_iter().map(ValueExt::ty).collect();
    main.set_attr("function_type", cx.type_attr(cx.fn_type(&inputs, &results)));
}

/// Makes the argument an image of `[height, width]`, and the network's own input of it.
fn replace<'c>(cx: Cx<'c>, main: Op<'c>, at: usize, image: &Image, form: &Form, [height, width]: [i64; 2]) {
    let block = main.body(0);
    let (arg, Some(first)) = (block_arg(block, at), block_ops(block).first().copied()) else { return };
    arg.retype(TensorTy::new(Elem::I8, &[height, width, 4]).to_mlir(cx));
    retype(cx, main);
    let Some(opaque) = cx.parse_type("!onnx.value") else { return };
    let ints = |v: &[i64]| cx.array_attr(&v.iter().map(|&n| cx.i64_attr(n)).collect::<Vec<_>>());
    let float = |v: f64| cx.float_attr(cx.f32(), v);
    let floats = |v: &[f64]| cx.array_attr(&v.iter().map(|&v| float(v)).collect::<Vec<_>>());
    let text = |s: &str| cx.str_attr(s);
    let scale = image.scale.unwrap_or(if form.dtype == Dtype::UINT8 { 1.0 } else { 1.0 / 255.0 });
    let layout = if form.channels_last { "nhwc" } else { "nchw" };
    let attrs = [
        ("shape", ints(&form.ty.shape)),
        ("dtype", text(form.dtype.name())),
        ("layout", text(layout)),
        ("resize", text(image.resize.name())),
        ("fit", text(image.fit.name())),
        ("fill", float(image.fill)),
        ("order", text(if image.bgr { "bgr" } else { "rgb" })),
        ("scale", float(scale)),
        ("mean", floats(&image.mean)),
        ("std", floats(&image.std)),
    ];
    let b = Builder::before(cx, first).with_loc(cx.name_loc(&image.input));
    let uses = arg.uses();
    let y = b.value("onnx.weft.Image", &[arg], opaque, &attrs);
    uses.into_iter().for_each(|(op, i)| op.set_arg(i, y));
    let rows = if form.channels_last { &form.ty.shape[1..3] } else { &form.ty.shape[2..] };
    let about = [
        ("height", cx.i64_attr(rows[0])),
        ("width", cx.i64_attr(rows[1])),
        ("resize", text(image.resize.name())),
        ("fit", text(image.fit.name())),
    ];
    let mut all = main.attr("arg_attrs").and_then(AttrExt::as_array).unwrap_or_default();
    let mut entries = all[at].entries().unwrap_or_default();
    entries.retain(|e| e.0 != "weft.dtype");
    entries.push(("weft.dtype".to_owned(), text(Dtype::UINT8.name())));
    entries.push((IMAGE.to_owned(), cx.dict_attr(&about)));
    let entries: Vec<(&str, Attribute<'c>)> = entries.iter().map(|e| (e.0.as_str(), e.1)).collect();
    all[at] = cx.dict_attr(&entries);
    main.set_attr("arg_attrs", cx.array_attr(&all));
}
