//! Evaluation of grids: each workgroup's invocations in lockstep, op by op, those that are active where control flow parts.
//!
//! Lockstep hides what goes wrong on a machine, so it is looked for: a barrier that not all invocations of the workgroup
//! reach, two invocations that touch an element without a barrier between them while one of them writes it, and a buffer
//! that one launch reads through one argument and writes through another.

use super::loops::{Lanes, Machine, Place, Val};
use super::scalar::elementwise_named;
use crate::ir::{BlockLike, Op, OpError, OpExt, Scalar, ValueExt, block_arg, block_ops, elem_of, walk_ops};
use std::collections::HashMap;

/// Sizes of a subgroup, in turn: kernels must not count on one.
const SUBGROUPS: [usize; 2] = [4, 32];

/// Who touched an element last.
#[derive(Debug, Clone, Copy)]
struct Touch {
    workgroup: usize,
    /// One, or several.
    invocation: Option<usize>,
    /// Barriers before it.
    epoch: usize,
}

/// By element: its last write, and its last read.
type Touches = HashMap<(Place, usize), (Option<Touch>, Option<Touch>)>;

/// A workgroup that runs.
pub(super) struct Group {
    /// Its invocations.
    pub(super) size: usize,
    /// Those that run, ascending.
    pub(super) active: Vec<usize>,
    subgroup: usize,
    block: [i64; 3],
    id: [i64; 3],
    grid: [i64; 3],
    number: usize,
    epoch: usize,
    /// None are kept of a group that is alone.
    touches: Option<Touches>,
}

impl Group {
    /// One invocation that isn't part of a grid.
    pub(super) fn single() -> Self {
        let one = [1; 3];
        Self {
            size: 1,
            active: vec![0],
            subgroup: 1,
            block: one,
            id: [0; 3],
            grid: one,
            number: 0,
            epoch: 0,
            touches: None,
        }
    }

    /// Notes that an invocation touches an element.
    ///
    /// # Errors
    /// When another one may touch it at the same time, and one of them writes.
    pub(super) fn touch(&mut self, place: Place, at: usize, invocation: usize, write: bool) -> Result<(), String> {
        let Some(touches) = &mut self.touches else { return Ok(()) };
        if matches!(place, Place::Private(_)) {
            return Ok(());
        }
        let (writer, reader) = touches.entry((place, at)).or_default();
        // A barrier orders what a workgroup does, to its own memory and to buffers.
        let open = |t: &Touch| {
            let parted = t.workgroup == self.number && t.epoch < self.epoch;
            (t.workgroup, t.invocation) != (self.number, Some(invocation)) && !parted
        };
        let who = |t: Touch| match t.invocation {
            Some(i) => format!("invocation {i} of workgroup {}", t.workgroup),
            None => "several invocations".to_owned(),
        };
        let me = format!("invocation {invocation} of workgroup {}", self.number);
        if let Some(w) = writer.filter(open) {
            let does = if write { "writes" } else { "reads" };
            return Err(format!("{me} {does} what {} wrote, without a barrier between them", who(w)));
        }
        if let (Some(r), true) = (reader.filter(open), write) {
            return Err(format!("{me} writes what {} read, without a barrier between them", who(r)));
        }
        let mine = Touch { workgroup: self.number, invocation: Some(invocation), epoch: self.epoch };
        if write {
            *writer = Some(mine);
        } else {
            let several = reader.is_some_and(|r| open(&r));
            *reader = Some(Touch { invocation: mine.invocation.filter(|_| !several), ..mine });
        }
        Ok(())
    }

    /// Numbers of some invocations; what the others have is never looked at.
    pub(super) fn scatter(&self, made: impl IntoIterator<Item = (usize, Vec<Scalar>)>) -> Lanes {
        let mut out = Lanes { width: 1, each: true, data: Vec::new() };
        for (k, v) in made {
            if out.data.is_empty() {
                out.width = v.len();
                out.data = vec![Scalar::I(0); v.len() * self.size];
            }
            out.data[k * v.len()..(k + 1) * v.len()].copy_from_slice(&v);
        }
        out
    }

