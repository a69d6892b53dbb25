// pipeline: builtin.module(expand-math)
// Where drivers compute as with real numbers, nothing relies on how sums round; half floats are computed as f32.
module {
  module @webgpu attributes {weft.target = "webgpu"} {
    func.func @f(%x: vector<4xf32>, %h: f16) -> (vector<4xf32>, f16) {
      %0 = math.sin %x : vector<4xf32>
      %2 = math.erf %h : f16
      return %0, %2 : vector<4xf32>, f16
    }
  }
}
// -----  expected
module {
  module @webgpu attributes {weft.target = "webgpu"} {
    func.func @f(%arg0: vector<4xf32>, %arg1: f16) -> (vector<4xf32>, f16) {
      %cst = arith.constant dense<0.636619746> : vector<4xf32>
      %0 = arith.mulf %arg0, %cst : vector<4xf32>
      %1 = math.roundeven %0 : vector<4xf32>
      %cst_0 = arith.constant dense<-1.5703125> : vector<4xf32>
      %2 = arith.mulf %1, %cst_0 fastmath<contract> : vector<4xf32>
      %3 = arith.addf %2, %arg0 fastmath<contract> : vector<4xf32>
      %cst_1 = arith.constant dense<-4.83512908E-4> : vector<4xf32>
      %4 = arith.mulf %1, %cst_1 fastmath<contract> : vector<4xf32>
      %5 = arith.addf %4, %3 fastmath<contract> : vector<4xf32>
      %cst_2 = arith.constant dense<-3.13855566E-7> : vector<4xf32>
      %6 = arith.mulf %1, %cst_2 fastmath<contract> : vector<4xf32>
      %7 = arith.addf %6, %5 fastmath<contract> : vector<4xf32>
      %8 = arith.fptosi %1 : vector<4xf32> to vector<4xi32>
      %cst_3 = arith.constant dense<0> : vector<4xi32>
      %9 = arith.addi %8, %cst_3 : vector<4xi32>
      %10 = arith.mulf %7, %7 : vector<4xf32>
      %11 = arith.mulf %10, %7 : vector<4xf32>
      %cst_4 = arith.constant dense<-1.95152184E-4> : vector<4xf32>
      %cst_5 = arith.constant dense<8.332160e-03> : vector<4xf32>
      %12 = arith.mulf %cst_4, %10 fastmath<contract> : vector<4xf32>
      %13 = arith.addf %12, %cst_5 fastmath<contract> : vector<4xf32>
      %cst_6 = arith.constant dense<-0.166666552> : vector<4xf32>
      %14 = arith.mulf %13, %10 fastmath<contract> : vector<4xf32>
      %15 = arith.addf %14, %cst_6 fastmath<contract> : vector<4xf32>
      %16 = arith.mulf %11, %15 fastmath<contract> : vector<4xf32>
      %17 = arith.addf %16, %7 fastmath<contract> : vector<4xf32>
      %18 = arith.mulf %10, %10 : vector<4xf32>
      %cst_7 = arith.constant dense<2.44383791E-5> : vector<4xf32>
      %cst_8 = arith.constant dense<-0.00138873665> : vector<4xf32>
      %19 = arith.mulf %cst_7, %10 fastmath<contract> : vector<4xf32>
      %20 = arith.addf %19, %cst_8 fastmath<contract> : vector<4xf32>
      %cst_9 = arith.constant dense<0.0416666456> : vector<4xf32>
      %21 = arith.mulf %20, %10 fastmath<contract> : vector<4xf32>
      %22 = arith.addf %21, %cst_9 fastmath<contract> : vector<4xf32>
      %cst_10 = arith.constant dense<1.000000e+00> : vector<4xf32>
      %23 = arith.mulf %18, %22 fastmath<contract> : vector<4xf32>
      %24 = arith.addf %23, %cst_10 fastmath<contract> : vector<4xf32>
      %cst_11 = arith.constant dense<-5.000000e-01> : vector<4xf32>
      %25 = arith.mulf %10, %cst_11 fastmath<contract> : vector<4xf32>
      %26 = arith.addf %25, %24 fastmath<contract> : vector<4xf32>
      %cst_12 = arith.constant dense<1> : vector<4xi32>
      %27 = arith.andi %9, %cst_12 : vector<4xi32>
      %cst_13 = arith.constant dense<0> : vector<4xi32>
      %28 = arith.cmpi ne, %27, %cst_13 : vector<4xi32>
      %29 = arith.select %28, %26, %17 : vector<4xi1>, vector<4xf32>
      %cst_14 = arith.constant dense<2> : vector<4xi32>
      %30 = arith.andi %9, %cst_14 : vector<4xi32>
      %cst_15 = arith.constant dense<30> : vector<4xi32>
      %31 = arith.shli %30, %cst_15 : vector<4xi32>
      %32 = arith.bitcast %29 : vector<4xf32> to vector<4xi32>
      %33 = arith.xori %32, %31 : vector<4xi32>
      %34 = arith.bitcast %33 : vector<4xi32> to vector<4xf32>
      %35 = arith.extf %arg1 : f16 to f32
      %cst_16 = arith.constant 3.920000e+00 : f32
      %36 = arith.cmpf olt, %cst_16, %35 : f32
      %37 = arith.select %36, %cst_16, %35 : f32
      %cst_17 = arith.constant -3.920000e+00 : f32
      %38 = arith.cmpf olt, %37, %cst_17 : f32
      %39 = arith.select %38, %cst_17, %37 : f32
      %40 = arith.mulf %39, %39 : f32
      %cst_18 = arith.constant 2.05007927E-6 : f32
      %cst_19 = arith.constant 2.84884532E-4 : f32
      %41 = arith.mulf %cst_18, %40 fastmath<contract> : f32
      %42 = arith.addf %41, %cst_19 fastmath<contract> : f32
      %cst_20 = arith.constant 0.00376568409 : f32
      %43 = arith.mulf %42, %40 fastmath<contract> : f32
      %44 = arith.addf %43, %cst_20 fastmath<contract> : f32
      %cst_21 = arith.constant 0.0527489297 : f32
      %45 = arith.mulf %44, %40 fastmath<contract> : f32
      %46 = arith.addf %45, %cst_21 fastmath<contract> : f32
      %cst_22 = arith.constant 0.190407977 : f32
      %47 = arith.mulf %46, %40 fastmath<contract> : f32
      %48 = arith.addf %47, %cst_22 fastmath<contract> : f32
      %cst_23 = arith.constant 1.12837923 : f32
      %49 = arith.mulf %48, %40 fastmath<contract> : f32
      %50 = arith.addf %49, %cst_23 fastmath<contract> : f32
      %51 = arith.mulf %39, %50 : f32
      %cst_24 = arith.constant 3.80917299E-5 : f32
      %cst_25 = arith.constant 0.00116255227 : f32
      %52 = arith.mulf %cst_24, %40 fastmath<contract> : f32
      %53 = arith.addf %52, %cst_25 fastmath<contract> : f32
      %cst_26 = arith.constant 0.0149693508 : f32
      %54 = arith.mulf %53, %40 fastmath<contract> : f32
      %55 = arith.addf %54, %cst_26 fastmath<contract> : f32
      %cst_27 = arith.constant 0.114109747 : f32
      %56 = arith.mulf %55, %40 fastmath<contract> : f32
      %57 = arith.addf %56, %cst_27 fastmath<contract> : f32
      %cst_28 = arith.constant 0.502077401 : f32
      %58 = arith.mulf %57, %40 fastmath<contract> : f32
      %59 = arith.addf %58, %cst_28 fastmath<contract> : f32
      %cst_29 = arith.constant 1.000000e+00 : f32
      %60 = arith.mulf %59, %40 fastmath<contract> : f32
      %61 = arith.addf %60, %cst_29 fastmath<contract> : f32
      %62 = arith.divf %51, %61 : f32
      %cst_30 = arith.constant 1.000000e+00 : f32
      %63 = arith.cmpf olt, %cst_30, %62 : f32
      %64 = arith.select %63, %cst_30, %62 : f32
      %cst_31 = arith.constant -1.000000e+00 : f32
      %65 = arith.cmpf olt, %64, %cst_31 : f32
      %66 = arith.select %65, %cst_31, %64 : f32
      %67 = arith.truncf %66 : f32 to f16
      return %34, %67 : vector<4xf32>, f16
    }
  }
}
