//! State: outputs that are the next run's inputs. The module's `weft.states` names them, `[["stateN", "state"]]`: output, then
//! input. Both are one buffer.

use weft_dialects::ir::{AttrExt, Attribute, BlockLike, Cx, Op, OpError, OpExt, Type, ValueExt, block_arg, block_ops};

/// An output that is the next run's input, by their numbers in `@main`'s signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The output.
    pub output: usize,
    /// The input.
    pub input: usize,
}

/// `weft.states` of pairs of names: output, then input.
pub fn attribute<'c>(cx: Cx<'c>, pairs: &[(String, String)]) -> Attribute<'c> {
    let pairs: Vec<_> = pairs.iter().map(|(o, i)| cx.array_attr(&[cx.str_attr(o), cx.str_attr(i)])).collect();
    cx.array_attr(&pairs)
}

/// The pairs of names in `weft.states`; none if it is absent.
pub fn names(module: Op<'_>) -> Vec<(String, String)> {
    let pair = |a: Attribute<'_>| {
        let [output, input] = a.as_array()?[..] else { return None };
        Some((output.as_str()?.to_owned(), input.as_str()?.to_owned()))
    };
    let all = module.attr("weft.states").and_then(AttrExt::as_array).unwrap_or_default();
    all.into_iter().filter_map(pair).collect()
}

/// The states of a module whose `@main` is on tensors.
///
/// # Errors
/// When a name is no output or input, is there twice, or the two are of different types.
pub fn of(module: Op<'_>, main: Op<'_>) -> Result<Vec<State>, OpError> {
    let (inputs, outputs) = (signature(main, "arg_attrs"), signature(main, "res_attrs"));
    let find = |list: &[(String, String)], name: &str, what: &str| {
        list.iter().position(|x| x.0 == name).ok_or_else(|| {
            let known: Vec<_> = list.iter().map(|x| x.0.as_str()).collect();
            OpError::new(main, format!("a state: the model has no {what} '{name}'; it has {}", known.join(", ")))
        })
    };
    let body = main.body(0);
    let ins: Vec<_> = (0..body.argument_count()).map(|i| block_arg(body, i).ty()).collect();
    let outs: Vec<_> = block_ops(body).last().map(|ret| ret.args()).unwrap_or_default();
    let outs: Vec<_> = outs.into_iter().map(ValueExt::ty).collect();
    let mut states: Vec<State> = Vec::new();
    for (out, input) in names(module) {
        let state = State { output: find(&outputs, &out, "output")?, input: find(&inputs, &input, "input")? };
        if states.iter().any(|s| s.output == state.output || s.input == state.input) {
            return Err(OpError::new(main, format!("the state {out}={input} uses a name for the second time")));
        }
        let (from, to) = (outs.get(state.output), ins.get(state.input));
        if from != to || outputs[state.output].1 != inputs[state.input].1 {
            let show = |t: Option<&Type<'_>>| t.map(ToString::to_string).unwrap_or_default();
            return Err(OpError::new(
                main,
                format!("the state {out}={input}: the output is {}, the input {}", show(from), show(to)),
            ));
        }
        states.push(state);
    }
    Ok(states)
}

/// Names and element types.
fn signature(main: Op<'_>, which: &str) -> Vec<(String, String)> {
    let text = |a: &Attribute<'_>, key: &str| a.get(key).and_then(AttrExt::as_str).unwrap_or_default().to_owned();
    let all = main.attr(which).and_then(AttrExt::as_array).unwrap_or_default();
    all.iter().map(|a| (text(a, "weft.name"), text(a, "weft.dtype"))).collect()
}
