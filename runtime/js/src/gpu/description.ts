// What the package writer puts above this runtime, and webgpu.json, for a model that was compiled for a GPU.

import type { Description, FileRef, Signature } from '../description';
import type { Device, Island } from '../types.gpu';
import type { Images } from './images';

/** A program: what must be known of it before its own file is there. */
export interface ProgramRef {
  readonly precision: 'float32' | 'float16';
  /** WebGPU features that it needs. */
  readonly features: readonly string[];
  /** WebGPU limits that it needs. */
  readonly limits: { readonly [name: string]: number };
  /** The file of the type `Program`. */
  readonly program: FileRef;
  readonly weights?: FileRef;
  /** The kernels, and what features these need besides. */
  readonly variants: readonly { readonly features: readonly string[]; readonly kernels: FileRef }[];
  /** The parts that are Wasm, each with a memory of its own; absent if there are none. */
  readonly islands?: readonly Description[];
}

/** A model that was compiled for a GPU; if for the processor too, it is also a `Description`. */
export interface GpuDescription extends Signature {
  /** What it was compiled for, the preferred first. */
  readonly devices: readonly Device[];
  /** The programs, the preferred first. */
  readonly webgpu: readonly ProgramRef[];
  /** What holds images on a device; absent if no input is one. */
  readonly images?: typeof Images;
}

/** The part of a buffer that a step works on. */
export type Binding = readonly [buffer: number, offset: number, bytes: number];

/** `sum(factor * atom) + constant` of the open dims. */
export interface Expr {
  readonly terms: readonly ({ readonly factor: number } & Atom)[];
  readonly constant: number;
}
type Atom = { readonly symbol: number } | { readonly floor: { readonly of: Expr; readonly by: number } };

export interface Dispatch {
  readonly pipeline: number;
  /** The pipeline for an image that is an external texture. */
  readonly external?: number;
  readonly workgroups: readonly (number | Expr)[];
  readonly bindings: readonly Binding[];
  readonly symbols?: readonly Expr[];
}

export interface IslandCall {
  readonly island: number;
  readonly inputs: readonly Binding[];
  readonly outputs: readonly Binding[];
  readonly symbols?: readonly Expr[];
}

export type Step = Dispatch | IslandCall;

export interface Pipeline {
  readonly name: string;
  readonly bindings: readonly ('read' | 'read_write' | 'texture' | 'external_texture')[];
  /** How many `i32`s its uniform buffer holds. */
  readonly uniform?: number;
}

export interface ProgramVariant {
  readonly pipelines: readonly Pipeline[];
  readonly init?: readonly Step[];
  readonly main: readonly Step[];
}

/** webgpu.json: buffers, pipelines, and what is done with them. */
export interface Program {
  readonly buffers: readonly {
    readonly role: 'weights' | 'scratch' | 'input' | 'output' | 'image';
    readonly index?: number;
    readonly bytes: number;
  }[];
  readonly weights?: { readonly bytes: number };
  readonly variants: readonly ProgramVariant[];
  readonly islands?: readonly Island[];
}

/** An expression's value for the open dims' values. */
export function valueOf(expr: number | Expr, symbols: readonly number[]): number {
  if (typeof expr === 'number') return expr;
  return expr.terms.reduce((sum, { factor, ...atom }) => {
    const value = 'symbol' in atom ? symbols[atom.symbol]! : Math.floor(valueOf(atom.floor.of, symbols) / atom.floor.by);
    return sum + factor * value;
  }, expr.constant);
}