    /// Where an invocation is in its workgroup.
    fn place(&self, invocation: usize) -> [i64; 3] {
        let i = invocation as i64;
        [i % self.block[0], i / self.block[0] % self.block[1], i / (self.block[0] * self.block[1])]
    }
}

/// The kernels of all `gpu.module`s, by the name that a launch calls them.
pub(super) fn kernels<'c>(module: Op<'c>) -> Vec<(String, Op<'c>)> {
    let name = |op: Op<'c>| op.string("sym_name").unwrap_or_default();
    let holders = walk_ops(module).into_iter().filter(|o| o.op_name() == "gpu.module");
    let kernels = holders.flat_map(|m| {
        let inside = block_ops(m.body(0)).into_iter().filter(|f| f.op_name() == "gpu.func");
        inside.map(move |f| (format!("@{}::@{}", name(m), name(f)), f))
    });
    kernels.collect()
}

impl<'c> Machine<'_, 'c> {
    /// Runs a kernel for each workgroup of a grid.
    pub(super) fn launch(&mut self, op: Op<'c>) -> Result<(), OpError> {
        let name = op.attr("kernel").map(|a| a.to_string()).unwrap_or_default();
        let kernel = *self.funcs.get(&name).ok_or_else(|| OpError::new(op, format!("no kernel {name}")))?;
        let sizes = op.args()[..6].iter().map(|v| self.int(op, *v)).collect::<Result<Vec<_>, _>>()?;
        let (grid, block) = ([sizes[0], sizes[1], sizes[2]], [sizes[3], sizes[4], sizes[5]]);
        let mut args = op.args()[6..].iter().map(|v| self.get(op, *v)).collect::<Result<Vec<_>, _>>()?;
        self.check_bindings(op, kernel, &args)?;
        let body = kernel.body(0);
        self.local.clear();
        let attributions: Vec<_> = (args.len()..body.argument_count()).map(|i| block_arg(body, i)).collect();
        for v in attributions {
            let ty = v.memref_ty().ok_or_else(|| OpError::new(kernel, "an attribution is no memref"))?;
            args.push(Val::Memory(Place::Workgroup(self.local.len()), 0, ty.clone()));
            // What isn't written stays visible.
            self.local.push(vec![0xa5; ty.span_bytes() as usize]);
        }
        let count = grid.iter().product::<i64>();
        let outer = std::mem::replace(&mut self.group, Group::single());
        let subgroup = SUBGROUPS[(count % 2) as usize];
        let mut touches = Some(HashMap::new());
        for number in (0..count as usize).rev() {
            let n = number as i64;
            let size = block.iter().product::<i64>() as usize;
            self.group = Group {
                size,
                active: (0..size).collect(),
                subgroup,
                block,
                id: [n % grid[0], n / grid[0] % grid[1], n / (grid[0] * grid[1])],
                grid,
                number,
                epoch: 0,
                touches: touches.take(),
            };
            for memory in &mut self.local {
                memory.fill(0xa5);
            }
            self.call(kernel, args.clone())?;
            touches = self.group.touches.take();
            if let Some(touches) = &mut touches {
                touches.retain(|(place, _), _| matches!(place, Place::Global(_)));
            }
        }
        self.group = outer;
        Ok(())
    }

    /// Checks that no buffer is bound to be read and written.
    fn check_bindings(&self, op: Op<'c>, kernel: Op<'c>, args: &[Val]) -> Result<(), OpError> {
        let stores = |op: &Op<'c>| matches!(op.op_name().as_str(), "memref.store" | "vector.store");
        let written: Vec<usize> = walk_ops(kernel)
            .into_iter()
            .filter(stores)
            .map(|op| {
                let mut memref = op.arg(1);
                while let Some(def) =
                    memref.def().filter(|d| d.op_name().starts_with("memref.") && !d.args().is_empty())
                {
                    memref = def.arg(0);
                }
                memref.key()
            })
            .collect();
        let bound: Vec<(Place, bool)> = args
            .iter()
            .enumerate()
            .filter_map(|(i, v)| match v {
                Val::Memory(place, ..) => Some((*place, written.contains(&block_arg(kernel.body(0), i).key()))),
                Val::Lanes(_) => None,
            })
            .collect();
        match bound.iter().any(|(p, writes)| *writes && bound.contains(&(*p, false))) {
            true => Err(OpError::new(op, "a buffer is bound to be read and to be written")),
            false => Ok(()),
        }
    }

    /// An op of the `gpu` dialect inside a kernel.
    pub(super) fn gpu_op(&mut self, op: Op<'c>) -> Result<Vec<Val>, OpError> {
        let dim = || op.attr("dimension").map(|a| a.to_string()).unwrap_or_default();
        let axis = || ["x", "y", "z"].iter().position(|d| dim().contains(&format!("dim {d}"))).unwrap_or(0);
        let group = &self.group;
        let same = |x: i64| Lanes::same(vec![Scalar::I(x)]);
        let each = |f: &dyn Fn(usize) -> i64| group.scatter(group.active.iter().map(|&k| (k, vec![Scalar::I(f(k))])));
        let subgroup = group.subgroup;
        let out = match op.op_name().as_str() {
            "gpu.barrier" => {
                if group.active.len() < group.size {
                    let reached = format!("{} of {} invocations", group.active.len(), group.size);
                    return Err(OpError::new(op, format!("only {reached} reach the barrier")));
                }
                self.group.epoch += 1;
                return Ok(Vec::new());
            }
            "gpu.block_id" => same(group.id[axis()]),
            "gpu.block_dim" => same(group.block[axis()]),
            "gpu.grid_dim" => same(group.grid[axis()]),
            "gpu.thread_id" => each(&|k| group.place(k)[axis()]),
            "gpu.global_id" => each(&|k| group.id[axis()] * group.block[axis()] + group.place(k)[axis()]),
            "gpu.subgroup_size" => same(subgroup as i64),
            "gpu.lane_id" => each(&|k| (k % subgroup) as i64),
            "gpu.subgroup_id" => each(&|k| (k / subgroup) as i64),
            "gpu.subgroup_reduce" => {
                let x = self.lanes(op, op.arg(0))?;
                let kind = op.attr("op").map(|a| a.to_string()).unwrap_or_default();
                let kind = kind.trim_start_matches("#gpu<all_reduce_op ").trim_end_matches('>').to_owned();
                let elem = elem_of(op.res(0).ty()).ok_or_else(|| OpError::new(op, "reduces scalars"))?;
                let name = match (kind.as_str(), elem.is_float()) {
                    ("add" | "mul", true) => format!("arith.{kind}f"),
                    ("add" | "mul" | "and" | "or" | "xor", false) => format!("arith.{kind}i"),
                    _ => format!("arith.{kind}"),
                };
                let mut totals: HashMap<usize, Scalar> = HashMap::new();
                for &k in &group.active {
                    let v = x.of(k)[0];
                    let total = match totals.get(&(k / subgroup)) {
                        Some(&t) => elementwise_named(op, &name, elem, &[t, v])?,
                        None => v,
                    };
                    totals.insert(k / subgroup, total);
                }
                group.scatter(group.active.iter().map(|&k| (k, vec![totals[&(k / subgroup)]])))
            }
            "gpu.shuffle" => {
                let (x, by) = (self.lanes(op, op.arg(0))?, self.lanes(op, op.arg(1))?);
                let mode = op.attr("mode").map(|a| a.to_string()).unwrap_or_default();
                let from = |k: usize| {
                    let (lane, by) = (k % subgroup, by.of(k)[0].i64() as usize);
                    let lane = match mode.trim_start_matches("#gpu<shuffle_mode ").trim_end_matches('>') {
                        "xor" => lane ^ by,
                        "up" => lane.wrapping_sub(by),
                        "down" => lane + by,
                        _ => by,
                    };
                    (lane < subgroup).then(|| k / subgroup * subgroup + lane).filter(|o| group.active.contains(o))
                };
                let values = group.active.iter().map(|&k| (k, x.of(from(k).unwrap_or(k)).to_vec()));
                let valid = group.active.iter().map(|&k| (k, vec![Scalar::I(i64::from(from(k).is_some()))]));
                return Ok(vec![Val::Lanes(group.scatter(values)), Val::Lanes(group.scatter(valid))]);
            }
            other => return Err(OpError::new(op, format!("no evaluation of {other}"))),
        };
        Ok(vec![Val::Lanes(out)])
    }
}
