// pipeline: preprocess
// All that is wrong is said at once.
module attributes {weft.level = "import", weft.states = [["y", "s"]], weft.preprocess = [
  {fill = 0.0 : f32, fit = "stretch", input = "no", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "s", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "ids", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "flat", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "two", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "square", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "grey", max = [64, 48], mean = [0.0 : f32], order = "bgr", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "p", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "p", max = [64, 48], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "q", max = [64, 48], mean = [0.0 : f32, 0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fill = 0.0 : f32, fit = "stretch", input = "r", max = [64000, 48000], mean = [0.0 : f32], order = "rgb", resize = "bilinear", std = [1.0 : f32]},
  {fit = "stretch", input = "p"}], weft.symbols = {n = [1, 4]}} {
func.func @main(%s: tensor<1x3x5x7xf32> {weft.name = "s", weft.dtype = "float32"}, %ids: tensor<1x3x5x7xi64> {weft.name = "ids", weft.dtype = "int64"}, %flat: tensor<3x5xf32> {weft.name = "flat", weft.dtype = "float32"}, %two: tensor<1x2x5x7xf32> {weft.name = "two", weft.dtype = "float32"}, %sq: tensor<1x3x3x3xf32> {weft.name = "square", weft.dtype = "float32"}, %g: tensor<1x1x5x7xf32> {weft.name = "grey", weft.dtype = "float32"}, %p: tensor<1x3x5x7xf32> {weft.name = "p", weft.dtype = "float32"}, %q: tensor<1x3x5x7xf32> {weft.name = "q", weft.dtype = "float32"}, %r: tensor<1x3x5x7xf32> {weft.name = "r", weft.dtype = "float32"}) -> (!onnx.value {weft.name = "y"}) attributes {onnx.opset = 13 : i64} {
  %y = "onnx.Relu"(%s) : (tensor<1x3x5x7xf32>) -> !onnx.value
  return %y : !onnx.value
}
}
// -----  expected
// error: preprocess: func.func: there is no input 'no' to preprocess; the model has s, ids, flat, two, square, grey, p, q, r
// error: func.func: the input 's' is state, and can't be an image
// error: func.func: the input 'ids' can't be an image: its elements are int64, not float32, float16 or uint8
// error: func.func: the input 'flat' can't be an image: its shape is 3x5, not 1 x channels x height x width or 1 x height x width x channels
// error: func.func: the input 'two' can't be an image: its shape is 1x2x5x7, without 1 or 3 channels there
// error: func.func: the input 'square' can't be an image: the shape 1x3x3x3 doesn't tell where its channels are; add layout=nchw or layout=nhwc
// error: func.func: the input 'grey' can't be an image: it has one channel, which has no order; leave order=bgr away
// error: func.func: the input 'p' is preprocessed twice
// error: func.func: the input 'q' can't be an image: mean has 2 numbers, but there are 3 channels
// error: func.func: the input 'r' can't be an image: 64000x48000 is no size that an image for an input of 1x3x5x7 can be at most
// error: builtin.module: weft.preprocess: {fit = "stretch", input = "p"} is no complete description of an image
