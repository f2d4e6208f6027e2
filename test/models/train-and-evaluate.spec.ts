import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel } from '@undertone/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../libs/models/src/seeded-random.ts';
import { cli } from './models-cli.ts';
import { voice } from './own-voice.ts';

describe('a model trained on someone’s own recordings', () => {
  let folder: string;
  let training: string;
  const model = () => join(folder, 'model');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'own-data-'));
    const random = new SeededRandom(1);
    const rows = ['file,dataset,speaker,gender,language,emotion'];
    for (const [speaker, pitchHz] of [90, 165, 105, 150, 120, 135].entries()) {
      for (let take = 0; take < 8; take++) {
        const emotion = take % 2 === 0 ? 'happy' : 'sad';
        const file = `${speaker}-${take}.wav`;
        await writeFile(join(folder, file), voice(emotion, pitchHz, random));
        rows.push(`${file},own,own_${speaker},female,en,${emotion}`);
      }
    }
    await writeFile(join(folder, 'broken.wav'), 'RIFF');
    rows.push('broken.wav,own,own_0,female,en,sad', 'missing.wav,own,own_0,female,en,sad');
    rows.push('0-0.wav,own,own_0,female,en,boredom');
    await writeFile(join(folder, 'index.csv'), rows.join('\n'));
    const small = [
      'epochs=20',
      'batchClips=8',
      'learningRate=0.01',
      'warmUpEpochs=1',
      'averageDecay=0.5',
      'dropout=0',
      'patience=20',
      'waveform.variants=1',
      'waveform.share=0.3',
    ];
    const { stdout } = await cli(
      'train',
      ...['--config', 'streaming', '--data', folder, '--out', model(), '--cache', join(folder, 'cache')],
      ...['--validation', 'own_4', '--test', 'own_5'],
      ...['architecture.frontUnits=8', 'architecture.recurrentUnits=12', ...small].flatMap((s) => [
        '--set',
        s,
      ]),
    );
    training = stdout;
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true }));

  it('shows its progress and lists every clip that it left out, with the reason', () => {
    expect(training).toMatch(/read 32 of 32 variants/);
    expect(training).toMatch(/epoch 1\/20 .* min left/);
    expect(training).toMatch(/skipped .*broken\.wav: not a WAV file/);
    expect(training).toMatch(/skipped .*missing\.wav: .*ENOENT/);
    expect(training).toMatch(/skipped .*0-0\.wav: listed twice, as happy and as boredom/);
  });

  it('loads, says what it was trained on, and tells the two voices apart', async () => {
    const { manifest } = await loadModel(model());
    expect(manifest.training.speakers).toEqual({
      training: ['own_0', 'own_1', 'own_2', 'own_3'],
      validation: ['own_4'],
      test: ['own_5'],
    });
    expect(manifest.training.corpora).toMatchObject([{ dataset: 'own', clips: 48 }]);
    expect(manifest.measured?.clips).toBe(8);
    // What it says of the validation speaker, who spoke happy and sad in turns.
    const { posterior = [], confidence = [] } = manifest.reference ?? {};
    expect(posterior.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    expect(confidence.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    expect(posterior[2] + posterior[3]).toBeGreaterThan(0.6);
    expect(manifest.files.int8?.onnx.bytes).toBeLessThan(manifest.files.onnx.bytes);
    expect(manifest.measured?.uar.value).toBeGreaterThanOrEqual(0.75);
    const report = JSON.parse(await readFile(join(model(), 'report.json'), 'utf8'));
    expect(report.curve).toHaveLength(20);
    expect(report.test).toMatchObject({ n: 8, perGender: { female: { n: 8 } } });
    const page = await readFile(join(model(), 'report.html'), 'utf8');
    expect(page).toContain('own_5: neither trained nor validated');
    expect(page).toMatch(/broken\.wav/);
  });

  it('is scored on the speakers that it has not heard', async () => {
    const { stdout } = await cli('evaluate', '--model', model(), '--data', folder, '--json');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ protocol: 'pooled', n: 8, engine: 'onnx-cpu', precision: 'float32' });
    expect(report.speakers).toMatchObject({ scored: ['own_5'], inTraining: [], inValidation: [] });
    expect(report.uar.low).toBeLessThanOrEqual(report.uar.value);
    expect(report.perClassRecall.angry).toBeNull();
    expect(report.skipped).toHaveLength(1);
  });

  it('says which speakers were in training when all are asked for', async () => {
    const { stdout } = await cli(
      'evaluate',
      '--model',
      model(),
      '--data',
      folder,
      '--speakers',
      'all',
      '--json',
    );
    const report = JSON.parse(stdout);
    expect(report.n).toBe(48);
    expect(report.speakers.inTraining).toEqual(['own_0', 'own_1', 'own_2', 'own_3']);
    expect(report.skipped).toHaveLength(3);
  });

  it('is scored through a telephone, after half a second of speech', async () => {
    const listening = ['--channel', 'g711', '--seconds', '0.5', '--precision', 'int8'];
    const written = ['--json', '--report', join(folder, 'telephone')];
    const { stdout } = await cli('evaluate', '--model', model(), '--data', folder, ...written, ...listening);
    expect(await readFile(join(folder, 'telephone', 'report.html'), 'utf8')).toContain('g711');
    expect(JSON.parse(await readFile(join(folder, 'telephone', 'report.json'), 'utf8')).n).toBe(8);
    expect(JSON.parse(stdout)).toMatchObject({
      n: 8,
      channel: 'g711',
      precision: 'int8',
      seconds: 0.5,
      perGender: { female: { n: 8, speakers: 1 } },
      perCorpus: { own: { n: 8, classes: { happy: { clips: 4 }, sad: { clips: 4 } } } },
    });
  });

  it('is scored at moments and through channels in one go, as each alone', async () => {
    const score = async (...listening: string[]) =>
      JSON.parse(
        (await cli('evaluate', '--model', model(), '--data', folder, '--json', ...listening)).stdout,
      );
    const [together, halfSecond, telephone] = await Promise.all([
      score('--moments', '0.5,30', '--channel', 'clean', '--channel', 'g711'),
      score('--seconds', '0.5'),
      score('--channel', 'g711'),
    ]);
    const [early, late] = together.moments;
    expect(early).toMatchObject({ seconds: 0.5, uar: halfSecond.uar, ece: halfSecond.ece });
    expect(late.ratio.uar).toEqual({ value: 1, low: 1, high: 1 });
    expect(together.channels).toMatchObject([
      { channel: 'g711', uar: telephone.uar, accuracy: telephone.accuracy },
    ]);
    expect(together.channels[0].ratio.uar.value).toBeCloseTo(telephone.uar.value / together.uar.value);
  }, 60_000);

  it('is trained anew for every speaker left out, and a baseline is held against it', async () => {
    const left = ['--data', folder, '--protocol', 'loso', '--seeds', '1', '--json'];
    const three = ['--speakers', 'own_0,own_3,own_5', '--cache', join(folder, 'cache')];
    const [network, baseline] = await Promise.all([
      cli('evaluate', '--model', model(), ...left, ...three),
      cli('evaluate', '--baseline', 'random-forest', ...left),
    ]);
    const ofNetwork = JSON.parse(network.stdout);
    expect(ofNetwork).toMatchObject({ protocol: 'loso', n: 24, seeds: [1] });
    for (const { training, test, chosen } of ofNetwork.folds) {
      expect(training).not.toContain(test[0]);
      expect(training).toEqual(expect.arrayContaining(chosen.validation));
    }
    const ofBaseline = JSON.parse(baseline.stdout);
    expect(ofBaseline).toMatchObject({ n: 48, labels: ['happy', 'sad'] });
    expect(ofBaseline.folds).toHaveLength(6);
    expect(ofBaseline.uar.value).toBeGreaterThan(0.8);
    // The broken and the missing file, and the label that stood twice.
    expect(ofBaseline.skipped).toHaveLength(3);
  }, 120_000);

  it('hears recordings preprocessed where a baseline asks for it, and says so', async () => {
    const steps = ['--preprocess', 'loudness,denoise,trim'];
    const one = ['--protocol', 'loso', '--folds', '5', '--json'];
    const { stdout } = await cli('evaluate', '--baseline', 'svm', '--data', folder, ...one, ...steps);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ model: 'svm after denoise, trim, loudness', n: 8 });
    expect(report.uar.value).toBeGreaterThanOrEqual(0.75);
  }, 60_000);

  it('keeps predictions of folds that ran apart, and scores them together and with another member', async () => {
    const kept = (name: string) => join(folder, 'kept', name);
    const loso = ['--data', folder, '--protocol', 'loso', '--json', '--seeds', '1'];
    const linear = ['--baseline', 'linear-svm', ...loso];
    await Promise.all([
      cli('evaluate', ...linear, '--folds', '0,1,2', '--predictions', kept('a')),
      cli('evaluate', ...linear, '--folds', '3,4,5', '--predictions', kept('b')),
      cli('evaluate', '--baseline', 'svm', ...loso, '--predictions', kept('svm')),
    ]);
    const parts = ['--ensemble-predictions', `${kept('a')},${kept('b')}`, '--json'];
    const [whole, both, refused] = await Promise.allSettled([
      cli('evaluate', ...parts),
      cli('evaluate', ...parts, '--ensemble-predictions', kept('svm'), '--combine', 'weighted'),
      cli('evaluate', '--ensemble-predictions', kept('a'), '--ensemble-predictions', kept('svm')),
    ]);
    const report = (own: typeof whole) => JSON.parse(own.status === 'fulfilled' ? own.value.stdout : '{}');
    expect(report(whole)).toMatchObject({ model: 'linear-svm', n: 48, foldCount: 6 });
    expect(report(whole).folds).toHaveLength(6);
    expect(report(both)).toMatchObject({ model: 'weighted of linear-svm, svm', n: 48 });
    expect(report(both).uar.value).toBeGreaterThan(0.8);
    expect(refused).toMatchObject({
      reason: { stderr: expect.stringContaining('linear-svm lacks fold 3') },
    });
  }, 120_000);

  it('may be of a kind that judges whole recordings', async () => {
    const out = join(folder, 'cnn');
    const settings = [
      'architecture.blocks=[{"channels":6,"convolutions":1,"poolSteps":4,"poolBands":4}]',
      'architecture.stepUnits=12',
      'epochs=15',
      'batchClips=8',
      'learningRate=0.01',
      'averageDecay=0.5',
    ].flatMap((setting) => ['--set', setting]);
    await cli(
      'train',
      ...['--config', 'cnn', '--data', folder, '--out', out, '--cache', join(folder, 'cache')],
      ...['--validation', 'own_4', '--test', 'own_5', ...settings],
    );
    const { stdout } = await cli('evaluate', '--model', out, '--data', folder, '--json');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ n: 8, mode: 'offline', labels: ['happy', 'sad'] });
    expect(report.uar.value).toBeGreaterThanOrEqual(0.75);
    await expect(loadModel(out)).rejects.toMatchObject({ code: 'model-offline' });
  }, 120_000);

  it('teaches a student what it makes of voices that it has not learned from, unless they test the student', async () => {
    const kept = (name: string) => join(folder, 'kept', name);
    const linear = ['--baseline', 'linear-svm', '--data', folder, '--protocol', 'loso', '--seeds', '1'];
    await Promise.all([
      cli('evaluate', ...linear, '--predictions', kept('everyone')),
      cli('evaluate', ...linear, '--predictions', kept('four'), '--speakers', 'own_0,own_1,own_2,own_3'),
    ]);
    const learn = (out: string, ...teachers: string[]) =>
      cli(
        'train',
        ...['--config', 'streaming', '--data', folder, '--out', join(folder, out)],
        ...['--validation', 'own_4', '--test', 'own_5', '--cache', join(folder, 'cache')],
        ...['--set', 'epochs=1', '--set', 'architecture.recurrentUnits=8', '--set', 'labels=["happy","sad"]'],
        ...teachers.flatMap((teacher) => ['--teacher', teacher]),
      );
    const [taught, leaking] = await Promise.allSettled([
      learn('student', kept('four')),
      learn('refused', kept('everyone')),
    ]);
    expect(taught.status).toBe('fulfilled');
    const manifest = JSON.parse(await readFile(join(folder, 'student', 'manifest.json'), 'utf8'));
    expect(manifest.training).toMatchObject({
      teacher: ['mean of linear-svm, seeds pooled'],
      config: { distillation: { weight: 0.5, temperature: 1 } },
    });
    expect(leaking).toMatchObject({
      reason: { stderr: expect.stringContaining('has heard own_5, whom the student is tested on') },
    });
  }, 120_000);

  it.each([
    [['--protocol', 'guess'], /protocol guess is not available; use pooled, grouped-cv, loso/],
    [['--channel', 'pigeon'], /channel pigeon is not available/],
    [['--speakers', 'nobody'], /no speaker nobody/],
    [['--seconds', '0'], /above 0/],
    [['--moments', '1,x'], /--moments wants numbers above 0/],
    [['--preprocess', 'trim'], /--preprocess goes with training/],
    [['--preprocess', 'trim', '--protocol', 'loso'], /can't have trim: that looks at whole recordings/],
    [
      ['--preprocess', 'polish', '--protocol', 'loso'],
      /preprocess polish is not available; use denoise, trim/,
    ],
    [['--protocol', 'cross-corpus'], /at least two with --data/],
  ])('refuses %j with a clear line', async (args, message) => {
    await expect(cli('evaluate', '--model', model(), '--data', folder, ...args)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(message),
    });
  });
});
