// pipeline: fork-devices{devices=webnn}
func.func @main() {
  return
}
// -----  expected
// error: fork-devices: builtin.module: no device 'webnn'; the devices are wasm, webgpu, webgpu-f16
