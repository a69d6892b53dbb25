// pipeline: fork-targets{targets=wasm-simd+risc}
func.func @main() {
  return
}
// -----  expected
// error: fork-targets: builtin.module: no target 'risc'; the targets are wasm-relaxed, wasm-simd
