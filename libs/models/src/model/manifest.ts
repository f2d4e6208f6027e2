import { z } from 'zod';
import { labelListSchema } from '../corpus/corpus-label.ts';
import { confidenceBins } from '../drift/confidence-histogram.ts';
import { featureSpecSchema } from '../features/feature-spec.ts';
import type { GruAttentionArchitecture } from '../network/gru-attention.ts';
import { architectureSchema } from './architecture.ts';

const fileSchema = z.object({
  name: z.string().regex(/^[\w.-]+$/, 'must be a plain file name'),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type ModelFile = z.infer<typeof fileSchema>;

const compressedSchema = z.object({
  onnx: fileSchema,
  golden: fileSchema,
  /** Greatest difference of any output from the float32 model's, on the golden features. */
  outputDifference: z.number(),
});
export type CompressedFiles = z.infer<typeof compressedSchema>;

/** A measured share with its 95 % bootstrap interval. */
const estimateSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

const corpusSchema = z.object({
  dataset: z.string(),
  licence: z.string(),
  clips: z.int(),
  seconds: z.number(),
});

const share = z.number().min(0).max(1);

/** What a model says of speech, see `driftReference`. */
const referenceSchema = z.object({
  /** Steps of speech that it was taken from. */
  moments: z.int().positive(),
  /** Mean probability by label. */
  posterior: z.array(share),
  /** Share of the moments whose highest probability lies in each of ten equal bins. */
  confidence: z.array(share).length(confidenceBins),
});

/** What a model is, where it comes from and how good it was measured to be: manifest.json beside the weights. */
export const manifestSchema = z
  .object({
    format: z.literal('undertone-model/1'),
    name: z.string().min(1),
    /** ISO 8601 date of the training run. */
    createdAt: z.string(),
    /** What the weights may be used for, given the data they were trained on. */
    licence: z.string(),
    /** In the order of the probabilities. */
    labels: labelListSchema,
    architecture: architectureSchema,
    parameters: z.int().positive(),
    features: featureSpecSchema,
    /** Logits are divided by it before the softmax; fitted on the validation speakers (Guo et al. 2017). */
    temperature: z.number().positive(),
    /** Tensors of weights.bin: raw little-endian float32, one after the other; `offset` counts floats. */
    tensors: z.array(z.object({ name: z.string(), shape: z.array(z.int()), offset: z.int() })),
    files: z.object({
      weights: fileSchema,
      onnx: fileSchema,
      /** Where the model can be run in calls. */
      golden: fileSchema.optional(),
      /** The same weights in fewer bits; absent from models that were never compressed. */
      float16: compressedSchema.optional(),
      int8: compressedSchema.optional(),
    }),
    training: z.object({
      config: z.record(z.string(), z.unknown()),
      seed: z.int(),
      corpora: z.array(corpusSchema),
      /** Speakers of each part; no speaker is in two. */
      speakers: z.object({
        training: z.array(z.string()),
        validation: z.array(z.string()),
        test: z.array(z.string()),
      }),
      epochs: z.int(),
      /** Whom it learned from beside the labels, where its configuration has `distillation`. */
      teacher: z.array(z.string()).optional(),
    }),
    /** On the test speakers, in streaming mode through the ONNX engine; absent when no speaker was held out. */
    measured: z
      .object({
        clips: z.int(),
        uar: estimateSchema,
        accuracy: estimateSchema,
        macroF1: estimateSchema,
        ece: estimateSchema,
        perClassRecall: z.record(z.string(), z.number()),
      })
      .nullable(),
    /** What the model says of the validation speakers, in streaming mode: what drift is measured against. Absent from models of before. */
    reference: referenceSchema.optional(),
    /** Where the targets of valence and arousal come from. */
    valenceArousal: z.object({
      source: z.string(),
      targets: z.record(z.string(), z.tuple([z.number(), z.number()])),
    }),
  })
  .refine(
    ({ labels, reference }) => reference === undefined || reference.posterior.length === labels.length,
    {
      path: ['reference', 'posterior'],
      message: 'must have a share for every label',
    },
  );
export type Manifest = z.infer<typeof manifestSchema>;

/** Of a model that can be run in calls. */
export type StreamingManifest = Manifest & { architecture: GruAttentionArchitecture };

export const isStreaming = (manifest: Manifest): manifest is StreamingManifest =>
  manifest.architecture.kind === 'gru-attention';
