/**
 * Licences of the corpora that we know, by dataset name. They bind the weights too: what is trained on
 * non-commercial data is for non-commercial use.
 */
const licences: Record<string, string> = {
  ravdess: 'CC BY-NC-SA 4.0 (Livingstone & Russo 2018)',
  emodb: 'CC0 according to audEERING’s packaging (Burkhardt et al. 2005); confirm before commercial use',
  nemo: 'CC BY-NC-SA 4.0 (Christop 2024)',
};
const nonCommercial = /\bNC\b/;

export const corpusLicence = (dataset: string): string =>
  licences[dataset] ?? 'as the owner of the data says';

/** What weights trained on `datasets` may be used for. */
export const weightsLicence = (datasets: readonly string[]): string =>
  datasets.some((dataset) => nonCommercial.test(corpusLicence(dataset)))
    ? 'research and non-commercial use only: trained on data with a non-commercial licence'
    : 'as the licences of the training data allow';
