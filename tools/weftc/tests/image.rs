//! Inputs that are images: what artifacts compute of pixels, against the definition in f64 with fractions in integers; and compiling
//! again from every level's text gives the same bytes.

use std::path::Path;
use std::process::Command;
use weft_host::{Artifact, GpuOptions, Session, Tensor, Variant};

/// A model that hands its input on.
fn model(shape: &str, dtype: &str) -> String {
    let ty = format!("tensor<{shape}x{dtype}>");
    let name = match dtype {
        "i8" => "uint8",
        "f16" => "float16",
        _ => "float32",
    };
    format!(
        "module attributes {{weft.level = \"import\", weft.model = \"m\"}} {{
           func.func @main(%x: {ty} {{weft.name = \"x\", weft.dtype = \"{name}\"}}) -> (!onnx.value {{weft.name = \"y\"}})
             attributes {{onnx.opset = 13 : i64}} {{
             %y = \"onnx.Identity\"(%x) : ({ty}) -> !onnx.value
             return %y : !onnx.value }} }}"
    )
}

fn weftc(args: &[&str]) -> Result<(), String> {
    let out = Command::new(env!("CARGO_BIN_EXE_weftc")).args(args).output().expect("weftc starts");
    if out.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&out.stderr).into_owned()) }
}

fn path(p: &Path) -> &str {
    p.to_str().expect("a UTF-8 path")
}

/// Pixels without a pattern, RGBA.
fn pixels(height: u64, width: u64) -> Vec<u8> {
    let mut state = (height * 1000 + width) as u32 | 1;
    let next = move |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 11) as u8
    };
    (0..height * width * 4).map(next).collect()
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Fit {
    Stretch,
    Contain,
    Cover,
}

/// What `out` positions of a frame show of a dim of `n` pixels of which `part` are shown on `room` positions: per position the
/// two pixels and the weight of the second, and nothing in a margin.
fn line(out: i64, n: i64, part: i64, room: i64, nearest: bool) -> Vec<Option<(i64, i64, f64)>> {
    let (margin, cut) = ((out - room) / 2, (n - part) / 2);
    let at = |o: i64| {
        let o = o - margin;
        if !(0..room).contains(&o) {
            return None;
        }
        // The middle of the position, in units of 1 / (2 * room) pixels.
        let middle = (2 * o + 1) * part;
        if nearest {
            let i = (middle / (2 * room)).min(part - 1) + cut;
            return Some((i, i, 0.0));
        }
        let from = middle - room;
        let below = from.div_euclid(2 * room);
        let t = from.rem_euclid(2 * room) as f64 / (2 * room) as f64;
        let pixel = |i: i64| i.clamp(0, part - 1) + cut;
        Some((pixel(below), pixel(below + 1), t))
    };
    (0..out).map(at).collect()
}

/// `a * b / c`, rounded, from 1 to `most`.
fn share(a: i64, b: i64, c: i64, most: i64) -> i64 {
    ((2 * a * b + c) / (2 * c)).clamp(1, most)
}

/// Levels of red, green and blue, rows first.
fn levels(
    rgba: &[u8],
    [h, w]: [i64; 2],
    [rows, columns]: [i64; 2],
    fit: Fit,
    nearest: bool,
    fill: f64,
) -> Vec<[f64; 3]> {
    let wider = w * rows > h * columns;
    // The part of the image, and the room that it takes.
    let (part, room) = match (fit, wider) {
        (Fit::Stretch, _) => ([h, w], [rows, columns]),
        (Fit::Contain, true) => ([h, w], [share(h, columns, w, rows), columns]),
        (Fit::Contain, false) => ([h, w], [rows, share(w, rows, h, columns)]),
        (Fit::Cover, true) => ([h, share(columns, h, rows, w)], [rows, columns]),
        (Fit::Cover, false) => ([share(rows, w, columns, h), w], [rows, columns]),
    };
    let (down, across) = (line(rows, h, part[0], room[0], nearest), line(columns, w, part[1], room[1], nearest));
    let level = |y: i64, x: i64, c: usize| f64::from(rgba[((y * w + x) * 4) as usize + c]);
    let mut out = Vec::new();
    for y in &down {
        for x in &across {
            let (Some((y0, y1, ty)), Some((x0, x1, tx))) = (*y, *x) else {
                out.push([fill; 3]);
                continue;
            };
            out.push([0, 1, 2].map(|c| {
                let row = |y| level(y, x0, c) * (1.0 - tx) + level(y, x1, c) * tx;
                row(y0) * (1.0 - ty) + row(y1) * ty
            }));
        }
    }
    out
}

fn compile(dir: &Path, model: &str, option: &str) -> Result<std::path::PathBuf, String> {
    compile_for("wasm", dir, model, option)
}

