//! Products and convolutions on a grid.

use super::tensor;
use crate::lower::check::lowers_to_grid;

/// A generic over `rank` dims of `ty`: `body` of the elements of `ins` (name, type, dims that it has).
fn generic(result: &str, ty: &str, rank: usize, ins: &[(&str, &str, &[usize])], body: &str) -> String {
    let dims: Vec<String> = (0..rank).map(|d| format!("d{d}")).collect();
    let dims = dims.join(", ");
    let map = |at: &[usize]| {
        let at: Vec<String> = at.iter().map(|d| format!("d{d}")).collect();
        format!("affine_map<({dims}) -> ({})>", at.join(", "))
    };
    let all: Vec<usize> = (0..rank).collect();
    let maps: Vec<String> = ins.iter().map(|i| map(i.2)).chain([map(&all)]).collect();
    let names: Vec<&str> = ins.iter().map(|i| i.0).collect();
    let types: Vec<&str> = ins.iter().map(|i| i.1).collect();
    let args: Vec<String> = (0..=ins.len()).map(|i| format!("%p{i}: f32")).collect();
    format!(
        "%e{result} = tensor.empty() : {ty}
         %{result} = linalg.generic {{indexing_maps = [{}], iterator_types = [{}]}} ins({} : {}) outs(%e{result} : {ty}) {{
         ^bb0({}):
           {body}
         }} -> {ty}",
        maps.join(", "),
        vec!["\"parallel\""; rank].join(", "),
        names.join(", "),
        types.join(", "),
        args.join(", "),
    )
}

/// A bias over the last of `rank` dims, and a residual.
fn tail(ty: &str, rank: usize, bias: &str) -> String {
    let all: Vec<usize> = (0..rank).collect();
    let ins: [(&str, &str, &[usize]); 3] = [("%y", ty, &all), ("%b", bias, &[rank - 1]), ("%z", ty, &all)];
    generic("r", ty, rank, &ins, "%s = arith.addf %p0, %p1 : f32\n%t = arith.addf %s, %p2 : f32\nlinalg.yield %t : f32")
}

fn product([batch, m, k, n]: [i64; 4], panel: i64, shared: bool) -> String {
    let (a, y, bias) = (tensor(&[batch, m, k]), tensor(&[batch, m, n]), tensor(&[n]));
    let matrices = if shared { 1 } else { batch };
    let w = if panel > 0 { tensor(&[matrices, (n + panel - 1) / panel, k, panel]) } else { tensor(&[matrices, k, n]) };
    format!(
        "func.func @main(%x: {a}, %w: {w}, %b: {bias}, %z: {y}) -> {y} {{
           %0 = func.call @k(%x, %w, %b, %z) : ({a}, {w}, {bias}, {y}) -> {y}
           return %0 : {y}
         }}
         func.func private @k(%x: {a}, %w: {w}, %b: {bias}, %z: {y}) -> {y} {{
           %y = \"nn.matmul\"(%x, %w) {{columns = {n} : i64, panel = {panel} : i64}} : ({a}, {w}) -> {y}
           {}
           return %r : {y}
         }}",
        tail(&y, 3, &bias),
    )
}

#[test]
fn products_of_many_shapes() {
    for (i, shape) in [[1, 1, 70, 9], [2, 3, 65, 20], [1, 5, 7, 3], [2, 9, 8, 12], [1, 65, 6, 40], [1, 5, 6, 129]]
        .into_iter()
        .enumerate()
    {
        lowers_to_grid(&product(shape, 0, i % 2 == 0));
        lowers_to_grid(&product(shape, 8, i % 2 == 1));
    }
}

#[test]
fn rows_are_handed_around_in_a_subgroup() {
    insta::assert_snapshot!(lowers_to_grid(&product([1, 8, 8, 128], 0, true)));
}

struct Conv {
    x: [i64; 4],
    kernel: [i64; 2],
    strides: [i64; 2],
    dilations: [i64; 2],
    pads: [i64; 4],
    groups: i64,
    channels: i64,
    panel: i64,
}

fn convolution(c: &Conv) -> String {
    let list = |v: &[i64]| v.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let out =
        |i: usize| (c.x[i + 1] + c.pads[i] + c.pads[i + 2] - c.dilations[i] * (c.kernel[i] - 1) - 1) / c.strides[i] + 1;
    let (x, y) = (tensor(&c.x), tensor(&[c.x[0], out(0), out(1), c.channels]));
    let (bias, per_group) = (tensor(&[c.channels]), c.x[3] / c.groups);
    let columns = c.channels / c.groups;
    let w = if c.panel > 0 {
        tensor(&[c.groups, (columns + c.panel - 1) / c.panel, c.kernel[0] * c.kernel[1] * per_group, c.panel])
    } else {
        tensor(&[c.kernel[0], c.kernel[1], per_group, c.channels])
    };
    format!(
        "func.func @main(%x: {x}, %w: {w}, %b: {bias}, %z: {y}) -> {y} {{
           %0 = func.call @k(%x, %w, %b, %z) : ({x}, {w}, {bias}, {y}) -> {y}
           return %0 : {y}
         }}
         func.func private @k(%x: {x}, %w: {w}, %b: {bias}, %z: {y}) -> {y} {{
           %y = \"nn.conv2d\"(%x, %w) {{kernel = array<i64: {}>, strides = array<i64: {}>, dilations = array<i64: {}>, \
             pads = array<i64: {}>, groups = {} : i64, channels = {} : i64, panel = {} : i64}} : ({x}, {w}) -> {y}
           {}
           return %r : {y}
         }}",
        list(&c.kernel),
        list(&c.strides),
        list(&c.dilations),
        list(&c.pads),
        c.groups,
        c.channels,
        c.panel,
        tail(&y, 4, &bias),
    )
}

