//! `fork-devices`: from one graph to one module a device.
//!
//! `weft.devices = "webgpu+wasm"` on the module says which. One device marks the module (`weft.device`; Wasm goes without
//! saying); several get a nested module each, in this order, and the outer one keeps `weft.devices`.

use crate::pass::{PassCx, PassInfo};
use crate::target::Device;
use weft_dialects::ir::{Op, OpError, OpExt, attach_module, block_ops, clone_module};

/// The pass.
pub const INFO: PassInfo = PassInfo {
    name: "fork-devices",
    doc: "Copies the graph into one nested module a device, if there are several.",
    options: &[("devices", "device names joined by '+', the preferred first; what weft.devices says if absent")],
    run,
};

/// The devices that a list names.
///
/// # Errors
/// When it names another one, or one twice.
pub fn parse(list: &str) -> Result<Vec<Device>, String> {
    let mut devices = Vec::new();
    for name in list.split('+') {
        let device: Device = name.parse()?;
        if devices.contains(&device) {
            return Err(format!("device '{name}' is named twice"));
        }
        devices.push(device);
    }
    Ok(devices)
}

fn run<'c>(pcx: &PassCx<'c>, module: Op<'c>) -> Result<(), Vec<OpError>> {
    let cx = pcx.cx;
    let Some(list) = pcx.option("devices").map(str::to_owned).or_else(|| module.string("weft.devices")) else {
        return Ok(());
    };
    let devices = parse(&list).map_err(|message| vec![OpError::new(module, message)])?;
    // The first targets to come are named for Wasm alone.
    let mark = |op: Op<'c>, device: Device| {
        op.drop_attr("weft.devices");
        if device != Device::Wasm {
            op.drop_attr("weft.targets");
            op.set_attr("weft.device", cx.str_attr(device.name()));
        }
    };
    if let [device] = devices[..] {
        mark(module, device);
        return Ok(());
    }
    let old = block_ops(module.body(0));
    let copies: Vec<_> = devices.iter().filter_map(|_| clone_module(module)).collect();
    for (&device, copy) in devices.iter().zip(copies) {
        let copy = attach_module(module.body(0), copy, None);
        copy.set_attr("sym_name", cx.str_attr(&device.name().replace('-', "_")));
        mark(copy, device);
        // Nested, it must say so even if it is Wasm's.
        copy.set_attr("weft.device", cx.str_attr(device.name()));
    }
    for op in old {
        op.erase();
    }
    module.set_attr("weft.devices", cx.str_attr(&list));
    Ok(())
}
