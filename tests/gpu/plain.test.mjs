// Compiled models without subgroups: one of each kind of network, since a driver in software has to compile all kernels anew.

import { testPlainModels } from "./models.mjs";

testPlainModels(["ppocrv4_cls", "mobilenetv2", "bert", "minilm_int8", "silero_vad", "basic_pitch"]);
