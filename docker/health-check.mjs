// Health of a container: exits with 0 when the address given answers with success.
const response = await fetch(process.argv[2] ?? '', { signal: AbortSignal.timeout(2_000) });
process.exitCode = response.ok ? 0 : 1;
