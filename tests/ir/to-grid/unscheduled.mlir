// pipeline: to-grid
func.func private @k(%x: memref<64xf32>) {
  return
}
func.func @main(%x: memref<64xf32>) {
  call @k(%x) : (memref<64xf32>) -> ()
  return
}
// -----  expected
// error: to-grid: func.func: the schedule of @k lacks 'grid_x': run 'schedule' first
