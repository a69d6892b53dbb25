// pipeline: expand-math
// Functions without an instruction become polynomials, on scalars and vectors alike; those with one stay.
func.func @f(%x: f32, %v: vector<4xf32>) -> (f32, vector<4xf32>) {
  %0 = math.sqrt %x : f32
  %1 = math.exp %v : vector<4xf32>
  return %0, %1 : f32, vector<4xf32>
}
// -----  expected
module {
  func.func @f(%arg0: f32, %arg1: vector<4xf32>) -> (f32, vector<4xf32>) {
    %0 = math.sqrt %arg0 : f32
    %cst = arith.constant dense<8.900000e+01> : vector<4xf32>
    %1 = arith.cmpf olt, %cst, %arg1 : vector<4xf32>
    %2 = arith.select %1, %cst, %arg1 : vector<4xi1>, vector<4xf32>
    %cst_0 = arith.constant dense<-8.733000e+01> : vector<4xf32>
    %3 = arith.cmpf olt, %2, %cst_0 : vector<4xf32>
    %4 = arith.select %3, %cst_0, %2 : vector<4xi1>, vector<4xf32>
    %cst_1 = arith.constant dense<1.44269502> : vector<4xf32>
    %cst_2 = arith.constant dense<0x4B400000> : vector<4xf32>
    %5 = arith.mulf %4, %cst_1 fastmath<contract> : vector<4xf32>
    %6 = arith.addf %5, %cst_2 fastmath<contract> : vector<4xf32>
    %cst_3 = arith.constant dense<0x4B400000> : vector<4xf32>
    %7 = arith.subf %6, %cst_3 : vector<4xf32>
    %cst_4 = arith.constant dense<-0.693359375> : vector<4xf32>
    %8 = arith.mulf %7, %cst_4 fastmath<contract> : vector<4xf32>
    %9 = arith.addf %8, %4 fastmath<contract> : vector<4xf32>
    %cst_5 = arith.constant dense<2.12194442E-4> : vector<4xf32>
    %10 = arith.mulf %7, %cst_5 fastmath<contract> : vector<4xf32>
    %11 = arith.addf %10, %9 fastmath<contract> : vector<4xf32>
    %12 = arith.bitcast %6 : vector<4xf32> to vector<4xi32>
    %cst_6 = arith.constant dense<23> : vector<4xi32>
    %13 = arith.shli %12, %cst_6 : vector<4xi32>
    %cst_7 = arith.constant dense<1056964608> : vector<4xi32>
    %14 = arith.addi %13, %cst_7 : vector<4xi32>
    %15 = arith.bitcast %14 : vector<4xi32> to vector<4xf32>
    %cst_8 = arith.constant dense<0.00138146128> : vector<4xf32>
    %cst_9 = arith.constant dense<8.368710e-03> : vector<4xf32>
    %16 = arith.mulf %cst_8, %11 fastmath<contract> : vector<4xf32>
    %17 = arith.addf %16, %cst_9 fastmath<contract> : vector<4xf32>
    %cst_10 = arith.constant dense<0.0416683853> : vector<4xf32>
    %18 = arith.mulf %17, %11 fastmath<contract> : vector<4xf32>
    %19 = arith.addf %18, %cst_10 fastmath<contract> : vector<4xf32>
    %cst_11 = arith.constant dense<0.166665211> : vector<4xf32>
    %20 = arith.mulf %19, %11 fastmath<contract> : vector<4xf32>
    %21 = arith.addf %20, %cst_11 fastmath<contract> : vector<4xf32>
    %cst_12 = arith.constant dense<0.49999994> : vector<4xf32>
    %22 = arith.mulf %21, %11 fastmath<contract> : vector<4xf32>
    %23 = arith.addf %22, %cst_12 fastmath<contract> : vector<4xf32>
    %24 = arith.mulf %11, %11 : vector<4xf32>
    %25 = arith.mulf %24, %23 fastmath<contract> : vector<4xf32>
    %26 = arith.addf %25, %11 fastmath<contract> : vector<4xf32>
    %cst_13 = arith.constant dense<1.000000e+00> : vector<4xf32>
    %27 = arith.addf %26, %cst_13 : vector<4xf32>
    %28 = arith.addf %27, %27 : vector<4xf32>
    %29 = arith.mulf %28, %15 : vector<4xf32>
    return %0, %29 : f32, vector<4xf32>
  }
}
