// Compiled models in f16.

import { testModels } from "./models.mjs";

testModels("webgpu-f16");
