/** A dashboard in a process of its own, for the wall's benchmark: tells its address, and ends with its parent. */
import { startTestDashboard } from '../dashboard/test-dashboard.ts';

const [webFolder] = process.argv.slice(2);
const dashboard = await startTestDashboard({ webFolder });
process.on('disconnect', () => void dashboard.close());
process.send!(dashboard.url);
