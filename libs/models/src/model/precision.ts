/** Numbers in which an ONNX graph keeps the kernels of a model; they are computed with in float32. */
export const precisions = ['float32', 'float16', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** Those that are made of the trained float32. */
export type CompressedPrecision = Exclude<Precision, 'float32'>;
export const compressedPrecisions = ['float16', 'int8'] as const satisfies readonly CompressedPrecision[];
