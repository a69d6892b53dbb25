// pipeline: fork-devices{devices=wasm+wasm}
func.func @main() {
  return
}
// -----  expected
// error: fork-devices: builtin.module: device 'wasm' is named twice
