import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { LabelledRows } from './classifier.ts';

export const projectionNames = ['none', 'pca', 'lda'] as const;
export type ProjectionName = (typeof projectionNames)[number];

/** Maps a standardised row to fewer features. */
export type Projection = (row: Float64Array) => Float64Array;

/** Share of the variance that PCA keeps. */
const keptVariance = 0.95;
/** How much of the mean variance is added on the diagonal of the scatter within classes (Friedman 1989). */
const shrinkage = 0.2;

/** Learns the projection `name` from standardised rows; PCA does not look at the labels. */
export function fitProjection(name: ProjectionName, data: LabelledRows): Projection {
  switch (name) {
    case 'none':
      return (row) => row;
    case 'pca':
      return principalComponents(data.rows);
    case 'lda':
      return discriminants(data);
  }
}

/** Principal component analysis: the directions of largest variance, as many as hold 95 % of it. */
function principalComponents(rows: readonly Float64Array[]): Projection {
  const { values, vectors } = eigen(covariance(rows));
  const total = values.reduce((sum, value) => sum + value, 0);
  let kept = 0;
  for (let sum = 0; sum < keptVariance * total; kept++) sum += values[kept];
  return onto(vectors.slice(0, kept));
}

/**
 * Linear discriminant analysis (Fisher 1936; Rao 1948): whitens the scatter within classes and keeps the C − 1
 * directions in which the class means lie farthest apart.
 */
function discriminants({ rows, labels, classes }: LabelledRows): Projection {
  const means = Array.from({ length: classes }, (_, c) => meanOf(rows.filter((_, i) => labels[i] === c)));
  const centred = rows.map((row, i) => row.map((value, d) => value - means[labels[i]]![d]));
  const within = covariance(centred);
  const features = rows[0].length;
  const meanVariance = within.trace() / features;
  within.mul(1 - shrinkage);
  for (let d = 0; d < features; d++) within.set(d, d, within.get(d, d) + shrinkage * meanVariance);
  const { values, vectors } = eigen(within);
  const white = vectors.map((vector, i) => vector.map((value) => value / Math.sqrt(values[i])));
  const whiten = onto(white);
  const present = means.filter((mean) => mean !== null);
  const between = covariance(present.map(whiten));
  const directions = eigen(between).vectors.slice(0, present.length - 1);
  const turn = onto(directions);
  return (row) => turn(whiten(row));
}

function meanOf(rows: readonly Float64Array[]): Float64Array | null {
  if (rows.length === 0) return null;
  const mean = new Float64Array(rows[0].length);
  for (const row of rows) for (let d = 0; d < mean.length; d++) mean[d] += row[d] / rows.length;
  return mean;
}

function covariance(rows: readonly Float64Array[]): Matrix {
  const mean = meanOf(rows)!;
  const F = mean.length;
  const sums = Array.from({ length: F }, () => new Float64Array(F));
  const row = new Float64Array(F);
  for (const own of rows) {
    for (let d = 0; d < F; d++) row[d] = own[d] - mean[d];
    for (let d = 0; d < F; d++) {
      const sum = sums[d];
      for (let e = 0; e <= d; e++) sum[e] += row[d] * row[e];
    }
  }
  return new Matrix(
    sums.map((_, d) => sums.map((_, e) => sums[Math.max(d, e)][Math.min(d, e)] / rows.length)),
  );
}

/** Eigenvectors of a symmetric matrix by falling eigenvalue. */
function eigen(matrix: Matrix): { values: number[]; vectors: Float64Array[] } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  return {
    values: order.map((i) => realEigenvalues[i]),
    vectors: order.map((i) => Float64Array.from(eigenvectorMatrix.getColumn(i))),
  };
}

const onto =
  (directions: readonly Float64Array[]): Projection =>
  (row) =>
    Float64Array.from(directions, (direction) => {
      let sum = 0;
      for (let d = 0; d < row.length; d++) sum += direction[d] * row[d];
      return sum;
    });
