//! `inline-scalars`: constants of one repeated element move from a generic's operands into its body, so that they
//! cost no load and no argument, and kernels that differ only there are told apart by their text.

use crate::pass::{PassCx, PassInfo};
use weft_dialects::ir::{AttrExt, Builder, GenericSpec, Op, OpError, OpExt, Scalar, Value, ValueExt, walk_ops};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "inline-scalars",
    doc: "Moves splat constants from operands of generics into their bodies.",
    options: &[],
    run,
};

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    for op in walk_ops(module).into_iter().filter(|o| o.op_name() == "linalg.generic") {
        rewrite(pcx, op).map_err(|e| vec![e])?;
    }
    Ok(())
}

/// The element of a splat constant.
fn splat<'c>(pcx: &PassCx<'c>, v: Value<'c>) -> Option<Scalar> {
    let def = v.def().filter(|d| d.op_name() == "arith.constant")?;
    let attr = def.attr("value")?;
    // A stored constant is large; reading it only to find that it is no splat would cost time for nothing.
    if attr.as_resource_key().is_some() {
        return None;
    }
    let t = pcx.cx.tensor_of(attr)?;
    t.is_splat().then(|| t.get(0))
}

fn rewrite<'c>(pcx: &PassCx<'c>, op: Op<'c>) -> Result<(), OpError> {
    let maps =
        op.attr("indexing_maps").and_then(AttrExt::as_maps).ok_or_else(|| OpError::new(op, "maps are not linear"))?;
    let outs = op.ress().len();
    let args = op.args();
    let n_in = args.len() - outs;
    let scalars: Vec<Option<Scalar>> = args[..n_in].iter().map(|&v| splat(pcx, v)).collect();
    if scalars.iter().all(Option::is_none) {
        return Ok(());
    }
    let b = Builder::before(pcx.cx, op);
    let kept: Vec<_> = (0..n_in).filter(|&i| scalars[i].is_none()).map(|i| (args[i], maps[i].clone())).collect();
    let out_specs: Vec<_> = (n_in..args.len()).map(|i| (args[i], maps[i].clone())).collect();
    let reduction = crate::kernels::cluster::reductions(op);
    let old_body = op.body(0);
    let new = b.generic(GenericSpec { ins: &kept, outs: &out_specs, reduction: &reduction }, |b, fresh| {
        let mut fresh = fresh.iter().copied();
        let mut map = outline_map();
        for (i, &arg) in args.iter().enumerate() {
            let old = weft_dialects::ir::block_arg(old_body, i);
            let new = match scalars.get(i).copied().flatten() {
                Some(s) => {
                    let elem = arg.tensor_ty().map(|t| t.elem);
                    elem.map(|e| b.scalar(e, s))
                }
                None => fresh.next(),
            };
            if let Some(new) = new {
                map.insert(old.key(), new);
            }
        }
        super::outline::clone_body(b, old_body, &mut map)
    });
    for (old, new) in op.ress().into_iter().zip(new.ress()) {
        old.replace_with(new);
    }
    op.erase();
    Ok(())
}

fn outline_map<'c>() -> super::outline::ValueMap<'c> {
    super::outline::ValueMap::default()
}
