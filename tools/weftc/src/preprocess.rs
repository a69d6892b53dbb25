//! `--preprocess x=image:...`: what an input is made of, as text.

use weft_passes::legalize::preprocess::{Fit, Image, Resize};

/// Keys, for messages.
const KEYS: &str = "resize, fit, fill, order, layout, scale, mean, std, max";

/// Parses `INPUT=image[:KEY=VALUE[,KEY=VALUE...]]`. A list has its numbers between commas too: what follows a comma and has
/// no `=` belongs to the key before.
pub fn parse(text: &str) -> Result<Image, String> {
    let (head, options) = text.split_once(":").unwrap_or((text, ""));
    let (name, kind) = match head.rsplit_once('=') {
        Some((name, kind)) if !name.is_empty() => (name, kind),
        _ => return Err("expected INPUT=image:KEY=VALUE,...".to_owned()),
    };
    if kind != "image" {
        return Err(format!("'{kind}' is no kind of input that there is; there is 'image'"));
    }
    let mut entries: Vec<(&str, Vec<&str>)> = Vec::new();
    for part in options.split(',').filter(|part| !part.is_empty()) {
        match (part.split_once('='), entries.last_mut()) {
            (Some((key, value)), _) => {
                if entries.iter().any(|e| e.0 == key) {
                    return Err(format!("'{key}' is there twice"));
                }
                entries.push((key, vec![value]));
            }
            (None, Some(last)) => last.1.push(part),
            (None, None) => return Err(format!("'{part}' is no KEY=VALUE; the keys are {KEYS}")),
        }
    }
    let mut image = Image::new(name);
    for (key, values) in entries {
        match (key, &values[..]) {
            ("mean", _) => image.mean = numbers(key, &values)?,
            ("std", _) => image.std = numbers(key, &values)?,
            ("resize", [v]) => image.resize = Resize::named(v).ok_or(choice(key, v, "bilinear or nearest"))?,
            ("fit", [v]) => image.fit = Fit::named(v).ok_or(choice(key, v, "stretch, contain or cover"))?,
            ("fill", [v]) => image.fill = number(key, v)?,
            ("order", ["rgb"]) => image.bgr = false,
            ("order", ["bgr"]) => image.bgr = true,
            ("order", [v]) => return Err(choice(key, v, "rgb or bgr")),
            ("layout", ["nchw"]) => image.channels_last = Some(false),
            ("layout", ["nhwc"]) => image.channels_last = Some(true),
            ("layout", [v]) => return Err(choice(key, v, "nchw or nhwc")),
            ("scale", [v]) => image.scale = Some(number(key, v)?),
            ("max", [v]) => image.max = size(v)?,
            ("resize" | "fit" | "fill" | "order" | "layout" | "scale" | "max", _) => {
                return Err(format!("'{key}' takes one value, not {}", values.join(",")));
            }
            _ => return Err(format!("there is no key '{key}'; the keys are {KEYS}")),
        }
    }
    if image.std.contains(&0.0) {
        return Err("'std' is what is divided by, and can't be 0".to_owned());
    }
    if !(0.0..=255.0).contains(&image.fill) {
        return Err(format!("'fill' is a level from 0 to 255, not {}", image.fill));
    }
    Ok(image)
}

fn choice(key: &str, value: &str, known: &str) -> String {
    format!("'{key}' is {known}, not '{value}'")
}

fn numbers(key: &str, values: &[&str]) -> Result<Vec<f64>, String> {
    match values.len() {
        1 | 3 => values.iter().map(|v| number(key, v)).collect(),
        n => Err(format!("'{key}' takes one number, or one a channel, not {n}")),
    }
}

/// A number, or a fraction like `1/255`.
fn number(key: &str, text: &str) -> Result<f64, String> {
    let one = |text: &str| text.parse::<f64>().ok().filter(|v| v.is_finite());
    let value = match text.split_once('/') {
        Some((a, b)) => one(a).zip(one(b)).map(|(a, b)| a / b),
        None => one(text),
    };
    // What the network computes with.
    value
        .filter(|v| (*v as f32).is_finite())
        .ok_or_else(|| format!("'{key}' takes numbers such as 0.485 or 1/255, not '{text}'"))
}

fn size(text: &str) -> Result<(i64, i64), String> {
    let sizes = text.split_once('x').and_then(|(w, h)| Some((w.parse().ok()?, h.parse().ok()?)));
    sizes.ok_or_else(|| format!("'max' is a width and a height such as 1920x1080, not '{text}'"))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use weft_passes::legalize::preprocess::{Fit, Image, Resize};

    #[test]
    fn an_option_is_read_with_lists_and_fractions() {
        let text = "pixel=values=image:resize=nearest,mean=0.485,0.456,0.406,std=0.5,scale=1/255,order=bgr,fit=contain,\
                    fill=114,max=1280x720,layout=nhwc";
        let want = Image {
            resize: Resize::Nearest,
            fit: Fit::Contain,
            fill: 114.0,
            bgr: true,
            channels_last: Some(true),
            scale: Some(1.0 / 255.0),
            mean: vec![0.485, 0.456, 0.406],
            std: vec![0.5],
            max: (1280, 720),
            ..Image::new("pixel=values")
        };
        assert_eq!(parse(text), Ok(want));
        assert_eq!(parse("x=image"), Ok(Image::new("x")));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = [
            "x",
            "=image",
            "x=tensor",
            "x=image:mean",
            "x=image:resize=cubic",
            "x=image:mean=1,2",
            "x=image:std=0",
            "x=image:max=1920",
            "x=image:sigma=1",
            "x=image:scale=1/0",
            "x=image:order=rgb,bgr",
            "x=image:mean=1,mean=2",
            "x=image:fill=300",
            "x=image:scale=1e300",
        ];
        let said: Vec<String> = wrong.map(|text| format!("{text}: {}", parse(text).unwrap_err())).to_vec();
        insta::assert_snapshot!(said.join("\n"));
    }
}
