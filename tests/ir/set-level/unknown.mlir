// pipeline: set-level{level=assembly}
func.func @f() {
  return
}
// -----  expected
// error: set-level: builtin.module: no level 'assembly'; the levels are import, graph, kernels, planned, loops, machine
