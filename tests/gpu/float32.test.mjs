// Compiled models in f32, in the variant that uses subgroups.

import { testModels, testOpenModels } from "./models.mjs";

testModels("webgpu");
testOpenModels();