fn compile_for(devices: &str, dir: &Path, model: &str, option: &str) -> Result<std::path::PathBuf, String> {
    let (file, out) = (dir.join("m.mlir"), dir.join("out"));
    std::fs::write(&file, model).unwrap();
    weftc(&[
        "compile",
        path(&file),
        "--device",
        devices,
        "--preprocess",
        option,
        "-q",
        "-o",
        path(&out),
        "--dump-levels",
        path(&dir.join("levels")),
    ])?;
    Ok(out)
}

fn run(artifact: &Path, variant: Variant, rgba: &[u8], size: [i64; 2]) -> Tensor {
    let mut session = Session::new(&Artifact::open(artifact).unwrap(), variant).unwrap();
    let x = Tensor::from_values(&[size[0] as u64, size[1] as u64, 4], rgba).unwrap();
    session.run(&[("x", x)]).unwrap().remove(0).1
}

const SIZES: [[i64; 2]; 6] = [[1, 1], [6, 8], [48, 64], [3, 64], [48, 2], [13, 9]];

#[test]
fn images_of_any_size_become_the_networks_input() {
    for fit in [Fit::Stretch, Fit::Contain, Fit::Cover] {
        for resize in ["bilinear", "nearest"] {
            let tmp = tempfile::tempdir().unwrap();
            let name = format!("{fit:?}").to_lowercase();
            let option = format!(
                "x=image:resize={resize},fit={name},fill=114,mean=0.485,0.456,0.406,std=0.229,0.224,0.225,order=bgr,max=64x48"
            );
            let artifact = compile(tmp.path(), &model("1x3x6x8", "f32"), &option).unwrap();
            for [h, w] in SIZES {
                let rgba = pixels(h as u64, w as u64);
                let want = levels(&rgba, [h, w], [6, 8], fit, resize == "nearest", 114.0);
                for variant in [Variant::Relaxed, Variant::Simd] {
                    let got = run(&artifact, variant, &rgba, [h, w]).values::<f32>().unwrap();
                    for (c, (mean, std)) in [(0.485, 0.229), (0.456, 0.224), (0.406, 0.225)].into_iter().enumerate() {
                        for (i, level) in want.iter().enumerate() {
                            let want = (level[2 - c] / 255.0 - mean) / std;
                            let got = f64::from(got[c * 6 * 8 + i]);
                            assert!(
                                (got - want).abs() < 1e-5,
                                "{fit:?} {resize} {h}x{w} {variant} {c} {i}: {got}, {want}"
                            );
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn bytes_are_rounded_and_grey_is_brightness() {
    let tmp = tempfile::tempdir().unwrap();
    let artifact = compile(tmp.path(), &model("1x6x8x1", "i8"), "x=image:max=64x48").unwrap();
    for [h, w] in SIZES {
        let rgba = pixels(h as u64, w as u64);
        let want = levels(&rgba, [h, w], [6, 8], Fit::Stretch, false, 0.0);
        let got = run(&artifact, Variant::Relaxed, &rgba, [h, w]).values::<u8>().unwrap();
        for (got, [r, g, b]) in got.into_iter().zip(want) {
            let want = 0.299 * r + 0.587 * g + 0.114 * b;
            assert!((f64::from(got) - want).abs() < 0.5 + 1e-4, "{h}x{w}: {got}, {want}");
        }
    }
}

const FILES: [&str; 7] =
    ["model.relaxed.wasm", "model.simd.wasm", "manifest.json", "index.js", "index.d.ts", "webgpu.json", "webgpu.wgsl"];

#[test]
fn compiling_again_from_every_level_gives_the_same_bytes() {
    let tmp = tempfile::tempdir().unwrap();
    let option = "x=image:fit=contain,mean=0.5,0.4,0.3,max=64x48";
    let first = compile_for("webgpu,wasm", tmp.path(), &model("1x3x6x8", "f32"), option).unwrap();
    for level in ["import", "graph", "kernels", "planned", "loops", "machine"] {
        let (text, again) = (tmp.path().join(format!("levels/{level}.mlir")), tmp.path().join(level));
        weftc(&["compile", path(&text), "--compile-from", level, "-q", "-o", path(&again)]).unwrap();
        for file in FILES {
            let read = |dir: &Path| std::fs::read(dir.join(file)).unwrap();
            assert!(read(&first) == read(&again), "{file} differs when compiled from the {level} level");
        }
    }
    let (text, out) = (tmp.path().join("levels/graph.mlir"), tmp.path().join("late"));
    let late = weftc(&["compile", path(&text), "--preprocess", option, "-q", "-o", path(&out)]).unwrap_err();
    insta::assert_snapshot!(late);
}

const SCRIPT: &str = r#"
const { load } = await import(process.argv[1]);
const m = await load();
const data = new Uint8ClampedArray(6 * 5 * 4).map((_, i) => 7 * i);
const first = await m.run({ x: { data, width: 6, height: 5 } });
const same = await m.run({ x: { data: new Uint8Array(data), dims: [5, 6, 4] } });
const wrong = [{ data, width: 65, height: 5 }, { data, width: 6, height: 6 }, { data }, 'x', new Uint8Array(120), undefined];
const said = [];
for (const x of wrong) said.push(await m.run({ x }).then(() => 'ran', (e) => `${e.name} ${e.code}: ${e.message}`));
console.log(JSON.stringify({ first: [...first.y.data], same: [...same.y.data], said: said.join('\n') }));
"#;

#[test]
fn a_page_hands_its_pixels_over() {
    let tmp = tempfile::tempdir().unwrap();
    let artifact = compile(tmp.path(), &model("1x3x6x8", "f32"), "x=image:max=64x48").unwrap();
    std::fs::write(artifact.join("package.json"), "{\"type\": \"module\"}").unwrap();
    let run = Command::new("node")
        .args(["--input-type=module", "-e", SCRIPT])
        .arg(artifact.join("index.js"))
        .output()
        .expect("Node starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let found: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(found["first"], found["same"]);
    let rgba: Vec<u8> = (0..120u32).map(|i| (7 * i).min(255) as u8).collect();
    let want = levels(&rgba, [5, 6], [6, 8], Fit::Stretch, false, 0.0);
    for (i, v) in found["first"].as_array().unwrap().iter().enumerate() {
        assert!((v.as_f64().unwrap() - want[i % 48][i / 48] / 255.0).abs() < 1e-6, "{i}: {v}");
    }
    insta::assert_snapshot!(found["said"].as_str().unwrap());
}

#[test]
fn the_manifest_and_the_types_say_that_it_is_an_image() {
    let tmp = tempfile::tempdir().unwrap();
    let artifact = compile(tmp.path(), &model("1x3x6x8", "f32"), "x=image:max=64x48,fit=cover").unwrap();
    let read = |name: &str| std::fs::read_to_string(artifact.join(name)).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&read("manifest.json")).unwrap();
    let image = serde_json::json!({
        "maxHeight": 48, "maxWidth": 64, "height": 6, "width": 8, "resize": "bilinear", "fit": "cover"
    });
    assert_eq!(manifest["inputs"][0]["image"], image);
    assert!(read("index.d.ts").contains("x: ImageSource | Tensor<Uint8Array>;"));
    assert!(read("index.d.ts").contains("export type ImageSource ="));
}

#[test]
fn a_gpu_reads_textures_and_frames_of_videos() {
    let tmp = tempfile::tempdir().unwrap();
    let artifact = compile_for("webgpu", tmp.path(), &model("1x3x6x8", "f32"), "x=image:max=64x48").unwrap();
    let read = |name: &str| std::fs::read_to_string(artifact.join(name)).unwrap();
    let program: serde_json::Value = serde_json::from_str(&read("webgpu.json")).unwrap();
    assert_eq!(program["buffers"][0], serde_json::json!({ "role": "image", "index": 0, "bytes": 0 }));
    let variant = &program["variants"][0];
    let bindings: Vec<_> = variant["pipelines"].as_array().unwrap().iter().map(|p| p["bindings"].clone()).collect();
    assert_eq!(
        bindings,
        [serde_json::json!(["texture", "read_write"]), serde_json::json!(["external_texture", "read_write"])]
    );
    let step = &variant["main"][0];
    assert_eq!(
        (&step["pipeline"], &step["external"], &step["bindings"][0]),
        (&0.into(), &1.into(), &serde_json::json!([0, 0, 0]))
    );
    // Four pixels, each loaded once for all of its channels.
    for (_, kernel) in weft_artifact::Kernels::split(&read("webgpu.wgsl")) {
        assert_eq!(kernel.matches("textureLoad(").count(), 4, "{kernel}");
    }
}

#[test]
fn a_gpu_outside_the_browser_reads_the_same_pixels() {
    if std::env::var_os("WEFT_NO_GPU").is_some_and(|v| v == "1") {
        return;
    }
    let tmp = tempfile::tempdir().unwrap();
    let folder = compile_for("webgpu,wasm", tmp.path(), &model("1x3x6x8", "f32"), "x=image:max=64x48").unwrap();
    let artifact = Artifact::open(&folder).unwrap();
    let mut session = Session::gpu(&artifact, &GpuOptions::default())
        .unwrap_or_else(|e| panic!("{e}\nRun this test by `cargo xtask test`, or set WEFT_NO_GPU=1."));
    // One session, images of several sizes: each has a texture of its own.
    for (h, w) in [(20, 31), (6, 8), (48, 64), (20, 31)] {
        let rgba = pixels(h, w);
        let image = Tensor::from_values(&[h, w, 4], &rgba).unwrap();
        let found = session.run(&[("x", image)]).unwrap().remove(0).1;
        let expected = run(&folder, Variant::Simd, &rgba, [h as i64, w as i64]);
        let pairs = found.values::<f32>().unwrap().into_iter().zip(expected.values::<f32>().unwrap());
        let off = pairs.map(|(a, b)| (a - b).abs()).fold(0f32, |m, d| if d > m || d.is_nan() { d } else { m });
        assert!(off < 1e-5, "{h}x{w}: off by {off}");
    }
}
