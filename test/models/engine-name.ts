/** Prints the name of an engine with the shipped model, or the code and message with which it is refused: `engine-name.ts KIND`. */
import { createEngine, type EngineKind, loadModel, ModelError } from '@undertone/models';

try {
  const engine = await createEngine(await loadModel(), process.argv[2] as EngineKind);
  console.log(engine.name);
  await engine.close();
} catch (error) {
  if (!(error instanceof ModelError)) throw error;
  console.log(error.code, error.message);
  process.exitCode = 1;
}
