// What a loaded model does with its inputs.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { artifact, inputs, outputs, plain, script } from './artifact.js';

const { load, WeftInputError } = await script(artifact('tiny'));

suite('run', () => {
  test('gives what the model computes, for every element type', async () => {
    const model = await load();
    assert.deepEqual(plain(await model.run(inputs())), outputs);
  });

  test('gives arrays that later runs leave alone', async () => {
    const model = await load();
    const first = await model.run(inputs());
    const second = await model.run({ ...inputs(), x: new Float32Array(6) });
    assert.deepEqual(first.y.data, outputs.y.data);
    assert.deepEqual(second.y.data, new Float32Array(6));
  });

  test('takes tensors, so that one model feeds another', async () => {
    const model = await load();
    const { y } = await model.run(inputs());
    const out = await model.run({ ...inputs(), x: y });
    assert.deepEqual(out.y.data, Float32Array.of(1, 8, 27, 64, 125, 216));
  });

  test('takes the views of the model itself, inputs and outputs', async () => {
    const model = await load();
    for (const [name, array] of Object.entries(inputs())) model.inputs[name].set(array);
    assert.deepEqual(plain(await model.run({ ...model.inputs })), outputs);
    const out = await model.run({ ...model.inputs, x: model.outputs.y });
    assert.deepEqual(out.y.data, Float32Array.of(1, 8, 27, 64, 125, 216));
  });

  test('takes arrays that are part of a larger buffer, Node buffers and arrays of other realms', async () => {
    const model = await load();
    const x = new Float32Array([9, ...inputs().x, 9]).subarray(1, 7);
    const { runInNewContext } = await import('node:vm');
    const half = runInNewContext('Uint16Array.of(0x3c00, 0xc000)');
    const mask = Buffer.from([1, 0]);
    assert.deepEqual(plain(await model.run({ ...inputs(), x, half, 'attention mask': mask })), outputs);
  });

  test('of two loaded models are independent', async () => {
    const [one, two] = await Promise.all([load(), load()]);
    one.inputs.x.fill(1);
    assert.deepEqual(two.inputs.x, new Float32Array(6));
  });
});

test('runInPlace computes on the views', async () => {
  const model = await load();
  model.inputs.x.set(inputs().x);
  assert.equal(model.runInPlace(), undefined);
  assert.deepEqual(model.outputs.y, outputs.y.data);
  assert.equal(model.outputs.y.buffer, model.inputs.x.buffer);
});

test('info describes the model', async () => {
  const { info } = await load({ variant: 'simd' });
  assert.deepEqual(
    { ...info, inputs: info.inputs.slice(0, 1), outputs: info.outputs.slice(1, 2) },
    {
      name: 'tiny',
      producer: 'weft 0.1.0',
      variant: 'simd',
      inputs: [{ name: 'x', dtype: 'float32', dims: [2, 3] }],
      outputs: [{ name: 'sum/"1"', dtype: 'int64', dims: [2] }],
      open: [],
      states: [],
      memoryBytes: 65536,
    },
  );
  assert.throws(() => (info.inputs[0].dims[0] = 9), TypeError);
});