#[test]
fn convolutions_of_many_shapes() {
    let base = Conv {
        x: [1, 7, 6, 8],
        kernel: [3, 3],
        strides: [1, 1],
        dilations: [1, 1],
        pads: [1, 1, 1, 1],
        groups: 1,
        channels: 12,
        panel: 0,
    };
    for c in [
        Conv { ..base },
        Conv { panel: 8, channels: 13, ..base },
        Conv { x: [2, 9, 8, 3], strides: [2, 2], pads: [0, 1, 2, 0], channels: 100, ..base },
        Conv { groups: 2, pads: [2, 2, 2, 2], dilations: [2, 2], ..base },
        Conv { groups: 2, panel: 8, pads: [0, 0, 0, 0], ..base },
        Conv { x: [1, 12, 12, 4], kernel: [1, 5], pads: [0, 2, 0, 2], channels: 24, ..base },
        Conv { x: [1, 1, 20, 5], kernel: [1, 3], pads: [0, 0, 0, 1], channels: 128, ..base },
    ] {
        lowers_to_grid(&convolution(&c));
    }
}

#[test]
fn padding_of_a_convolution_is_not_loaded() {
    let c = Conv {
        x: [1, 4, 4, 4],
        kernel: [3, 3],
        strides: [1, 1],
        dilations: [1, 1],
        pads: [1, 1, 1, 1],
        groups: 1,
        channels: 16,
        panel: 0,
    };
    insta::assert_snapshot!(lowers_to_grid(&convolution(&c)));
}

/// A depthwise convolution with bias and residual.
fn depthwise(x: [i64; 4], kernel: [i64; 2], strides: [i64; 2], dilations: [i64; 2], pads: [i64; 4]) -> String {
    let list = |v: &[i64]| v.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let out = |i: usize| (x[i + 1] + pads[i] + pads[i + 2] - dilations[i] * (kernel[i] - 1) - 1) / strides[i] + 1;
    let y = tensor(&[x[0], out(0), out(1), x[3]]);
    let (bias, w, x) = (tensor(&[x[3]]), tensor(&[kernel[0], kernel[1], x[3]]), tensor(&x));
    format!(
        "func.func @main(%x: {x}, %w: {w}, %b: {bias}, %z: {y}) -> {y} {{
           %0 = func.call @k(%x, %w, %b, %z) : ({x}, {w}, {bias}, {y}) -> {y}
           return %0 : {y}
         }}
         func.func private @k(%x: {x}, %w: {w}, %b: {bias}, %z: {y}) -> {y} {{
           %y = \"nn.depthwise_conv2d\"(%x, %w) {{strides = array<i64: {}>, dilations = array<i64: {}>, pads = array<i64: {}>}} \
             : ({x}, {w}) -> {y}
           {}
           return %r : {y}
         }}",
        list(&strides),
        list(&dilations),
        list(&pads),
        tail(&y, 4, &bias),
    )
}

#[test]
fn depthwise_convolutions_of_many_shapes() {
    let (one, two) = ([1, 1], [2, 2]);
    lowers_to_grid(&depthwise([1, 6, 9, 8], [3, 3], one, one, [1, 1, 1, 1]));
    lowers_to_grid(&depthwise([2, 7, 7, 4], [3, 3], two, one, [0, 0, 1, 1]));
    lowers_to_grid(&depthwise([1, 9, 6, 6], [5, 5], one, one, [2, 2, 2, 2]));
    lowers_to_grid(&depthwise([1, 8, 8, 4], [3, 3], one, two, [0, 2, 0, 2]));
    lowers_to_grid(&depthwise([1, 1, 30, 4], [1, 7], one, one, [0, 3, 0, 3]));
    lowers_to_grid(&depthwise([1, 4, 4, 4], [3, 3], one, one, [0, 0, 0, 0]));
}

/// Attention's products: a right side that lies along K, and sides and results with heads in between.
fn transposed() -> String {
    let (batch, m, k, n) = (2, 9, 8, 20);
    let (a, x) = (tensor(&[batch, m, k]), tensor(&[m, batch, k]));
    let (w, z, y, r) = (tensor(&[batch, k, n]), tensor(&[n, batch, k]), tensor(&[batch, m, n]), tensor(&[m, batch, n]));
    format!(
        "func.func @main(%x: {x}, %z: {z}) -> {r} {{
           %0 = func.call @k(%x, %z) : ({x}, {z}) -> {r}
           return %0 : {r}
         }}
         func.func private @k(%x: {x}, %z: {z}) -> {r} {{
           {}
           {}
           %y = \"nn.matmul\"(%a, %w) {{columns = {n} : i64, panel = 0 : i64}} : ({a}, {w}) -> {y}
           {}
           return %r : {r}
         }}",
        generic("a", &a, 3, &[("%x", &x, &[1, 0, 2])], "linalg.yield %p0 : f32"),
        generic("w", &w, 3, &[("%z", &z, &[2, 0, 1])], "linalg.yield %p0 : f32"),
        generic("r", &r, 3, &[("%y", &y, &[1, 0, 2])], "linalg.yield %p0 : f32"),
    )
}

#[test]
fn heads_and_transposes_are_strides() {
    lowers_to_grid(&transposed());
}
