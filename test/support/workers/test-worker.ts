import { serveJobs } from '../../../core/compute/worker/serve-jobs.ts';
import { testJobs } from './test-jobs.ts';

serveJobs(testJobs);
