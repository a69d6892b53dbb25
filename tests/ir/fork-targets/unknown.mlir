// pipeline: fork-targets{targets=wasm-simd+risc}
func.func @main() {
  return
}
// -----  expected
// error: fork-targets: builtin.module: no target 'risc'; those of wasm are wasm-relaxed, wasm-simd