suite('a wrong input is a WeftInputError:', () => {
  const cases = {
    'no object': [undefined, ['inputs', '', 'run() got undefined, expected an object with the inputs "x", "ids", "attention mask", "half", "class", "__proto__".']],
    'a bare array': [new Float32Array(6), ['inputs', '', 'run() got Float32Array of 6 values, expected an object with the inputs "x", "ids", "attention mask", "half", "class", "__proto__".']],
    'an unknown name': [{ ...inputs(), X: 1 }, ['unknown', 'X', '"X" is no input of model "tiny", expected an object with the inputs "x", "ids", "attention mask", "half", "class", "__proto__".']],
    'a missing input': [{ x: inputs().x }, ['missing', 'ids', 'Input "ids" is missing, expected BigInt64Array of 2 values, int64 [2].']],
    'another element type': [{ ...inputs(), x: new Float64Array(6) }, ['type', 'x', 'Input "x" is Float64Array of 6 values, expected Float32Array of 6 values, float32 [2, 3].']],
    'clamped bytes': [{ ...inputs(), 'attention mask': new Uint8ClampedArray(2) }, ['type', 'attention mask', 'Input "attention mask" is Uint8ClampedArray of 2 values, expected Uint8Array of 2 values, bool [1, 2].']],
    'a plain array': [{ ...inputs(), x: [1, 2] }, ['type', 'x', 'Input "x" is Array, expected Float32Array of 6 values, float32 [2, 3].']],
    'a number': [{ ...inputs(), x: 1 }, ['type', 'x', 'Input "x" is 1, expected Float32Array of 6 values, float32 [2, 3].']],
    'a string': [{ ...inputs(), x: 'cat.png' }, ['type', 'x', 'Input "x" is a string, expected Float32Array of 6 values, float32 [2, 3].']],
    'null': [{ ...inputs(), x: null }, ['type', 'x', 'Input "x" is null, expected Float32Array of 6 values, float32 [2, 3].']],
    'a symbol': [{ ...inputs(), x: Symbol('x') }, ['type', 'x', 'Input "x" is Symbol(x), expected Float32Array of 6 values, float32 [2, 3].']],
    'a buffer': [{ ...inputs(), x: new ArrayBuffer(24) }, ['type', 'x', 'Input "x" is ArrayBuffer, expected Float32Array of 6 values, float32 [2, 3].']],
    'too few values': [{ ...inputs(), x: new Float32Array(5) }, ['size', 'x', 'Input "x" has 5 values, expected Float32Array of 6 values, float32 [2, 3].']],
    'values for an empty tensor': [{ ...inputs(), class: new Uint8Array(4) }, ['size', 'class', 'Input "class" has 4 values, expected Uint8Array of 0 values, uint8 [0, 4].']],
    'a tensor of another shape': [{ ...inputs(), x: { data: inputs().x, dims: [3, 2] } }, ['dims', 'x', 'Input "x" has the shape [3, 2], expected Float32Array of 6 values, float32 [2, 3].']],
    'a tensor without a shape': [{ ...inputs(), x: { data: inputs().x, dims: undefined } }, ['dims', 'x', 'Input "x" has the shape undefined, expected Float32Array of 6 values, float32 [2, 3].']],
    'a tensor of another type': [{ ...inputs(), x: { data: 'none', dims: [2, 3] } }, ['type', 'x', 'Input "x" is a string, expected Float32Array of 6 values, float32 [2, 3].']],
  };
  for (const [title, [given, [code, input, message]]] of Object.entries(cases)) {
    test(title, async () => {
      const model = await load();
      const error = await model.run(given).then(
        () => assert.fail('accepted'),
        (error) => error,
      );
      assert.ok(error instanceof WeftInputError && error instanceof TypeError, String(error));
      assert.deepEqual([error.code, error.input, error.message], [code, input, message]);
      assert.equal(error.name, 'WeftInputError');
      assert.ok(message.endsWith(`expected ${error.expected}.`));
    });
  }

  test('and leaves all inputs as they were', async () => {
    const model = await load();
    await assert.rejects(model.run({ ...inputs(), half: new Uint16Array(1) }), WeftInputError);
    assert.deepEqual(model.inputs.x, new Float32Array(6));
  });
});

suite('dims that are left open', () => {
  const make = async () => (await script(artifact('open'))).load();

  test('are told by dims, or by the number of values', async () => {
    const model = await make();
    assert.deepEqual(model.info.open, [{ name: 'length', min: 1, max: 4 }]);
    const x = Float32Array.of(1, 2, 3, 4, 5, 6);
    const z = Float32Array.of(10, 20, 30);
    for (const given of [{ x, z }, { x: { data: x, dims: [2, 3] }, z }, { x, z: { data: z, dims: [3] } }]) {
      const { y, n } = await model.run(given);
      assert.deepEqual(y, { data: Float32Array.of(11, 22, 33, 14, 25, 36), dims: [2, 3] });
      assert.deepEqual(n, { data: Int32Array.of(3), dims: [] });
    }
  });

  test('have the strides of the largest shape in place', async () => {
    const model = await make();
    model.inputs.x.set([1, 2, 0, 0, 3, 4]);
    model.inputs.z.set([5, 6]);
    model.runInPlace({ length: 2 });
    assert.deepEqual([0, 1, 4, 5].map((i) => model.outputs.y[i]), [6, 8, 8, 10]);
    assert.equal(model.outputs.n[0], 2);
    model.runInPlace();
    assert.equal(model.outputs.n[0], 4);
    assert.throws(() => model.runInPlace({ length: 5 }), { message: 'runInPlace() got dims where "length" is 5, but the model was compiled for 1 to 4.' });
    assert.throws(() => model.runInPlace({ width: 1 }), { message: '"width" is no open dim of model "open", expected the open dims "length".' });
  });

  const cases = {
    'one that is too large': [{ x: new Float32Array(10), z: new Float32Array(5) }, 'dims', 'Input "x" has the shape [2, 5], where "length" is 5, but the model was compiled for 1 to 4, expected Float32Array, float32 [2, length (1 to 4)].'],
    'one that is no whole number': [{ x: new Float32Array(5), z: new Float32Array(2) }, 'dims', 'Input "x" has 5 values, no multiple of 2, expected Float32Array, float32 [2, length (1 to 4)].'],
    'two values of one': [{ x: { data: new Float32Array(4), dims: [2, 2] }, z: { data: new Float32Array(3), dims: [3] } }, 'dims', 'Input "z" has the shape [3], where "length" is 3, but another input makes it 2, expected Float32Array, float32 [length (1 to 4)].'],
    'fewer values than dims': [{ x: { data: new Float32Array(4), dims: [2, 3] }, z: new Float32Array(3) }, 'size', 'Input "x" has 4 values, expected Float32Array, float32 [2, length (1 to 4)].'],
  };
  for (const [name, [given, code, message]] of Object.entries(cases)) {
    test(`${name} is an error`, async () => {
      const model = await make();
      await assert.rejects(model.run(given), { name: 'WeftInputError', code, message });
    });
  }
});
